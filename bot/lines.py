"""Which lines of a text a change touches, and whether two changes would meet in a merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from fixers.engine import FileChange


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
    """Lines `start` to `end` (half-open, from 0) of a text, which `added` lines take the place of."""

    start: int
    end: int
    added: int

    def meets(self, other: "Hunk") -> bool:
        """Whether no unchanged line lies between the two: git can't merge what adjoins."""
        return self.start <= other.end and other.start <= self.end


Touched = Mapping[str, tuple[Hunk, ...]]
"""The hunks of each changed file; a new file is one hunk at its beginning."""


def hunks(before: bytes, after: bytes) -> tuple[Hunk, ...]:
    """What changed from one text to the other, line by line."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    return tuple(
        Hunk(head + start, head + end, last - first)
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    )


def _common(one: Sequence[bytes], two: Sequence[bytes]) -> int:
    pairs = enumerate(zip(one, two, strict=False))
    return next((number for number, (mine, theirs) in pairs if mine != theirs), min(len(one), len(two)))


def net(changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """Changes that stand on one another, as one for each file, by path."""
    first: dict[str, FileChange] = {}
    last: dict[str, bytes] = {}
    for change in changes:
        first.setdefault(change.path, change)
        last[change.path] = change.after
    return tuple(FileChange(path, first[path].before, last[path], ()) for path in sorted(first))


def touched(changes: Iterable[FileChange]) -> dict[str, tuple[Hunk, ...]]:
    """The hunks of changes, of which each file has one."""
    return {change.path: hunks(change.before or b"", change.after) for change in changes}


def meeting(one: Touched, two: Touched) -> list[str]:
    """The files in which the two can't both be merged."""
    shared = sorted(one.keys() & two.keys())
    return [path for path in shared if any(mine.meets(theirs) for mine in one[path] for theirs in two[path])]
