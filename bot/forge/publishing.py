"""Carries out a plan on GitHub: each step may be done again, and ends the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.campaigns import Campaign
from bot.forge.history import ForgeHistory
from bot.forge.standing import DONE, Standing
from bot.github import Installation, PullRequestFacts
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
    """Take away the branches of pull requests that we closed, where a run broke off before it did so.
    Raises github.Problem."""
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
    head = push(repository, history, made, place.base, before, is_anew=is_stuck)
    if request is None:
        number = repository.open_pull_request(
            made.branch, place.into, made.title, made.body(head), is_draft=place.are_drafts
        )
        repository.request_review(number, made.reviewers)
        return number
    body = made.body(head, request.body)
    if (made.title, body) != (request.title, request.body):
        repository.edit_pull_request(request.number, title=made.title, body=body)
        repository.comment_once(request.number, "updated", f"Updated: {step.reason}.")
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
    files = {path: data for commit in made.commits for path, data in commit.files.items()}
    if before and not is_anew and is_equal(history, files, before, base):
        return before
    modes, head = history.modes(base), base
    for commit in made.commits:
        with_modes = {path: (modes.get(path, _FILE), data) for path, data in commit.files.items()}
        head = repository.commit_files(head, with_modes, commit.message)
    if before:
        repository.move_branch(made.branch, head, before)
    else:
        repository.create_branch(made.branch, head)
    return head


def _close(repository: Installation, step: Step, request: PullRequestFacts | None) -> int:
    if request:
        close(repository, request, step.reason, DONE)
    repository.delete_branch(step.branch, step.published.head if step.published else "")
    return request.number if request else 0


def close(repository: Installation, request: PullRequestFacts, reason: str, mark: str) -> PullRequestFacts:
    """The pull request as it stands then. Told first, then closed and marked as ours in one request."""
    repository.comment_once(request.number, "closed", f"Closed: {reason}.")
    body = request.body if mark in request.body else f"{request.body}\n\n{mark}\n"
    repository.edit_pull_request(request.number, body=body, state="closed")
    return replace(request, body=body, state="closed")
