"""What has been published: pull requests as they stand now, whoever keeps them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.published.history import GITHUB, History, Made, has_conflict, is_equal, is_foreign, is_plain_merge
from bot.published.marker import BEGIN, END, Known, Marker, around, known, read_marker, written_marker
from bot.published.recognition import Recognition

__all__ = [
    "BEGIN",
    "END",
    "GITHUB",
    "NEVER",
    "History",
    "Known",
    "Made",
    "Marker",
    "Published",
    "Recognition",
    "State",
    "around",
    "has_conflict",
    "is_equal",
    "is_foreign",
    "is_plain_merge",
    "key_in",
    "known",
    "read_marker",
    "written_marker",
]


NEVER = date.min
"""When a branch was opened that nobody has described yet."""

_KEY = re.compile(r"-([0-9a-f]{10})(?:-[0-9]+)?$")


def key_in(branch: str) -> str:
    """The digest of a campaign's key in the name of its branch; empty for a branch of another kind."""
    found = _KEY.search(branch)
    return found[1] if found else ""


class State(Enum):
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"
    """By a person: that is a no."""
    DONE = "done"
    """Closed by us, as there was nothing left in it."""
    RED = "red"
    """Closed by us, as the repository's own checks failed on it."""


@dataclass(frozen=True, slots=True)
class Published:
    """One pull request. Where a person took the marker out of its body, `marker` is None.

    `head` is the commit at which its branch stands (empty: the branch is gone); `is_foreign` says that
    it holds a commit of somebody else, `is_approved` that a person approved it, `is_unfinished` that a run
    broke off before its description was written, `has_conflict` that it can't be merged into the base as
    that stands now; `locked` is why it can't be touched at the moment, `failed` names the check that failed.
    """

    branch: str
    state: State
    opened: date
    marker: Marker | None
    head: str = ""
    is_foreign: bool = False
    is_approved: bool = False
    is_unfinished: bool = False
    has_conflict: bool = False
    locked: str = ""
    failed: str = ""

    @property
    def key(self) -> str:
        """The digest of its campaign's key, which its branch's name holds."""
        return key_in(self.branch)

    @property
    def hands_off(self) -> str:
        """Why it belongs to a person now, or nothing."""
        if self.marker is None:
            return "its description was taken over by a person"
        if self.is_foreign:
            return "a person has pushed to it"
        return "a person has approved it" if self.is_approved else self.locked

    @property
    def is_asked(self) -> bool:
        """Whether a person asked for it."""
        return self.marker is not None and self.marker.is_asked

    @property
    def findings(self) -> tuple[Known, ...]:
        return self.marker.findings if self.marker else ()


def has_merged(published: Iterable[Published]) -> bool:
    """Whether one of them was merged: then a little more may open."""
    return any(one.state is State.MERGED for one in published)
