"""Carries out a plan on GitHub: each step may be done again, and ends the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.campaigns import Campaign
from bot.forge.history import ForgeHistory
from bot.forge.standing import DONE, Standing, unmarked
from bot.github import Conflict, Installation, PullRequestFacts
from bot.lifecycle import Action, Plan, Step
from bot.published import State, is_equal
from bot.pull_request import PullRequest

Compose = Callable[[Campaign], PullRequest]
_FILE = 0o100644


@dataclass(frozen=True, slots=True)
class Place:
    """The commit that pull requests are made on, the branch that they go into, and whether they open as
    drafts."""

    base: str
    into: str
    are_drafts: bool = False


def carry_out(
    repository: Installation,
    history: ForgeHistory,
    plan: Plan,
    standing: Standing,
    place: Place,
    compose: Compose,
) -> Iterator[tuple[Step, int]]:
    """Do each step, and tell the number of its pull request (0: it has none).

    Branch before pull request: a run that breaks off in between leaves a branch that the next one
    finishes or takes away. Raises github.Problem.
    """
    for step in plan.steps:
        request = standing.open_one(step.branch)
        if step.action in (Action.OPEN, Action.UPDATE) and step.campaign:
            made = compose(step.campaign)
            yield step, _publish(repository, history, step, request, made, place)
        elif step.action is Action.CLOSE:
            yield step, _close(repository, step, request)
        else:
            if request and step.published and step.published.hands_off:
                repository.comment_once(request.number, "hands-off", f"Left alone: {step.reason}.")
            yield step, request.number if request else 0


def tidy(repository: Installation, standing: Standing) -> None:
    """Take away the branches of pull requests that we closed, where a run broke off before it did so, and
    our mark from those that a person opened again. Raises github.Problem."""
    for request in standing.requests:
        if request.state == "open" and unmarked(request.body) != request.body:
            repository.edit_pull_request(request.number, body=unmarked(request.body))
    for one in standing.published:
        is_ended = one.state in (State.DONE, State.RED)
        if is_ended and one.head and one.marker and one.head == one.marker.head:
            repository.delete_branch(one.branch, one.head)


def _publish(
    repository: Installation,
    history: ForgeHistory,
    step: Step,
    request: PullRequestFacts | None,
    made: PullRequest,
    place: Place,
) -> int:
    before = step.published.head if step.published else ""
    is_stuck = step.published is not None and step.published.has_conflict
    head = _committed(repository, history, made, place.base, before, is_anew=is_stuck)
    if request is not None:
        _hold(repository, request, request.head)
        _refuse_approved(repository, request)
    _point(repository, made.branch, head, before)
    if request is None:
        number = repository.open_pull_request(
            made.branch, place.into, made.title, made.body(head), is_draft=place.are_drafts
        )
        repository.request_review(number, made.reviewers)
        return number
    body = made.body(head, unmarked(request.body))
    if (made.title, body) != (request.title, request.body):
        # once more: what was merged before the branch moved must not be said to hold what it doesn't
        _hold(repository, request, request.head, head)
        # told first: where a run breaks off in between, the next one finds a body that is still old
        repository.comment_once(request.number, "updated", f"Updated: {step.reason}.")
        repository.edit_pull_request(request.number, title=made.title, body=body)
    return request.number


def push(
    repository: Installation,
    history: ForgeHistory,
    made: PullRequest,
    base: str,
    before: str,
    *,
    is_anew: bool = False,
) -> str:
    """The commit at which the branch stands afterwards; it isn't moved for what it holds already, unless
    it has to be made anew on `base`, as it conflicts with that."""
    head = _committed(repository, history, made, base, before, is_anew=is_anew)
    _point(repository, made.branch, head, before)
    return head


def _committed(
    repository: Installation,
    history: ForgeHistory,
    made: PullRequest,
    base: str,
    before: str,
    *,
    is_anew: bool,
) -> str:
    """The commit at which the branch is to stand."""
    files = {path: data for commit in made.commits for path, data in commit.files.items()}
    if before and not is_anew and is_equal(history, files, before, base):
        return before
    modes, head = history.modes(base), base
    for commit in made.commits:
        with_modes = {path: (modes.get(path, _FILE), data) for path, data in commit.files.items()}
        head = repository.commit_files(head, with_modes, commit.message)
    return head


def _point(repository: Installation, branch: str, head: str, before: str) -> None:
    if not before:
        repository.create_branch(branch, head)
    elif head != before:
        repository.move_branch(branch, head, before)


def _hold(repository: Installation, request: PullRequestFacts, *heads: str) -> None:
    """Raises Conflict where the pull request isn't any more what the plan was made for, at one of these
    commits: to read and to mend takes a while, in which people merge, close, push and write."""
    now = repository.pull_request(request.number)
    if now.head not in heads or (now.state, now.body) != (request.state, request.body):
        raise Conflict(f"somebody changed pull request {request.number} meanwhile")


def _refuse_approved(repository: Installation, request: PullRequestFacts) -> None:
    if repository.approvals(request.number):
        raise Conflict(f"somebody approved pull request {request.number} meanwhile")


def _close(repository: Installation, step: Step, request: PullRequestFacts | None) -> int:
    if request:
        _refuse_approved(repository, request)
        close(repository, request, step.reason, DONE)
    if step.published and step.published.head:
        repository.delete_branch(step.branch, step.published.head)
    return request.number if request else 0


def close(repository: Installation, request: PullRequestFacts, reason: str, mark: str) -> PullRequestFacts:
    """The pull request as it stands then. Told first, then closed and marked as ours in one request.
    Raises Conflict where somebody was faster."""
    _hold(repository, request, request.head)
    repository.comment_once(request.number, "closed", f"Closed: {reason}.")
    body = request.body if mark in request.body else f"{request.body}\n\n{mark}\n"
    repository.edit_pull_request(request.number, body=body, state="closed")
    return replace(request, body=body, state="closed")
