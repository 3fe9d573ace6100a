"""The dashboard's issue: made when there is something to list, edited in place, closed when there isn't."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bot import dashboard, forge, github
from bot.dashboard import Dashboard
from bot.ledger import Ledger
from bot.lifecycle import Action, Plan, Step
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from bot.published import State
from bot.pull_request import Background, title
from bot.work.visit import Visit


def dashboard_of(repository: github.Installation) -> github.IssueFacts | None:
    """The issue, open or closed. Raises github.Problem."""
    return next((one for one in repository.issues() if dashboard.MARK in one.body), None)


def show(repository: github.Installation, issue: github.IssueFacts | None, page: Dashboard) -> None:
    """Let the issue say this. One that a person closed is left as it is. Raises github.Problem."""
    body = page.body()
    if issue is None:
        if not page.is_empty:
            repository.open_issue_once(dashboard.TITLE, body, dashboard.MARK)
        return
    if issue.state == "closed" and dashboard.SILENT not in issue.body:
        return
    state = "closed" if page.is_empty else "open"
    if (issue.body.replace("\r\n", "\n"), issue.state) != (body, state):
        repository.edit_issue(issue.number, body=body, state=state)


def silence(repository: github.Installation, issue: github.IssueFacts | None) -> None:
    """Close it, as the configuration wants none. Raises github.Problem."""
    if issue is not None and issue.state == "open":
        body = f"{issue.body}\n{dashboard.SILENT}\n"
        repository.edit_issue(issue.number, body=body, state="closed")


def open_requests(
    done: Iterable[tuple[Step, int]], standing: forge.Standing, place: forge.Place, told: Background
) -> Iterator[dashboard.OpenRequest]:
    """What stands open after these steps, by the numbers that each came to."""
    for step, number in done:
        if not number or step.action in (Action.CLOSE, Action.WITHHOLD):
            continue
        request = standing.open_one(step.branch)
        name = title(step.campaign, told.style) if step.campaign else request.title if request else ""
        is_draft = request.is_draft if request else place.are_drafts
        note = "a draft until its checks have passed" if is_draft else ""
        if step.published and step.published.hands_off:
            note = f"left alone, {step.published.hands_off}"
        yield dashboard.OpenRequest(number, name, note)


def rejected(
    visit: Visit, standing: forge.Standing, plan: Plan, ledger: Ledger
) -> Iterator[dashboard.Rejected]:
    """Those that still keep a finding from being fixed."""
    reasons = {one.detail for one in plan.outcomes if one.status is Status.IGNORED}
    by_branch = {one.branch: one for one in standing.published if one.state is State.CLOSED}
    for request in standing.requests:
        one = by_branch.get(request.branch)
        if one is not None and any(reason.endswith(f" closed {one.branch}") for reason in reasons):
            who = _closed_by(visit, request.number, ledger)
            day = datetime.fromtimestamp(request.closed_at, UTC).date()
            yield dashboard.Rejected(request.number, one.key, request.title, who, day)


def _closed_by(visit: Visit, number: int, ledger: Ledger) -> str:
    """Asked once, then remembered."""
    told = ledger.events(visit.facts.id, number)
    known = [who for what, _, who in told if what == State.CLOSED.value and who]
    if known:
        return known[-1]
    who = visit.repository.closed_by(number)
    ledger.event(visit.facts.id, number, State.CLOSED.value, "", who)
    return who


_FOR_A_PERSON = (Status.REPORT_ONLY, Status.REFUSED, Status.FAILED)


def for_a_person(plan: Plan, found: Examination) -> Iterator[Outcome]:
    """The findings that only a person can close, the most severe first."""
    least = found.policy.threshold.report
    mine = [one for one in plan.outcomes if one.status in _FOR_A_PERSON and one.severity >= least]
    yield from sorted(mine, key=lambda one: (-one.severity, one.hit.path, one.hit.line))
