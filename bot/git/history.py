"""What a repository's history tells: who wrote a line, what a branch adds, how its commits are worded."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.git.process import GitError, answer, decoded, output
from bot.git.reading import Entry


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
    form = "%(refname)%09%(objectname)%09%(worktreepath)"
    lines = answer(root, "for-each-ref", f"--format={form}", f"refs/heads/{below}/").split("\n")
    named = (line.split("\t", 2) for line in lines if line)
    return {name.removeprefix("refs/heads/"): Head(commit, worktree) for name, commit, worktree in named}


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
    form = "%H%x09%P%x09%ae%x09%ce"
    lines = answer(root, "log", f"--format={form}", commit, f"^{base}", "--").split("\n")
    fields = (line.split("\t") for line in lines if line)
    return [Commit(name, tuple(parents.split()), *people) for name, parents, *people in fields]


def messages(root: Path, commit: str, count: int) -> list[str]:
    """The messages of the last `count` commits that merge nothing, newest first. Raises GitError."""
    listed = answer(root, "log", "-z", "--no-merges", f"--max-count={count}", "--format=%B", commit, "--")
    return [message.strip() for message in listed.split("\0") if message.strip()]


def commit_time(root: Path, commit: str) -> int:
    """When it was committed, in seconds since 1970. Raises GitError."""
    return int(answer(root, "show", "--no-patch", "--format=%ct", commit, "--"))


def entries(root: Path, commit: str, paths: Iterable[str]) -> dict[str, Entry]:
    """What a commit has at these paths, those alone that it has. Raises GitError."""
    wanted = sorted(set(paths))
    if not wanted:
        return {}
    listed = output(root, ("ls-tree", "-z", "--full-tree", commit, "--", *wanted))
    found = {}
    for record in listed.split(b"\0")[:-1]:
        about, _, name = record.partition(b"\t")
        mode, _, oid = about.decode().split()
        found[decoded(name)] = Entry(decoded(name), int(mode, 8), oid, -1)
    return found


def contents(root: Path, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """The files that a commit has at these paths. Raises GitError."""
    found = entries(root, commit, paths)
    return {path: output(root, ("cat-file", "blob", entry.oid)) for path, entry in found.items()}


def changed_paths(root: Path, one: str, two: str) -> list[str]:
    """The files that differ between two commits. Raises GitError."""
    options = ("-r", "-z", "--no-renames", "--name-only", "--no-ext-diff")
    listed = output(root, ("diff-tree", *options, one, two, "--"))
    return [decoded(name) for name in listed.split(b"\0")[:-1]]


def blame(root: Path, commit: str, lines: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
    """The commits that wrote these lines (from 1) of these files; one that the clone can't tell is left
    out, as is a file that git can't answer for."""
    found: dict[tuple[str, int], str] = {}
    for path, numbers in sorted(lines.items()):
        ranges = [f"-L{number},{number}" for number in sorted(set(numbers))]
        options = ("--no-textconv", "--porcelain")
        try:
            listed = answer(root, "blame", *options, *ranges, commit, "--", path)
        except GitError:
            continue
        found |= {(path, line): author for line, author in _authors(listed)}
    return found


def _authors(porcelain: str) -> list[tuple[int, str]]:
    heads = re.findall(r"^([0-9a-f]{40,64}) \d+ (\d+)", porcelain, re.M)
    beginnings = set(re.findall(r"^([0-9a-f]{40,64}) [\d ]+\n(?:(?!\t).*\n)*?boundary\n", porcelain, re.M))
    return [(int(line), commit) for commit, line in heads if commit not in beginnings]


def origin(root: Path) -> str:
    """The address of the remote `origin`, or nothing."""
    try:
        return answer(root, "config", "--get", "remote.origin.url")
    except GitError:
        return ""
