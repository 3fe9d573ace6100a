"""What a change introduces: findings of its head that the commit where it parted didn't have."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.outcomes import Outcome
from bot.pipeline import Examination
from fixers.engine import Hit, scan
from fixers.repository import Repository

Lines = Mapping[str, Sequence[range]]
"""Lines (from 1) of each changed file, as they are numbered at the head."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """Findings that weren't there before, those that are worth showing first by severity and place.

    `less` counts those below the least severity that the policy shows, `closed` what was there before
    and isn't any more.
    """

    outcomes: tuple[Outcome, ...]
    less: int = 0
    closed: int = 0


def introduced(
    found: Examination, before: Repository, renamed: Mapping[str, str], changed: Iterable[str], lines: Lines
) -> Introduced:
    """Compare the head with the commit where it parted from its base.

    `renamed` are the paths of now with those of then, `changed` the files that the change touches (both
    names of a renamed one). A finding that only moved, with its file or to another function, is no new
    one. Of equal findings in one place, those on changed `lines` are the new ones.
    """
    there = {outcome.hit.path for outcome in found.outcomes}
    paths = {renamed.get(path, path) for path in there} | set(changed)
    known = [path for path in sorted(paths) if path in before]
    old = scan(before, found.rules, options=found.policy.options, paths=known).hits
    names = {then: now for now, then in renamed.items()}
    gone = [_placed(hit, names) for hit in old]
    fresh = list(found.outcomes)
    for likeness in (_here, _elsewhere_in_file, _in_another_file):
        fresh, gone = _left(fresh, gone, likeness, lines)
    shown = [one for one in fresh if one.severity >= found.policy.threshold.report]
    ordered = sorted(shown, key=lambda one: (-one.severity, one.hit.path, one.hit.line))
    return Introduced(tuple(ordered), len(fresh) - len(shown), len(gone))


Likeness = Callable[[Hit], tuple[str, ...]]


def _here(hit: Hit) -> tuple[str, ...]:
    return hit.rule.id, hit.path, hit.symbol, hit.snippet


def _elsewhere_in_file(hit: Hit) -> tuple[str, ...]:
    return hit.rule.id, hit.path, hit.snippet


def _in_another_file(hit: Hit) -> tuple[str, ...]:
    """Without an enclosing name it is too little to be known by: many files begin alike."""
    return hit.rule.id, hit.symbol or f"/{hit.path}", hit.snippet


def _placed(hit: Hit, names: Mapping[str, str]) -> Hit:
    """The finding under the name that its file has now."""
    return replace(hit, path=names.get(hit.path, hit.path))


def _left(
    fresh: Sequence[Outcome], gone: Sequence[Hit], likeness: Likeness, lines: Lines
) -> tuple[list[Outcome], list[Hit]]:
    """What is left of both sides, when each finding of then is one of those of now that are like it."""
    then = Counter(map(likeness, gone))
    now = Counter(likeness(one.hit) for one in fresh)
    left = []
    for outcome in sorted(fresh, key=lambda one: _is_on(one.hit, lines)):
        if then[likeness(outcome.hit)]:
            then[likeness(outcome.hit)] -= 1
        else:
            left.append(outcome)
    still = []
    for hit in gone:
        if now[likeness(hit)]:
            now[likeness(hit)] -= 1
        else:
            still.append(hit)
    return left, still


def _is_on(hit: Hit, lines: Lines) -> bool:
    """Whether the change wrote one of its lines."""
    return any(hit.line < part.stop and part.start <= hit.end_line for part in lines.get(hit.path, ()))
