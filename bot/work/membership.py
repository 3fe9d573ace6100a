"""Which repositories each installation reaches: followed from events, and compared with GitHub's list."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import forge
from bot.criticality import EVERY
from bot.events import Job, Kind
from bot.github import App, Conflict, Missing, RepositoryFacts
from bot.jobs import Rescan
from bot.ledger import Ledger, Reached
from bot.onboarding import MOST_A_DAY

KINDS = (Kind.INSTALLATION, Kind.REPOSITORIES, Kind.REPOSITORY)
"""What tells that an installation, or what it reaches, has changed."""

_PERMISSIONS = {"metadata": "read"}
DAY = 86_400
_MOST = 10_000
"""Where GitHub lists so many, there may be more."""
_MATTERS = ("unarchived", "transferred", "edited", "publicized", "privatized")
"""After these there is something else to look at, or less to tell of it: a look is due."""


def follow(app: App, ledger: Ledger, blobs: Path, job: Job) -> None:
    """Bring the ledger to what GitHub says now, whatever came before or after the event.

    Raises github.Problem.
    """
    what = job.words[0] if job.words else ""
    if job.kind is Kind.REPOSITORY:
        _follow_one(app, ledger, job, what)
    elif job.kind is Kind.INSTALLATION and what == "deleted":
        ledger.uninstalled(job.installation)
        forge.Blobs(blobs, job.installation).forget()
    else:
        compare(app, ledger, job.installation)


def compare(app: App, ledger: Ledger, installation: int) -> None:
    """Ask whose installation it is and all that it reaches. Raises github.Problem."""
    facts = app.installation_facts(installation)
    if facts is None:
        ledger.uninstalled(installation)
        return
    ledger.installed(installation, facts.account)
    ledger.suspended(installation, facts.is_suspended)
    if not facts.is_suspended:  # its repositories aren't told while it is
        listed = app.repositories(installation)
        ledger.reached(installation, map(_reached, listed), is_all=len(listed) < _MOST)


def keep_up(app: App, ledger: Ledger, installation: int) -> None:
    """Compare, if that was never done or is a day ago: an event may have been missed."""
    if not ledger.was_listed(installation, since=ledger.now() - DAY):
        compare(app, ledger, installation)


@dataclass(frozen=True, slots=True)
class Soon(Rescan):
    """A look besides the regular ones, done once for each time since when it is asked for."""

    since: int = 0

    def delivery(self, now: float) -> str:
        return f"look-{self.repository_id}-{self.since}"


def rescans(ledger: Ledger, now: int) -> Iterator[Rescan]:
    """A look at every repository as often as it is critical, the first within a minute, and one soon where
    something changed that no push tells, or where a first contact that is wanted may begin."""
    awaited = ledger.awaited(since=now - DAY, most=MOST_A_DAY)
    for row in ledger.reachable():
        every = EVERY[row.criticality]
        yield Rescan(row.installation, row.name, row.id, every)
        if since := row.due or (row.id in awaited and now // DAY * DAY):
            yield Soon(row.installation, row.name, row.id, every, since)


def _follow_one(app: App, ledger: Ledger, job: Job, what: str) -> None:
    facts = None if what == "deleted" else _facts(app, job)
    if facts is None:
        ledger.left(job.repository_id, job.installation)
        return
    ledger.installed(job.installation, facts.full_name.partition("/")[0])
    ledger.repository(
        facts.id,
        job.installation,
        facts.full_name,
        is_private=facts.is_private,
        is_archived=facts.is_archived,
        is_fork=facts.is_fork,
    )
    if what in _MATTERS:
        ledger.due(facts.id)


def _facts(app: App, job: Job) -> RepositoryFacts | None:
    """None where the installation reaches it no more: then no token can be narrowed to it either."""
    asked = app.installation(job.installation, job.repository, _PERMISSIONS, repository_id=job.repository_id)
    try:
        return asked.facts()
    except (Conflict, Missing):
        return None


def _reached(facts: RepositoryFacts) -> Reached:
    return Reached(facts.id, facts.full_name, facts.is_private, facts.is_archived, facts.is_fork)
