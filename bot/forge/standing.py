"""How the pull requests of a repository on GitHub stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.forge.history import ForgeHistory
from bot.github import Installation, PullRequestFacts
from bot.published import NEVER, Marker, Published, State, has_conflict, is_foreign, read_marker

DONE = "[//]: # (suture: closed, nothing is left in it)"
"""A body that holds this was closed by us; without it, a person closed the pull request."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is published, and every pull request behind it, as GitHub tells of it."""

    published: tuple[Published, ...]
    requests: tuple[PullRequestFacts, ...]

    def open_one(self, branch: str) -> PullRequestFacts | None:
        """The pull request that is open for a branch."""
        return next((one for one in self.requests if one.branch == branch and one.state == "open"), None)


def standing(repository: Installation, history: ForgeHistory, base: str, us: str) -> Standing:
    """Every pull request of ours, and every branch that is named like one. `us` is our login.

    Raises github.Problem.
    """
    requests = repository.pull_requests("all")
    heads = repository.branches("suture/")
    known = [_published(repository, history, one, heads, base, us) for one in requests]
    named = {one.branch for one in requests}
    strays = [_stray(history, name, heads[name], base, us) for name in sorted(heads) if name not in named]
    keyed = tuple(one for one in (*known, *strays) if one.key)
    return Standing(keyed, tuple(requests))


def _published(
    repository: Installation,
    history: ForgeHistory,
    request: PullRequestFacts,
    heads: Mapping[str, str],
    base: str,
    us: str,
) -> Published:
    marker, state = read_marker(request.body), state_of(request)
    opened = datetime.fromtimestamp(request.created_at, UTC).date()
    head = heads.get(request.branch, "")
    if state is not State.OPEN or not head:
        return Published(request.branch, state, opened, marker, head)
    pushed = marker.head if marker else ""
    return Published(
        request.branch,
        state,
        opened,
        marker,
        head,
        is_foreign=is_foreign(history, head, pushed, base, us),
        is_approved=bool(repository.approvals(request.number)),
        is_unfinished=bool(pushed) and history.merge_base(pushed, head) != pushed,
        has_conflict=has_conflict(history, head, base),
    )


def state_of(request: PullRequestFacts) -> State:
    """How it stands: what was closed without our mark in its body was closed by a person."""
    if request.state == "open":
        return State.OPEN
    if request.is_merged:
        return State.MERGED
    return State.DONE if DONE in request.body else State.CLOSED


def _stray(history: ForgeHistory, name: str, head: str, base: str, us: str) -> Published:
    """A branch without a pull request: a person's, or left by a run of ours that broke off."""
    is_theirs = is_foreign(history, head, "", base, us)
    marker = None if is_theirs else Marker("", head, ())
    return Published(name, State.OPEN, NEVER, marker, head, is_foreign=is_theirs, is_unfinished=True)
