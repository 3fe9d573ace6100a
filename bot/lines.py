"""Which lines of a text a change touches, and whether two changes would meet in a merge."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fixers.engine import FileChange

MAX_STEPS = 1_000_000
"""So much is compared of two texts; what differs more is one hunk, from the first change to the last."""


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
    """What changed from one text to the other, line by line; lines end where git ends them."""
    old, new = _lines(before), _lines(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = slice(head, len(old) - tail), slice(head, len(new) - tail)
    runs = [(head + x, head + y, length) for x, y, length in _matches(old[middle[0]], new[middle[1]])]
    ends = [(0, 0, head), *runs, (len(old) - tail, len(new) - tail, tail)]
    gaps = [gap for one, two in pairwise(ends) if (gap := _between(one, two))]
    return tuple(Hunk(start, end, last - first) for start, end, first, last in _slid(gaps, old, new))


def _lines(text: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", text)


def _common(one: Sequence[bytes], two: Sequence[bytes]) -> int:
    pairs = enumerate(zip(one, two, strict=False))
    return next((number for number, (mine, theirs) in pairs if mine != theirs), min(len(one), len(two)))


def merged(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """The text with both changes, what both did once; None where they meet."""
    mine = list(_written(hunks(base, ours), ours))
    other = [written for written in _written(hunks(base, theirs), theirs) if written not in mine]
    if any(one.meets(two) for one, _ in mine for two, _ in other):
        return None
    lines, pieces, position = _lines(base), [], 0
    for hunk, added in sorted((*mine, *other)):
        pieces += [*lines[position : hunk.start], *added]
        position = hunk.end
    return b"".join((*pieces, *lines[position:]))


def _written(changes: Iterable[Hunk], text: bytes) -> Iterator[tuple[Hunk, list[bytes]]]:
    """Each hunk with the lines that it brings."""
    lines, shift = _lines(text), 0
    for hunk in changes:
        start = hunk.start + shift
        yield hunk, lines[start : start + hunk.added]
        shift += hunk.added - (hunk.end - hunk.start)


Run = tuple[int, int, int]
"""Equal lines: where they begin in the old text and in the new one, and how many they are."""


Gap = tuple[int, int, int, int]
"""What lies between equal lines: start and end in the old text, start and end in the new one."""


def _between(one: Run, two: Run) -> Gap | None:
    (x, y, length), (to_x, to_y, _) = one, two
    return (x + length, to_x, y + length, to_y) if (x + length, y + length) != (to_x, to_y) else None


def _slid(gaps: Iterable[Gap], old: Sequence[bytes], new: Sequence[bytes]) -> list[Gap]:
    """The gaps where git sees them: lines that were only added or only removed, of which equal ones
    follow, are the last of them."""
    slid: list[Gap] = []
    for start, end, first, last in reversed(list(gaps)):
        until = slid[-1][0] if slid else len(old)
        while end < until and (
            (start == end and old[start] == new[first]) or (first == last and old[start] == old[end])
        ):
            start, end, first, last = start + 1, end + 1, first + 1, last + 1
        if slid and (end, last) == (slid[-1][0], slid[-1][2]):
            _, end, _, last = slid.pop()
        slid.append((start, end, first, last))
    return slid[::-1]


def _matches(old: Sequence[object], new: Sequence[object]) -> list[Run]:
    """The runs of equal lines that leave the least to change; none where finding them takes too long.

    Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1 (1986): how far so many
    changes get on each diagonal, and by which runs.
    """
    if not old or not new:
        return []
    reach: dict[int, tuple[int, _Way]] = {1: (0, None)}
    steps = 0
    for changes in range(len(old) + len(new) + 1):
        for diagonal in range(-changes, changes + 1, 2):
            below = diagonal == -changes or (
                diagonal != changes and reach[diagonal - 1][0] < reach[diagonal + 1][0]
            )
            x, way = reach[diagonal + 1] if below else reach[diagonal - 1]
            x += not below
            y = x - diagonal
            length = _common_from(old, x, new, y)
            if length:
                way = ((x, y, length), way)
            reach[diagonal] = x + length, way
            if x + length >= len(old) and y + length >= len(new):
                return _unrolled(way)
            steps += 1 + length
        if steps > MAX_STEPS:
            break
    return []


_Way = tuple[Run, "_Way"] | None


def _common_from(old: Sequence[object], x: int, new: Sequence[object], y: int) -> int:
    start = x
    while x < len(old) and y < len(new) and old[x] == new[y]:
        x, y = x + 1, y + 1
    return x - start


def _unrolled(way: _Way) -> list[Run]:
    runs = []
    while way:
        run, way = way
        runs.append(run)
    return runs[::-1]


def net(changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """Changes that stand on one another, as one for each file, by path; what was taken back isn't one."""
    first: dict[str, FileChange] = {}
    last: dict[str, bytes] = {}
    for change in changes:
        first.setdefault(change.path, change)
        last[change.path] = change.after
    return tuple(
        FileChange(path, one.before, last[path], ())
        for path, one in sorted(first.items())
        if one.before != last[path]
    )


def touched(changes: Iterable[FileChange]) -> dict[str, tuple[Hunk, ...]]:
    """The hunks of changes, of which each file has one."""
    return {change.path: hunks(change.before or b"", change.after) for change in changes}


def meeting(one: Touched, two: Touched) -> list[str]:
    """The files in which the two can't both be merged."""
    shared = sorted(one.keys() & two.keys())
    return [path for path in shared if any(mine.meets(theirs) for mine in one[path] for theirs in two[path])]
