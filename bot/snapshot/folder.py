"""Walks a folder outside of git as git would: `.gitignore` files count, nested ones too."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from bot.snapshot import disk
from bot.snapshot.limits import Candidate, Limits, shown, vendored_folder
from bot.snapshot.patterns import is_costly
from fixers.engine import Skipped
from fixers.text import Unreadable

MAX_PATTERNS = 1_000
MAX_IGNORE_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One line of a `.gitignore`, asked of a file or folder itself.

    pathspec's patterns also match what lies below a match; git has asked each folder on the way
    before, so that what only an ancestor matches is decided already. Hence the counting: `depth`
    parts at least, just as many without `**`, and the parts after the last `**` match the path's end.
    """

    spec: GitIgnoreSpec
    ignores: bool
    by_name: bool
    only_folders: bool
    is_open: bool
    depth: int
    tail: tuple[GitIgnoreSpec, int] | None

    @classmethod
    def read(cls, line: str) -> "_Pattern | None":
        """None for a comment or a blank line. Raises GitIgnorePatternError."""
        spec = GitIgnoreSpec.from_lines([line])
        if not spec.patterns or spec.patterns[0].include is None:
            return None
        body = line if line.rstrip().endswith("\\") else line.rstrip()
        body = body.removeprefix("!")
        parts = [part for part in body.split("/") if part]
        is_open = "**" in parts
        tail = parts[len(parts) - parts[::-1].index("**") :] if is_open else []
        if is_open and not tail:
            spec = GitIgnoreSpec.from_lines([line.rstrip().removesuffix("/")])
        return cls(
            spec,
            ignores=bool(spec.patterns[0].include),
            by_name=body != "**" and "/" not in re.sub(r"^(\*\*/)+", "", body.removesuffix("/")),
            only_folders=body.endswith("/"),
            is_open=is_open,
            depth=sum(part != "**" for part in parts) + (is_open and not tail),
            tail=(GitIgnoreSpec.from_lines([f"/{'/'.join(tail)}"]), len(tail)) if tail else None,
        )

    def matches(self, path: str, is_folder: bool) -> bool:
        if self.only_folders and not is_folder:
            return False
        slash = "/" if is_folder else ""
        parts = path.split("/")
        if self.by_name:
            return self.spec.check_file(parts[-1] + slash).index is not None
        if len(parts) < self.depth or (len(parts) > self.depth and not self.is_open):
            return False
        if self.tail and not self.tail[0].match_file("/".join(parts[-self.tail[1] :]) + slash):
            return False
        ends_open = self.is_open and not self.tail
        return self.spec.check_file(path if ends_open else path + slash).index is not None


@dataclass(frozen=True, slots=True)
class _Ignores:
    """The patterns of one folder's `.gitignore`, the last first."""

    folder: str
    patterns: tuple[_Pattern, ...]

    def judge(self, path: str, is_folder: bool) -> bool | None:
        """Whether it ignores the path; None where it says nothing."""
        below = path[len(self.folder) :]
        return next((p.ignores for p in self.patterns if p.matches(below, is_folder)), None)


def files_below(root: Path, limits: Limits, descends: bool = True) -> tuple[list[Candidate], list[Skipped]]:
    """The files of a folder that no `.gitignore` in it excludes, and what couldn't be looked at.

    It stops after `limits.files` names have been seen, ignored ones included, and says so.
    """
    candidates: list[Candidate] = []
    skipped: list[Skipped] = []
    waiting: list[tuple[str, tuple[_Ignores, ...]]] = [("", ())]
    seen = 0
    while waiting:
        folder, above = waiting.pop()
        ignores = (*_ignores_of(root, folder, skipped), *above)
        for name, entry in _entries(root, folder, skipped):
            seen += 1
            if seen > limits.files:
                skipped.append(Skipped(".", f"holds more than {limits.files:,} names: scan a part of it"))
                return candidates, skipped
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name == ".git" or _is_ignored(name, is_folder, ignores):
                continue
            if not is_folder:
                candidates += _looked_at(name, entry)
            elif descends and vendored_folder(f"{name}/", "", limits):
                candidates.append(Candidate(f"{name}/"))
            elif descends and name.count("/") >= limits.depth:
                skipped.append(Skipped(shown(f"{name}/"), f"lies more than {limits.depth} folders deep"))
            elif descends:
                waiting.append((name, ignores))
    return candidates, skipped


def _entries(root: Path, folder: str, skipped: list[Skipped]) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    try:
        with os.scandir(root / folder) as entries:
            for entry in entries:
                yield f"{folder}/{entry.name}" if folder else entry.name, entry
    except OSError as error:
        skipped.append(Skipped(shown(f"{folder}/"), disk.explained(error)))


def _looked_at(name: str, entry: "os.DirEntry[str]") -> Iterator[Candidate]:
    try:
        yield disk.candidate(name, entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return
    except OSError as error:
        yield Candidate(name, reason=disk.explained(error))


def _is_ignored(path: str, is_folder: bool, ignores: tuple[_Ignores, ...]) -> bool:
    said = (one.judge(path, is_folder) for one in ignores)
    return next((verdict for verdict in said if verdict is not None), False)


def _ignores_of(root: Path, folder: str, skipped: list[Skipped]) -> tuple[_Ignores, ...]:
    path = f"{folder}/.gitignore" if folder else ".gitignore"
    if not os.path.lexists(root / path):
        return ()
    try:
        lines = disk.read(root, path, MAX_IGNORE_BYTES).decode("utf-8", "surrogateescape").split("\n")
    except Unreadable as error:
        skipped.append(Skipped(shown(path), f"its patterns don't count: {error.reason}"))
        return ()
    patterns: list[_Pattern] = []
    for number, line in enumerate(lines, 1):
        try:
            if is_costly(line) or number > MAX_PATTERNS:
                raise GitIgnorePatternError("it would take too long")
            pattern = _Pattern.read(line.removesuffix("\r"))
        except GitIgnorePatternError:
            skipped.append(Skipped(shown(path), "a pattern that can't be used", number))
            continue
        patterns += [pattern] if pattern else []
    return (_Ignores(f"{folder}/" if folder else "", tuple(reversed(patterns))),)
