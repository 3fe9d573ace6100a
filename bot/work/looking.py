"""Looks at a repository's default branch, and at those that its configuration names besides."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from bot import github
from bot.criticality import criticality_of
from bot.dashboard import Box, Dashboard
from bot.events import Job, Kind
from bot.jobs import Hopeless
from bot.ledger import Ledger
from bot.pipeline import Examination, examine
from bot.policy import ConfigurationError, Policy, load
from bot.work import listing, publishing, welcoming
from bot.work.remembering import remember_scan
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

_MOST = 10
"""Branches besides the default one."""


def is_named(branch: str, ledger: Ledger, repository: int) -> bool:
    """Whether the configuration of the default branch named this one when it was read last."""
    return any(fnmatchcase(branch, pattern) for pattern in ledger.named(repository))


def look(visit: Visit, job: Job, ledger: Ledger, ticks: Iterable[Box] = ()) -> None:
    """One look at each branch that the job is about; `ticks` are what a person asked for just now. Raises
    github.Problem, and Hopeless where a branch can't be read."""
    facts = visit.facts
    ledger.installed(job.installation, facts.full_name.partition("/")[0])
    ledger.repository(
        facts.id,
        job.installation,
        facts.full_name,
        is_private=facts.is_private,
        is_archived=facts.is_archived,
        is_fork=facts.is_fork,
    )
    ledger.looked(facts.id)
    if facts.is_archived or facts.is_fork:
        return
    for branch in _branches(visit, job, ledger):
        base = _stands(visit, job, branch)
        if base is None:  # it is gone, or a newer push comes
            continue
        if branch == facts.default_branch:
            _look(visit, base, ledger, ticks)
        else:
            _look_besides(visit, branch, base, ledger)
    visit.blobs.shrink()


def _stands(visit: Visit, job: Job, branch: str) -> str | None:
    """Where a branch stands. GitHub's answers may be behind its webhooks: a push that is newer than what
    is shown counts, and one that is older has a successor, which brings a job of its own."""
    shown = visit.repository.head(branch)
    pushed = job.commit if job.kind in (Kind.PUSH, Kind.BRANCH_PUSH) else ""
    if not pushed or shown == pushed:
        return shown
    if shown is None:
        return pushed if branch == visit.facts.default_branch else None
    try:
        return pushed if visit.repository.compare(shown, pushed).merge_base == shown else None
    except github.Missing:
        return None


def _branches(visit: Visit, job: Job, ledger: Ledger) -> Iterator[str]:
    """The branches that a job is about, of those that are looked after."""
    default, id = visit.facts.default_branch, visit.facts.id
    if job.kind is Kind.CHECKS:
        asked = [one.base for one in visit.repository.pull_requests_of(job.ref) if one.is_draft]
    elif job.kind is Kind.BRANCH_PUSH:
        asked = [job.ref]
    else:
        asked = [job.into or default]
    yield from (one for one in dict.fromkeys(asked) if one == default or is_named(one, ledger, id))
    if job.kind is Kind.RESCAN:
        yield from _named(visit, ledger.named(id))


def _named(visit: Visit, patterns: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for pattern in patterns:
        prefix = pattern.partition("*")[0]
        names = visit.repository.branches(prefix) if prefix else {}
        found |= dict.fromkeys(name for name in sorted(names) if fnmatchcase(name, pattern))
    found.pop(visit.facts.default_branch, None)
    return list(found)[:_MOST]


def _look(visit: Visit, base: str, ledger: Ledger, ticks: Iterable[Box]) -> None:
    id = visit.facts.id
    try:
        found = _examined(visit, base)
    except ConfigurationError as error:
        issue = listing.dashboard_of(visit.repository)
        if issue is not None:
            listing.show(visit.repository, issue, Dashboard(visit.facts.is_private, errors=error.errors))
        raise Hopeless(str(error)) from error
    ledger.rated(id, criticality_of(found.policy, found.repo))
    ledger.names(id, found.policy.branches)
    if found.policy.path:
        publishing.publish_default(visit, base, found, ledger, ticks)
    else:
        remember_scan(ledger, id, base, found, found.outcomes)
        welcoming.welcome(visit, base, found, ledger)


def _look_besides(visit: Visit, branch: str, base: str, ledger: Ledger) -> None:
    """At another branch: its own configuration says what opens, and without one nothing does."""
    try:
        found = _examined(visit, base, branch)
    except ConfigurationError as error:
        raise Hopeless(f"{branch}: {error}") from error
    if found.policy.path:
        publishing.publish(visit, branch, base, found, ledger)


def _examined(visit: Visit, base: str, branch: str = "") -> Examination:
    """Raises ConfigurationError."""
    snapshot = visit.snapshot(base)
    policy = _of_branch(load(snapshot.repository(), visit.rules), branch)
    return examine(snapshot, policy, visit.rules, visit.today)


def _of_branch(policy: Policy, branch: str) -> Policy:
    """The same, with campaigns that are told from those of other branches."""
    said = policy.publishing
    gathering = replace(said.gathering, branch=branch)
    return replace(policy, publishing=replace(said, gathering=gathering))
