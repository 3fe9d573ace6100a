"""emulate's own process: started once, seeded anew for each test, asked over HTTP."""

import http.client
import json
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emulator.packages import runtime
from emulator.wire import Answer, Data, Request

DEADLINE = 60.0
"""Seconds for one answer of emulate's: a bound for a broken run, never waited for in a good one."""

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date"}


class Broken(Exception):
    """The process ended or didn't understand us."""


class Upstream:
    def __init__(self) -> None:
        ready = runtime()
        driver = Path(__file__).with_name("serve.mjs")
        self._process = subprocess.Popen(
            [ready.node, driver, ready.module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._speaking = threading.Lock()
        self._port = 0
        self._choosing = threading.Lock()
        self._idle: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        self._port = 0
        self._close_idle()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(DEADLINE)
        self._process.stdout.close()

    def _say(self, command: str, **options: object) -> Data:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._speaking:
            print(json.dumps({"command": command, **options}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        said: Data = json.loads(line) if line else {"error": "the process ended"}
        if "error" in said:
            raise Broken(f"emulate: {said['error']}")
        return said

    def start(self, seed: Mapping[str, Any], base_url: str) -> None:
        """A new GitHub with nothing but the seed in it; the one before is gone."""
        self._close_idle()
        self._port = self._say("start", seed=seed, baseUrl=base_url)["port"]
        self._close_idle()

    def hooks(self) -> list[Data]:
        """What emulate wanted to deliver since it was last asked: `event` and `payload`."""
        taken: list[Data] = self._say("hooks")["hooks"]
        return taken

    def _connection(self) -> http.client.HTTPConnection:
        """One that nobody uses at the moment, to the GitHub of now."""
        with self._choosing:
            if self._idle:
                return self._idle.pop()
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=DEADLINE)

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._choosing:
            if connection.port == self._port:
                self._idle.append(connection)
                return
        connection.close()

    def _close_idle(self) -> None:
        with self._choosing:
            while self._idle:
                self._idle.pop().close()

    def ask(self, request: Request, host: str) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name not in HOP_BY_HOP}
        headers |= {"host": host, "content-length": str(len(request.body))}
        connection = self._connection()
        try:
            connection.request(request.method, request.target, request.body, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as problem:
            connection.close()
            raise Broken(f"emulate: {request.method} {request.path}: {problem!r}") from problem
        self._give_back(connection)
        kept = {name.title(): v for name, v in response.getheaders() if name.lower() not in HOP_BY_HOP}
        return Answer(response.status, body, kept)
