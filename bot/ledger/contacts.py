"""First contacts: how far each is, who asked for one, and the list of all that an organisation reaches."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from bot.ledger.entries import Contact, ListedInstallation, ListedRepository, Onboarding
from bot.ledger.rows import change, rows
from bot.ledger.tables import findings, installations, pull_requests, repositories

_IGNORED = "ignored"


class Contacts:
    """For a Ledger."""

    _engine: sa.Engine
    now: Callable[[], int]

    def contact(self, repository: int) -> Contact:
        """What is known of the first contact with a repository."""
        together = repositories.alias()
        reached = (
            sa.select(sa.func.count())
            .where(together.c.installation == repositories.c.installation, ~together.c.has_left)
            .scalar_subquery()
        )
        query = (
            sa.select(repositories, installations.c.listed, reached.label("reached"))
            .join(installations, repositories.c.installation == installations.c.id)
            .where(repositories.c.id == repository)
        )
        found = rows(self._engine, query)
        if not found:
            return Contact(Onboarding.UNKNOWN)
        row = found[0]
        is_alone = row.listed is not None and row.reached == 1
        return Contact(Onboarding(row.onboarding), row.wanted is not None, row.proposed is not None, is_alone)

    def came_to(self, repository: int, state: Onboarding) -> None:
        change(self._engine, repositories, {"id": repository}, {"onboarding": state.value})

    def want(self, repository: int) -> None:
        """Somebody asked for the first contact, or asks again; a look is due."""
        first = sa.func.coalesce(repositories.c.wanted, self.now())
        change(self._engine, repositories, {"id": repository}, {"wanted": first, "due": self.now()})

    def propose(self, repository: int, since: int, most: int) -> bool:
        """Whether its first contact may begin, as one of `most` of its installation since then; one that
        has begun since then may go on."""
        own = sa.select(repositories).where(repositories.c.id == repository)
        mine = sa.select(repositories.c.installation).where(repositories.c.id == repository)
        lock = sa.update(installations).where(installations.c.id == mine.scalar_subquery())
        with self._engine.begin() as connection:
            # a write comes first, so that of two who want the last place one waits for the other
            connection.execute(lock.values(account=installations.c.account))
            row = connection.execute(own).first()
            if row is None:
                return False
            if row.proposed is None or row.proposed < since:
                taken = sa.select(sa.func.count()).where(
                    repositories.c.installation == row.installation, repositories.c.proposed >= since
                )
                if connection.execute(taken).scalar_one() >= most:
                    return False
                begun = sa.update(repositories).where(repositories.c.id == repository)
                connection.execute(begun.values(proposed=self.now()))
        return True

    def awaited(self, since: int, most: int) -> frozenset[int]:
        """The repositories whose first contact somebody asked for and that may begin now: of each
        installation as many as `most` leaves, those first that were asked for first. What has begun
        before, and came to nothing, comes after what hasn't."""
        begun = sa.select(repositories.c.installation).where(repositories.c.proposed >= since)
        taken = Counter(row.installation for row in rows(self._engine, begun))
        waiting = (
            sa.select(repositories.c.id, repositories.c.installation)
            .where(
                repositories.c.wanted.is_not(None),
                repositories.c.onboarding.in_([Onboarding.UNKNOWN.value, Onboarding.WAITING.value]),
                sa.or_(repositories.c.proposed.is_(None), repositories.c.proposed < since),
                ~repositories.c.has_left,
                ~repositories.c.is_archived,
                ~repositories.c.is_fork,
            )
            .order_by(
                repositories.c.proposed.is_not(None),
                repositories.c.proposed,
                repositories.c.wanted,
                repositories.c.id,
            )
        )
        chosen = []
        for row in rows(self._engine, waiting):
            if taken[row.installation] < most:
                taken[row.installation] += 1
                chosen.append(row.id)
        return frozenset(chosen)

    def listing(self, onboarding_branch: str) -> tuple[ListedInstallation, ...]:
        """All that the App is installed on. Pull requests from `onboarding_branch` fix nothing, and aren't
        counted."""
        found = self._findings()
        requests = self._requests(onboarding_branch)
        reached: dict[int, list[ListedRepository]] = defaultdict(list)
        query = sa.select(repositories).where(~repositories.c.has_left).order_by(repositories.c.name)
        for row in rows(self._engine, query):
            listed = ListedRepository(
                row.id,
                row.name,
                row.is_private,
                row.is_archived,
                row.is_fork,
                row.criticality,
                Onboarding(row.onboarding),
                row.wanted is not None,
                requests.get(row.id, 0),
                found.get(row.id, {}),
            )
            reached[row.installation].append(listed)
        there = sa.select(installations).where(installations.c.uninstalled.is_(None))
        return tuple(
            ListedInstallation(row.id, row.account, row.suspended, tuple(reached[row.id]))
            for row in rows(self._engine, there.order_by(installations.c.account, installations.c.id))
        )

    def _findings(self) -> Mapping[int, Mapping[str, int]]:
        query = (
            sa.select(findings.c.repository, findings.c.severity, sa.func.count().label("number"))
            .where(findings.c.ended.is_(None), findings.c.status != _IGNORED)
            .group_by(findings.c.repository, findings.c.severity)
        )
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for row in rows(self._engine, query):
            counts[row.repository][row.severity] = row.number
        return counts

    def _requests(self, onboarding_branch: str) -> Mapping[int, int]:
        query = (
            sa.select(pull_requests.c.repository, sa.func.count().label("number"))
            .where(pull_requests.c.state == "open", pull_requests.c.branch != onboarding_branch)
            .group_by(pull_requests.c.repository)
        )
        return {row.repository: row.number for row in rows(self._engine, query)}
