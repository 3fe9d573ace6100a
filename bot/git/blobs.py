"""Contents of a repository's objects, read one after another from one process."""

import os
import select
import subprocess
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from bot.git.process import SECONDS, GitError, started
from fixers.text import Unreadable


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
            self._process = started(self._root, ("cat-file", "--batch"), subprocess.PIPE, subprocess.DEVNULL)
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
