"""Asks git, in ways that run nothing of the repository and never wait for a person."""

import os
import re
import select
import shutil
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import child_environment
from fixers.text import Unreadable

MAX_OUTPUT_BYTES = 128_000_000
SECONDS = 120.0

_HARMLESS = (
    "--no-optional-locks",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "submodule.recurse=false"),
)
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
}


class GitError(Exception):
    """What git can't answer here, and the remedy: a sentence for the person at the command line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotARepository(GitError):
    """No repository at this path."""


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
    if _answer(folder, "rev-parse", "--is-bare-repository") == "true":
        return Path(_answer(folder, "rev-parse", "--absolute-git-dir")).resolve()
    if _answer(folder, "rev-parse", "--is-inside-git-dir") == "true":
        raise GitError(f"{folder} is inside of git's own folder: name the working tree")
    root = Path(_answer(folder, "rev-parse", "--show-toplevel")).resolve()
    if not os.path.lexists(root / ".git") or not folder.resolve().is_relative_to(root):
        raise GitError(
            f"{folder} says that its working tree is {root}, which isn't its own: unset core.worktree"
        )
    return root


def commit_of(root: Path, revision: str) -> str:
    """The hash of the commit that `revision` names. Raises GitError."""
    if not revision or revision.startswith("-") or "\0" in revision or "\n" in revision:
        raise GitError(f"{revision!r} isn't a revision: name a branch, a tag or a commit")
    try:
        return _answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except NotARepository:
        raise
    except GitError as error:
        raise GitError(_unknown(root, revision)) from error


def _unknown(root: Path, revision: str) -> str:
    shallow = _answer(root, "rev-parse", "--is-shallow-repository") == "true"
    remedy = "; the clone is shallow: `git fetch --unshallow` brings the rest" if shallow else ""
    return f"git knows no commit {revision!r} here{remedy}"


def tree(root: Path, commit: str) -> Iterator[Entry]:
    """The files of a commit, with their sizes. Raises GitError."""
    for record in _records(root, "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit):
        about, _, name = record.partition(b"\t")
        mode, _, oid, size = about.split()
        known = int(size) if size.isdigit() else 0 if size == b"-" else -1
        yield Entry(_decoded(name), int(mode, 8), oid.decode(), known)


def working_tree(root: Path) -> Iterator[str]:
    """What git tracks or would add, by the names in the index and on disk; a folder of its own
    repository ends with a slash. What was deleted on disk is named too. Raises GitError."""
    for record in _records(root, "ls-files", "-c", "-o", "--exclude-standard", "-z"):
        yield _decoded(record)


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """The paths that differ from where this branch left `revision`: committed, staged, unstaged or
    untracked, deleted ones included. Raises GitError."""
    commit = commit_of(root, revision)
    try:
        base = _answer(root, "merge-base", "--end-of-options", commit, "HEAD")
    except GitError as error:
        remedy = "fetch more of it (`git fetch --unshallow`) or name another"
        raise GitError(f"{revision!r} and HEAD share no commit that this clone knows: {remedy}") from error
    options = ("--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all", "--no-relative")
    differing = _records(root, "diff", "--name-only", "-z", *options, base, "--", inert=True)
    untracked = _records(root, "ls-files", "-o", "--exclude-standard", "-z")
    return frozenset(_decoded(name) for found in (differing, untracked) for name in found)


def initialise(root: Path, message: str) -> None:
    """Make a folder of ours a repository with one commit, by nobody and at no particular time."""
    _output(root, ("init", "--quiet", "--initial-branch=main"))
    _output(root, ("add", "--all", "--force"))
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "Suture"),
            ("EMAIL", "suture@localhost"),
            ("DATE", "2026-01-01T00:00:00Z"),
        )
    }
    _output(root, ("commit", "--quiet", "--no-gpg-sign", "--message", message), identity)


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _program() -> str:
    found = shutil.which("git", path=child_environment()["PATH"])
    if found is None:
        raise GitError("git isn't installed, or isn't on PATH")
    return found


def _answer(root: Path, *arguments: str) -> str:
    return _decoded(_output(root, arguments)).removesuffix("\n")


def _records(root: Path, *arguments: str, inert: bool = False) -> list[bytes]:
    """What git lists, split at its NUL bytes, each name once."""
    settings = _without_filters(root) if inert else {}
    return list(dict.fromkeys(_output(root, arguments, settings).split(b"\0")[:-1]))


def _without_filters(root: Path) -> dict[str, str]:
    """Settings that take the commands away from every filter that the repository's configuration
    declares: comparing a file with the index would run them."""
    try:
        found = _output(root, ("config", "--null", "--name-only", "--get-regexp", r"^filter\..*$"))
    except GitError:
        return {}
    names = {re.sub(r"\.[^.]*$", "", key) for key in _decoded(found).split("\0")[:-1]}
    values = {"clean": "", "smudge": "", "process": "", "required": "false"}
    pairs = [(f"{name}.{key}", value) for name in sorted(names) for key, value in values.items()]
    numbered = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(pairs)}
    numbered |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(pairs)}
    return numbered | {"GIT_CONFIG_COUNT": str(len(pairs))}


def _output(root: Path, arguments: tuple[str, ...], settings: Mapping[str, str] | None = None) -> bytes:
    """What git answers. Raises GitError when it refuses, takes too long or says too much."""
    with tempfile.TemporaryFile() as errors, _started(root, arguments, errors.fileno(), settings) as process:
        assert process.stdout is not None
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        try:
            output: bytes = process.stdout.read(MAX_OUTPUT_BYTES + 1)
            if len(output) > MAX_OUTPUT_BYTES:
                process.kill()
            code = process.wait()
        finally:
            in_time = late.is_alive()
            late.cancel()
        if len(output) > MAX_OUTPUT_BYTES:
            raise GitError(f"git {arguments[0]} answered with over {MAX_OUTPUT_BYTES:,} bytes: too large")
        if not in_time:
            raise GitError(f"git {arguments[0]} took over {SECONDS:.0f} seconds")
        if code:
            errors.seek(0)
            raise _refusal(root, arguments[0], errors.read(10_000).decode("utf-8", "replace").strip())
        return output


def _started(
    root: Path, arguments: tuple[str, ...], errors: int, settings: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [_program(), "-C", str(root), *_HARMLESS, *arguments],
        stdin=subprocess.PIPE if arguments[0] == "cat-file" else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=child_environment() | _QUIET | dict(settings or {}),
    )


def _refusal(root: Path, command: str, words: str) -> GitError:
    if "dubious ownership" in words:
        named = re.search(r"safe\.directory (\S+)", words)
        remedy = f"git config --global --add safe.directory {named[1] if named else root}"
        return GitError(f"git doesn't trust {root}, since it belongs to another user; if you do: `{remedy}`")
    if "not a git repository" in words:
        return NotARepository(f"{root} isn't in a git repository")
    first = next(iter(words.splitlines()), "it gave no reason").removeprefix("fatal: ")
    return GitError(f"git {command} failed in {root}: {first}")


class Blobs:
    """Contents of a repository's objects, from one `git cat-file` that starts with the first question."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, oid: str, size: int) -> bytes:
        """The `size` bytes of a blob. Raises Unreadable."""
        with self._lock:
            try:
                return self._ask(oid, size)
            except (OSError, ValueError, GitError) as error:
                self.close()
                raise Unreadable(f"git can't read it: {error}") from error

    def close(self) -> None:
        """End the process; another read would start it again."""
        process, self._process = self._process, None
        if process is not None:
            _stop(process, self._owner)

    def _ask(self, oid: str, size: int) -> bytes:
        if self._process is None or self._owner != os.getpid():
            self._process = _started(self._root, ("cat-file", "--batch"), subprocess.DEVNULL)
            self._owner = os.getpid()
            weakref.finalize(self, _stop, self._process, self._owner)
        assert self._process.stdin is not None
        self._process.stdin.write(oid.encode() + b"\n")
        self._process.stdin.flush()
        expected = f"{oid} blob {size}\n".encode()
        header = b""
        while len(header) < len(expected) and b"\n" not in header:
            header += self._take(len(expected) - len(header))
        if header != expected:
            raise ValueError(f"it says {header.decode('ascii', 'replace').strip()!r}")
        content = b"".join(self._pieces(size + 1))
        return content[:-1]

    def _pieces(self, wanted: int) -> Iterator[bytes]:
        while wanted:
            piece = self._take(min(wanted, 1 << 20))
            wanted -= len(piece)
            yield piece

    def _take(self, most: int) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        if not select.select([pipe], [], [], SECONDS)[0]:
            raise ValueError(f"no answer in {SECONDS:.0f} seconds")
        piece = os.read(pipe, most)
        if not piece:
            raise ValueError("it ended")
        return piece


def _stop(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End a child whatever state it is in, and leave no pipe of it open; a fork of us ends nothing."""
    if owner != os.getpid():
        return
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.wait()
