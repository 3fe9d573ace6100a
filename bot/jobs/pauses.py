"""The switch that holds work back: everywhere, for an installation, for a repository."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from bot.events import Job

EVERYTHING = "everything"

_TABLE = sa.Table(
    "suture_pauses",
    sa.MetaData(),
    sa.Column("scope", sa.String(250), primary_key=True),
    sa.Column("since", sa.String(40), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Pause:
    scope: str
    since: str
    by: str


def installation_scope(installation: int) -> str:
    return f"installation:{installation}"


def repository_scope(repository: int | str) -> str:
    """By id, which survives a new name, or by full name, which a person knows."""
    return f"repository:{str(repository).lower()}"


class Pauses:
    """Kept in one small table, read before each job. `always` is what the environment says."""

    def __init__(self, url: str, *, always: bool = False) -> None:
        self._engine = sa.create_engine(url, pool_pre_ping=True)
        self._always = always

    def prepare(self) -> None:
        """Make the table where there is none."""
        try:
            self._create()
        except sa.exc.DBAPIError:  # PostgreSQL's IF NOT EXISTS isn't safe from another who does the same
            self._create()

    def pause(self, scope: str, by: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_TABLE).where(_TABLE.c.scope == scope))
            connection.execute(sa.insert(_TABLE).values(scope=scope, since=now, by=by[:200]))

    def resume(self, scope: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_TABLE).where(_TABLE.c.scope == scope))

    def all(self) -> tuple[Pause, ...]:
        with self._reading() as connection:
            rows = connection.execute(sa.select(_TABLE).order_by(_TABLE.c.scope)).all()
        return tuple(Pause(row.scope, row.since, row.by) for row in rows)

    def scope_over(self, job: Job) -> str:
        """The widest pause that holds a job back; empty where none does."""
        if self._always:
            return EVERYTHING
        scopes = [EVERYTHING, installation_scope(job.installation)]
        scopes += [repository_scope(name) for name in (job.repository_id, job.repository) if name]
        with self._reading() as connection:
            query = sa.select(_TABLE.c.scope).where(_TABLE.c.scope.in_(scopes))
            found = set(connection.execute(query).scalars())
        return next((scope for scope in scopes if scope in found), "")

    def close(self) -> None:
        self._engine.dispose()

    def _create(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(CreateTable(_TABLE, if_not_exists=True))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            yield connection
