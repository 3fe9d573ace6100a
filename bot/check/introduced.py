"""What a change introduces: findings of its head that the commit where it parted didn't have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.check.known_again import Lines, Seen, is_on, told_apart
from bot.check.places import Files
from bot.outcomes import Outcome
from bot.pipeline import Examination
from bot.policy import Policy, Treatment
from fixers.engine import scan
from fixers.repository import Repository


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
    names of a renamed one), `lines` those that it wrote. A finding that moved, or was edited where it
    stands, is no new one unless it is more severe now; nor is one that a worse one hid, nor what stood in
    a file that couldn't be read then.
    """
    files = Files(before, found.repo, renamed)
    there = {files.then(one.hit.path) for one in found.outcomes}
    known = [path for path in sorted(there.union(changed)) if path in before]
    scanned = scan(before, found.rules, options=found.policy.options, paths=known)
    then = found.policy.over(before)
    old = [Seen(hit, files.now(hit.path)) for hit in scanned.hits if _is_spoken_of(hit.path, then)]
    now = [Seen(one.hit, one.hit.path) for one in found.outcomes]
    fresh, gone = told_apart(now, old, files, lines)
    hidden = {(one.path, one.hit.symbol, rule) for one in gone for rule in one.hit.rule.consequences}
    unread = {files.now(one.path) for one in scanned.skipped} & lines.keys()
    new = {
        one.hit.fingerprint
        for one in fresh
        if (one.path, one.hit.symbol, one.hit.rule.id) not in hidden
        and (one.path not in unread or is_on(one.hit, lines))
    }
    outcomes = [one for one in found.outcomes if one.hit.fingerprint in new]
    shown = [one for one in outcomes if one.severity >= found.policy.threshold.report]
    ordered = sorted(shown, key=lambda one: (-one.severity, one.hit.path, one.hit.line))
    closed = sum(_is_closed(one, found, then) for one in gone)
    return Introduced(tuple(ordered), len(outcomes) - len(shown), closed)


def _is_spoken_of(path: str, policy: Policy) -> bool:
    return policy.includes(path) and policy.treatment_of(path) is not Treatment.SKIP


def _is_closed(seen: Seen, found: Examination, then: Policy) -> bool:
    """Whether it was shown then, and its file, if it is still there, was looked at now."""
    was_shown = then.severity_of(seen.hit) >= then.threshold.report
    is_read = seen.path not in {one.path for one in found.skipped}
    is_ignored = then.ignore_for(seen.hit, found.today) is not None
    return was_shown and is_read and not is_ignored and _is_spoken_of(seen.path, found.policy)
