"""What can stand between us and GitHub, named by what may be done about it."""

from collections.abc import Sequence


class Problem(Exception):
    """`message` is a sentence for the ledger, without secrets; `status` the HTTP status, 0 without one."""

    def __init__(self, message: str, *, status: int = 0, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.details = tuple(details)
        """What GitHub said in particular, where its answer was a list of errors."""

    def says(self, *words: str) -> bool:
        """Whether GitHub's words contain one of these, in whatever case."""
        said = "\n".join((self.message, *self.details)).lower()
        return any(word in said for word in words)


class Unavailable(Problem):
    """No usable answer: 5xx, timeouts, broken connections, half of a body. A later try may do.

    `retry_at` is in seconds since the epoch, by our clock; None where GitHub asked for nothing. Whether a
    write was done stays unknown.
    """

    def __init__(self, message: str, *, status: int = 0, retry_at: float | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_at = retry_at


class RateLimited(Unavailable):
    """A primary or secondary limit: nothing was done, `retry_at` is always set."""

    retry_at: float

    def __init__(self, message: str, *, status: int, retry_at: float) -> None:
        super().__init__(message, status=status, retry_at=retry_at)


class Refused(Problem):
    """GitHub doesn't let us, or doesn't take what we send: 400, 401, 403, 413, …"""


class Suspended(Refused):
    """The installation is suspended, until its owner resumes it."""


class Missing(Problem):
    """Not there, or not for us: 404, 410."""


class Conflict(Problem):
    """It exists already, is stale, is no fast forward, isn't valid as things stand: 409, 422."""


class Oversized(Problem):
    """An answer beyond the bound that was given; it wasn't read to its end."""
