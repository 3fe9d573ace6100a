"""Asks by GraphQL for what REST can't tell or do: errors come with status 200, beside what there is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from bot.github import shapes
from bot.github.access import Access
from bot.github.answers import Answer, worded
from bot.github.problems import Conflict, Missing, Problem, RateLimited, Refused, Unavailable
from bot.github.wire import Call

T = TypeVar("T", bound=shapes.GraphAnswer)

_MOST_BYTES = 8_000_000
_LIMITS = ("RATE_LIMIT", "RATE_LIMITED")
"""GitHub has used both words (github.com/yanyongyu/githubkit/issues/271)."""


def asked(
    access: Access, kind: type[T], question: str, variables: Mapping[str, str], *, is_reading: bool
) -> tuple[T, tuple[Problem, ...]]:
    """The answer, and what stands in the way of the rest of it. Raises Problem: a limit too."""
    data = {"query": question, "variables": variables}
    call = Call("POST", "/graphql", access.wire.graphql_url, data, most=_MOST_BYTES)
    answer = access.answer(call, is_reading=is_reading)
    found = answer.read(kind)
    problems = tuple(_problem(error, answer) for error in found.errors)
    for problem in problems:
        if isinstance(problem, RateLimited):
            raise problem
    return found, problems


def _problem(error: shapes.GraphError, answer: Answer) -> Problem:
    said = worded(error.message)
    words = f"GitHub answered {worded(error.type, 60) or 'an error'}{f': {said}' if said else ''}"
    if error.type in _LIMITS or "rate limit" in said.lower():
        return RateLimited(words, status=answer.status, retry_at=_retry_at(answer))
    match error.type:
        case "NOT_FOUND":
            return Missing(words)
        case "FORBIDDEN" | "INSUFFICIENT_SCOPES":
            return Refused(words)
        case "UNPROCESSABLE" | "STALE_DATA":
            return Conflict(words)
        case _:
            return Unavailable(words)


def _retry_at(answer: Answer) -> float:
    """The headers are those of REST's limits, which have a status of their own."""
    limit = replace(answer, status=429).problem()
    assert isinstance(limit, RateLimited)
    return limit.retry_at
