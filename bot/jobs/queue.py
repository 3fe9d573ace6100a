"""The queue itself: deliveries in, turns of jobs out, through DBOS."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from threading import Lock
from typing import Any
from uuid import uuid4

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
)

from bot.escaping import masked, one_line
from bot.events import Job, Kind, job_of
from bot.jobs.endings import Ending, Hopeless, Outcome, TryAgain
from bot.jobs.housekeeping import Housekeeping
from bot.jobs.leases import lease_of
from bot.jobs.patience import Patience
from bot.jobs.pauses import Pauses
from bot.jobs.rescans import Rescans
from bot.jobs.turns import QUEUE, RUN, Turn, enqueue, forget, has_failed, inputs_of, listed

log = logging.getLogger("suture.jobs")

_FORMAT = "jobs-1"
"""What DBOS calls the application's version: jobs of another one are not picked up after a crash."""
_OPEN = ("ENQUEUED", "PENDING", "DELAYED")
_DIED = "given up: again and again the process ended in the middle of this"
_PARKED = 10 * 365 * 86_400
_LONGEST = 300
"""Characters of a reason that are logged."""


_HEARD_ANYWAY = (Kind.INSTALLATION, Kind.REPOSITORIES, Kind.REPOSITORY, Kind.ISSUE_EDITED)
"""What is heard through a pause: who is there, and the box that ends it."""


class Accepted(StrEnum):
    QUEUED = "queued"
    DUPLICATE = "duplicate"
    """It is queued, running or done."""
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, and how often to look, in seconds."""

    at_once: int = 8
    poll: float = 0.1
    look_for_deaths: float = 5.0
    look_around: float = 60.0
    deaths: int = 20
    """A job in whose middle the process ended more often than this is given up."""
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs in the queue; counted up to 10,000."""

    waiting: int = 0
    running: int = 0
    put_off: int = 0


class JobFailed(Exception):
    """How a workflow ends that failed; the message is the reason."""


def _is_news(record: logging.LogRecord) -> bool:
    """That a job failed is told by ourselves; DBOS would log it once more, as an error with its trace."""
    return not (record.exc_info and isinstance(record.exc_info[1], JobFailed))


def _nobody(_: Ending) -> None: ...


class Jobs:
    """One process's share of the queue. There may be one of these in a process: DBOS is a singleton.

    `work` does a job, and raises TryAgain or Hopeless; `tell` hears how each turn ended (at least once).
    """

    def __init__(
        self,
        url: str,
        work: Callable[[Job], None],
        pauses: Pauses,
        *,
        tell: Callable[[Ending], None] = _nobody,
        rescans: Rescans = tuple,
        pace: Pace | None = None,
    ) -> None:
        self._url, self._work, self._pauses, self._tell, self._rescans = url, work, pauses, tell, rescans
        self._pace = pace or Pace()
        self._worker = "local" if url.startswith("sqlite") else uuid4().hex
        self._lease = lease_of(url, self._worker)
        self._housekeeping = Housekeeping(
            (self._pace.look_for_deaths, self.look_for_deaths),
            (self._pace.look_around, self.look_around),
        )
        # SQLite's writers wait in steps of up to 100 ms: in a queue of our own they wait a tenth of that.
        self._adding = Lock() if self._worker == "local" else nullcontext()
        self._running: set[str] = set()
        self._stalled: set[str] = set()
        self._is_launched = False

    def launch(self) -> None:
        """Begin to work, with what was left in the middle first.

        Raises InUse where another process works on the same SQLite database.
        """
        self._lease.hold()
        try:
            self._launch()
        except BaseException:
            self.destroy()
            raise
        self._housekeeping.start()

    def _launch(self) -> None:
        self._pauses.prepare()
        logging.getLogger("dbos").addFilter(_is_news)
        DBOS(config=self._config())
        DBOS.workflow(name=RUN, max_recovery_attempts=self._pace.deaths)(
            lambda data, turn: self._run(data, turn)
        )
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=self._pace.at_once,
            polling_interval_sec=self._pace.poll,
            on_conflict="always_update",
        )
        self._is_launched = True

    def destroy(self, grace: int = 0) -> None:
        """End; running jobs have so many seconds to end too, and are done again later if they don't."""
        self._is_launched = False
        self._housekeeping.stop()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=grace)
        self._lease.release()
        self._pauses.close()

    def accept(self, delivery: str, event: str, payload: bytes) -> Accepted:
        """Queue what a delivery asks for; when this returns, the job is on disk.

        Raises MalformedPayload.
        """
        job = job_of(event, payload)
        if job is None or not job.installation:
            return Accepted.IGNORED
        return self.add(delivery, job)

    def add(self, delivery: str, job: Job) -> Accepted:
        """Queue a job under a name that is done once, or once more after it failed."""
        for attempt in count(1):
            turn = Turn(delivery, attempt)
            with self._adding:
                is_new = enqueue(job, turn)
            if is_new:
                return Accepted.QUEUED
            if not has_failed(turn):
                break
        return Accepted.DUPLICATE

    def depth(self) -> Depth:
        counted = Counter(status.status for status in listed(*_OPEN, load_input=False))
        return Depth(counted["ENQUEUED"], counted["PENDING"], counted["DELAYED"])

    def is_ready(self) -> bool:
        """Work is done here, and the database answers."""
        try:
            return self._is_launched and DBOS.retrieve_queue(QUEUE) is not None
        except Exception:
            return False

    def release(self) -> int:
        """Let jobs go on that nothing holds back any more; how many."""
        released = 0
        for status in listed("DELAYED"):
            job, turn = inputs_of(status)
            if turn.is_parked and not self._pauses.scope_over(job):
                DBOS.set_workflow_delay(status.workflow_id, delay_seconds=0)
                released += 1
        return released

    def look_for_deaths(self) -> None:
        """Take over what other workers left in the middle when they died, begin anew what never began
        here, and tell what is given up."""
        if not self._lease.is_held():
            self._lease.hold()
        pending = listed("PENDING", load_input=False)
        others = {status.executor_id for status in pending if status.executor_id} - {self._worker}
        if dead := [worker for worker in sorted(others) if self._lease.is_dead(worker)]:
            log.warning("taking over the jobs of %d workers that ended", len(dead))
            DBOS._recover_pending_workflows(dead)  # DBOS has no public name for this (3.4)
        self._begin_anew({status.workflow_id for status in pending if status.executor_id == self._worker})
        for status in listed("MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
            job, turn = inputs_of(status)
            self._say(Ending(job, turn.delivery, turn.attempt, turn.tries, Outcome.FAILED, _DIED))
            DBOS.cancel_workflow(status.workflow_id)

    def _begin_anew(self, mine: set[str]) -> None:
        """DBOS claims a turn, then starts it: if the database fails in between, nobody ever would. What
        was seen so twice is queued again."""
        idle = mine - self._running
        for name in idle & self._stalled:
            log.warning("%s was claimed and never begun: it is queued again", name)
            DBOS.resume_workflow(name, queue_name=QUEUE)
        self._stalled = idle - self._stalled

    def look_around(self) -> None:
        """Queue the rescans of this period, let go what nothing holds back, forget what is long done. What
        is paused would wait for all of them at once."""
        now = time.time()
        for rescan in self._rescans():
            if not self._pauses.scope_over(rescan.job):
                enqueue(rescan.job, Turn(rescan.delivery(now)))
        self.release()
        forget(now)

    def _config(self) -> DBOSConfig:
        return {
            "name": "suture",
            "system_database_url": self._url,
            "serializer": DBOSPortableJSONSerializer(),
            "application_version": _FORMAT,
            "executor_id": self._worker,
            "log_level": "WARNING",
            "enable_otlp": False,
        }

    def _run(self, data: dict[str, Any], turn_data: dict[str, Any]) -> dict[str, Any]:
        turn = Turn(**turn_data)
        self._running.add(turn.name)
        try:
            return self._follow(data, turn)
        finally:
            self._running.discard(turn.name)

    def _follow(self, data: dict[str, Any], turn: Turn) -> dict[str, Any]:
        """One turn, as a workflow: what it learnt is recorded before anything follows from it."""
        learnt = DBOS.run_step({"name": "turn"}, self._turn, data, turn.as_data())
        outcome = Outcome(learnt["outcome"])
        if outcome is Outcome.FAILED:
            raise JobFailed(learnt["reason"])
        if outcome is Outcome.DONE:
            return {"outcome": outcome.value}
        following = turn.next(is_parked=outcome is Outcome.PAUSED)
        enqueue(Job.from_data(data), following, learnt["until"], "return-existing")
        return {"outcome": outcome.value, "next": following.as_data()}

    def _turn(self, data: dict[str, Any], turn_data: dict[str, Any]) -> dict[str, Any]:
        job, turn = Job.from_data(data), Turn(**turn_data)
        begun = time.time()
        ending = self._ending(Ending(job, turn.delivery, turn.attempt, turn.tries, Outcome.DONE))
        self._say(replace(ending, seconds=time.time() - begun))
        return {"outcome": ending.outcome.value, "reason": ending.reason, "until": ending.until}

    def _ending(self, done: Ending) -> Ending:
        """Do the job, unless it is held back. Whatever goes wrong is an ending too."""
        try:
            scope = "" if done.job.kind in _HEARD_ANYWAY else self._pauses.scope_over(done.job)
            if scope:
                until = time.time() + _PARKED
                return replace(done, outcome=Outcome.PAUSED, reason=f"paused: {scope}", until=until)
            self._work(done.job)
        except Hopeless as error:
            return replace(done, outcome=Outcome.FAILED, reason=str(error))
        except TryAgain as error:
            return self._again(done, str(error), self._pace.patience.tries, error.retry_at)
        except Exception as error:
            log.exception("delivery %s: a defect", done.delivery)
            reason = f"a defect of Suture's own ({type(error).__name__}); the log says where"
            return self._again(done, reason, self._pace.patience.tries_of_a_defect)
        return done

    def _again(self, done: Ending, reason: str, most: int, retry_at: float | None = None) -> Ending:
        if done.tries >= most:
            return replace(done, outcome=Outcome.FAILED, reason=f"{reason} (tried {done.tries} times)")
        now = time.time()
        until = now + self._pace.patience.wait(done.tries, now, retry_at)
        return replace(done, outcome=Outcome.AGAIN, reason=reason, until=until)

    def _say(self, ending: Ending) -> None:
        """A ledger that doesn't answer must not undo what was done."""
        try:
            self._tell(ending)
        except Exception:
            log.exception("delivery %s: how it ended could not be told", ending.delivery)
        why = f": {one_line(masked(ending.reason[:_LONGEST]))}" if ending.reason else ""
        log.info("delivery %s: %s %s%s", ending.delivery, ending.job.kind.value, ending.outcome.value, why)
