"""What people have said of findings before: by closing a pull request, or by taking a merge back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.outcomes import Outcome, Status
from bot.published import Published, Recognition, State

Keys = Callable[[Outcome], frozenset[str]]
"""The digests of every key that a finding may go by, whole or split."""


def heard(
    outcomes: Iterable[Outcome], published: Sequence[Published], recognition: Recognition, keys: Keys
) -> tuple[Outcome, ...]:
    """The findings as what people said leaves them: what was closed is ignored, what was taken back waits."""

    def answered(outcome: Outcome) -> Outcome:
        if outcome.status is not Status.FIXABLE:
            return outcome
        closed = _rejection(outcome, published, recognition, keys)
        if closed:
            return replace(outcome, status=Status.IGNORED, detail=f"a person closed {closed}")
        merged = _comeback(outcome, published, recognition)
        if merged:
            words = f"{merged} was merged and taken back: a person decides"
            return replace(outcome, status=Status.WITHHELD, detail=words)
        return outcome

    return tuple(map(answered, outcomes))


def _rejection(outcome: Outcome, published: Sequence[Published], recognition: Recognition, keys: Keys) -> str:
    """Which pull request a person closed over this finding, or nothing. One that lost its marker speaks
    for all that its key names."""
    for one in published:
        if one.state is not State.CLOSED:
            continue
        if one.marker is None and one.key in keys(outcome):
            return one.branch
        if any(recognition.is_in_place(known, outcome.hit) for known in one.findings):
            return one.branch
    return ""


def _comeback(outcome: Outcome, published: Sequence[Published], recognition: Recognition) -> str:
    """Which merged pull request had closed this very finding, or nothing. One that a later pull request
    holds is being dealt with."""
    holders = [one for one in published if any(recognition.is_same(k, outcome.hit) for k in one.findings)]
    if any(one.state is State.OPEN for one in holders):
        return ""
    return next((one.branch for one in holders if one.state is State.MERGED), "")


def claims(
    outcomes: Iterable[Outcome], standing: Sequence[Published], recognition: Recognition
) -> dict[str, list[Outcome]]:
    """By branch, the findings that an open pull request holds already: each goes to the first that has
    the very same one, or else to the first that has one in its place."""
    members: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.status is Status.FIXABLE:
            same = (p for p in standing if any(recognition.is_same(k, outcome.hit) for k in p.findings))
            near = (p for p in standing if any(recognition.is_in_place(k, outcome.hit) for k in p.findings))
            holder = next(same, None) or next(near, None)
            if holder:
                members.setdefault(holder.branch, []).append(outcome)
    return members
