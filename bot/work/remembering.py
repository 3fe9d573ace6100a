"""What a look writes into the ledger."""

from collections.abc import Sequence

from bot import forge, github
from bot.ledger import FindingLife, Ledger, PullRequestRow, Scan
from bot.lifecycle import Action, Step
from bot.outcomes import Outcome
from bot.pipeline import Examination
from bot.pull_request import Background, title


def remember_request(ledger: Ledger, repository: int, request: github.PullRequestFacts) -> None:
    """A pull request as GitHub tells of it: people close and merge without asking us, and a run that opened
    it may have ended before it was written down."""
    state, ended = forge.state_of(request).value, request.closed_at or None
    row = PullRequestRow(request.number, request.branch, request.title, state, request.created_at, ended)
    ledger.pull_request(repository, row)
    known = {what for what, _, _ in ledger.events(repository, request.number)}
    if not known:
        ledger.event(repository, request.number, Action.OPEN.value, "")
    if ended and state not in known:
        ledger.event(repository, request.number, state, "")


def remember_step(ledger: Ledger, repository: int, step: Step, number: int, common: Background) -> None:
    """What was done for a pull request."""
    if not number or step.action is Action.WITHHOLD:
        return
    if step.action is not Action.KEEP:
        ledger.event(repository, number, step.action.value, step.reason)
    if step.campaign and step.campaign.fixes:
        name = title(step.campaign, common.style)
        ledger.pull_request(
            repository, PullRequestRow(number, step.branch, name, "open", opened=ledger.now())
        )


def remember_scan(
    ledger: Ledger, repository: int, base: str, found: Examination, outcomes: Sequence[Outcome]
) -> None:
    """What was found on the default branch, and what became of it."""
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
