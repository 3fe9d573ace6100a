"""Boxes that a person ticked on the dashboard."""

from bot import dashboard
from bot.dashboard import Box, Verb
from bot.events import Job
from bot.jobs import Pauses, repository_scope
from bot.ledger import Ledger
from bot.work import listing, looking
from bot.work.visit import Visit

MAY_WRITE = ("admin", "write")
"""What GitHub calls the permissions of those who are obeyed."""

_PAUSE = Box(Verb.PAUSE)


def tick(visit: Visit, job: Job, ledger: Ledger, pauses: Pauses) -> None:
    """Do what the new ticks ask for. What is ticked while everything is held back waits in the issue for
    the next look. Raises github.Problem."""
    before, now = dashboard.ticked(job.before), dashboard.ticked(job.words)
    issue = listing.dashboard_of(visit.repository)
    if issue is None or before == now or issue.number != job.number:
        return
    if visit.repository.permission(job.sender) not in MAY_WRITE:
        return
    scope = repository_scope(visit.facts.id)
    if _PAUSE in now - before:
        pauses.pause(scope, job.sender)
        body = dashboard.with_pause(issue.body)  # a look that ran meanwhile may have written it anew
        if body != issue.body:
            visit.repository.edit_issue(issue.number, body=body)
    elif _PAUSE in before - now:
        pauses.resume(scope)
        pauses.resume(repository_scope(visit.facts.full_name))
    if not pauses.scope_over(job):
        looking.look(visit, job, ledger, now - before)
