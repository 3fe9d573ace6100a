"""Turns of jobs as DBOS keeps them: what is queued, what failed, what is long done.

DBOS starts a name once, and a name that failed never again: so the names count.
"""

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, EnqueueOptions, WorkflowIDReusePolicy, WorkflowStatus
from dbos import error as dbos_error

from bot.events import Job, Kind
from bot.jobs.rescans import LONGEST

QUEUE, RUN = "suture", "job"
MOST_COUNTED = 10_000

_FAILED = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_LATER = 10
"""Priority of what nobody waits for; what has none comes first."""
_KEPT = LONGEST + timedelta(days=7)
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a job. A delivery has attempts (GitHub delivered it again after a failure); an attempt
    has turns (it waited for better times), of which `tries` really worked."""

    delivery: str
    attempt: int = 1
    turn: int = 1
    tries: int = 1
    is_parked: bool = False
    """It waits for somebody to resume."""

    @property
    def name(self) -> str:
        attempt = f"#{self.attempt}" if self.attempt > 1 else ""
        return f"{self.delivery}{attempt}" + (f"~{self.turn}" if self.turn > 1 else "")

    def next(self, *, is_parked: bool) -> "Turn":
        tries = self.tries + (not is_parked)
        return replace(self, turn=self.turn + 1, tries=tries, is_parked=is_parked)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def enqueue(job: Job, turn: Turn, until: float = 0.0, if_known: WorkflowIDReusePolicy = "reject") -> bool:
    """False where a turn of this name is known."""
    options: EnqueueOptions = {
        "workflow_name": RUN,
        "queue_name": QUEUE,
        "queue_partition_key": job.partition,
        "workflow_id": turn.name,
        "workflow_id_reuse_policy": if_known,
    }
    if job.kind is Kind.RESCAN:
        options["priority"] = _LATER
    if (wait := until - time.time()) > 0:
        options["delay_seconds"] = wait
    try:
        DBOS.enqueue_workflow_with_options(options, job.as_data(), turn.as_data())
    except dbos_error.DBOSWorkflowIDInUseError:
        return False
    return True


def listed(*statuses: str, load_input: bool = True) -> list[WorkflowStatus]:
    return DBOS.list_workflows(
        status=list(statuses), name=RUN, limit=MOST_COUNTED, load_input=load_input, load_output=False
    )


def forget(now: float) -> None:
    """GitHub delivers again for three days; a rescan's name has to be known for its whole period."""
    before = datetime.fromtimestamp(now, UTC) - _KEPT
    done = DBOS.list_workflows(
        completed_before=before.isoformat(), limit=_AT_ONCE, load_input=False, load_output=False
    )
    DBOS.delete_workflows([status.workflow_id for status in done])


def has_failed(turn: Turn) -> bool:
    """Whether the last turn of an attempt failed. (A turn that was forgotten is long done.)"""
    while found := DBOS.list_workflows(workflow_ids=[turn.name], load_input=False):
        output = found[0].output
        if found[0].status != "SUCCESS" or not isinstance(output, dict) or "next" not in output:
            return found[0].status in _FAILED
        turn = Turn(**output["next"])
    return False


def inputs_of(status: WorkflowStatus) -> tuple[Job, Turn]:
    data, turn = status.input["args"] if status.input else ({}, {})
    return Job.from_data(data), Turn(**turn)
