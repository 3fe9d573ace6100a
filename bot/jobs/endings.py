"""How one turn of a job ended, and the two words with which work says so."""

from dataclasses import dataclass
from enum import StrEnum

from bot.events import Job


class TryAgain(Exception):
    """Work raises this where a later turn may succeed: an outage, a limit, a lost connection.

    The message is a sentence for the ledger; `retry_at` is seconds since the epoch, if GitHub said so.
    """

    def __init__(self, message: str, retry_at: float | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Hopeless(Exception):
    """Work raises this where no later turn would succeed; the message is a sentence for the ledger."""


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"
    """It won't be tried again, unless GitHub delivers it again."""
    AGAIN = "again"
    PAUSED = "paused"
    """It waits until somebody resumes."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is told after each turn. `attempt` counts deliveries, `tries` the turns that really worked."""

    job: Job
    delivery: str
    attempt: int
    tries: int
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    until: float = 0.0
    """Seconds since the epoch: when the next turn may begin (`again` alone)."""

    @property
    def id(self) -> str:
        """One for each attempt: the delivery, or the delivery and a number."""
        return self.delivery if self.attempt == 1 else f"{self.delivery}#{self.attempt}"
