"""The first contact: one pull request that proposes a configuration, and nothing else before that."""

from collections.abc import Iterable

from bot import forge, github, onboarding
from bot.forge.publishing import close
from bot.forge.standing import DONE
from bot.formatters import formatted
from bot.ledger import Contact, Ledger, Onboarding, PullRequestRow
from bot.lifecycle import make_plan
from bot.pipeline import Examination
from bot.published import State, is_foreign, read_marker
from bot.pull_request import Background, PullRequest
from bot.work.membership import DAY
from bot.work.remembering import remember_request
from bot.work.visit import Visit

_SETTLED = (Onboarding.CLOSED, Onboarding.CONFIGURED)
"""A person has decided: who took a configuration away doesn't want to be asked for it again either."""


def welcome(visit: Visit, base: str, found: Examination, ledger: Ledger) -> None:
    """Propose a configuration to a repository whose default branch, at `base`, has none, where that is
    wanted, and keep what is proposed up to date. Raises github.Problem."""
    contact = ledger.contact(visit.facts.id)
    speaks = any(onboarding.speaks_of_ai(outcome.hit.rule) for outcome in found.outcomes)
    is_for_us = onboarding.has_ai(found.repo, speaks)
    state = Onboarding.NO_AI
    if is_for_us or contact.is_begun:
        state = _welcome(visit, base, found, contact, ledger, is_for_us=is_for_us)
    ledger.came_to(visit.facts.id, state)


def _welcome(
    visit: Visit, base: str, found: Examination, contact: Contact, ledger: Ledger, *, is_for_us: bool
) -> Onboarding:
    history = forge.ForgeHistory(visit.repository, visit.blobs)
    requests = _requests(visit, ledger)
    if open_one := _open_one(requests):
        if not _is_theirs(visit, open_one, history, base):
            told = visit.plain_background(base, found, ())
            _refresh(visit, open_one, _proposal(visit, base, found, history, told))
        return Onboarding.OPEN
    if requests or contact.state in _SETTLED:
        return Onboarding.CLOSED
    if not is_for_us:
        return Onboarding.NO_AI
    may_open = contact.is_wanted or contact.is_alone
    return _open(visit, base, found, history, ledger) if may_open else Onboarding.WAITING


def _open(
    visit: Visit, base: str, found: Examination, history: forge.ForgeHistory, ledger: Ledger
) -> Onboarding:
    """A branch that is there without a pull request is a person's, or was left by a run that broke off."""
    repository = visit.repository
    before = repository.head(onboarding.BRANCH) or ""
    if before and is_foreign(history, before, "", base, visit.us):
        return Onboarding.WAITING
    if not ledger.propose(visit.facts.id, int(visit.now) - DAY, onboarding.MOST_A_DAY):
        return Onboarding.WAITING
    made = _proposal(visit, base, found, history, visit.background(base, found, ()))
    head = forge.push(repository, history, made, base, before)
    into = visit.facts.default_branch
    number = repository.open_pull_request(made.branch, into, made.title, made.body(head))
    row = PullRequestRow(number, made.branch, made.title, State.OPEN.value, opened=ledger.now())
    ledger.pull_request(visit.facts.id, row)
    ledger.event(visit.facts.id, number, State.OPEN.value, "")
    return Onboarding.OPEN


def _proposal(
    visit: Visit, base: str, found: Examination, history: forge.ForgeHistory, told: Background
) -> PullRequest:
    standing = visit.standing(history, base, visit.facts.default_branch)
    plan = make_plan(found, standing.published, formatted)
    return onboarding.proposal(plan, found, told)


def _refresh(visit: Visit, request: github.PullRequestFacts, made: PullRequest) -> None:
    """What it lists has changed, or it says the same: then it is left alone."""
    marker = read_marker(request.body)
    if marker and marker.content != made.marker.content:
        body = made.body(marker.head, request.body)
        visit.repository.edit_pull_request(request.number, body=body)


def _is_theirs(
    visit: Visit, request: github.PullRequestFacts, history: forge.ForgeHistory, base: str
) -> bool:
    """Whether a person has pushed to it, or taken its description over."""
    marker = read_marker(request.body)
    return marker is None or is_foreign(history, request.head, marker.head, base, visit.us)


def _requests(visit: Visit, ledger: Ledger) -> list[github.PullRequestFacts]:
    """All that were ever opened for it, into whatever branch; the ledger hears how they stand."""
    found = visit.repository.pull_requests_of(onboarding.BRANCH, "all")
    ours = [one for one in found if one.user_login == visit.us]
    for one in ours:
        _remember(visit, one, ledger)
    return ours


def _open_one(requests: Iterable[github.PullRequestFacts]) -> github.PullRequestFacts | None:
    return next((one for one in requests if one.state == "open"), None)


def _remember(visit: Visit, request: github.PullRequestFacts, ledger: Ledger) -> None:
    """As GitHub tells of it; who closed it is asked once."""
    id, number, state = visit.facts.id, request.number, forge.state_of(request)
    if state is State.CLOSED and not any(what == state.value for what, _, _ in ledger.events(id, number)):
        ledger.event(id, number, state.value, "", visit.repository.closed_by(number))
    remember_request(ledger, id, request)


def farewell(
    visit: Visit, base: str, standing: forge.Standing, history: forge.ForgeHistory, ledger: Ledger
) -> None:
    """End what is left of the first contact, as the default branch, at `base`, has a configuration now.
    What a person has pushed to, or closed, stays as it is. Raises github.Problem."""
    id = visit.facts.id
    contact = ledger.contact(id)
    if contact.state is Onboarding.CONFIGURED:
        return
    known = [one for one in standing.requests if one.branch == onboarding.BRANCH]
    requests = _requests(visit, ledger) if contact.is_begun else known
    open_one = _open_one(requests)
    if open_one is None:
        if contact.is_begun and all(forge.state_of(one) is State.DONE for one in requests):
            _sweep(visit, base, history)
    elif not _is_theirs(visit, open_one, history, base):
        reason = "the default branch has a configuration now"
        _remember(visit, close(visit.repository, open_one, reason, DONE), ledger)
        visit.repository.delete_branch(onboarding.BRANCH, open_one.head)
    ledger.came_to(id, Onboarding.CONFIGURED)


def _sweep(visit: Visit, base: str, history: forge.ForgeHistory) -> None:
    """Take away a branch that a run of ours left when it broke off."""
    head = visit.repository.head(onboarding.BRANCH)
    if head and not is_foreign(history, head, "", base, visit.us):
        visit.repository.delete_branch(onboarding.BRANCH, head)
