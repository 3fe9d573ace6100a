"""Brings the pull requests into one branch, and the dashboard, to what its findings ask for."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot import dashboard, forge
from bot.campaigns import Campaign
from bot.dashboard import Box, Dashboard, Verb
from bot.formatters import formatted
from bot.ledger import Ledger
from bot.lifecycle import Action, Asked, Plan, Step, make_plan
from bot.pipeline import Examination
from bot.pull_request import Background, PullRequest, first_seen, pull_request
from bot.work import listing, welcoming
from bot.work.remembering import remember_request, remember_scan, remember_step
from bot.work.visit import Visit

_DAY = 86_400


def publish(visit: Visit, branch: str, base: str, found: Examination, ledger: Ledger) -> None:
    """Of another branch than the default one, at the commit `base`. Raises github.Problem."""
    history = forge.ForgeHistory(visit.repository, visit.blobs)
    standing = _standing(visit, history, branch, base, ledger)
    plan = _planned(visit, found, standing, Asked(), ledger)
    _carried_out(visit, history, branch, base, found, plan, standing, ledger)


def publish_default(
    visit: Visit, base: str, found: Examination, ledger: Ledger, ticks: Iterable[Box]
) -> None:
    """Of the default branch, with what people ticked: just now, or in the issue since the last look.
    Raises github.Problem."""
    repository, facts = visit.repository, visit.facts
    has_dashboard = found.policy.publishing.has_dashboard
    issue = listing.dashboard_of(repository)
    still = dashboard.ticked(issue.body.splitlines()) if issue and has_dashboard else ()
    history = forge.ForgeHistory(repository, visit.blobs)
    standing = _standing(visit, history, facts.default_branch, base, ledger)
    welcoming.farewell(visit, base, standing, history, ledger)
    plan = _planned(visit, found, standing, asked_by({*ticks, *still}), ledger)
    done, place, told = _carried_out(
        visit, history, facts.default_branch, base, found, plan, standing, ledger
    )
    remember_scan(ledger, facts.id, base, found, plan.outcomes)
    if not has_dashboard:
        listing.silence(repository, issue)
        return
    page = Dashboard(
        facts.is_private,
        open=list(listing.open_requests(done, standing, place, told)),
        waiting=dashboard.waiting(plan, found, told.style),
        rejected=list(listing.rejected(visit, standing, plan, ledger)),
        unfixed=list(listing.for_a_person(plan, found)),
        unread=found.skipped,
        notes=found.problems,
        secrets=told.secrets,
    )
    listing.show(repository, issue, page)


def asked_by(ticks: Iterable[Box]) -> Asked:
    """What ticked boxes ask for."""
    keys = frozenset(one.key for one in ticks if one.verb in (Verb.OPEN, Verb.AGAIN))
    return Asked(campaigns=keys, next_one=any(one.verb is Verb.NEXT for one in ticks))


def _standing(
    visit: Visit, history: forge.ForgeHistory, branch: str, base: str, ledger: Ledger
) -> forge.Standing:
    """What is published, after what earlier runs left is tidied up and drafts are settled."""
    standing = visit.standing(history, base, branch)
    forge.tidy(visit.repository, standing)
    standing = forge.settle(visit.repository, standing, base, visit.us, visit.now)
    for request in standing.requests:
        remember_request(ledger, visit.facts.id, request)
    return standing


def _planned(
    visit: Visit, found: Examination, standing: forge.Standing, asked: Asked, ledger: Ledger
) -> Plan:
    elsewhere = ledger.opened_since(visit.facts.id, int(visit.now) - _DAY)
    return make_plan(found, standing.published, formatted, asked, opened_elsewhere=elsewhere)


def _carried_out(
    visit: Visit,
    history: forge.ForgeHistory,
    branch: str,
    base: str,
    found: Examination,
    plan: Plan,
    standing: forge.Standing,
    ledger: Ledger,
) -> tuple[list[tuple[Step, int]], forge.Place, Background]:
    """Each step with the number of its pull request, where they were made, and what was told in all."""
    told = visit.background(base, found, [step.campaign for step in plan.steps if step.campaign])
    opens = any(step.action is Action.OPEN for step in plan.steps)
    are_drafts = opens and found.policy.publishing.opens.when_green
    are_drafts = are_drafts and forge.has_checks(visit.repository, base, visit.us)
    place = forge.Place(base, branch, are_drafts)
    compose = _composer(visit, found, plan, standing, told)
    done = []
    for step, number in forge.carry_out(visit.repository, history, plan, standing, place, compose):
        remember_step(ledger, visit.facts.id, step, number, told)
        done.append((step, number))
    return done, place, told


def _composer(
    visit: Visit, found: Examination, plan: Plan, standing: forge.Standing, told: Background
) -> Callable[[Campaign], PullRequest]:
    def compose(campaign: Campaign) -> PullRequest:
        seen = first_seen(campaign, standing.published, found.today)
        introduced = forge.introduced(visit.repository, told.base, campaign)
        return pull_request(campaign, found, plan.outcomes, replace(told, seen=seen, introduced=introduced))

    return compose
