"""Runs formatters in processes of their own: bounded in time and output, with no secret in reach."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from bot.settings import child_environment

SECONDS = 20.0
MAX_ANSWER_BYTES = 32_000_000
_SCRIPT = Path(__file__).with_name("worker.py")


class CannotRun(Exception):
    """Why a formatter gave no answer: a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Worker:
    """The process of `worker.py`: started with the first question, and again after one that ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, tool: str, **request: Any) -> Mapping[str, Any]:
        """The tool's answer. Raises CannotRun."""
        with self._lock:
            try:
                answer = self._answer(json.dumps({"tool": tool, **request}).encode() + b"\n")
            except (OSError, ValueError) as error:
                self.close()
                raise CannotRun(f"it gave no answer: {error}") from error
        if "reason" in answer:
            raise CannotRun(str(answer["reason"]))
        return answer

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _stop(process, self._owner)

    def _answer(self, request: bytes) -> Mapping[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request)
        process.stdin.flush()
        pipe, pieces, size = process.stdout.fileno(), [b""], 0
        end = time.monotonic() + SECONDS
        while not pieces[-1].endswith(b"\n"):
            if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
                raise ValueError(f"it took over {SECONDS:g} seconds")
            pieces.append(os.read(pipe, 1 << 20))
            size += len(pieces[-1])
            if not pieces[-1] or size > MAX_ANSWER_BYTES:
                raise ValueError("it broke down on this file")
        answer: Mapping[str, Any] = json.loads(b"".join(pieces))
        return answer

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-W", "ignore", str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                cwd="/",
            )
            weakref.finalize(self, _stop, self._process, self._owner)
        return self._process


def _stop(process: "subprocess.Popen[bytes]", owner: int) -> None:
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


WORKER = Worker()


def program(name: str) -> str | None:
    """The program on PATH, unless it came with a repository's packages."""
    found = shutil.which(name, path=child_environment()["PATH"])
    return None if found is None or "node_modules" in PurePath(found).parts else found


def run(command: Sequence[str], data: bytes, files: Mapping[str, bytes] | None = None) -> bytes:
    """What a program prints for `data`, run in an empty folder that holds `files` alone. Raises CannotRun."""
    with (
        tempfile.TemporaryDirectory(prefix="suture-") as folder,
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as errors,
    ):
        for name, content in (files or {}).items():
            Path(folder, name).write_bytes(content)
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                list(command),
                stdin=given,
                stdout=answer,
                stderr=errors,
                cwd=folder,
                env=child_environment(),
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotRun(f"it took over {SECONDS:g} seconds") from None
        except OSError as error:
            raise CannotRun(f"it can't be started: {error.strerror}") from error
        answer.seek(0)
        errors.seek(0)
        printed = answer.read(MAX_ANSWER_BYTES + 1)
        if done.returncode or len(printed) > MAX_ANSWER_BYTES:
            lines = errors.read(10_000).decode("utf-8", "replace").splitlines()
            said = [line.strip() for line in lines if line.strip() and not line.startswith("[warn]")]
            said.sort(key=lambda line: not line.startswith("Cause: "))
            raise CannotRun((said or [f"it ended with code {done.returncode}"])[0][:300])
        return printed
