"""Who installed the App, and what each installation reaches."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from bot.criticality import USUAL
from bot.ledger.entries import Onboarding, Reached, RepositoryRow
from bot.ledger.rows import change, put, rows, short
from bot.ledger.tables import installations, jobs, repositories


class Reach:
    """For a Ledger."""

    _engine: sa.Engine
    now: Callable[[], int]

    def installed(self, installation: int, account: str) -> None:
        """The App is installed, or is again."""
        values = {"account": short(account), "since": self.now(), "suspended": False, "uninstalled": None}
        put(self._engine, installations, {"id": installation}, values, keep=("since",))

    def suspended(self, installation: int, suspended: bool) -> None:
        change(self._engine, installations, {"id": installation}, {"suspended": suspended})

    def uninstalled(self, installation: int) -> None:
        values = {"uninstalled": self.now(), "listed": None}
        change(self._engine, installations, {"id": installation}, values)

    def forget(self, before: int) -> int:
        """Delete all that belongs to installations that ended before that time; how many there were."""
        gone = sa.select(installations.c.id).where(installations.c.uninstalled < before)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(jobs).where(jobs.c.installation.in_(gone)))
            return connection.execute(sa.delete(installations).where(installations.c.id.in_(gone))).rowcount

    def repository(
        self,
        id: int,
        installation: int,
        name: str,
        *,
        is_private: bool,
        is_archived: bool = False,
        is_fork: bool = False,
    ) -> None:
        """The repository is there under this name; a new name takes the place of the old one. What
        came back, or comes from another installation, is to be looked at soon."""
        where = repositories.c.id == id
        came = sa.or_(repositories.c.has_left, repositories.c.installation != installation)
        with self._engine.begin() as connection:
            connection.execute(sa.update(repositories).where(where, came).values(due=self.now()))
        values = {
            "installation": installation,
            "name": short(name),
            "is_private": is_private,
            "is_archived": is_archived,
            "is_fork": is_fork,
            "has_left": False,
            "criticality": USUAL,
            "branches": "",
            "onboarding": Onboarding.UNKNOWN.value,
        }
        put(self._engine, repositories, {"id": id}, values, keep=("criticality", "branches", "onboarding"))

    def reached(self, installation: int, found: Iterable[Reached], *, is_all: bool = True) -> None:
        """What GitHub lists for an installation; what isn't listed has left, if that `is_all`."""
        known = {row.id: row for row in self._of(installation)}
        seen = {one.id: one for one in found}
        for one in seen.values():
            row = known.get(one.id)
            if row is None or row.has_left or _as_listed(row) != one:
                facts = {"is_archived": one.is_archived, "is_fork": one.is_fork}
                self.repository(one.id, installation, one.name, is_private=one.is_private, **facts)
        gone = [id for id, row in known.items() if id not in seen and not row.has_left] if is_all else []
        for id in gone:
            self.left(id, installation)
        if gone and len(seen) == 1:  # it was one of many, and may be asked now
            self.due(next(iter(seen)))
        change(self._engine, installations, {"id": installation}, {"listed": self.now() if is_all else None})

    def was_listed(self, installation: int, since: int) -> bool:
        """Whether all that it reaches was asked for since then."""
        query = sa.select(installations.c.id).where(
            installations.c.id == installation, installations.c.listed >= since
        )
        return bool(rows(self._engine, query))

    def left(self, id: int, installation: int) -> None:
        """This installation may see the repository no more; where another one reaches it, that goes on."""
        change(self._engine, repositories, {"id": id, "installation": installation}, {"has_left": True})

    def due(self, id: int) -> None:
        """It is to be looked at soon, besides the regular looks."""
        change(self._engine, repositories, {"id": id}, {"due": self.now()})

    def looked(self, id: int) -> None:
        """It is being looked at now."""
        change(self._engine, repositories, {"id": id}, {"due": None})

    def rated(self, id: int, criticality: str) -> None:
        change(self._engine, repositories, {"id": id}, {"criticality": criticality})

    def names(self, id: int, branches: Iterable[str]) -> None:
        """These are looked after besides the default one, by name or pattern."""
        change(self._engine, repositories, {"id": id}, {"branches": "\n".join(branches)})

    def named(self, id: int) -> tuple[str, ...]:
        """The names and patterns of the branches that are looked after besides the default one."""
        found = rows(self._engine, sa.select(repositories.c.branches).where(repositories.c.id == id))
        return tuple(found[0].branches.split("\n")) if found and found[0].branches else ()

    def reachable(self) -> tuple[RepositoryRow, ...]:
        """The repositories that the App may look at now, and has a reason to."""
        query = (
            sa.select(repositories)
            .join(installations, repositories.c.installation == installations.c.id)
            .where(
                ~repositories.c.has_left,
                ~repositories.c.is_archived,
                ~repositories.c.is_fork,
                ~installations.c.suspended,
                installations.c.uninstalled.is_(None),
            )
            .order_by(repositories.c.id)
        )
        return tuple(
            RepositoryRow(row.id, row.installation, row.name, row.criticality, row.due or 0)
            for row in rows(self._engine, query)
        )

    def _of(self, installation: int) -> Iterable[sa.Row[tuple[object, ...]]]:
        return rows(self._engine, sa.select(repositories).where(repositories.c.installation == installation))


def _as_listed(row: "sa.Row[tuple[object, ...]]") -> Reached:
    return Reached(row.id, row.name, row.is_private, row.is_archived, row.is_fork)
