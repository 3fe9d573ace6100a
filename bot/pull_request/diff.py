"""Changes as unified diffs: some lines in sight, the rest folded away, and what is cut said."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.escaping import fenced, masked, one_line, shortened
from bot.pull_request.words import counted
from fixers.engine import FileChange, text_of


def unified(change: FileChange, secrets: Iterable[str] = ()) -> str:
    """The change as a unified diff with three lines of context, secrets masked."""
    old = "" if change.before is None else text_of(change.path, change.before).content
    new = text_of(change.path, change.after).content
    name = one_line(change.path)
    source = "/dev/null" if change.before is None else f"a/{name}"
    lines = difflib.unified_diff(_lines(old), _lines(new), source, f"b/{name}", lineterm="")
    return masked("\n".join(lines), secrets)


def _lines(content: str) -> list[str]:
    """Lines without their ends; an end that differs from line to line is not what a diff is about."""
    lines = re.split(r"\r\n|\r|\n", content)
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]}\n\\ No newline at end of file"]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A hunk of a file's diff, `@@` included; `head` are the two lines that name the file."""

    head: tuple[str, ...]
    lines: tuple[str, ...]


def laid_out(diffs: Sequence[str], in_sight: int, at_most: int) -> str:
    """The diffs as Markdown: whole where they have room in sight; else the hunks that have, and the others
    folded, of which about `at_most` lines are kept."""
    hunks = [hunk for diff in diffs for hunk in _hunks(diff)]
    shown = _fitting(hunks, in_sight)
    rest = hunks[len(shown) :]
    if not rest:
        return _fenced(hunks)
    title = f"The {'rest of the' if shown else 'whole'} diff, {_counts(rest)}"
    kept = _fitting(rest, at_most) or _begun(rest[0], at_most)
    cut = _size(rest) - _size(kept)
    words = f"\n\n{counted(cut, 'more line')}: see the changed files." if cut else ""
    begun = _fenced(shown or _begun(rest[0], in_sight))
    return f"{begun}\n\n{folded(title, _fenced(kept) + words)}".strip()


def _hunks(diff: str) -> Iterator[_Hunk]:
    lines = [shortened(line) for line in diff.split("\n")]
    starts = [number for number, line in enumerate(lines) if line.startswith("@@ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _Hunk(tuple(lines[:2]), tuple(lines[start:end]))


def _files(hunks: Iterable[_Hunk]) -> list[list[str]]:
    """Lines of each file, its hunks below its name."""
    by_head = groupby(hunks, lambda hunk: hunk.head)
    return [[*head, *(line for hunk in some for line in hunk.lines)] for head, some in by_head]


def _size(hunks: Iterable[_Hunk]) -> int:
    return sum(map(len, _files(hunks)))


def _counts(hunks: Sequence[_Hunk]) -> str:
    return f"{counted(_size(hunks), 'line')} in {counted(len(_files(hunks)), 'file')}"


def _fitting(hunks: Sequence[_Hunk], count: int) -> list[_Hunk]:
    """The first hunks that are whole in `count` lines, their files' names included."""
    kept = 0
    while kept < len(hunks) and _size(hunks[: kept + 1]) <= count:
        kept += 1
    return list(hunks[:kept])


def _begun(hunk: _Hunk, count: int) -> list[_Hunk]:
    """The beginning of a hunk in `count` lines, ending behind a change, if it can be behind a whole one;
    nothing where no change would be seen."""
    end = max(0, count - len(hunk.head))
    is_change = [line.startswith(("+", "-", "\\")) for line in hunk.lines]
    ends = [n for n in range(1, min(end, len(hunk.lines)) + 1) if is_change[n - 1]]
    whole = [n for n in ends if n == len(hunk.lines) or not is_change[n]]
    last = max(whole or ends, default=0)
    return [_Hunk(hunk.head, hunk.lines[:last])] if last else []


def folded(title: str, content: str) -> str:
    """Content that a reader opens with a click."""
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def _fenced(hunks: Iterable[_Hunk]) -> str:
    return "\n\n".join(fenced("\n".join(lines), "diff") for lines in _files(hunks))
