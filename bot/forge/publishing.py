"""Carries out a plan on GitHub: each step may be done again, and ends the same."""

from collections.abc import Callable, Iterator

from bot.campaigns import Campaign
from bot.forge.history import ForgeHistory
from bot.forge.standing import DONE, Standing
from bot.github import Installation, PullRequestFacts
from bot.lifecycle import Action, Plan, Step
from bot.published import is_equal
from bot.pull_request import PullRequest

Compose = Callable[[Campaign], PullRequest]
_FILE = 0o100644


def carry_out(
    repository: Installation,
    history: ForgeHistory,
    plan: Plan,
    standing: Standing,
    base: str,
    into: str,
    compose: Compose,
) -> Iterator[tuple[Step, int]]:
    """Do each step, and tell the number of its pull request (0: it has none).

    `base` is a commit, `into` its branch. Branch before pull request: a run that breaks off in between
    leaves a branch that the next one finishes or takes away. Raises github.Problem.
    """
    for step in plan.steps:
        request = standing.open_one(step.branch)
        if step.action in (Action.OPEN, Action.UPDATE) and step.campaign:
            made = compose(step.campaign)
            yield step, _publish(repository, history, step, request, made, base, into)
        elif step.action is Action.CLOSE:
            yield step, _close(repository, step, request)
        else:
            if request and step.published and step.published.hands_off:
                repository.comment_once(request.number, "hands-off", f"Left alone: {step.reason}.")
            yield step, request.number if request else 0


def _publish(
    repository: Installation,
    history: ForgeHistory,
    step: Step,
    request: PullRequestFacts | None,
    made: PullRequest,
    base: str,
    into: str,
) -> int:
    before = step.published.head if step.published else ""
    head = _push(repository, history, made, base, before)
    if request is None:
        number = repository.open_pull_request(made.branch, into, made.title, made.body(head), is_draft=False)
        repository.request_review(number, made.reviewers)
        return number
    body = made.body(head, request.body)
    if (made.title, body) != (request.title, request.body):
        repository.edit_pull_request(request.number, title=made.title, body=body)
        repository.comment_once(request.number, "updated", f"Updated: {step.reason}.")
    return request.number


def _push(repository: Installation, history: ForgeHistory, made: PullRequest, base: str, before: str) -> str:
    """The commit at which the branch stands afterwards; it isn't moved for what it holds already."""
    files = {path: data for commit in made.commits for path, data in commit.files.items()}
    if before and is_equal(history, files, before, base):
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
    """Told first, then closed and marked as ours in one request, then the branch goes."""
    if request:
        repository.comment_once(request.number, "closed", f"Closed: {step.reason}.")
        body = request.body if DONE in request.body else f"{request.body}\n\n{DONE}\n"
        repository.edit_pull_request(request.number, body=body, state="closed")
    repository.delete_branch(step.branch, step.published.head if step.published else "")
    return request.number if request else 0
