"""Payload → Job, one short function for each event that starts something."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from bot.events.job import Job, Kind
from bot.events.payloads import (
    CheckRunEvent,
    CheckSuiteEvent,
    InRepository,
    InstallationEvent,
    IssueCommentEvent,
    IssueEvent,
    MalformedPayload,
    MergeGroupEvent,
    Payload,
    PullRequest,
    PullRequestEvent,
    Push,
    RepositoryEvent,
    ReviewEvent,
    StatusEvent,
)

OURS = "suture/"
"""What the names of our branches begin with."""
_ALL_OURS = (OURS, "suture-fix/")
"""The second for those that go into a branch of somebody's pull request."""
_QUEUES = "gh-readonly-queue/"
"""Where GitHub's merge queues build."""

_BRANCH = "refs/heads/"
_COMMAND = re.compile(r"[ \t]{0,3}/suture\b[^\x00-\x08\x0b-\x1f\x7f]{0,1000}")
_BOX = re.compile(r"[ \t]*[-*+] \[[ xX]\] [^\x00-\x08\x0b-\x1f\x7f]{1,1000}")
_MOST_LINES = 500

P = TypeVar("P", bound=Payload)


def job_of(event: str, payload: bytes | Mapping[str, Any]) -> Job | None:
    """What an event (`X-GitHub-Event`) asks for; None where there is nothing to do.

    Events and actions that we don't know are not looked into. Raises MalformedPayload, and nothing else,
    for what is no payload of GitHub's.
    """
    reader = _READERS.get(event)
    if reader is None:
        return None
    actions, read = reader
    data = _object(payload)
    if actions and data.get("action") not in actions:
        return None
    try:
        return read(data)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise MalformedPayload(f"the payload of {event} has no usable {place}") from None


def _object(payload: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(payload, bytes):
        try:
            payload = from_json(payload, allow_inf_nan=False)
        except ValueError:
            raise MalformedPayload("the body is no JSON") from None
    if not isinstance(payload, Mapping):
        raise MalformedPayload("the body is no JSON object")
    if not isinstance(payload.get("action", ""), str):
        raise MalformedPayload("the payload's action is no text")
    return payload


def _push(event: Push) -> Job | None:
    """A branch of people's. (A payload that doesn't name the default one leaves the choice to the job.)"""
    branch = event.ref.removeprefix(_BRANCH)
    is_wanted = event.ref.startswith(_BRANCH) and not branch.startswith((*_ALL_OURS, _QUEUES))
    if not is_wanted or event.deleted:
        return None
    is_default = branch == (event.repository.default_branch or branch)
    return _job(Kind.PUSH if is_default else Kind.BRANCH_PUSH, event, ref=branch, commit=event.after)


def _pull_request(event: PullRequestEvent) -> Job | None:
    """Ours are checked as well: a check that a branch requires must not be missing on them."""
    if event.action == "closed":
        is_answer = _is_ours(event) and not _is_our_doing(event)
        return _job_on(Kind.PULL_REQUEST_CLOSED, event, event.pull_request) if is_answer else None
    if event.action == "edited" and event.changes.base is None:
        return None
    return _job_on(Kind.PULL_REQUEST, event, event.pull_request)


def _review(event: ReviewEvent) -> Job | None:
    if not _is_ours(event) or _is_our_doing(event):
        return None
    words = (event.review.state.lower(),)
    return _job_on(Kind.REVIEW, event, event.pull_request, subject=event.review.id, words=words)


def _merge_group(event: MergeGroupEvent) -> Job | None:
    group = event.merge_group
    return _job(Kind.MERGE_GROUP, event, ref=group.base_ref.removeprefix(_BRANCH), commit=group.head_sha)


def _check_suite(event: CheckSuiteEvent) -> Job | None:
    suite = event.check_suite
    number = suite.pull_requests[0].number if suite.pull_requests else 0
    if event.action == "rerequested":
        return _job(Kind.CHECK_AGAIN, event, commit=suite.head_sha, number=number)
    branch = suite.head_branch or ""
    if not branch.startswith(OURS):
        return None
    return _job(Kind.CHECKS, event, ref=branch, commit=suite.head_sha, number=number)


def _check_run(event: CheckRunEvent) -> Job | None:
    run = event.check_run
    external = run.external_id or ""
    number = run.pull_requests[0].number if run.pull_requests else 0
    if not number and re.fullmatch("[0-9]{1,18}", external):
        number = int(external)
    if event.action == "rerequested":
        return _job(Kind.CHECK_AGAIN, event, commit=run.head_sha, number=number, subject=run.id)
    if event.requested_action is None or event.requested_action.identifier is None:
        return None
    words = (event.requested_action.identifier, external)
    return _job(Kind.CHECK_ACTION, event, commit=run.head_sha, number=number, subject=run.id, words=words)


def _status(event: StatusEvent) -> Job | None:
    ours = [branch.name for branch in event.branches if branch.name.startswith(OURS)]
    if not ours or event.state == "pending":
        return None
    return _job(Kind.CHECKS, event, ref=ours[0], commit=event.sha)


def _issue(event: IssueEvent) -> Job | None:
    """A box that a person ticked in an issue that a bot (we, as the job will see) opened."""
    by, of = event.sender, event.issue.user
    if event.changes.body is None or of is None or not of.is_bot or by is None or by.is_bot:
        return None
    before, now = _lines(_BOX, event.changes.body.from_), _lines(_BOX, event.issue.body)
    if before == now:
        return None
    return _job(Kind.ISSUE_EDITED, event, number=event.issue.number, words=now, before=before)


def _issue_comment(event: IssueCommentEvent) -> Job | None:
    commands = _lines(_COMMAND, event.comment.body)
    if not commands or event.sender is None or event.sender.is_bot:
        return None
    number, comment = event.issue.number, event.comment.id
    return _job(Kind.COMMENT, event, number=number, subject=comment, words=commands)


def _installation(event: InstallationEvent) -> Job | None:
    return _job(Kind.INSTALLATION, event, words=(event.action,))


def _repositories(event: InstallationEvent) -> Job | None:
    """Without names: the job compares what is reached now with what is known, in whatever order."""
    return _job(Kind.REPOSITORIES, event, words=(event.action,))


def _repository(event: RepositoryEvent) -> Job | None:
    if event.action == "edited" and event.changes.default_branch is None:
        return None
    return _job(Kind.REPOSITORY, event, words=(event.action,))


def _is_ours(event: PullRequestEvent) -> bool:
    head, user = event.pull_request.head, event.pull_request.user
    at_home = head.repo is not None and head.repo.id == event.repository.id
    return head.ref.startswith(OURS) and at_home and user is not None and user.is_bot


def _is_our_doing(event: PullRequestEvent) -> bool:
    """The bot that opened it did this too."""
    by, of = event.sender, event.pull_request.user
    return _is_ours(event) and by is not None and of is not None and by.login == of.login


def _lines(wanted: re.Pattern[str], body: str | None) -> tuple[str, ...]:
    lines = (line.rstrip() for line in (body or "").splitlines())
    return tuple(line for line in lines if wanted.fullmatch(line))[:_MOST_LINES]


def _job_on(kind: Kind, event: InRepository, pull_request: PullRequest, **more: Any) -> Job:
    head, base = pull_request.head, pull_request.base
    is_of_ours = kind in (Kind.PULL_REQUEST_CLOSED, Kind.REVIEW)
    more |= {"ref": head.ref, "into": base.ref} if is_of_ours else {"ref": base.ref}
    return _job(kind, event, commit=head.sha, number=pull_request.number, **more)


def _job(kind: Kind, event: Payload, **more: Any) -> Job:
    repository = event.repository
    return Job(
        kind,
        event.installation.id if event.installation else 0,
        repository.full_name if repository else "",
        repository.id if repository else 0,
        sender=event.sender.login if event.sender else "",
        **more,
    )


def _reader(
    model: type[P], read: Callable[[P], Job | None], *actions: str
) -> tuple[frozenset[str], Callable[[Mapping[str, Any]], Job | None]]:
    return frozenset(actions), lambda data: read(model.model_validate(data))


_READERS: dict[str, tuple[frozenset[str], Callable[[Mapping[str, Any]], Job | None]]] = {
    "push": _reader(Push, _push),
    "pull_request": _reader(
        PullRequestEvent,
        _pull_request,
        *("opened", "synchronize", "reopened", "ready_for_review", "edited", "closed"),
    ),
    "pull_request_review": _reader(ReviewEvent, _review, "submitted", "dismissed"),
    "merge_group": _reader(MergeGroupEvent, _merge_group, "checks_requested"),
    "check_suite": _reader(CheckSuiteEvent, _check_suite, "completed", "rerequested"),
    "check_run": _reader(CheckRunEvent, _check_run, "requested_action", "rerequested"),
    "status": _reader(StatusEvent, _status),
    "issues": _reader(IssueEvent, _issue, "edited"),
    "issue_comment": _reader(IssueCommentEvent, _issue_comment, "created"),
    "installation": _reader(
        InstallationEvent,
        _installation,
        *("created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"),
    ),
    "installation_repositories": _reader(InstallationEvent, _repositories, "added", "removed"),
    "installation_target": _reader(InstallationEvent, _installation, "renamed"),
    "repository": _reader(
        RepositoryEvent,
        _repository,
        *(
            "renamed",
            "transferred",
            "archived",
            "unarchived",
            "deleted",
            "privatized",
            "publicized",
            "edited",
        ),
    ),
}

EVENTS = frozenset(_READERS)
"""The events that can start something."""
