"""Carries out a plan in a local repository: branches with their commits, records with their bodies."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot import git
from bot.campaigns import Campaign
from bot.lifecycle import Action, Plan, Step
from bot.local.history import GitHistory
from bot.local.record import Record, Records
from bot.local.standing import US
from bot.published import Published, State, is_equal
from bot.pull_request import PullRequest

Compose = Callable[[Campaign], PullRequest]


def carry_out(
    root: Path, records: Records, plan: Plan, published: Iterable[Published], base: str, compose: Compose
) -> Iterator[tuple[Step, str]]:
    """Do each step, and say what stood in its way, or nothing.

    Branch before record: a run that breaks off in between leaves a branch that the next one finishes or
    takes away. Raises RecordError.
    """
    known = {record.branch: record for record in records}
    for one in published:
        record = known.get(one.branch)
        if record and record.state is not one.state:
            known[one.branch] = replace(record, state=one.state)
            records.write(known[one.branch])
    for step in plan.steps:
        try:
            _do(root, records, step, known.get(step.branch), base, compose)
        except git.GitError as error:
            yield step, str(error)
        else:
            yield step, ""


def _do(root: Path, records: Records, step: Step, record: Record | None, base: str, compose: Compose) -> None:
    head = step.published.head if step.published else ""
    if step.action in (Action.OPEN, Action.UPDATE) and step.campaign:
        request = compose(step.campaign)
        record = record or Record(step.branch, request.title, State.OPEN, request.opened, request.reviewers)
        is_stuck = step.published is not None and step.published.has_conflict
        pushed = _push(root, request, base, head, is_anew=is_stuck)
        records.write(replace(record, title=request.title), request.body(pushed, records.body(step.branch)))
    elif step.action is Action.CLOSE:
        if record:
            records.write(record.saying(f"Closed: {step.reason}.", State.DONE))
        git.delete_branch(root, step.branch, head)
    elif step.published and step.published.hands_off and record:
        records.write(record.saying(f"Left alone: {step.reason}.", State.OPEN))


def _push(root: Path, request: PullRequest, base: str, head: str, *, is_anew: bool) -> str:
    """The commit at which the branch stands afterwards; it isn't moved for what it holds already, unless
    it has to be made anew on `base`, as it conflicts with that."""
    files = {path: data for commit in request.commits for path, data in commit.files.items()}
    if head and not is_anew and is_equal(GitHistory(root), files, head, base):
        return head
    made, seconds = base, git.commit_time(root, base)
    for commit in request.commits:
        made = git.commit(root, made, commit.files, commit.message, US, seconds)
    git.move_branch(root, request.branch, made, head)
    return made
