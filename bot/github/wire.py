"""Sends requests to GitHub, every answer bounded: the only file that knows githubkit and httpx.

Of githubkit it takes the client alone: its own authentication, cache, retries and typed answers are off,
as they refuse fractions of a second, wait in threads that have other work, and read without a bound.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx
from githubkit import GitHub

from bot.github.answers import Answer
from bot.github.problems import Oversized, Problem, Unavailable

OnCall = Callable[[str, str, int, int | None], None]
"""Method, route, status (0 without an answer), remaining calls of the primary limit."""

JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
ANY = "*/*"
_VERSION = "2022-11-28"
"""Enterprise Server knows this version of the API and no later one."""
_MOST_BYTES = 64_000_000
_MOST_OF_AN_ERROR = 100_000
_MOST_REDIRECTS = 4
_REDIRECTS = frozenset({301, 302, 307, 308})


@dataclass(frozen=True, slots=True)
class Call:
    """A request: `route` is the template that it is counted under, `url` its address."""

    method: str
    route: str
    url: str
    data: object = None
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    most: int = _MOST_BYTES
    """Bytes of the answer, unpacked."""


class Unsent(Unavailable):
    """No connection came about: nothing was done, whatever was asked."""


class TimedOut(Unavailable):
    """Nothing came for so long that asking again at once would hold up a job."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body hasn't been read."""

    answer: Answer
    pieces: Iterator[bytes]

    def beginning(self) -> bytes:
        """As much of it as an error's words may take."""
        body = bytearray()
        for piece in self.pieces:
            body += piece
            if len(body) >= _MOST_OF_AN_ERROR:
                break
        return bytes(body[:_MOST_OF_AN_ERROR])


class Wire:
    """Connections to one GitHub, for several threads."""

    def __init__(
        self,
        api_url: str,
        on_call: OnCall | None = None,
        *,
        seconds: float = 30.0,
        longest: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`seconds` may pass without a byte, and `longest` in all; `clock` is in seconds since the epoch."""
        self.api_url = api_url.rstrip("/")
        self.clock = clock
        self._on_call = on_call
        self._longest = longest
        self._open = ExitStack()
        for name in ("httpx", "httpcore"):  # they log addresses, and some hold a token
            logging.getLogger(name).setLevel(logging.WARNING)
        github = GitHub(
            base_url=self.api_url,
            user_agent="Suture",
            timeout=httpx.Timeout(seconds, connect=min(seconds, 10.0)),
            follow_redirects=False,
            http_cache=False,
            auto_retry=False,
        )
        self._client = self._open.enter_context(github.get_sync_client())

    @property
    def graphql_url(self) -> str:
        """Beside the REST API; Enterprise Server has it below /api."""
        return f"{self.api_url.removesuffix('/v3')}/graphql"

    def close(self) -> None:
        self._open.close()

    def is_home(self, url: str) -> bool:
        """Whether the address belongs to the API itself, which alone may see a token."""
        return _origin(url) == _origin(self.api_url)

    def send(self, call: Call, authorization: str) -> Answer:
        """The answer, whatever its status. Raises Unavailable (Unsent) and Oversized."""
        with self.stream(call, authorization) as stream:
            answer = stream.answer
            return Answer(
                answer.status, answer.headers, _read(stream, call), answer.received_at, answer.redirected_to
            )

    @contextmanager
    def stream(self, call: Call, authorization: str) -> Iterator[Stream]:
        """The same, with the body in pieces: reading those raises Unavailable too."""
        url, redirected_to = call.url, ""
        for _ in range(_MOST_REDIRECTS + 1):
            with ExitStack() as scope:
                response = self._sent(scope, call, url, authorization)
                target = _target(url, response)
                if target is None:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    answer = Answer(response.status_code, headers, b"", self.clock(), redirected_to)
                    yield Stream(answer, self._pieces(response))
                    return
            if not self._may_follow(call, target):
                raise Unavailable("GitHub sent us to another place that we don't follow")
            url = redirected_to = target
        raise Unavailable("GitHub sent us around in circles")

    def _sent(self, scope: ExitStack, call: Call, url: str, authorization: str) -> httpx.Response:
        headers = {"accept": call.accept, "x-github-api-version": _VERSION}
        headers["accept-encoding"] = "gzip" if call.accept == JSON else "identity"
        if authorization and self.is_home(url):
            headers["authorization"] = authorization
        query = call.query if url == call.url and call.query else None
        status, remaining = 0, None
        try:
            streaming = self._client.stream(
                call.method, url, params=query, json=call.data, headers=headers, follow_redirects=False
            )
            response = scope.enter_context(streaming)
            status, remaining = response.status_code, _remaining(response.headers)
            return response
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            failure = _failure(error)
        finally:
            if self._on_call is not None:
                self._on_call(call.method, call.route, status, remaining)
        raise failure  # not below the httpx error, which holds the request and so the token

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        ends_at = time.monotonic() + self._longest
        pieces = response.iter_bytes()
        while True:
            failure: Problem | None = None
            try:
                piece = next(pieces, None)
            except (httpx.HTTPError, httpx.StreamError) as error:
                piece, failure = None, _failure(error, response.status_code)
            if failure is not None:
                raise failure
            if piece is None:
                return
            if time.monotonic() > ends_at:
                raise Unavailable(f"GitHub's answer took longer than {self._longest:.0f} seconds")
            yield piece

    def _may_follow(self, call: Call, target: str) -> bool:
        """Elsewhere only for reading, and not from a safe connection to an open one."""
        if self.is_home(target):
            return True
        scheme = httpx.URL(self.api_url).scheme
        return call.method == "GET" and target.startswith(f"{scheme}://")


def _read(stream: Stream, call: Call) -> bytes:
    if stream.answer.status >= 300:
        return stream.beginning()
    body = bytearray()
    for piece in stream.pieces:
        body += piece
        if len(body) > call.most:
            raise Oversized(f"GitHub's answer is larger than {call.most:,} bytes")
    return bytes(body)


def _failure(error: Exception, status: int = 0) -> Problem:
    """A sentence of ours: httpx's own words may hold an address with a token."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Unsent("GitHub can't be reached")
        case httpx.TimeoutException():
            return TimedOut("GitHub didn't answer in time", status=status)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return Unavailable("GitHub sent us to something that is no address", status=status)
        case _:
            return Unavailable("the connection to GitHub broke", status=status)


def _remaining(headers: Mapping[str, str]) -> int | None:
    given = headers.get("x-ratelimit-remaining", "")
    return int(given) if re.fullmatch("[0-9]{1,9}", given) else None


def _target(url: str, response: httpx.Response) -> str | None:
    """Where a redirect leads, empty for nowhere; None where the response is none."""
    location: str = response.headers.get("location", "")
    if response.status_code not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return parsed.scheme, parsed.host, parsed.port
