"""How the pull requests of a repository on GitHub stand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.forge.history import ForgeHistory
from bot.github import Installation, PullRequestFacts
from bot.published import NEVER, Marker, Published, State, has_conflict, is_foreign, key_in, read_marker

DONE = "[//]: # (suture: closed, nothing is left in it)"
"""A body that holds this was closed by us; without this or the next, a person closed the pull request."""
_DONE = re.compile(rf"^{re.escape(DONE)}\r?$", re.M)
_RED = re.compile(r"^\[//\]: # \(suture: closed, ([A-Za-z0-9 ._/,-]{1,100}) failed\)\r?$", re.M)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is published, and every pull request behind it, as GitHub tells of it."""

    published: tuple[Published, ...]
    requests: tuple[PullRequestFacts, ...]

    def changed(self, request: PullRequestFacts) -> "Standing":
        """The same, with one pull request as it stands now: it was closed since."""
        published = tuple(
            replace(one, state=state_of(request), failed=failed_check(request.body))
            if one.branch == request.branch and one.state is State.OPEN
            else one
            for one in self.published
        )
        requests = tuple(request if one.number == request.number else one for one in self.requests)
        return Standing(published, requests)

    def open_one(self, branch: str) -> PullRequestFacts | None:
        """The pull request that is open for a branch."""
        return next((one for one in self.requests if one.branch == branch and one.state == "open"), None)


def standing(
    repository: Installation, history: ForgeHistory, base: str, us: str, into: str, default: str
) -> Standing:
    """Every pull request of ours into the branch `into`, which stands at `base`, and every branch that is
    named like one. `us` is our login. What a person closed on the default branch holds on every other one.

    Raises github.Problem.
    """
    every = repository.pull_requests("all")
    heads = repository.branches("suture/")
    every += _unlisted(repository, sorted(heads.keys() - {one.branch for one in every}), us)
    requests = [
        one for one in every if one.base == into or (one.base == default and state_of(one) is State.CLOSED)
    ]
    known = [_published(repository, history, one, heads, base, us) for one in requests]
    named = {one.branch for one in every}
    strays = [_stray(history, name, heads[name], base, us) for name in sorted(heads) if name not in named]
    keyed = tuple(one for one in (*known, *strays) if one.key)
    return Standing(keyed, tuple(requests))


def _unlisted(repository: Installation, names: Iterable[str], us: str) -> Iterator[PullRequestFacts]:
    """Pull requests of ours from branches that seem to have none: GitHub's list may be behind, or end
    before it comes to them. Without this they would be rewritten or closed unseen."""
    for name in names:
        if key_in(name):
            yield from (one for one in repository.pull_requests_of(name, "all") if one.user_login == us)


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
        return Published(request.branch, state, opened, marker, head, failed=failed_check(request.body))
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
    if failed_check(request.body):
        return State.RED
    return State.DONE if _DONE.search(request.body) else State.CLOSED


def unmarked(body: str) -> str:
    """The body without our marks: a person opened the pull request again, and whoever closes it now is
    a person."""
    return _RED.sub("", _DONE.sub("", body))


def plain(check: str) -> str:
    """The name of a check, which is a person's, as the mark takes it."""
    words = re.sub(r"[^A-Za-z0-9._/,-]+", " ", check).split()
    return " ".join(words)[:100].strip() or "a check"


def red(check: str) -> str:
    """The line of a body that we closed because the check of this plain name failed."""
    return f"[//]: # (suture: closed, {check} failed)"


def failed_check(body: str) -> str:
    """The name of the check for which we closed it; empty where that isn't why."""
    found = _RED.search(body)
    return found[1] if found else ""


def _stray(history: ForgeHistory, name: str, head: str, base: str, us: str) -> Published:
    """A branch without a pull request: a person's, or left by a run of ours that broke off."""
    is_theirs = is_foreign(history, head, "", base, us)
    marker = None if is_theirs else Marker("", head, ())
    return Published(name, State.OPEN, NEVER, marker, head, is_foreign=is_theirs, is_unfinished=True)
