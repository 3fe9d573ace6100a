"""Job → what is done with it; what went wrong → whether a later turn may do better."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import forge, github
from bot.events import Job, Kind
from bot.jobs import Ending, Hopeless, Outcome, Pauses, Rescan, TryAgain
from bot.ledger import Ledger
from bot.work import answering, checking, looking, membership, ticking
from bot.work.visit import Visit
from fixers.rule import Rule

log = logging.getLogger("suture.work")

KEPT = timedelta(days=30)
"""So long the history of an installation is kept after it was uninstalled."""

_LOOKS = (Kind.PUSH, Kind.RESCAN, Kind.PULL_REQUEST_CLOSED, Kind.REVIEW, Kind.CHECKS, Kind.BRANCH_PUSH)
_CHECKS = (Kind.PULL_REQUEST, Kind.MERGE_GROUP, Kind.CHECK_AGAIN)


@dataclass(frozen=True, slots=True)
class Worker:
    """Does jobs for one App, with what they have in common. `now` tells seconds since 1970."""

    app: github.App
    ledger: Ledger
    blobs: Path
    rules: Sequence[Rule]
    pauses: Pauses
    now: Callable[[], float] = time.time

    def do(self, job: Job) -> None:
        """One job. Raises TryAgain where a later turn may succeed, Hopeless where none would."""
        with _explained():
            self._do(job)

    def _do(self, job: Job) -> None:
        if job.kind in membership.KINDS:
            membership.follow(self.app, self.ledger, self.blobs, job)
        elif job.kind is Kind.BRANCH_PUSH and not looking.is_named(job.ref, self.ledger, job.repository_id):
            return
        elif job.kind in _LOOKS and job.repository:
            if job.kind is Kind.RESCAN:
                membership.keep_up(self.app, self.ledger, job.installation)
            looking.look(self._visit(job, looking.PERMISSIONS), job, self.ledger)
        elif job.kind in _CHECKS and job.repository:
            checking.check(self._visit(job, checking.PERMISSIONS), job)
        elif job.kind is Kind.ISSUE_EDITED:
            ticking.tick(self._visit(job, looking.PERMISSIONS), job, self.ledger, self.pauses)
        elif job.kind is Kind.CHECK_ACTION:
            answering.answer(self._visit(job, answering.PERMISSIONS), job)

    def tell(self, ending: Ending) -> None:
        """Remember how a turn of a job ended; who waits for a check that won't come is told why."""
        job = ending.job
        self.ledger.began(ending.delivery, job.kind, job.installation, job.repository_id, job.commit)
        self.ledger.ended(ending.delivery, ending.outcome, ending.reason)
        is_paused = ending.outcome is Outcome.PAUSED
        if (is_paused or ending.outcome is Outcome.FAILED) and job.repository and job.commit:
            try:
                visit = self._visit(job, checking.PERMISSIONS)
                checking.excuse(visit, job, ending.reason, is_paused=is_paused)
            except github.Problem as problem:
                log.warning("delivery %s: its check could not be ended: %s", ending.delivery, problem.message)

    def rescans(self) -> Iterator[Rescan]:
        """Every repository, again and again: what a limit held back yesterday may open, though nobody
        pushed. What was uninstalled long enough ago is forgotten on the way."""
        now = int(self.now())
        self.ledger.forget(before=now - int(KEPT.total_seconds()))
        yield from membership.rescans(self.ledger, now)

    def _visit(self, job: Job, permissions: dict[str, str]) -> Visit:
        """Raises github.Problem; a repository that is Missing itself has left us, whatever else may be."""
        repository = self.app.installation(
            job.installation, job.repository, permissions, repository_id=job.repository_id
        )
        try:
            facts = repository.facts()
        except github.Missing:
            self.ledger.left(job.repository_id, job.installation)
            raise
        blobs = forge.Blobs(self.blobs, job.installation)
        return Visit(repository, facts, blobs, self.rules, self.now(), self.app.login)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except github.Unavailable as error:
        raise TryAgain(error.message, error.retry_at) from error
    except github.Conflict as error:  # somebody was faster: what is there now is looked at anew
        raise TryAgain(error.message) from error
    except github.Problem as error:
        raise Hopeless(error.message) from error
