"""What a repository's history tells: where branches stand, what they add, how commits are worded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.git.process import GitError, answer, decoded, output
from bot.git.reading import Entry

_SUBMODULE = 0o160000
_BATCH = 30_000
"""Characters of paths in one command line: at most 128 KiB on Linux, of up to four bytes each."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a branch stands, and the working tree that has it checked out, if one has."""

    commit: str
    worktree: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with its parents' hashes and the addresses of its author and its committer."""

    hash: str
    parents: tuple[str, ...]
    author: str
    committer: str


def heads(root: Path, below: str) -> dict[str, Head]:
    """The local branches `below/…` by name. Raises GitError."""
    form = "%(refname)%00%(objectname)%00%(worktreepath)%00"
    listed = answer(root, "for-each-ref", f"--format={form}", f"refs/heads/{below}/").split("\0")
    return {
        name.strip("\n").removeprefix("refs/heads/"): Head(commit, worktree)
        for name, commit, worktree in zip(*[iter(listed)] * 3, strict=False)
    }


def full_name(root: Path, revision: str) -> str:
    """The reference that a revision names (`refs/heads/main`), or nothing where it names a commit alone."""
    found = answer(root, "rev-parse", "--verify", "--symbolic-full-name", "--end-of-options", revision)
    return found if found.startswith("refs/") else ""


def is_ancestor(root: Path, commit: str, of: str) -> bool:
    """Whether `commit` is part of the history of `of`, itself included. Raises GitError."""
    return not answer(root, "rev-list", "--max-count=1", commit, f"^{of}")


def merge_base(root: Path, one: str, two: str) -> str:
    """The commit where two histories part, or nothing if they share none that is known here."""
    try:
        return answer(root, "merge-base", one, two)
    except GitError:
        return ""


def beyond(root: Path, commit: str, base: str) -> list[Commit]:
    """The commits of `commit` that `base` hasn't, newest first. Raises GitError."""
    form = "%H%x00%P%x00%ae%x00%ce"
    listed = answer(root, "log", "-z", f"--format={form}", commit, f"^{base}", "--").split("\0")
    records = zip(*[iter(listed)] * 4, strict=False)
    return [Commit(name, tuple(parents.split()), *people) for name, parents, *people in records]


def messages(root: Path, commit: str, count: int) -> list[str]:
    """The messages of the last `count` commits that merge nothing, newest first. Raises GitError."""
    listed = answer(root, "log", "-z", "--no-merges", f"--max-count={count}", "--format=%B", commit, "--")
    return [message.strip() for message in listed.split("\0") if message.strip()]


def commit_time(root: Path, commit: str) -> int:
    """When it was committed, in seconds since 1970. Raises GitError."""
    return int(answer(root, "log", "--max-count=1", "--format=%ct", commit, "--"))


def entries(root: Path, commit: str, paths: Iterable[str]) -> dict[str, Entry]:
    """The files, links and submodules that a commit has at these paths. Raises GitError."""
    found = {}
    for some in _batches(sorted(set(paths))):
        listed = output(root, ("ls-tree", "-z", "--full-tree", commit, "--", *some))
        for record in listed.split(b"\0")[:-1]:
            about, _, name = record.partition(b"\t")
            mode, kind, oid = about.decode().split()
            if kind != "tree":
                found[decoded(name)] = Entry(decoded(name), int(mode, 8), oid, -1)
    return found


def _batches(paths: Sequence[str]) -> Iterator[list[str]]:
    """The paths, so many at once as a command line holds."""
    some: list[str] = []
    for path in paths:
        if some and sum(map(len, some)) + len(path) > _BATCH:
            yield some
            some = []
        some.append(path)
    if some:
        yield some


def contents(root: Path, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """The files that a commit has at these paths; of a submodule, what git's own diffs show. Raises
    GitError."""
    found = entries(root, commit, paths)
    return {path: _content(root, entry) for path, entry in found.items()}


def _content(root: Path, entry: Entry) -> bytes:
    if entry.mode == _SUBMODULE:
        return f"Subproject commit {entry.oid}\n".encode()
    return output(root, ("cat-file", "blob", entry.oid))


def changed_paths(root: Path, one: str, two: str) -> list[str]:
    """The files that differ between two commits. Raises GitError."""
    options = ("-r", "-z", "--no-renames", "--name-only", "--no-ext-diff", "--ignore-submodules=none")
    listed = output(root, ("diff-tree", *options, one, two, "--"))
    return [decoded(name) for name in listed.split(b"\0")[:-1]]


def origin(root: Path) -> str:
    """The address of the remote `origin`, or nothing."""
    try:
        return answer(root, "config", "--get", "remote.origin.url")
    except GitError:
        return ""
