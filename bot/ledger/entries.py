"""What is read from the ledger and written into it, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository by GitHub's number, with the installation that reaches it."""

    id: int
    installation: int
    name: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan of a commit looked at: files there were, files read, files that couldn't be."""

    commit: str
    files: int
    read: int
    findings: int
    skipped: int


@dataclass(frozen=True, slots=True)
class FindingLife:
    """A finding from when it was first seen; `ended` is None as long as it is there. Times in seconds."""

    fingerprint: str
    rule: str
    severity: str
    path: str
    line: int
    symbol: str
    status: str
    detail: str
    first_seen: int = 0
    last_seen: int = 0
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class PullRequestRow:
    """A pull request by its number; `state` is one of open, merged, closed, done."""

    number: int
    branch: str
    title: str
    state: str
    opened: int
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class JobEnd:
    """How a job ended: `outcome` is one word, `reason` a sentence for whoever asks why."""

    id: str
    kind: str
    commit: str
    outcome: str
    reason: str
