"""What the hunks of a pull request say: which lines it wrote, and which lines can be commented on."""

import re
from collections.abc import Iterable, Mapping

from bot.github import FileChange

_HUNK = re.compile(r"^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@")


def written(changes: Iterable[FileChange]) -> dict[str, tuple[range, ...]]:
    """The lines (from 1) that were added, of each file, as they are numbered after the change."""
    return {change.path: tuple(_added(change.patch)) for change in changes}


def shown(changes: Iterable[FileChange]) -> dict[str, tuple[range, ...]]:
    """The lines of each file that stand in its diff, unchanged ones around a change included: GitHub
    takes comments on these alone."""
    return {change.path: tuple(_hunks(change.patch)) for change in changes}


def renamed(changes: Iterable[FileChange]) -> Mapping[str, str]:
    """The paths of now with those of then, of files that have another name."""
    return {one.path: one.before for one in changes if one.status == "renamed" and one.before != one.path}


def _hunks(patch: str) -> Iterable[range]:
    for line in patch.split("\n"):
        if found := _HUNK.match(line):
            start, count = int(found[1]), int(found[2] or "1")
            yield range(start, start + count)


def _added(patch: str) -> Iterable[range]:
    number = start = 0
    for line in (*patch.split("\n"), "@@"):
        if start and not line.startswith("+"):
            yield range(start, number)
            start = 0
        if found := _HUNK.match(line):
            number = int(found[1])
        elif line.startswith("+"):
            start = start or number
            number += 1
        elif line.startswith(" "):
            number += 1
