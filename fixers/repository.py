"""The repository that a rule may ask about: bounded, read-only, the same at every question."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from fixers.text import Unreadable

MAX_FILE_BYTES = 2_000_000
"""Larger files are listed as skipped: no hand-written source reaches this."""

Fact = TypeVar("Fact")


class Repository:
    """The files of one revision. Facts drawn from them are computed once and remembered."""

    def __init__(self, paths: Iterable[str], read: Callable[[str], bytes]) -> None:
        self.paths = tuple(sorted(paths))
        self._known = frozenset(self.paths)
        self._read = read
        self._facts: dict[tuple[object, str], object] = {}

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Repository":
        """A repository held in memory."""
        return cls(files, files.__getitem__)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises Unreadable for one that is absent, too large or can't be read."""
        if path not in self._known:
            raise Unreadable("no such file in this revision")
        data = self._read(path)
        if len(data) > MAX_FILE_BYTES:
            raise Unreadable(f"has {len(data):,} bytes, over the limit of {MAX_FILE_BYTES:,}")
        return data

    def changed(self, files: Mapping[str, bytes]) -> "Repository":
        """This repository with `files` written over it, or added."""

        def read(path: str) -> bytes:
            return files[path] if path in files else self._read(path)

        return Repository({*self.paths, *files}, read)

    def fact(self, extract: Callable[["Repository", str], Fact], path: str) -> Fact:
        """What `extract` says of `path`, asked once. It reads files through this repository alone."""
        key = (extract, path)
        if key not in self._facts:
            self._facts[key] = extract(self, path)
        return self._facts[key]  # type: ignore[return-value]

    def nearest(self, path: str, names: Iterable[str]) -> list[str]:
        """Files called one of `names` beside `path` or above it, the nearest folder first."""
        wanted = tuple(names)
        folders = PurePosixPath(path).parents
        candidates = (str(folder / name) for folder in folders for name in wanted)
        return [candidate for candidate in candidates if candidate in self._known]
