"""What people have said of findings before: by closing a pull request, or by taking a merge back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.outcomes import Outcome, Status
from bot.published import Known, Published, Recognition, State
from fixers.engine import Hit

Keys = Callable[[Outcome], frozenset[str]]
"""The digests of every key that a finding may go by, whole or split."""


def heard(
    outcomes: Iterable[Outcome],
    published: Sequence[Published],
    recognition: Recognition,
    keys: Keys,
    asked: frozenset[str] = frozenset(),
) -> tuple[Outcome, ...]:
    """The findings as what people said leaves them: what was closed is ignored, what was taken back or
    broke a check waits. Of the keys that are `asked` for now, what was said before doesn't count."""

    def answered(outcome: Outcome) -> Outcome:
        if outcome.status is not Status.FIXABLE or keys(outcome) & asked:
            return outcome
        closed = _rejection(outcome, published, recognition, keys)
        if closed:
            return replace(outcome, status=Status.IGNORED, detail=f"a person closed {closed}")
        merged = _comeback(outcome, published, recognition)
        if merged:
            words = f"{merged} was merged and taken back: a person decides"
            return replace(outcome, status=Status.WITHHELD, detail=words)
        red = _red(outcome, published, recognition)
        return replace(outcome, status=Status.WITHHELD, detail=red) if red else outcome

    return tuple(map(answered, outcomes))


def _rejection(outcome: Outcome, published: Sequence[Published], recognition: Recognition, keys: Keys) -> str:
    """Which pull request a person closed over this finding, or nothing. One that lost its marker speaks
    for all that its key names. What an open one holds where it is hasn't come from elsewhere; what a
    person asked for again is open against what was said before."""
    standing = [one for one in published if one.state is State.OPEN]
    if _holder(outcome, [one for one in standing if one.is_asked], recognition.is_in_place):
        return ""
    is_it = (
        recognition.is_here if _holder(outcome, standing, recognition.is_here) else recognition.is_in_place
    )
    for one in published:
        if one.state is not State.CLOSED:
            continue
        if one.marker is None and one.key in keys(outcome):
            return one.branch
        if any(is_it(known, outcome.hit) for known in one.findings):
            return one.branch
    return ""


def _comeback(outcome: Outcome, published: Sequence[Published], recognition: Recognition) -> str:
    """Which merged pull request had closed this very finding, or nothing. One that a later pull request
    holds is being dealt with."""
    holders = [one for one in published if any(recognition.is_same(k, outcome.hit) for k in one.findings)]
    if any(one.state is State.OPEN for one in holders):
        return ""
    return next((one.branch for one in holders if one.state is State.MERGED), "")


def _red(outcome: Outcome, published: Sequence[Published], recognition: Recognition) -> str:
    """Which check failed with this very fix, or nothing. A later pull request that is open tries again."""
    holders = [one for one in published if any(recognition.is_same(k, outcome.hit) for k in one.findings)]
    if any(one.state is State.OPEN for one in holders):
        return ""
    failed = [one for one in holders if one.state is State.RED]
    return f"{failed[-1].branch}: {failed[-1].failed or 'a check'} failed on it" if failed else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The findings that an open pull request holds where they always were, and those that seem to have
    moved: of these nobody can be sure, and their lines may be another one's."""

    members: tuple[Outcome, ...]
    moved: tuple[Outcome, ...]


def claims(
    outcomes: Iterable[Outcome], standing: Sequence[Published], recognition: Recognition
) -> dict[str, Claim]:
    """By branch, the findings that an open pull request holds already: each goes to the first that has
    the very same one, or else to the first that has one in its place."""
    members: dict[str, list[Outcome]] = {one.branch: [] for one in standing}
    moved: dict[str, list[Outcome]] = {one.branch: [] for one in standing}
    for outcome in outcomes:
        if outcome.status is Status.FIXABLE:
            here = _holder(outcome, standing, recognition.is_same, recognition.is_here)
            before = _holder(outcome, standing, recognition.is_in_place)
            if here:
                members[here].append(outcome)
            elif before:
                moved[before].append(outcome)
    return {branch: Claim(tuple(members[branch]), tuple(moved[branch])) for branch in members}


def _holder(outcome: Outcome, standing: Sequence[Published], *ways: Callable[[Known, Hit], bool]) -> str:
    """The branch of the first pull request that holds the finding in the first of these ways in which
    one does, or nothing."""
    for is_it in ways:
        for one in standing:
            if any(is_it(known, outcome.hit) for known in one.findings):
                return one.branch
    return ""
