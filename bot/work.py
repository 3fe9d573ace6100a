"""What the App does with a job: read, examine, plan, publish, remember."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import forge, github
from bot.campaigns import Campaign
from bot.conventions.commit_style import commit_style
from bot.events import Job, Kind
from bot.formatters import formatted
from bot.jobs import Ending, Hopeless, Rescan, TryAgain
from bot.ledger import FindingLife, Ledger, PullRequestRow, Scan
from bot.lifecycle import Action, Plan, Step, make_plan
from bot.outcomes import Outcome
from bot.pipeline import Examination, examine, secrets_in
from bot.policy import ConfigurationError, load
from bot.pull_request import Background, PullRequest, first_seen, pull_request
from bot.pull_request import title as title_of
from fixers.rule import Rule

MESSAGES = 100
"""So many of the last commits show how a repository words them."""
PERMISSIONS = {
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "metadata": "read",
}
"""What a job that publishes needs; its token is narrowed to these, and to its repository."""
KEPT = timedelta(days=30)
"""So long the history of an installation is kept after it was uninstalled."""
_LOOKS_AGAIN = (Kind.PUSH, Kind.RESCAN, Kind.PULL_REQUEST_CLOSED, Kind.REVIEW)


@dataclass(frozen=True, slots=True)
class Worker:
    """Does jobs for one App, with what they have in common. `now` tells seconds since 1970."""

    app: github.App
    ledger: Ledger
    blobs: Path
    rules: Sequence[Rule]
    now: Callable[[], float] = time.time

    def do(self, job: Job) -> None:
        """One job. Raises TryAgain where a later turn may succeed, Hopeless where none would."""
        try:
            if job.kind is Kind.INSTALLATION:
                self._installation(job)
            elif job.kind in _LOOKS_AGAIN and job.repository:
                self._look(job)
        except github.Unavailable as error:
            raise TryAgain(error.message, error.retry_at) from error
        except github.Conflict as error:  # somebody was faster: what is there now is looked at anew
            raise TryAgain(error.message) from error
        except github.Problem as error:
            if isinstance(error, github.Missing) and job.repository_id:
                self.ledger.left(job.repository_id)
            raise Hopeless(error.message) from error

    def tell(self, ending: Ending) -> None:
        """Remember how a turn of a job ended."""
        job = ending.job
        self.ledger.began(ending.delivery, job.kind, job.installation, job.repository_id, job.commit)
        self.ledger.ended(ending.delivery, ending.outcome, ending.reason)

    def rescans(self) -> Iterator[Rescan]:
        """Every repository once a day: what a limit held back yesterday may open, though nobody pushed.
        What was uninstalled long enough ago is forgotten on the way."""
        self.ledger.forget(before=int(self.now() - KEPT.total_seconds()))
        for row in self.ledger.reachable():
            yield Rescan(row.installation, row.name, row.id, timedelta(days=1))

    def _installation(self, job: Job) -> None:
        what = job.words[0] if job.words else ""
        if what == "deleted":
            self.ledger.uninstalled(job.installation)
            forge.Blobs(self.blobs, job.installation).forget()
        elif what in ("suspend", "unsuspend"):
            self.ledger.suspended(job.installation, what == "suspend")
        else:
            self.ledger.installed(job.installation, job.sender)

    def _look(self, job: Job) -> None:
        """Bring what is published to what the default branch's findings ask for."""
        repository = self.app.installation(
            job.installation, job.repository, PERMISSIONS, repository_id=job.repository_id
        )
        facts = repository.facts()
        self.ledger.installed(job.installation, facts.full_name.partition("/")[0])
        self.ledger.repository(facts.id, job.installation, facts.full_name, is_private=facts.is_private)
        base = repository.head(facts.default_branch)
        is_superseded = job.kind is Kind.PUSH and job.commit not in ("", base)
        if base is None or is_superseded or facts.is_archived or facts.is_fork:
            return
        blobs = forge.Blobs(self.blobs, job.installation)
        found = self._examined(repository, facts, base, blobs)
        if found.policy.path:
            self._publish(repository, facts, base, found, blobs)
        else:
            self._remember(facts.id, base, found, found.outcomes)
        blobs.shrink()

    def _examined(
        self, repository: github.Installation, facts: github.RepositoryFacts, base: str, blobs: forge.Blobs
    ) -> Examination:
        snapshot = forge.snapshot_of(repository, base, facts.full_name, blobs, self.rules)
        try:
            policy = load(snapshot.repository(), self.rules)
        except ConfigurationError as error:
            raise Hopeless(str(error)) from error
        today = datetime.fromtimestamp(self.now(), UTC).date()
        return examine(snapshot, policy, self.rules, today)

    def _publish(
        self,
        repository: github.Installation,
        facts: github.RepositoryFacts,
        base: str,
        found: Examination,
        blobs: forge.Blobs,
    ) -> None:
        history = forge.ForgeHistory(repository, blobs)
        standing = forge.standing(repository, history, base, self.app.login)
        for request in standing.requests:
            self._remember_request(facts.id, request)
        plan = make_plan(found, standing.published, formatted)
        common = self._background(repository, facts, base, found, plan)

        def compose(campaign: Campaign) -> PullRequest:
            told = replace(common, seen=first_seen(campaign, standing.published, found.today))
            return pull_request(campaign, found, plan.outcomes, told)

        steps = forge.carry_out(repository, history, plan, standing, base, facts.default_branch, compose)
        for step, number in steps:
            self._remember_step(facts.id, step, number, common)
        self._remember(facts.id, base, found, plan.outcomes)

    def _background(
        self,
        repository: github.Installation,
        facts: github.RepositoryFacts,
        base: str,
        found: Examination,
        plan: Plan,
    ) -> Background:
        commits = repository.commits(base, MESSAGES)
        messages = [one.message for one in commits if len(one.parents) < 2]
        fixes = [fix for step in plan.steps if step.campaign for fix in step.campaign.fixes]
        return Background(
            base,
            found.today,
            facts.html_url,
            facts.is_private,
            commit_style(messages, found.repo, found.policy.publishing.wording.prefix),
            signature=f"{self.app.login} <{self.app.login}@users.noreply.github.com>",
            secrets=secrets_in(found, fixes, self.rules),
        )

    def _remember_request(self, repository: int, request: github.PullRequestFacts) -> None:
        """A pull request as GitHub tells of it: people close and merge without asking us."""
        state, ended = forge.state_of(request).value, request.closed_at or None
        row = PullRequestRow(request.number, request.branch, request.title, state, request.created_at, ended)
        self.ledger.pull_request(repository, row)
        if ended:
            self.ledger.event(repository, request.number, state, "")

    def _remember_step(self, repository: int, step: Step, number: int, common: Background) -> None:
        if not number or step.action is Action.WITHHOLD:
            return
        if step.action is not Action.KEEP:
            self.ledger.event(repository, number, step.action.value, step.reason)
        if step.campaign and step.campaign.fixes:
            now = int(self.now())
            title = title_of(step.campaign, common.style)
            self.ledger.pull_request(
                repository, PullRequestRow(number, step.branch, title, "open", opened=now)
            )

    def _remember(self, repository: int, base: str, found: Examination, outcomes: Sequence[Outcome]) -> None:
        files, skipped = len(found.repo.paths), len(found.skipped)
        scan = Scan(base, files, found.work.read, len(outcomes), skipped)
        self.ledger.scanned(repository, scan, [_life(outcome) for outcome in outcomes])


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
