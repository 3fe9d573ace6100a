"""What is read from the ledger and written into it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Onboarding(StrEnum):
    """How far the first contact with a repository is."""

    UNKNOWN = ""
    """It wasn't looked at yet."""
    NO_AI = "no-ai"
    WAITING = "waiting"
    """Nobody asked for it, or as many began in this day as may."""
    OPEN = "open"
    CLOSED = "closed"
    """A person said no: by closing it, or by taking the configuration away."""
    CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository by GitHub's number, with the installation that reaches it. `due` is since when a look
    besides the regular ones is asked for, in seconds since 1970 (0: none is)."""

    id: int
    installation: int
    name: str
    criticality: str
    due: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A repository that an installation reaches, as GitHub lists it."""

    id: int
    name: str
    is_private: bool
    is_archived: bool = False
    is_fork: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of the first contact. `is_wanted`: somebody asked for it; `is_begun`: its branch may be
    there; `is_alone`: its installation reaches nothing else, and that is known for sure."""

    state: Onboarding
    is_wanted: bool = False
    is_begun: bool = False
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class ListedRepository:
    """A repository with what there is to tell of it. `findings` counts those that are there, without
    ignored ones, by severity; `requests` are the pull requests that fix some and stand open."""

    id: int
    name: str
    is_private: bool
    is_archived: bool
    is_fork: bool
    criticality: str
    onboarding: Onboarding
    is_wanted: bool
    requests: int = 0
    findings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedInstallation:
    """An installation with all that it reaches, by name."""

    id: int
    account: str
    is_suspended: bool
    repositories: tuple[ListedRepository, ...]


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
