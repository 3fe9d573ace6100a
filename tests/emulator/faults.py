"""Faults, scripted by request: the nth match of a method and a path meets one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase
from threading import Lock

from emulator.wire import Answer, Request, answer


class Manner(Enum):
    ANSWER = auto()
    """Another answer than GitHub's."""
    RESET = auto()
    """The connection ends with a TCP reset, without an answer."""
    HANG = auto()
    """No answer ever; the connection is held until the client gives up or the test ends."""
    TRUNCATE = auto()
    """The right headers and half of the body."""
    STALE = auto()
    """What this read answered last time; where it never was asked: 404, or an empty list."""
    EXPIRE = auto()
    """401, and the token stays unusable: a new one has to be asked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`is_done` makes GitHub do what was asked before the fault hides that from the client; `meanwhile` is
    called while the client waits."""

    manner: Manner
    instead: Answer | None = None
    is_done: bool = False
    meanwhile: Callable[[], None] | None = None


def status(
    code: int, message: str = "", headers: Mapping[str, str] | None = None, *, is_done: bool = False
) -> Fault:
    """Any status, as 500, 502, 503, 404, 409, 422."""
    said = {"message": message or f"Fault {code}", "documentation_url": "https://docs.github.com/rest"}
    return Fault(Manner.ANSWER, answer(said, code, headers), is_done)


def reset(*, is_done: bool = False) -> Fault:
    return Fault(Manner.RESET, is_done=is_done)


def hang(*, is_done: bool = False) -> Fault:
    return Fault(Manner.HANG, is_done=is_done)


def truncated(*, is_done: bool = True) -> Fault:
    """A write is done: the client sees half of the answer to something that happened."""
    return Fault(Manner.TRUNCATE, is_done=is_done)


def lost_answer() -> Fault:
    """GitHub commits the write and the answer never arrives."""
    return Fault(Manner.RESET, is_done=True)


def death(kill: Callable[[], None], *, is_done: bool) -> Fault:
    """The client is killed while it waits: before GitHub does what was asked, or right behind that."""
    return Fault(Manner.RESET, is_done=is_done, meanwhile=kill)


def meanwhile(act: Callable[[], None]) -> Fault:
    """No fault: GitHub does what was asked, and somebody does something before the client hears of it."""
    return Fault(Manner.ANSWER, is_done=True, meanwhile=act)


WRITES = "[!G]*"
"""As a pattern of methods."""
STALE = Fault(Manner.STALE)
EXPIRED = Fault(Manner.EXPIRE, answer({"message": "Bad credentials"}, 401))


def secondary_limit(retry_after: int | None = 1, code: int = 403) -> Fault:
    """GitHub's words; without Retry-After a client has to wait by itself."""
    words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return status(code, words, {} if retry_after is None else {"Retry-After": str(retry_after)})


def primary_limit(seconds: float = 1, code: int = 403) -> Fault:
    headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.time() + seconds)),
        "X-RateLimit-Resource": "core",
    }
    return status(code, "API rate limit exceeded for installation ID 9001.", headers)


def exists_already(words: str = "Reference already exists") -> Fault:
    return status(422, words)


@dataclass(slots=True)
class Rule:
    """Meets the matches number `nth` to `nth + times - 1` (`times` 0: all from `nth` on). `method` and
    `path` are patterns of fnmatch."""

    fault: Fault
    method: str
    path: str
    nth: int
    times: int
    met: int = 0

    def matches(self, request: Request) -> bool:
        return fnmatchcase(request.method, self.method) and fnmatchcase(request.path, self.path)

    def meets(self) -> bool:
        self.met += 1
        return self.met >= self.nth and (not self.times or self.met < self.nth + self.times)


class Script:
    """The rules of one test. All that match count, the first that is due happens."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._counting = Lock()

    def add(self, fault: Fault, method: str = "*", path: str = "*", nth: int = 1, times: int = 1) -> Rule:
        rule = Rule(fault, method, path, nth, times)
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        self._rules.clear()

    def due(self, request: Request) -> Fault | None:
        with self._counting:
            matching = [rule for rule in self._rules if rule.matches(request)]
            due = [rule.fault for rule in matching if rule.meets()]
        return due[0] if due else None
