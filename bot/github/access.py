"""Asks GitHub as somebody: short retries inside, everything else raised as a Problem with its meaning."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import quote

from bot.github import shapes
from bot.github.answers import Answer
from bot.github.identity import Identity
from bot.github.problems import Missing, Problem, RateLimited, Refused, Unavailable
from bot.github.wire import JSON, Call, Stream, TimedOut, Unsent, Wire

T = TypeVar("T")
Query = Mapping[str, str | int]

_WAITS = (0.5, 1.5)
"""Seconds before another try at what is safe to ask again."""
_SHORT = 2.0
"""A wait that GitHub asks for is kept here up to so many seconds; a longer one is the job queue's."""
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;[^,]{0,200}\brel="?next\b')
_GONE = re.compile(r"/repositories/([0-9]{1,18})(?=/|\?|$)")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
PER_PAGE = 100


class Pace:
    """One write at a time for an installation, and `seconds` between those that people are told of:
    what GitHub advises against its secondary limits ("Best practices for using the REST API")."""

    def __init__(self, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at = 0.0

    @contextmanager
    def turn(self, is_told: bool) -> Iterator[None]:
        with self._lock:
            wait = self._free_at - time.monotonic()
            if is_told and wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                if is_told:
                    self._free_at = time.monotonic() + self._seconds


@dataclass(slots=True)
class Access:
    """`place` and `named` lead to what is asked about: `/repos/{owner}/{repo}` and the names in it, or
    nothing. A repository that was renamed is found at another `place` from then on."""

    wire: Wire
    identity: Identity
    pace: Pace
    sleep: Callable[[float], None]
    place: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""
    """`/repositories/ID`, once GitHub has redirected a request there."""

    def get(self, kind: type[T], route: str, query: Query | None = None, **named: str | int) -> T:
        """Raises Problem, as all of this does."""
        return self.answer(self.call("GET", route, named, query=query)).read(kind)

    def get_raw(self, route: str, accept: str, most: int, **named: str | int) -> bytes:
        """A body of at most so many bytes, as it is."""
        call = self.call("GET", route, named, accept=accept)
        return self.answer(replace(call, most=most)).body

    def write(
        self, method: str, route: str, data: object = None, *, is_told: bool = False, **named: str | int
    ) -> Answer:
        """`is_told`: people hear of it."""
        call = self.call(method, route, named, data)
        with self.pace.turn(is_told):
            return self.answer(call)

    def pages(
        self, kind: type[T], route: str, query: Query | None = None, most: int = 10, **named: str | int
    ) -> Iterator[T]:
        """Each page, `most` at most, as GitHub links them."""
        call = self.call("GET", route, named, query={"per_page": PER_PAGE, **(query or {})})
        for _ in range(most):
            answer = self.answer(call)
            yield answer.read(kind)
            following = next_page(answer.headers)
            if not following or not self.wire.is_home(following):
                return
            call = replace(call, url=following, query={})

    @contextmanager
    def stream(self, route: str, accept: str, **named: str | int) -> Iterator[Stream]:
        """Tried once; a token that has ended is renewed."""
        call = self.call("GET", route, named, accept=accept)
        used = self.identity.authorization()
        for is_last in (False, True):
            with self.wire.stream(call, used) as stream:
                answer = stream.answer
                if answer.status < 300:
                    yield stream
                    return
                answer = replace(answer, body=stream.beginning())
            if is_last or answer.status != 401 or not self.identity.renewed(answer, used):
                break
            used = self.identity.authorization()
        raise answer.problem() or Unavailable("GitHub gave no file", status=answer.status)

    def call(
        self,
        method: str,
        route: str,
        named: Mapping[str, str | int],
        data: object = None,
        *,
        query: Query | None = None,
        accept: str = JSON,
    ) -> Call:
        words = {name: str(value) for name, value in named.items()}
        place = self.moved_to or _filled(self.place, self.named)
        url = f"{self.wire.api_url}{place}{_filled(route, words)}"
        texts = {name: str(value) for name, value in (query or {}).items()}
        return Call(method, f"{self.place}{route}", url, data, texts, accept)

    def repository(self) -> shapes.Repository:
        """What it is called now, whatever it was called before."""
        found = self.get(shapes.Repository, "")
        owner, _, repo = found.full_name.partition("/")
        self.named, self.moved_to = {"owner": owner, "repo": repo}, ""
        return found

    def full_name(self) -> str:
        """As far as is known: a redirect tells that there is another one."""
        if self.moved_to:
            self.repository()
        return "/".join(self.named.values())

    def elsewhere(self) -> "Access":
        """The same, for what isn't below this place."""
        return replace(self, place="", named={}, moved_to="")

    def answer(self, call: Call, *, is_reading: bool = False) -> Answer:
        """Asked again: what was refused for a token's end, what never was sent, a short limit; reading
        (a GET, or what is said to be) also after a broken answer. Never a write that may have been done."""
        is_reading, is_renewed = is_reading or call.method == "GET", False
        waits = list(_WAITS)
        while True:
            used = self.identity.authorization()
            answer, problem = self._tried(call, used)
            if problem is None and answer is not None:
                self._follow(answer)
                return answer
            assert problem is not None
            if answer is not None and answer.status == 401 and not is_renewed:
                is_renewed = True
                if self.identity.renewed(answer, used):
                    continue
            wait = self._wait(problem, waits, is_reading)
            if wait is None:
                raise problem
            self.sleep(wait)

    def _tried(self, call: Call, used: str) -> tuple[Answer | None, Problem | None]:
        try:
            answer = self.wire.send(call, used)
        except Problem as problem:
            return None, problem
        return answer, answer.problem()

    def _wait(self, problem: Problem, waits: list[float], is_reading: bool) -> float | None:
        """Seconds until it is worth asking again, or None where that is for others to decide."""
        if not isinstance(problem, Unavailable) or not waits:
            return None
        usual = waits.pop(0)
        if problem.retry_at is not None:
            asked = max(problem.retry_at - self.wire.clock(), 0.0)
            is_safe = isinstance(problem, RateLimited) or is_reading
            return asked if is_safe and asked <= _SHORT else None
        is_safe = is_reading and not isinstance(problem, TimedOut)
        return usual if is_safe or isinstance(problem, Unsent) else None

    def _follow(self, answer: Answer) -> None:
        if answer.redirected_to and self.place and (found := _GONE.search(answer.redirected_to)):
            self.moved_to = found.group()


def at_repository(access: Access, full_name: str) -> Access:
    """The same, for what is below a repository. Raises Missing for what is no name of one."""
    owner, _, repo = full_name.partition("/")
    if not all(_NAME.fullmatch(name) and name not in (".", "..") for name in (owner, repo)):
        raise Missing("that is no repository's name: give OWNER/NAME")
    return replace(access, place="/repos/{owner}/{repo}", named={"owner": owner, "repo": repo})


def next_page(headers: Mapping[str, str]) -> str:
    found = _NEXT.search(headers.get("link", "")[:10_000])
    return found.group(1) if found else ""


def _filled(template: str, words: Mapping[str, str]) -> str:
    """The template with its words, each quoted; a slash is part of a branch's name."""
    for word in words.values():
        if not word or any(part in ("", ".", "..") for part in word.split("/")):
            raise Refused("a name with an empty part or dots can't be asked for")
    quoted = {name: quote(word, safe="/") for name, word in words.items()}
    return template.format_map(quoted)
