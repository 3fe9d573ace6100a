"""Writes history and reads it: every write may be done again, as the step that does it may run again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.ledger.contacts import Contacts
from bot.ledger.entries import FindingLife, JobEnd, PullRequestRow, Scan
from bot.ledger.reach import Reach
from bot.ledger.rows import change, put, rows, short
from bot.ledger.tables import events, findings, jobs, pull_requests, repositories, scans

_BATCH = 500


class Ledger(Reach, Contacts):
    """The history of one App. `url` is SQLAlchemy's; `now` tells seconds since 1970."""

    def __init__(self, url: str, now: Callable[[], int]) -> None:
        self._engine = sa.create_engine(url, pool_pre_ping=True)
        self.now = now
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _careful_sqlite)

    def migrate(self) -> None:
        """Bring the tables to what this version needs; safe to do by several processes at once."""
        configuration = Config()
        configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7366821)"))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")

    def close(self) -> None:
        self._engine.dispose()

    # --- what was done ---

    def began(self, id: str, kind: str, installation: int, repository: int, commit: str) -> None:
        values = {"kind": kind, "installation": installation, "repository": repository, "commit": commit}
        fresh = {"began": self.now(), "ended": None, "outcome": "", "reason": ""}
        put(self._engine, jobs, {"id": id}, values | fresh, keep=("began",))

    def ended(self, id: str, outcome: str, reason: str = "") -> None:
        values = {"ended": self.now(), "outcome": outcome, "reason": short(reason)}
        change(self._engine, jobs, {"id": id}, values)

    def failures(self, repository: int) -> tuple[JobEnd, ...]:
        """The jobs of a repository that didn't succeed, the last first."""
        query = (
            sa.select(jobs)
            .where(jobs.c.repository == repository, jobs.c.outcome == "failed")
            .order_by(jobs.c.ended.desc())
            .limit(100)
        )
        return tuple(JobEnd(r.id, r.kind, r.commit, r.outcome, r.reason) for r in rows(self._engine, query))

    def scanned(self, repository: int, scan: Scan, seen: Sequence[FindingLife]) -> None:
        """What a scan of the default branch saw: lives go on, begin, and end for what isn't there now."""
        now = self.now()
        about = {"files": scan.files, "read": scan.read, "findings": scan.findings, "skipped": scan.skipped}
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(scans).values(repository=repository, commit=scan.commit, at=now, **about)
            )
            living = {row.fingerprint: row.id for row in connection.execute(_living(repository))}
            for finding in seen:
                values = _life(finding, now)
                if finding.fingerprint in living:
                    row = living.pop(finding.fingerprint)
                    connection.execute(sa.update(findings).where(findings.c.id == row).values(values))
                else:
                    fresh = {"repository": repository, "fingerprint": finding.fingerprint, "first_seen": now}
                    connection.execute(sa.insert(findings).values(values | fresh))
            for some in _batches(living.values()):
                gone = sa.update(findings).where(findings.c.id.in_(some))
                connection.execute(gone.values(ended=now))

    def lives(self, repository: int) -> tuple[FindingLife, ...]:
        """Every life of every finding of a repository, by when it began."""
        query = sa.select(findings).where(findings.c.repository == repository).order_by(findings.c.id)
        names = FindingLife.__dataclass_fields__
        return tuple(
            FindingLife(**{name: row._mapping[name] for name in names}) for row in rows(self._engine, query)
        )

    # --- pull requests ---

    def pull_request(self, repository: int, row: PullRequestRow) -> None:
        """The pull request as it stands now."""
        values = {"branch": row.branch, "title": short(row.title), "opened": row.opened, "state": row.state}
        where = {"repository": repository, "number": row.number}
        put(self._engine, pull_requests, where, values | {"ended": row.ended}, keep=("opened",))

    def pull_requests(self, repository: int) -> tuple[PullRequestRow, ...]:
        query = (
            sa.select(pull_requests)
            .where(pull_requests.c.repository == repository)
            .order_by(pull_requests.c.number)
        )
        return tuple(
            PullRequestRow(r.number, r.branch, r.title, r.state, r.opened, r.ended)
            for r in rows(self._engine, query)
        )

    def outcomes(self) -> Mapping[str, int]:
        """How many pull requests there are by their state, of all that is known."""
        counted = sa.select(pull_requests.c.state, sa.func.count().label("number"))
        query = counted.group_by(pull_requests.c.state)
        return {row.state: row.number for row in rows(self._engine, query)}

    def opened_since(self, repository: int, since: float) -> int:
        """How many pull requests of fixes opened since then in the other repositories of its installation."""
        mine = sa.select(repositories.c.installation).where(repositories.c.id == repository)
        query = (
            sa.select(sa.func.count())
            .select_from(pull_requests.join(repositories, pull_requests.c.repository == repositories.c.id))
            .where(
                repositories.c.installation == mine.scalar_subquery(),
                repositories.c.id != repository,
                pull_requests.c.branch.like("suture/%/%"),
                pull_requests.c.opened >= since,
            )
        )
        return int(rows(self._engine, query)[0][0])

    def event(self, repository: int, number: int, what: str, why: str, who: str = "") -> None:
        """Something happened to a pull request; the same in a row is told once."""
        last = (
            sa.select(events.c.what, events.c.why, events.c.who)
            .where(events.c.repository == repository, events.c.number == number)
            .order_by(events.c.id.desc())
            .limit(1)
        )
        told = (what, short(why), who)
        with self._engine.begin() as connection:
            before = connection.execute(last).first()
            if before is None or tuple(before) != told:
                values = dict(zip(("what", "why", "who"), told, strict=True))
                row = {"repository": repository, "number": number, "at": self.now(), **values}
                connection.execute(sa.insert(events).values(row))

    def events(self, repository: int, number: int) -> tuple[tuple[str, str, str], ...]:
        """What happened to a pull request, why and by whom, in order."""
        query = (
            sa.select(events.c.what, events.c.why, events.c.who)
            .where(events.c.repository == repository, events.c.number == number)
            .order_by(events.c.id)
        )
        return tuple((row.what, row.why, row.who) for row in rows(self._engine, query))


def _living(repository: int) -> sa.Select[Any]:
    return sa.select(findings.c.fingerprint, findings.c.id).where(
        findings.c.repository == repository, findings.c.ended.is_(None)
    )


def _life(finding: FindingLife, now: int) -> dict[str, Any]:
    texts = ("rule", "severity", "path", "symbol", "status", "detail")
    return {name: short(getattr(finding, name)) for name in texts} | {"line": finding.line, "last_seen": now}


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    """Few enough at once for SQLite's limit of variables."""
    every = list(ids)
    return (every[start : start + _BATCH] for start in range(0, len(every), _BATCH))


def _careful_sqlite(connection: Any, _: object) -> None:
    """Readers don't wait for writers, references are held, a writer waits instead of failing."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
