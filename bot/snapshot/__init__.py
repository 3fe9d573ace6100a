"""The files of a repository at a commit, as a value."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot import git
from bot.snapshot import disk
from bot.snapshot.disk import WriteError, write
from bot.snapshot.folder import files_below
from bot.snapshot.limits import Candidate, Limits, accepted, is_within, shown
from fixers.engine import Skipped
from fixers.repository import Repository

__all__ = [
    "Limits",
    "Snapshot",
    "WriteError",
    "is_within",
    "shown",
    "snapshot_of",
    "snapshot_of_tree",
    "write",
]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files below `root`, by their paths from there, as they stand at `revision`.

    `revision` is a commit's hash; empty, it is what lies on disk. `asked` is the file or folder that was
    asked for (empty: all), and `scope` are the paths of it: facts may lie outside. `skipped` lists what
    isn't in `paths`, and why; a folder's name ends with a slash. `read` raises Unreadable.
    """

    root: Path
    revision: str
    paths: tuple[str, ...]
    scope: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    executable: frozenset[str]
    read: Callable[[str], bytes] = field(repr=False, compare=False)
    asked: str = ""

    def is_executable(self, path: str) -> bool:
        return path in self.executable

    def repository(self) -> Repository:
        """The same files, as rules ask for them."""
        return Repository(self.paths, self.read)


def snapshot_of(path: Path, revision: str | None = None, limits: Limits | None = None) -> Snapshot:
    """The repository around `path`: a commit of it, or without `revision` its working tree; a folder
    outside of git as it is. Raises git.GitError; a file that can't be taken is listed instead."""
    limits = limits or Limits()
    path = path.parent.resolve() / path.name if path.is_symlink() and not path.is_dir() else path.resolve()
    if revision is not None:
        return _of_commit(path, revision, limits)
    if not os.path.lexists(path):
        raise git.GitError(f"{path} doesn't exist")
    if any(os.path.lexists(folder / ".git") for folder in (path, *path.parents)):
        try:
            return _of_working_tree(path, limits)
        except git.NotARepository:
            pass  # a `.git` that git itself doesn't take for one
    return _of_folder(path, limits)


def _of_commit(path: Path, revision: str, limits: Limits) -> Snapshot:
    existing = next(folder for folder in (path, *path.parents) if folder.is_dir())
    root = git.root_of(existing)
    commit = git.commit_of(root, revision)
    asked = _from(root, path)
    entries = tuple(git.tree(root, commit))
    if asked and not any(is_within(entry.path, asked) for entry in entries):
        raise git.GitError(f"{asked} isn't in {revision}")
    blobs = git.Blobs(root)
    return snapshot_of_tree(root, commit, entries, lambda e: blobs.read(e.oid, e.size), asked, limits)


def snapshot_of_tree(
    root: Path,
    commit: str,
    entries: Iterable[git.Entry],
    content: Callable[[git.Entry], bytes],
    asked: str = "",
    limits: Limits | None = None,
) -> Snapshot:
    """The files of a commit's tree, wherever its objects are: `content` gives those of an entry, and
    raises Unreadable. What is over the limits is listed instead."""
    by_path = {entry.path: entry for entry in entries}
    candidates = (Candidate(entry.path, entry.size, _tree_reason(entry)) for entry in by_path.values())
    paths, skipped = accepted(candidates, asked, limits or Limits())

    def read(name: str) -> bytes:
        return content(by_path[name])

    executable = frozenset(name for name in paths if by_path[name].mode & stat.S_IXUSR)
    return Snapshot(root, commit, paths, _scope(paths, asked), skipped, executable, read, asked)


def _tree_reason(entry: git.Entry) -> str:
    match stat.S_IFMT(entry.mode):
        case stat.S_IFREG if entry.size < 0:
            return "isn't in this clone: fetch it (`git fetch --refetch`, without a filter)"
        case stat.S_IFREG:
            return ""
        case stat.S_IFLNK:
            return disk.LINK
        case _:
            return disk.SUBMODULE


def _of_working_tree(path: Path, limits: Limits) -> Snapshot:
    root = git.root_of(path)
    return _on_disk(root, _from(root, path), _present(root, git.working_tree(root)), (), limits)


def _present(root: Path, names: Iterable[str]) -> Iterator[Candidate]:
    look = disk.Looker(root)
    for name in names:
        found = look(name.removesuffix("/"))
        if found is not None:
            yield found


def _of_folder(path: Path, limits: Limits) -> Snapshot:
    if path.is_dir():
        candidates, skipped = files_below(path, limits)
        return _on_disk(path, "", candidates, skipped, limits)
    candidates, skipped = files_below(path.parent, limits, descends=False)
    return _on_disk(path.parent, path.name, candidates, skipped, limits)


def _on_disk(
    root: Path, asked: str, candidates: Iterable[Candidate], before: Iterable[Skipped], limits: Limits
) -> Snapshot:
    found = list(candidates)
    paths, skipped = accepted(found, asked, limits)
    runnable = {candidate.path for candidate in found if candidate.is_executable}

    def read(name: str) -> bytes:
        return disk.read(root, name)

    everything = tuple(sorted({*skipped, *before}, key=lambda one: (one.path, one.line)))
    executable = frozenset(runnable & set(paths))
    return Snapshot(root, "", paths, _scope(paths, asked), everything, executable, read, asked)


def _from(root: Path, path: Path) -> str:
    """`path` as it is called from `root`; empty for the root itself, and in a bare repository."""
    inside = path.relative_to(root).as_posix() if path.is_relative_to(root) else "."
    return "" if inside == "." else inside


def _scope(paths: tuple[str, ...], asked: str) -> tuple[str, ...]:
    return tuple(path for path in paths if is_within(path, asked))
