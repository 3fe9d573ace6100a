"""Writes history and reads it: every write may be done again, as the step that does it may run again."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.ledger.entries import FindingLife, JobEnd, PullRequestRow, RepositoryRow, Scan
from bot.ledger.tables import events, findings, installations, jobs, pull_requests, repositories, scans

MAX_TEXT = 2_000
"""Characters of one text: a name or a reason in it may be as long as a file."""
_BATCH = 500


class Ledger:
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

    # --- who ---

    def installed(self, installation: int, account: str) -> None:
        """The App is installed, or is again."""
        values = {"account": _short(account), "since": self.now(), "suspended": False, "uninstalled": None}
        self._put(installations, {"id": installation}, values, keep=("since",))

    def suspended(self, installation: int, suspended: bool) -> None:
        self._set(installations, {"id": installation}, {"suspended": suspended})

    def uninstalled(self, installation: int) -> None:
        self._set(installations, {"id": installation}, {"uninstalled": self.now()})

    def forget(self, before: int) -> int:
        """Delete all that belongs to installations that ended before that time; how many there were."""
        gone = sa.select(installations.c.id).where(installations.c.uninstalled < before)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(jobs).where(jobs.c.installation.in_(gone)))
            return connection.execute(sa.delete(installations).where(installations.c.id.in_(gone))).rowcount

    def repository(self, id: int, installation: int, name: str, *, is_private: bool) -> None:
        """The repository is there under this name; a new name takes the place of the old one."""
        values = {"installation": installation, "name": name, "is_private": is_private, "has_left": False}
        self._put(repositories, {"id": id}, values)

    def left(self, id: int) -> None:
        """The App may see the repository no more."""
        self._set(repositories, {"id": id}, {"has_left": True})

    def reachable(self) -> tuple[RepositoryRow, ...]:
        """The repositories that the App may look at now."""
        query = (
            sa.select(repositories.c.id, repositories.c.installation, repositories.c.name)
            .join(installations, repositories.c.installation == installations.c.id)
            .where(
                ~repositories.c.has_left, ~installations.c.suspended, installations.c.uninstalled.is_(None)
            )
            .order_by(repositories.c.id)
        )
        return tuple(RepositoryRow(row.id, row.installation, row.name) for row in self._rows(query))

    # --- what was done ---

    def began(self, id: str, kind: str, installation: int, repository: int, commit: str) -> None:
        values = {"kind": kind, "installation": installation, "repository": repository, "commit": commit}
        fresh = {"began": self.now(), "ended": None, "outcome": "", "reason": ""}
        self._put(jobs, {"id": id}, values | fresh, keep=("began",))

    def ended(self, id: str, outcome: str, reason: str = "") -> None:
        values = {"ended": self.now(), "outcome": outcome, "reason": _short(reason)}
        self._set(jobs, {"id": id}, values)

    def failures(self, repository: int) -> tuple[JobEnd, ...]:
        """The jobs of a repository that didn't succeed, the last first."""
        query = (
            sa.select(jobs)
            .where(jobs.c.repository == repository, jobs.c.outcome == "failed")
            .order_by(jobs.c.ended.desc())
            .limit(100)
        )
        return tuple(JobEnd(r.id, r.kind, r.commit, r.outcome, r.reason) for r in self._rows(query))

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
        return tuple(FindingLife(**{name: row._mapping[name] for name in names}) for row in self._rows(query))

    # --- pull requests ---

    def pull_request(self, repository: int, row: PullRequestRow) -> None:
        """The pull request as it stands now."""
        values = {"branch": row.branch, "title": _short(row.title), "opened": row.opened, "state": row.state}
        where = {"repository": repository, "number": row.number}
        self._put(pull_requests, where, values | {"ended": row.ended}, keep=("opened",))

    def pull_requests(self, repository: int) -> tuple[PullRequestRow, ...]:
        query = (
            sa.select(pull_requests)
            .where(pull_requests.c.repository == repository)
            .order_by(pull_requests.c.number)
        )
        return tuple(
            PullRequestRow(r.number, r.branch, r.title, r.state, r.opened, r.ended) for r in self._rows(query)
        )

    def event(self, repository: int, number: int, what: str, why: str, who: str = "") -> None:
        """Something happened to a pull request; the same in a row is told once."""
        last = (
            sa.select(events.c.what, events.c.why, events.c.who)
            .where(events.c.repository == repository, events.c.number == number)
            .order_by(events.c.id.desc())
            .limit(1)
        )
        told = (what, _short(why), who)
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
        return tuple((row.what, row.why, row.who) for row in self._rows(query))

    # --- rows ---

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _put(
        self, table: sa.Table, key: dict[str, Any], values: dict[str, Any], keep: tuple[str, ...] = ()
    ) -> None:
        """Insert the row, or update what isn't to be kept of the one that is there."""
        changed = {name: value for name, value in values.items() if name not in keep}
        if self._set(table, key, changed):
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(table).values(key | values))
        except sa.exc.IntegrityError:  # somebody else was faster
            self._set(table, key, changed)

    def _set(self, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> int:
        """How many rows there were to change."""
        with self._engine.begin() as connection:
            return connection.execute(sa.update(table).where(_is(table, key)).values(values)).rowcount


def _is(table: sa.Table, key: dict[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def _living(repository: int) -> sa.Select[Any]:
    return sa.select(findings.c.fingerprint, findings.c.id).where(
        findings.c.repository == repository, findings.c.ended.is_(None)
    )


def _life(finding: FindingLife, now: int) -> dict[str, Any]:
    texts = ("rule", "severity", "path", "symbol", "status", "detail")
    return {name: _short(getattr(finding, name)) for name in texts} | {"line": finding.line, "last_seen": now}


def _short(text: str) -> str:
    """The text as every database takes it: bounded, without NUL and lone surrogates."""
    return text[:MAX_TEXT].replace("\0", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")


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
