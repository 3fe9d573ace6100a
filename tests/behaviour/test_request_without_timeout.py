"""A server that takes the request and says nothing; waiting for it is told by an exception, not by time."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from behaviour.example import before_and_after, statements

BEFORE, AFTER = before_and_after("python/request-without-timeout")
NAMES = {"url": "http://tool.internal/page", "prompt": "hello"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class WaitsForGood(BaseException):
    """What in the world outside would be a thread that never comes back."""


class Socket(socket.socket):
    """Connects and sends for real. What it receives is `said`; where that is nothing, it waits."""

    said = b""
    waited: list[float | None]

    def recv_into(self, buffer: Any, *arguments: Any, **keywords: Any) -> int:
        if self.said:
            buffer[: len(self.said)] = self.said
            return len(self.said)
        self.waited.append(self.gettimeout())
        raise WaitsForGood if self.gettimeout() is None else TimeoutError("timed out")


@pytest.fixture(autouse=True)
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every name leads to a server of this process, which never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        place = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", server.getsockname())]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **keywords: place)
        monkeypatch.setattr(socket, "socket", Socket)
        monkeypatch.setattr(Socket, "waited", [], raising=False)
        monkeypatch.setenv("NO_PROXY", "*")
        yield


def run(source: str, ends: type[BaseException]) -> None:
    """Each statement of the example but the import, which must end so."""
    names: dict[str, Any] = dict(NAMES)
    first, *others = statements(source)
    exec(first, names)
    for statement in others:
        with pytest.raises(ends):
            exec(statement, names)


def test_a_silent_server_holds_the_thread_for_good_before() -> None:
    run(BEFORE, WaitsForGood)
    assert Socket.waited == [None, None]


def test_a_silent_server_is_given_up_after() -> None:
    run(AFTER, requests.exceptions.ReadTimeout)
    assert Socket.waited == [60, 300]


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_server_is_heard(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Socket, "said", OK)
    names: dict[str, Any] = dict(NAMES)
    for statement in statements(source):
        exec(statement, names)
    assert (names["page"].text, names["answer"].text) == ("hello", "hello")
