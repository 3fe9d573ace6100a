"""The check run on a pull request or a merge queue's commit: what it introduces, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot import check as checks
from bot import forge, github
from bot.check import patches
from bot.events import Job, Kind
from bot.formatters import formatted
from bot.lifecycle import make_plan
from bot.outcomes import Outcome
from bot.pipeline import Examination, Mending, Withhold, examine, mend
from bot.policy import FILES, ConfigurationError, load
from bot.pull_request import Background
from bot.work.visit import Visit

PERMISSIONS = {"contents": "read", "pull_requests": "write", "checks": "write", "metadata": "read"}
"""What a job needs that speaks of a change and changes nothing; suggestions are review comments."""

_AWAITED = (Kind.PULL_REQUEST, Kind.MERGE_GROUP, Kind.CHECK_AGAIN)
_QUEUE = "merge-group "
"""What the external id of a check on a merge queue's commit begins with; its branch follows."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is checked: the commit `head`, which parted at `parted` from `base`, the commit of the branch
    that it wants to go into. `files` are its changes (without hunks, where GitHub shows none)."""

    head: str
    base: str
    parted: str
    files: tuple[github.FileChange, ...]
    request: github.PullRequestFacts | None = None

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(path for one in self.files for path in (one.path, one.before))


def check(visit: Visit, job: Job) -> None:
    """Say of each change that the job is about what it introduces. Raises github.Problem."""
    for external_id in _asked_about(visit, job):
        change = change_of(visit, external_id, job.commit)
        if change is not None:
            _check(visit, change, external_id, is_anew=job.kind is Kind.CHECK_AGAIN)


def _asked_about(visit: Visit, job: Job) -> Iterator[str]:
    """The external ids of the check runs that are meant: a pull request's number, or a queue's branch."""
    if job.kind is Kind.MERGE_GROUP:
        yield f"{_QUEUE}{job.ref}"
    elif job.number:
        yield str(job.number)
    else:  # somebody asked again for a commit of a fork, or of a queue: its check runs know
        yield from dict.fromkeys(run.external_id for run in visit.repository.check_runs(job.commit))


def change_of(visit: Visit, external_id: str, commit: str) -> Change | None:
    """The change that a check run of ours on a commit is about; None where there is nothing to check any
    more: it is closed, or has moved on. Raises github.Problem."""
    repository = visit.repository
    if external_id.isdigit():
        request = repository.pull_request(int(external_id))
        if request.state != "open" or commit not in ("", request.head):
            return None
        head, branch, files = request.head, request.base, repository.changes(request.number)
    elif external_id.startswith(_QUEUE):
        request, head, branch, files = None, commit, external_id.removeprefix(_QUEUE), ()
    else:
        return None
    base = repository.head(branch)
    if base is None:
        return None
    compared = repository.compare(base, head)
    return Change(head, base, compared.merge_base or base, files or compared.changes, request)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a change: the whole head, what is new in it, the fixes of that, what may be told."""

    found: Examination
    new: checks.Introduced
    made: Mending
    told: Background


def sight_of(visit: Visit, change: Change) -> Sight:
    """Raises github.Problem, and ConfigurationError where that of the base can't be used."""
    head, base = visit.snapshot(change.head), visit.snapshot(change.base).repository()
    policy = load(head.repository(), visit.rules, base)
    found = examine(head, policy, visit.rules, visit.today)
    before = visit.snapshot(change.parted).repository()
    renamed, lines = patches.renamed(change.files), patches.written(change.files)
    new = checks.introduced(found, before, renamed, change.paths, lines)
    made = mend(found, _only(new.outcomes), formatted)
    return Sight(found, new, made, visit.plain_background(change.head, found, made.fixes))


def _check(visit: Visit, change: Change, external_id: str, *, is_anew: bool) -> None:
    run = visit.repository.create_check_run(change.head, checks.NAME, external_id, anew=is_anew)
    if not change.paths.isdisjoint(FILES):
        _check_configuration(visit, change, external_id)
    try:
        sight = sight_of(visit, change)
    except ConfigurationError as error:
        _say(visit, run, change.head, external_id, checks.excuse(str(error), fails=False))
        return
    buttons = checks.Buttons.NONE
    if change.request is not None:
        buttons = checks.Buttons.ANSWERS if change.request.is_from_fork else checks.Buttons.ALL
    said = checks.verdict(
        sight.new, sight.found, sight.made, sight.told, changed=change.paths, buttons=buttons
    )
    _say(visit, run, change.head, external_id, said)
    if change.request is not None and change.request.is_by_member:
        _suggest(visit, change, change.request.number, sight)


def _only(outcomes: tuple[Outcome, ...]) -> Withhold:
    wanted = {one.hit.fingerprint for one in outcomes}
    return lambda one: "" if one.hit.fingerprint in wanted else "it was there before"


def _say(visit: Visit, run: github.CheckRun, head: str, external_id: str, said: checks.Verdict) -> None:
    """Complete the check run; one that is completed and says the same already is left alone."""
    if run.is_completed:
        if run.has_said(said.output):
            return
        run = visit.repository.create_check_run(head, run.name, external_id, anew=True)
    visit.repository.update_check_run(run, said.output, said.conclusion, said.actions)


def _suggest(visit: Visit, change: Change, number: int, sight: Sight) -> None:
    fixed = {one.hit.fingerprint for fix in sight.made.fixes for one in fix.outcomes}
    wanted = [one for one in sight.new.outcomes if one.hit.fingerprint in fixed]
    most = sight.found.policy.publishing.checking.suggestions
    shown = patches.shown(change.files)
    offers = checks.suggestions(sight.found, wanted, shown, sight.told.secrets, formatted)
    for offer in islice(offers, most):
        try:
            visit.repository.suggest_once(number, change.head, offer.path, offer.lines, offer.text, offer.key)
        except github.Conflict:  # the diff has moved on, or GitHub shows less of it than we were told
            continue


def _check_configuration(visit: Visit, change: Change, external_id: str) -> None:
    snapshot = visit.snapshot(change.head)
    if not any(path in snapshot.paths for path in FILES):
        return
    run = visit.repository.create_check_run(change.head, checks.CONFIGURATION, external_id)
    try:
        policy = load(snapshot.repository(), visit.rules)
    except ConfigurationError as error:
        said = checks.configuration_errors(error)
    else:
        found = examine(snapshot, policy, visit.rules, visit.today)
        history = forge.ForgeHistory(visit.repository, visit.blobs)
        standing = visit.standing(history, change.base)
        plan = make_plan(found, standing.published, formatted)
        said = checks.configuration_verdict(policy, plan, visit.plain_background(change.head, found, ()))
    _say(visit, run, change.head, external_id, said)


def excuse(visit: Visit, job: Job, reason: str, *, is_paused: bool) -> None:
    """Tell of a job that won't be done, or not now, where somebody waits for it: in a check run, which
    keeps nobody from merging, except where the base's policy lets findings do so. Raises github.Problem."""
    if job.kind is Kind.PUSH and not is_paused:
        external_ids = ["push"]
    elif job.kind in _AWAITED:
        external_ids = list(_asked_about(visit, job))
    else:
        return
    for external_id in external_ids:
        run = visit.repository.create_check_run(job.commit, checks.NAME, external_id)
        if not run.is_completed:
            fails = not is_paused and job.kind in _AWAITED and _gates(visit, job.ref)
            said = checks.excuse(reason, fails=fails)
            visit.repository.update_check_run(run, said.output, said.conclusion)


def _gates(visit: Visit, branch: str) -> bool:
    """Whether findings would fail the check; where that can't be read, nothing does."""
    try:
        base = visit.repository.head(branch or visit.facts.default_branch)
        policy = load(visit.snapshot(base).repository(), visit.rules) if base else None
    except (github.Problem, ConfigurationError):
        return False
    return policy is not None and policy.publishing.checking.fail is not None
