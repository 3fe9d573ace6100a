"""Brings what is published to what the findings of the default branch ask for."""

from collections.abc import Sequence
from dataclasses import replace

from bot import forge, github
from bot.campaigns import Campaign
from bot.events import Job, Kind
from bot.formatters import formatted
from bot.jobs import Hopeless
from bot.ledger import FindingLife, Ledger, PullRequestRow, Scan
from bot.lifecycle import Action, Step, make_plan
from bot.outcomes import Outcome
from bot.pipeline import Examination, examine
from bot.policy import ConfigurationError, load
from bot.pull_request import Background, PullRequest, first_seen, pull_request
from bot.pull_request import title as title_of
from bot.work.visit import Visit

PERMISSIONS = {
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "metadata": "read",
}
"""What a job that publishes needs; its token is narrowed to these, and to its repository."""


def look(visit: Visit, job: Job, ledger: Ledger) -> None:
    """One look at the default branch. Raises github.Problem, and Hopeless where it can't be read."""
    facts = visit.facts
    ledger.installed(job.installation, facts.full_name.partition("/")[0])
    ledger.repository(facts.id, job.installation, facts.full_name, is_private=facts.is_private)
    base = visit.repository.head(facts.default_branch)
    is_superseded = job.kind is Kind.PUSH and job.commit not in ("", base)
    if base is None or is_superseded or facts.is_archived or facts.is_fork:
        return
    found = _examined(visit, base)
    if found.policy.path:
        _publish(visit, base, found, ledger)
    else:
        _remember(ledger, facts.id, base, found, found.outcomes)
    visit.blobs.shrink()


def _examined(visit: Visit, base: str) -> Examination:
    snapshot = visit.snapshot(base)
    try:
        policy = load(snapshot.repository(), visit.rules)
    except ConfigurationError as error:
        raise Hopeless(str(error)) from error
    return examine(snapshot, policy, visit.rules, visit.today)


def _publish(visit: Visit, base: str, found: Examination, ledger: Ledger) -> None:
    repository, facts = visit.repository, visit.facts
    history = forge.ForgeHistory(repository, visit.blobs)
    standing = forge.standing(repository, history, base, visit.us)
    for request in standing.requests:
        _remember_request(ledger, facts.id, request)
    plan = make_plan(found, standing.published, formatted)
    common = visit.background(base, found, [step.campaign for step in plan.steps if step.campaign])

    def compose(campaign: Campaign) -> PullRequest:
        told = replace(common, seen=first_seen(campaign, standing.published, found.today))
        return pull_request(campaign, found, plan.outcomes, told)

    steps = forge.carry_out(repository, history, plan, standing, base, facts.default_branch, compose)
    for step, number in steps:
        _remember_step(ledger, facts.id, step, number, common)
    _remember(ledger, facts.id, base, found, plan.outcomes)


def _remember_request(ledger: Ledger, repository: int, request: github.PullRequestFacts) -> None:
    """A pull request as GitHub tells of it: people close and merge without asking us."""
    state, ended = forge.state_of(request).value, request.closed_at or None
    row = PullRequestRow(request.number, request.branch, request.title, state, request.created_at, ended)
    ledger.pull_request(repository, row)
    if ended:
        ledger.event(repository, request.number, state, "")


def _remember_step(ledger: Ledger, repository: int, step: Step, number: int, common: Background) -> None:
    if not number or step.action is Action.WITHHOLD:
        return
    if step.action is not Action.KEEP:
        ledger.event(repository, number, step.action.value, step.reason)
    if step.campaign and step.campaign.fixes:
        title = title_of(step.campaign, common.style)
        ledger.pull_request(
            repository, PullRequestRow(number, step.branch, title, "open", opened=ledger.now())
        )


def _remember(
    ledger: Ledger, repository: int, base: str, found: Examination, outcomes: Sequence[Outcome]
) -> None:
    files, skipped = len(found.repo.paths), len(found.skipped)
    scan = Scan(base, files, found.work.read, len(outcomes), skipped)
    ledger.scanned(repository, scan, [_life(outcome) for outcome in outcomes])


def _life(outcome: Outcome) -> FindingLife:
    hit = outcome.hit
    return FindingLife(
        hit.fingerprint,
        hit.rule.id,
        outcome.severity.name.lower(),
        hit.path,
        hit.line,
        hit.symbol,
        outcome.status.value,
        outcome.detail,
    )
