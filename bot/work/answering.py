"""The buttons of a check run: a fix into the branch, how to ignore, what holds and why."""

from collections.abc import Iterator
from dataclasses import replace

from bot import check as checks
from bot import forge
from bot.campaigns import Campaign, Key, gather, key_of
from bot.check.answers import explanation, how_to_ignore
from bot.events import Job
from bot.formatters import formatted
from bot.github import PullRequestFacts
from bot.lifecycle.bench import Bench
from bot.outcomes import Outcome, Status
from bot.policy import ConfigurationError
from bot.published import is_foreign
from bot.pull_request import pull_request
from bot.work.checking import Change, Sight, change_of, sight_of
from bot.work.ticking import MAY_WRITE
from bot.work.visit import Visit

PERMISSIONS = {"contents": "write", "pull_requests": "write", "issues": "write", "metadata": "read"}
"""What a job needs that answers in a comment, or with a pull request into another one's branch."""

_MOST = 3
"""Pull requests that one press opens."""


def answer(visit: Visit, job: Job) -> None:
    """Do what the button says, in the pull request that it was pressed on. Raises github.Problem."""
    button, external_id = (*job.words, "", "")[:2]
    change = change_of(visit, external_id, job.commit) if external_id.isdigit() else None
    if change is None or change.request is None:
        return
    try:
        sight = sight_of(visit, change)
    except ConfigurationError:  # the check run says so already
        return
    number = change.request.number
    if button == checks.IGNORE.identifier:
        visit.repository.comment_once(number, "ignore", how_to_ignore(sight.new.outcomes, sight.told))
    elif button == checks.EXPLAIN.identifier:
        said = explanation(sight.new.outcomes, sight.found, sight.told.secrets)
        visit.repository.comment_once(number, "explain", said)
    elif button == checks.FIX.identifier and _may_fix(visit, job, change.request):
        opened = list(_fixes(visit, change, change.request, sight))
        visit.repository.comment_once(number, "fix", _told(opened))


def _may_fix(visit: Visit, job: Job, request: PullRequestFacts) -> bool:
    return not request.is_from_fork and visit.repository.permission(job.sender) in MAY_WRITE


def _told(opened: list[int]) -> str:
    if not opened:
        return "No fix of what this introduces holds by itself: nothing was opened."
    return f"Opened into this branch: {', '.join(f'#{number}' for number in opened)}."


def _fixes(visit: Visit, change: Change, request: PullRequestFacts, sight: Sight) -> Iterator[int]:
    """The numbers of the pull requests into the branch, the most severe first."""
    history = forge.ForgeHistory(visit.repository, visit.blobs)
    campaigns = [one for one in _campaigns(sight, request.number) if one.fixes]
    told = visit.background(change.head, sight.found, campaigns)
    told = replace(told, secrets=(*told.secrets, *sight.told.secrets))
    for campaign in sorted(campaigns, key=lambda one: one.rank)[:_MOST]:
        made = pull_request(campaign, sight.found, sight.new.outcomes, told)
        before = visit.repository.head(made.branch) or ""
        if before and is_foreign(history, before, "", change.head, visit.us):
            continue
        head = forge.push(visit.repository, history, made, change.head, before)
        yield visit.repository.open_pull_request(made.branch, request.branch, made.title, made.body(head))


def _campaigns(sight: Sight, number: int) -> Iterator[Campaign]:
    found, bench = sight.found, Bench(sight.found, formatted)

    def key(outcome: Outcome) -> Key:
        return key_of(outcome, found.repo, found.policy.publishing.gathering)

    fixable = [one for one in sight.new.outcomes if one.status is Status.FIXABLE]
    nothing: frozenset[str] = frozenset()
    for group in gather(fixable, key, lambda _: True, taken=nothing, open_keys=nothing):
        name = group.key.branch.removeprefix("suture/").replace("/", "-")
        yield bench.campaign(f"suture-fix/{number}/{name}", group.outcomes)
