"""A queue of the test's own, and what it tells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue

from dbos import DBOS

from bot.events import Job, Kind
from bot.jobs import Ending, Jobs, Pace, Patience, Pauses
from bot.jobs.rescans import Rescans

HASTY = Patience(tries=4, tries_of_a_defect=2, first=0.0, longest=0.0, most=0.0)
QUICK = Pace(at_once=4, poll=0.01, look_for_deaths=0.2, look_around=3600, patience=HASTY)
DEADLINE = 120
"""Seconds after which a test that waits has failed; none comes near."""


@dataclass
class Rig:
    url: str
    jobs: Jobs
    pauses: Pauses
    told: "Queue[Ending]" = field(default_factory=Queue)

    def endings(self, count: int) -> list[Ending]:
        """The next so many endings."""
        return [self.told.get(timeout=DEADLINE) for _ in range(count)]


def job(number: int = 1, repository: int = 1, kind: Kind = Kind.PUSH) -> Job:
    return Job(kind, 7, f"o/r{repository}", repository, "main", "a" * 40, number)


def settled(name: str) -> None:
    """Waits until the queue itself knows that a turn has ended, however it did."""
    try:
        DBOS.retrieve_workflow(name).get_result(polling_interval_sec=0.01)
    except Exception:
        return


@contextmanager
def queue(
    url: str,
    work: Callable[[Job], None],
    *,
    pace: Pace = QUICK,
    is_paused: bool = False,
    rescans: Rescans = tuple,
) -> Iterator[Rig]:
    told: Queue[Ending] = Queue()
    pauses = Pauses(url, always=is_paused)
    rig = Rig(url, Jobs(url, work, pauses, tell=told.put, rescans=rescans, pace=pace), pauses, told)
    rig.jobs.launch()
    try:
        yield rig
    finally:
        rig.jobs.destroy()
