"""Where lines of a file went: which of them changed, and what stands in their place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.lines import hunks
from fixers.engine import Hit, text_of
from fixers.repository import Repository
from fixers.text import Unreadable

_NEAR = 6
"""So many unchanged lines at most lie between two runs that a diff shows in one hunk."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that changed (half-open, from 0), the lines that took their place, and the words of these."""

    old: range
    new: range
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where lines stand, by numbers that both texts share: `number` is that of the run that they stand on,
    `hunk` that of runs near each other. Unchanged lines have negative ones, and no run."""

    number: int
    hunk: int
    run: Run | None = None


class Places:
    """Where the lines of an old text and those of the new one stand, counted from 1."""

    def __init__(self, old: bytes, new: bytes) -> None:
        self._runs = tuple(_runs(old, new))
        self._hunks = tuple(_hunks(self._runs))

    def then(self, first: int, last: int) -> Place:
        """The place of lines of the old text."""
        for number, run in enumerate(self._runs):
            if run.old.start < last and first - 1 < run.old.stop:
                return Place(number, self._hunks[number], run)
        shifts = [run.new.stop - run.old.stop for run in self._runs if run.old.stop < first]
        return _unchanged(first + shifts[-1] if shifts else first)

    def now(self, first: int, last: int) -> Place:
        """The place of lines of the new text."""
        for number, run in enumerate(self._runs):
            if run.new.start < last and first - 1 < run.new.stop:
                return Place(number, self._hunks[number], run)
        return _unchanged(first)


def _unchanged(line: int) -> Place:
    return Place(-line, -line)


def _runs(old: bytes, new: bytes) -> Iterator[Run]:
    lines = new.split(b"\n")
    shift = 0
    for hunk in hunks(old, new):
        first, last = hunk.start + shift, hunk.start + shift + hunk.added
        text = b"\n".join(lines[first:last]).decode("utf-8", "replace")
        yield Run(range(hunk.start, hunk.end), range(first, last), _words(text))
        shift += hunk.added - (hunk.end - hunk.start)


def _hunks(runs: tuple[Run, ...]) -> Iterator[int]:
    """The number of each run's hunk."""
    number = 0
    for before, run in zip(runs[:1] + runs, runs, strict=False):
        number += run.old.start - before.old.stop > _NEAR
        yield number


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


class Files:
    """The files of then and of now, and what each is called on the other side."""

    def __init__(self, before: Repository, head: Repository, renamed: Mapping[str, str]) -> None:
        self._before, self._head, self._renamed = before, head, renamed
        self._names = {then: now for now, then in renamed.items()}
        self._places: dict[str, Places | None] = {}

    def then(self, path: str) -> str:
        return self._renamed.get(path, path)

    def now(self, path: str) -> str:
        return self._names.get(path, path)

    def place_then(self, hit: Hit) -> Place | None:
        """Where a finding of then stands; None where its file isn't there any more."""
        places = self._between(self.now(hit.path))
        return places.then(hit.line, hit.end_line) if places else None

    def place_now(self, hit: Hit) -> Place | None:
        """Where a finding of now stands; None where its file wasn't there."""
        places = self._between(hit.path)
        return places.now(hit.line, hit.end_line) if places else None

    def words_then(self, hit: Hit) -> frozenset[str]:
        """The words of a finding of then, whose file can be read, since it was found there."""
        text = text_of(hit.path, self._before.read(hit.path)).content
        return _words(text[hit.finding.span.start : hit.finding.span.end])

    def _between(self, path: str) -> Places | None:
        if path not in self._places:
            try:
                self._places[path] = Places(self._before.read(self.then(path)), self._head.read(path))
            except Unreadable:
                self._places[path] = None
        return self._places[path]
