"""Changes as unified diffs: some lines in sight, the rest folded away, and what is cut said."""

import difflib
import re
from collections.abc import Iterable, Sequence

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


def laid_out(diffs: Sequence[str], in_sight: int, at_most: int) -> str:
    """The diffs as Markdown: whole where they have room in sight; else their beginning, and all of them
    folded, of which `at_most` lines are kept."""
    files = [[shortened(line) for line in diff.split("\n")] for diff in diffs]
    total = sum(map(len, files))
    if total <= in_sight:
        return _fenced(files)
    begun = _first(files, in_sight)
    title = f"The whole diff, {counted(total, 'line')} in {counted(len(files), 'file')}"
    kept = _first(files, at_most)
    cut = total - sum(map(len, kept))
    words = f"\n\n{counted(cut, 'more line')}: see the changed files." if cut else ""
    return f"{_fenced(begun)}\n\n{folded(title, _fenced(kept) + words)}".strip()


def folded(title: str, content: str) -> str:
    """Content that a reader opens with a click."""
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def _first(files: Sequence[Sequence[str]], count: int) -> list[list[str]]:
    """The files in `count` lines: those that fit, or the beginning of the first."""
    kept: list[list[str]] = []
    for lines in files:
        room = count - sum(map(len, kept))
        if len(lines) > room and kept:
            break
        kept.append(list(lines[:room]))
    return [lines for lines in kept if lines]


def _fenced(files: Iterable[Sequence[str]]) -> str:
    return "\n\n".join(fenced("\n".join(lines), "diff") for lines in files)
