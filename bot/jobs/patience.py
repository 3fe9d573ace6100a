"""How often a job is tried, and how long it waits in between."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits double from `first` to `longest` seconds; with these numbers a job lives through seven hours
    of an outage. What GitHub asks for in `Retry-After` or `x-ratelimit-reset` is honoured up to `most`."""

    tries: int = 14
    tries_of_a_defect: int = 3
    """An exception that nobody expected is rarely better the next time."""
    first: float = 10.0
    longest: float = 3600.0
    most: float = 3 * 3600.0

    def wait(self, tries: int, now: float, retry_at: float | None = None) -> float:
        """Seconds to wait after so many tries."""
        own = min(self.first * 2.0 ** (min(tries, 32) - 1), self.longest)
        asked = 0.0 if retry_at is None else min(retry_at - now, self.most)
        return max(own, asked)
