"""What commits tell of a pull request's branch, whoever keeps them: a local repository or a forge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.lines import hunks, meeting, merged

GITHUB = "noreply@github.com"
"""The address in whose name GitHub commits what is done on its pages."""


@dataclass(frozen=True, slots=True)
class Made:
    """A commit with its parents, and who made it: by addresses, or by whatever name its keeper uses."""

    hash: str
    parents: tuple[str, ...]
    author: str
    committer: str


class History(Protocol):
    """The questions that are asked of commits, each by its hash."""

    def merge_base(self, one: str, two: str) -> str:
        """Where two histories part, or nothing."""

    def beyond(self, commit: str, base: str) -> Sequence[Made]:
        """The commits that `commit` has and `base` hasn't, newest first."""

    def changed_paths(self, ancestor: str, commit: str) -> Sequence[str]:
        """The files that differ between a commit and an ancestor of it."""

    def contents(self, commit: str, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Those of the files that the commit has."""


def is_foreign(history: History, head: str, pushed: str, base: str, us: str) -> bool:
    """Whether somebody but `us` has put something on the branch, or taken something off it.

    `pushed` is the commit at which we left it. What GitHub's "Update branch" merges is nobody's own.
    """
    if head == pushed:
        return False
    commits = history.beyond(head, base)
    ours = [one for one in commits if one.author == us and one.committer in (us, GITHUB)]
    if not ours or not all(one in ours or _is_update(history, one, base) for one in commits):
        return True
    return (
        bool(pushed) and ours[0].hash != pushed and history.merge_base(pushed, ours[0].hash) == ours[0].hash
    )


def _is_update(history: History, commit: Made, base: str) -> bool:
    """Whether it is the merge of the base that GitHub's "Update branch" makes, and nothing besides."""
    if commit.committer != GITHUB or len(commit.parents) != 2:
        return False
    ours, theirs = commit.parents
    parted = history.merge_base(ours, theirs)
    if not parted or history.merge_base(theirs, base) != theirs:
        return False
    mine = history.changed_paths(parted, ours)
    if not set(history.changed_paths(theirs, commit.hash)) <= set(mine):
        return False
    sides = [history.contents(one, mine) for one in (ours, parted, theirs, commit.hash)]
    return all(is_plain_merge(*(side.get(path, b"") for side in sides)) for path in mine)


def is_plain_merge(ours: bytes, parted: bytes, theirs: bytes, made: bytes) -> bool:
    """Whether `made` holds both changes and nothing besides."""
    return made == (ours if theirs == parted else merged(ours, parted, theirs))


def has_conflict(history: History, head: str, base: str) -> bool:
    """Whether the branch and the base changed lines that meet, since they parted."""
    parted = history.merge_base(head, base)
    if not parted or parted == base:
        return False
    paths = {*history.changed_paths(parted, head)} & {*history.changed_paths(parted, base)}
    before, ours, theirs = (history.contents(one, paths) for one in (parted, head, base))
    return any(ours.get(path) != theirs.get(path) and _meet(path, before, ours, theirs) for path in paths)


def _meet(
    path: str, before: Mapping[str, bytes], ours: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> bool:
    if not (path in before and path in ours and path in theirs):
        return True
    mine, other = (hunks(before[path], side[path]) for side in (ours, theirs))
    return bool(meeting({path: mine}, {path: other}))


def is_equal(history: History, files: Mapping[str, bytes], head: str, base: str) -> bool:
    """Whether the branch changes just these files, since it parted from the base, and to just this."""
    parted = history.merge_base(head, base)
    if not parted or set(files) != set(history.changed_paths(parted, head)):
        return False
    return history.contents(head, files) == files
