"""Fixes as suggestions in a diff: only where the whole fix is one run of lines that the diff shows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.escaping import masked, sentence, visible
from bot.lines import hunks
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Withhold, mend
from fixers.engine import FileChange, text_of
from fixers.stitch import Formatter

_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A comment on these lines (first and last, from 1) of a file; `key` tells it from others."""

    path: str
    lines: tuple[int, int]
    text: str
    key: str


def suggestions(
    found: Examination,
    outcomes: Sequence[Outcome],
    shown: Mapping[str, Sequence[range]],
    secrets: Sequence[str],
    formatter: Formatter,
) -> Iterator[Suggestion]:
    """One for each finding whose fix, made and proven alone, is such a run; the first findings first.

    `shown` are the lines of each file that stand in the diff. Of what overlaps, the first is suggested.
    """
    taken: list[tuple[str, range]] = []
    for outcome in outcomes:
        if outcome.status not in (Status.FIXED, Status.FIXABLE) or outcome.hit.path not in shown:
            continue
        made = mend(found, _all_but(outcome), formatter)
        changes = [change for fix in made.fixes for change in fix.changes]
        if len(made.fixes) != 1 or len(changes) != 1:
            continue
        run = _run(changes[0], shown.get(changes[0].path, ()))
        if run is None:
            continue
        first, last, lines = run
        place = (changes[0].path, range(first, last + 1))
        is_open = all(path != place[0] or not _meet(part, place[1]) for path, part in taken)
        text = "\n".join(lines)
        if is_open and masked(text, secrets) == text == visible(text):
            taken.append(place)
            yield Suggestion(place[0], (first, last), _comment(outcome, lines), outcome.hit.fingerprint)


def _all_but(mine: Outcome) -> Withhold:
    return lambda one: "" if one.hit.fingerprint == mine.hit.fingerprint else "another finding"


def _meet(one: range, two: range) -> bool:
    return one.start < two.stop and two.start < one.stop


def _run(change: FileChange, shown: Sequence[range]) -> tuple[int, int, list[str]] | None:
    """First and last line that change, and what takes their place; None where that can't be suggested."""
    found = hunks(change.before, change.after) if change.before is not None else ()
    if len(found) != 1 or change.before is None:
        return None
    before, after = text_of(change.path, change.before), text_of(change.path, change.after)
    start, end, shift = found[0].start, found[0].end, found[0].added - (found[0].end - found[0].start)
    if start == end:  # a suggestion takes the place of something: a line beside it stays
        start, end = (start - 1, end) if start else (0, 1)
    lines = after.content.split("\n")[start : end + shift]
    is_within = end < len(before.content.split("\n")) and not (start == 0 and before.bom)
    is_shown = any(part.start <= start + 1 and end < part.stop for part in shown)
    is_whole = is_within and is_shown and len(lines) <= _MOST_LINES and before.encoding == "utf-8"
    return (start + 1, end, lines) if is_whole else None


def _comment(outcome: Outcome, lines: Sequence[str]) -> str:
    """GitHub takes what stands in the fence as it is: it is longer than any run of backticks in it."""
    rule, finding = outcome.hit.rule, outcome.hit.finding
    ticks = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    notes = "".join(f"\n\n{sentence(note)}" for note in finding.notes)
    content = "".join(f"{line}\n" for line in lines)
    said = f"**{rule.title}** (`{rule.id}`): {sentence(finding.message)}"
    return f"{said}{notes}\n\n{ticks}suggestion\n{content}{ticks}"
