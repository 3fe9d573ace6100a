"""When a repository is looked at again though nobody pushed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from bot.events import Job, Kind

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Rescan:
    """A repository, and how often it is looked at (its criticality decides): 1 hour to 28 days."""

    installation: int
    repository: str
    repository_id: int
    every: timedelta

    @property
    def job(self) -> Job:
        return Job(Kind.RESCAN, self.installation, self.repository, self.repository_id)

    def delivery(self, now: float) -> str:
        """A name that stays the same for one period, so that it is done once in it, by whichever machine.

        Periods of different repositories begin at different times: the load is even.
        """
        period = int(max(SHORTEST, min(self.every, LONGEST)).total_seconds())
        offset = int.from_bytes(sha256(b"%d" % self.repository_id).digest()[:8]) % period
        return f"rescan-{self.repository_id}-{period}-{(int(now) + offset) // period}"


Rescans = Callable[[], Iterable[Rescan]]
"""Asked every few minutes for all that are to be looked at regularly."""
