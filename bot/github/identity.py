"""As whom we speak: the App by a JWT that it signs, an installation by a token that is narrowed to a job."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import jwt
from pydantic import AwareDatetime, BaseModel, Field

from bot.github.answers import Answer
from bot.github.problems import Conflict, Missing, Problem, Refused

_BEFORE = 60
"""Seconds by which a JWT was issued in the past: GitHub's advice against clocks that drift."""
_LIFE = 540
"""Seconds from now to its end; GitHub allows ten minutes from the time of issue to the end."""
_EARLY = 300.0
"""Seconds before its end from which a token isn't used any more: a job may hold it for a while."""
_AT_LEAST = 60.0


class Identity(Protocol):
    def authorization(self) -> str:
        """The header's value, empty for nobody. Raises Problem."""

    def renewed(self, answer: Answer, used: str) -> bool:
        """After a 401 to `used`: whether there is reason to hope that another try does better."""


class Nobody:
    """Who has no credentials."""

    def authorization(self) -> str:
        return ""

    def renewed(self, answer: Answer, used: str) -> bool:
        return False


class AppIdentity:
    """The App itself. Where GitHub's clock and ours disagree, GitHub's counts."""

    def __init__(self, app_id: int, private_key: str, clock: Callable[[], float]) -> None:
        self._app_id = app_id
        self._key = private_key
        self._clock = clock
        self._skew = 0.0

    def __repr__(self) -> str:
        return f"AppIdentity({self._app_id})"

    def authorization(self) -> str:
        """Raises Refused where the key is none."""
        now = int(self._clock() + self._skew)
        claims = {"iss": str(self._app_id), "iat": now - _BEFORE, "exp": now + _LIFE}
        try:
            signed = jwt.encode(claims, self._key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            signed = ""
        if not signed:
            raise Refused("the App's private key can't sign: download a new one from the App's settings")
        return f"Bearer {signed}"

    def renewed(self, answer: Answer, used: str) -> bool:
        before, self._skew = self._skew, answer.skew
        return abs(before - self._skew) > 1.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is for: an installation, one of its repositories (or all), some permissions (or all).

    A repository's id outlives its name.
    """

    installation: int
    repository: str = ""
    repository_id: int = 0
    permissions: tuple[tuple[str, str], ...] = ()

    def as_data(self) -> dict[str, object]:
        data: dict[str, object] = {}
        if self.repository_id:
            data["repository_ids"] = [self.repository_id]
        elif self.repository:
            data["repositories"] = [self.repository.rpartition("/")[2]]
        if self.permissions:
            data["permissions"] = dict(self.permissions)
        return data


class _Token(BaseModel):
    token: str = Field(repr=False)
    expires_at: AwareDatetime


class TokenIdentity:
    """An installation's token, asked for when it is needed, and again near its end or after a 401."""

    def __init__(self, grant: Grant, ask: Callable[[Grant], Answer], clock: Callable[[], float]) -> None:
        self.grant = grant
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._good_until = 0.0

    def __repr__(self) -> str:
        return f"TokenIdentity({self.grant})"

    def authorization(self) -> str:
        """Raises Problem: Missing where the installation or the repository is gone for us."""
        with self._lock:
            if not self._value or self._clock() >= self._good_until:
                self._renew()
            return f"Bearer {self._value}"

    def renewed(self, answer: Answer, used: str) -> bool:
        with self._lock:
            if used == f"Bearer {self._value}":
                self._value = ""
        return True

    def _renew(self) -> None:
        try:
            answer = self._ask(self.grant)
            made = answer.read(_Token)
        except Problem as problem:
            failure: Problem = _explained(problem, self.grant)
        else:
            ends_at = made.expires_at.timestamp() - answer.skew
            self._value = made.token
            self._good_until = max(ends_at - _EARLY, answer.received_at + _AT_LEAST)
            return
        raise failure


def _explained(problem: Problem, grant: Grant) -> Problem:
    if isinstance(problem, Missing):
        return Missing("the App isn't installed there any more", status=problem.status)
    if isinstance(problem, Conflict) and problem.says("permission"):
        words = "the installation doesn't grant a permission that this needs: its owner has to accept it"
        return Refused(f"{words} ({problem.message})", status=problem.status)
    if isinstance(problem, Conflict):
        name = grant.repository or "the repository"
        return Missing(f"the installation doesn't reach {name}", status=problem.status)
    return problem
