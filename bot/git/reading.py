"""What a repository holds: its root, its commits, the files of a tree and of the working tree."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.git.process import GitError, NotARepository, answer, decoded, output, records


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a commit's tree. `mode` is git's (0o120000 a link, 0o160000 a submodule).

    `size` is in bytes; -1 where the object isn't in this clone.
    """

    path: str
    mode: int
    oid: str
    size: int


def root_of(path: Path) -> Path:
    """The working tree (or the bare repository) that holds `path`. Raises GitError."""
    folder = path if path.is_dir() else path.parent
    if answer(folder, "rev-parse", "--is-bare-repository") == "true":
        return Path(answer(folder, "rev-parse", "--absolute-git-dir")).resolve()
    if answer(folder, "rev-parse", "--is-inside-git-dir") == "true":
        raise GitError(f"{folder} is inside of git's own folder: name the working tree")
    root = Path(answer(folder, "rev-parse", "--show-toplevel")).resolve()
    if not os.path.lexists(root / ".git") or not folder.resolve().is_relative_to(root):
        raise GitError(
            f"{folder} says that its working tree is {root}, which isn't its own: unset core.worktree"
        )
    return root


def store_of(root: Path) -> Path:
    """The folder in which git keeps what all working trees of the repository share. Raises GitError."""
    return (root / answer(root, "rev-parse", "--git-common-dir")).resolve()


def commit_of(root: Path, revision: str) -> str:
    """The hash of the commit that `revision` names. Raises GitError."""
    if not revision or revision.startswith("-") or "\0" in revision or "\n" in revision:
        raise GitError(f"{revision!r} isn't a revision: name a branch, a tag or a commit")
    try:
        return answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except NotARepository:
        raise
    except GitError as error:
        raise GitError(_unknown(root, revision)) from error


def _unknown(root: Path, revision: str) -> str:
    if revision == "HEAD":
        return f"{root} has no commit yet, or HEAD names a branch that isn't there: commit or check out one"
    shallow = answer(root, "rev-parse", "--is-shallow-repository") == "true"
    remedy = "; the clone is shallow: `git fetch --unshallow` brings the rest" if shallow else ""
    return f"git knows no commit {revision!r} here{remedy}"


def tree(root: Path, commit: str) -> Iterator[Entry]:
    """The files of a commit, with their sizes. Raises GitError."""
    for record in records(root, "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit):
        about, _, name = record.partition(b"\t")
        mode, _, oid, size = about.split()
        known = int(size) if size.isdigit() else 0 if size == b"-" else -1
        yield Entry(decoded(name), int(mode, 8), oid.decode(), known)


def working_tree(root: Path) -> Iterator[str]:
    """What git tracks or would add, by the names in the index and on disk; a folder of its own
    repository ends with a slash. What was deleted on disk is named too. Raises GitError."""
    for record in records(root, "ls-files", "-c", "-o", "--exclude-standard", "-z"):
        yield decoded(record)


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """The paths that differ from where this branch left `revision`: committed, staged, unstaged or
    untracked, deleted ones included. Raises GitError."""
    commit = commit_of(root, revision)
    try:
        base = answer(root, "merge-base", "--end-of-options", commit, "HEAD")
    except GitError as error:
        remedy = "fetch more of it (`git fetch --unshallow`) or name another"
        raise GitError(f"{revision!r} and HEAD share no commit that this clone knows: {remedy}") from error
    options = ("--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all", "--no-relative")
    inert = _without_filters(root)
    differing = records(root, "diff", "--name-only", "-z", *options, base, "--", settings=inert)
    untracked = records(root, "ls-files", "-o", "--exclude-standard", "-z")
    return frozenset(decoded(name) for found in (differing, untracked) for name in found)


def _without_filters(root: Path) -> dict[str, str]:
    """Settings that take the commands away from every filter that the repository's configuration
    declares: comparing a file with the index would run them."""
    try:
        found = output(root, ("config", "--null", "--name-only", "--get-regexp", r"^filter\..*$"))
    except GitError:
        return {}
    names = {re.sub(r"\.[^.]*$", "", key) for key in decoded(found).split("\0")[:-1]}
    values = {"clean": "", "smudge": "", "process": "", "required": "false"}
    pairs = [(f"{name}.{key}", value) for name in sorted(names) for key, value in values.items()]
    numbered = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(pairs)}
    numbered |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(pairs)}
    return numbered | {"GIT_CONFIG_COUNT": str(len(pairs))}
