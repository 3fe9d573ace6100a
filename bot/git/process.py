"""Runs git so that nothing of the repository is run with it, and nobody is asked anything."""

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from bot.settings import child_environment

MAX_OUTPUT_BYTES = 128_000_000
SECONDS = 120.0

_HARMLESS = (
    "--no-optional-locks",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "submodule.recurse=false"),
    *("-c", "diff.orderFile=/dev/null"),
    *("-c", "i18n.commitEncoding=UTF-8"),
    *("-c", "i18n.logOutputEncoding=UTF-8"),
    *("-c", "log.showSignature=false"),
    *("-c", "core.splitIndex=false"),
)
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}


class GitError(Exception):
    """What git can't answer here, and the remedy: a sentence for the person at the command line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotARepository(GitError):
    """No repository at this path."""


def decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _program() -> str:
    found = shutil.which("git", path=child_environment()["PATH"])
    if found is None:
        raise GitError("git isn't installed, or isn't on PATH")
    return found


def answer(root: Path, *arguments: str) -> str:
    return decoded(output(root, arguments)).removesuffix("\n")


def records(root: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> list[bytes]:
    """What git lists, split at its NUL bytes, each name once."""
    return list(dict.fromkeys(output(root, arguments, settings).split(b"\0")[:-1]))


def output(
    root: Path, arguments: tuple[str, ...], settings: Mapping[str, str] | None = None, given: bytes = b""
) -> bytes:
    """What git answers to the arguments and what it is `given` to read. Raises GitError when it refuses,
    takes too long or says too much."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        return _answered(root, arguments, settings, source, errors)


def _answered(
    root: Path,
    arguments: tuple[str, ...],
    settings: Mapping[str, str] | None,
    source: IO[bytes],
    errors: IO[bytes],
) -> bytes:
    with started(root, arguments, source.fileno(), errors.fileno(), settings) as process:
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


def started(
    root: Path,
    arguments: tuple[str, ...],
    source: int,
    errors: int,
    settings: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [_program(), "-C", str(root), *_HARMLESS, *arguments],
        stdin=source,
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
