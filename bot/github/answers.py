"""What GitHub's answer means: the status, the limits and the words of an error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json

from bot.github.problems import Conflict, Missing, Problem, RateLimited, Refused, Suspended, Unavailable

T = TypeVar("T")

_SECRET = re.compile(
    r"gh[a-z]_[A-Za-z0-9_.-]{8,}|github_pat_\w{8,}|v1\.[0-9a-f]{30,}|eyJ[\w-]{8,}[\w.-]*|[?&]token=[^&\s]+"
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 300
"""Characters of GitHub's words that are passed on."""
_MINUTE = 60.0
"""GitHub: "wait for at least one minute" where a secondary limit names no time."""
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`received_at` is our clock's time; `redirected_to` where the answer really came from, if elsewhere."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    received_at: float
    redirected_to: str = ""

    def read(self, kind: type[T]) -> T:
        """The body as a value. Raises Unavailable where it is anything else: half of a body, a page."""
        try:
            return TypeAdapter(kind).validate_python(self._json())
        except ValidationError as error:
            place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise Unavailable(f"GitHub's answer has no usable {place or 'content'}", status=self.status)

    def _json(self) -> object:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith("+json"):
            words = f"GitHub answered with {worded(kind, 60)} where data was expected"
            raise Unavailable(words, status=self.status)
        try:
            found: object = from_json(self.body)
        except ValueError:
            found = None
        else:
            return found
        raise Unavailable("GitHub's answer broke off", status=self.status)

    @property
    def skew(self) -> float:
        """Seconds by which GitHub's clock is ahead of ours; 0 where it doesn't tell."""
        said = _date(self.headers.get("date", ""))
        return 0.0 if said is None else said - self.received_at

    def problem(self) -> Problem | None:
        """What is wrong with it, if something is."""
        if 200 <= self.status < 300:
            return None
        said = _said(self)
        words = f"GitHub answered {self.status}{f': {said.message}' if said.message else ''}"
        if self.status >= 500 or self.status < 400 or self.status == 408:
            return Unavailable(words, status=self.status, retry_at=self._retry_after())
        limit = self._limit(said)
        if limit is not None:
            return RateLimited(words, status=self.status, retry_at=limit)
        details = tuple(filter(None, map(worded, said.details)))
        if details:
            words += f" ({'; '.join(details)})"
        kind = {404: Missing, 410: Missing, 409: Conflict, 422: Conflict}.get(self.status, Refused)
        if self.status == 403 and "suspended" in said.message.lower():
            kind = Suspended
        if kind is Refused and (needed := self.headers.get("x-accepted-github-permissions", "")):
            words += f" (needs {worded(needed, 100)})"
        return kind(words, status=self.status, details=details)

    def _limit(self, said: "_Said") -> float | None:
        """When to ask again, where this is one of GitHub's limits."""
        message = "\n".join((said.message, *said.details)).lower()
        if self.status == 422 and "submitted too quickly" in message:
            return self.received_at + _MINUTE
        if self.status not in (403, 429):
            return None
        if (after := self._retry_after()) is not None:
            return after
        if self.headers.get("x-ratelimit-remaining", "").strip() == "0":
            reset = _number(self.headers.get("x-ratelimit-reset", ""))
            return self.received_at + (_MINUTE if reset is None else self._until(reset))
        words = ("secondary rate limit", "abuse detection", "api rate limit exceeded")
        if self.status == 429 or any(word in message for word in words):
            return self.received_at + _MINUTE
        return None

    def _retry_after(self) -> float | None:
        """By our clock; a date is one of GitHub's."""
        given = self.headers.get("retry-after", "").strip()
        if not given:
            return None
        seconds = _number(given)
        if seconds is not None:
            return self.received_at + min(seconds, _DAY)
        date = _date(given)
        return self.received_at + (_MINUTE if date is None else self._until(date))

    def _until(self, time: float) -> float:
        """Seconds from now to a time of GitHub's."""
        return min(max(time - self.skew - self.received_at, 0.0), _DAY)


def worded(text: str, longest: int = _LONGEST) -> str:
    """Others' words, fit for one line of a log: short, without control characters or tokens."""
    plain = _SECRET.sub("***", _UNSEEN.sub(" ", text[: longest * 4])).strip()
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class _Said:
    message: str
    details: tuple[str, ...]


class _Detail(BaseModel):
    message: str | None = None
    resource: str | None = None
    field: str | None = None
    code: str | None = None

    def words(self) -> str:
        return self.message or " ".join(filter(None, (self.resource, self.field, self.code)))


class _Failure(BaseModel):
    message: str = ""
    errors: list[_Detail | str] | str | None = None


def _said(answer: Answer) -> _Said:
    try:
        failure = answer.read(_Failure)
    except Unavailable:
        return _Said("", ())
    errors = failure.errors or []
    listed = [errors] if isinstance(errors, str) else errors[:5]
    details = [one if isinstance(one, str) else one.words() for one in listed]
    return _Said(worded(failure.message), tuple(map(worded, details)))


def _number(given: str) -> float | None:
    given = given.strip()
    return float(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _date(given: str) -> float | None:
    try:
        return parsedate_to_datetime(given).timestamp() if given else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
