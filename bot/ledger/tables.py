"""The tables of the ledger. Times are seconds since 1970 in UTC; texts are bounded by who writes them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = BigInteger().with_variant(Integer, "sqlite")

installations = Table(
    "installations",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("uninstalled", BigInteger),
    Column("listed", BigInteger),
)
"""Who installed the App; `uninstalled` is when that ended, after which the data is deleted, `listed` when
all that it reaches was last asked for."""

repositories = Table(
    "repositories",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("installation", ForeignKey("installations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("is_fork", Boolean, nullable=False),
    Column("has_left", Boolean, nullable=False),
    Column("criticality", Text, nullable=False),
    Column("branches", Text, nullable=False),
    Column("due", BigInteger),
    Column("onboarding", Text, nullable=False),
    Column("wanted", BigInteger),
    Column("proposed", BigInteger),
    Index("ix_repositories_installation", "installation"),
)
"""Repositories by GitHub's number, which stays when they are renamed or transferred. `due` is since when
a look is asked for (empty: none is), `onboarding` how far its first contact is, `wanted` when somebody
asked for that, `proposed` when its pull request was last begun."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("repository", BigInteger),
    Column("installation", BigInteger),
    Column("commit", Text, nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_jobs_repository", "repository"),
    Index("ix_jobs_installation", "installation"),
)
"""What was worked on, under the delivery's id, and how it ended: `outcome` is empty until then."""

scans = Table(
    "scans",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("repository", ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    Column("commit", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
    Column("read", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Index("ix_scans_repository", "repository"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("repository", ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Index("ix_findings_repository_fingerprint", "repository", "fingerprint"),
)
"""Each life of a finding on the default branch: one that ended and comes back begins a new row."""

pull_requests = Table(
    "pull_requests",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("repository", ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("branch", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended", BigInteger),
    Index("uq_pull_requests_number", "repository", "number", unique=True),
)

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("repository", ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_events_repository_number", "repository", "number"),
)
"""What happened to a pull request, append-only: opened, updated, closed, merged, approved, left alone;
`who` is empty for the App itself."""
