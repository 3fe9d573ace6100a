"""What becomes of a pull request that is open."""

from collections.abc import Sequence
from dataclasses import replace

from bot.campaigns import Campaign
from bot.lifecycle.admission import admit
from bot.lifecycle.bench import Bench
from bot.lifecycle.room import Room
from bot.lifecycle.step import Action, Step, settled, withheld
from bot.outcomes import Outcome
from bot.published import Published


def stand(
    published: Published,
    members: Sequence[Outcome],
    newcomers: Sequence[Outcome],
    room: Room,
    bench: Bench,
    *,
    is_asked: bool,
) -> Step:
    """The step for an open pull request that holds `members`, to whose key `newcomers` belong; `is_asked`:
    a person asked for it."""
    branch = published.branch
    untouchable = published.hands_off
    if not untouchable and bench.may_be_unreadable(published):
        untouchable = "a file of it can't be read now"
    if untouchable:
        waiting = withheld((*members, *newcomers), f"{branch}: {untouchable}")
        return Step(Action.KEEP, branch, untouchable, waiting, published=published)
    made, waiting = admit(branch, members, newcomers, room, bench)
    outcomes = (*settled(made), *waiting)
    if not made.fixes:
        reason = "nothing in it can be fixed any more" if members else "nothing is left to fix"
        return Step(Action.CLOSE, branch, reason, outcomes, published=published)
    room.keep_lines(made)
    reason = _stale(published, made, bench)
    action = Action.UPDATE if reason else Action.KEEP
    made = replace(made, is_asked=is_asked)
    return Step(action, branch, reason or "nothing changed", outcomes, made, published)


def _stale(published: Published, made: Campaign, bench: Bench) -> str:
    """Why it has to be made anew, or nothing."""
    if published.is_unfinished:
        return "the run that made it broke off"
    if published.marker is None or published.marker.content != bench.content(made):
        return "its findings changed"
    return "it conflicts with the base" if published.has_conflict else ""
