"""Which findings get into a pull request: those that meet no other one's lines, and leave it readable."""

from collections.abc import Mapping, Sequence

from bot.campaigns import Campaign
from bot.lifecycle.bench import Bench
from bot.lifecycle.room import Room
from bot.lifecycle.step import withheld
from bot.outcomes import Outcome
from fixers.engine import edits_of


def admit(
    branch: str, members: Sequence[Outcome], wanted: Sequence[Outcome], room: Room, bench: Bench
) -> tuple[Campaign, tuple[Outcome, ...]]:
    """The campaign of the members and of what is admitted of `wanted`, and the others, which wait."""
    blockers = room.blockers(bench.campaign(branch, (*members, *wanted)))
    free = [one for one in wanted if not _in_the_way(one, blockers)]
    if room.blockers(bench.campaign(branch, (*members, *free))):
        free = []
    waiting = [_waiting(one, blockers) for one in wanted if one not in free]
    if members and free and not bench.fits((*members, *free)):
        waiting += withheld(free, f"size: waits for {branch}")
        free = []
    return bench.campaign(branch, (*members, *free)), tuple(waiting)


def _in_the_way(outcome: Outcome, blockers: Mapping[str, str]) -> set[str]:
    """The branches that come first in the files that the finding's fix changes."""
    return {blockers[path] for path in (outcome.hit.path, *edits_of(outcome.hit)) if path in blockers}


def _waiting(outcome: Outcome, blockers: Mapping[str, str]) -> Outcome:
    branches = _in_the_way(outcome, blockers) or set(blockers.values())
    return withheld([outcome], "overlap: waits for " + ", ".join(sorted(branches)))[0]
