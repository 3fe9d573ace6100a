"""Brings what is published to what the findings of the default branch ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import dashboard, forge, github
from bot.campaigns import Campaign
from bot.dashboard import Box, Dashboard, Verb
from bot.events import Job, Kind
from bot.formatters import formatted
from bot.jobs import Hopeless
from bot.ledger import FindingLife, Ledger, PullRequestRow, Scan
from bot.lifecycle import Action, Asked, Step, make_plan
from bot.outcomes import Outcome
from bot.pipeline import Examination, examine
from bot.policy import ConfigurationError, load
from bot.pull_request import Background, PullRequest, first_seen, pull_request
from bot.pull_request import title as title_of
from bot.work import listing
from bot.work.visit import Visit

PERMISSIONS = {
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "checks": "read",
    "statuses": "read",
    "metadata": "read",
}
"""What a job that publishes needs; its token is narrowed to these, and to its repository."""


_DAY = 86_400


def look(visit: Visit, job: Job, ledger: Ledger, ticks: Iterable[Box] = ()) -> None:
    """One look at the default branch; `ticks` are what a person asked for just now. Raises github.Problem,
    and Hopeless where it can't be read."""
    facts = visit.facts
    ledger.installed(job.installation, facts.full_name.partition("/")[0])
    ledger.repository(facts.id, job.installation, facts.full_name, is_private=facts.is_private)
    base = visit.repository.head(facts.default_branch)
    is_superseded = job.kind is Kind.PUSH and job.commit not in ("", base)
    if base is None or is_superseded or facts.is_archived or facts.is_fork:
        return
    if job.kind is Kind.CHECKS and not _is_draft(visit, job.ref):
        return
    found = _examined(visit, base)
    if found.policy.path:
        _publish(visit, base, found, ledger, ticks)
    else:
        _remember(ledger, facts.id, base, found, found.outcomes)
    visit.blobs.shrink()


def _is_draft(visit: Visit, branch: str) -> bool:
    return any(one.is_draft for one in visit.repository.pull_requests_of(branch))


def _examined(visit: Visit, base: str) -> Examination:
    snapshot = visit.snapshot(base)
    try:
        policy = load(snapshot.repository(), visit.rules)
    except ConfigurationError as error:
        issue = listing.dashboard_of(visit.repository)
        if issue is not None:
            listing.show(visit.repository, issue, Dashboard(visit.facts.is_private, errors=error.errors))
        raise Hopeless(str(error)) from error
    return examine(snapshot, policy, visit.rules, visit.today)


def _publish(visit: Visit, base: str, found: Examination, ledger: Ledger, ticks: Iterable[Box]) -> None:
    repository, facts = visit.repository, visit.facts
    has_dashboard = found.policy.publishing.has_dashboard
    issue = listing.dashboard_of(repository)
    history = forge.ForgeHistory(repository, visit.blobs)
    standing = forge.standing(repository, history, base, visit.us)
    forge.tidy(repository, standing)
    standing = forge.settle(repository, standing, base, visit.us, visit.now)
    for request in standing.requests:
        _remember_request(ledger, facts.id, request)
    still = dashboard.ticked(issue.body.splitlines()) if issue and has_dashboard else ()
    plan = make_plan(
        found,
        standing.published,
        formatted,
        asked_by({*ticks, *still}),
        opened_elsewhere=ledger.opened_since(facts.id, int(visit.now) - _DAY),
    )
    campaigns = [step.campaign for step in plan.steps if step.campaign]
    common = visit.background(base, found, campaigns)

    def compose(campaign: Campaign) -> PullRequest:
        seen = first_seen(campaign, standing.published, found.today)
        introduced = forge.introduced(repository, base, campaign)
        told = replace(common, seen=seen, introduced=introduced)
        return pull_request(campaign, found, plan.outcomes, told)

    opens = any(step.action is Action.OPEN for step in plan.steps)
    are_drafts = opens and found.policy.publishing.opens.when_green
    are_drafts = are_drafts and forge.has_checks(repository, base, visit.us)
    place = forge.Place(base, facts.default_branch, are_drafts)
    done = []
    for step, number in forge.carry_out(repository, history, plan, standing, place, compose):
        _remember_step(ledger, facts.id, step, number, common)
        done.append((step, number))
    _remember(ledger, facts.id, base, found, plan.outcomes)
    if not has_dashboard:
        listing.silence(repository, issue)
        return
    page = Dashboard(
        facts.is_private,
        open=list(listing.open_requests(done, standing, place, common)),
        waiting=dashboard.waiting(plan, found, common.style),
        rejected=list(listing.rejected(visit, standing, plan, ledger)),
        unfixed=list(listing.for_a_person(plan, found)),
        unread=found.skipped,
        notes=found.problems,
        secrets=common.secrets,
    )
    listing.show(repository, issue, page)


def asked_by(ticks: Iterable[Box]) -> Asked:
    """What ticked boxes ask for."""
    keys = frozenset(one.key for one in ticks if one.verb in (Verb.OPEN, Verb.AGAIN))
    return Asked(campaigns=keys, next_one=any(one.verb is Verb.NEXT for one in ticks))


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
