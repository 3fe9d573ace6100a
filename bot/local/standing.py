"""How the pull requests of a local repository stand: what git tells of their branches."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot import git
from bot.lines import hunks, meeting
from bot.local.record import Record, Records
from bot.published import Marker, Published, State, read_marker

US = git.Author("Suture", "suture@localhost")
_GITHUB = "noreply@github.com"


def standing(root: Path, records: Records, base: str) -> list[Published]:
    """Every pull request that has a record, and every branch below `suture/` that somebody else wrote.

    Raises git.GitError and record.RecordError.
    """
    heads = git.heads(root, "suture")
    found = [
        _published(root, record, read_marker(records.body(record.branch)), heads, base) for record in records
    ]
    strays = sorted(heads.keys() - {one.branch for one in found})
    return found + [one for name in strays for one in _stray(root, name, heads[name], base)]


def _published(
    root: Path, record: Record, marker: Marker | None, heads: dict[str, git.Head], base: str
) -> Published:
    head = heads.get(record.branch)
    state = record.state
    if state is State.OPEN and marker and _is_merged(root, marker.head, base):
        state = State.MERGED
    elif state is State.OPEN and head is None:
        state = State.CLOSED
    if state is not State.OPEN or head is None:
        return Published(record.branch, state, record.opened, marker, head.commit if head else "")
    return Published(
        record.branch,
        state,
        record.opened,
        marker,
        head.commit,
        is_foreign=_is_foreign(root, head.commit, marker.head if marker else "", base),
        is_approved=record.approved,
        has_conflict=_has_conflict(root, head.commit, base),
        locked=f"it is checked out in {head.worktree}" if head.worktree else "",
    )


def _stray(root: Path, name: str, head: git.Head, base: str) -> Iterator[Published]:
    """A branch without a record, if a person wrote it; one of ours was left by a run that broke off."""
    found = Published(name, State.OPEN, date.min, None, head.commit, is_foreign=True)
    if found.key and not is_left_over(root, head, base):
        yield found


def is_left_over(root: Path, head: git.Head, base: str) -> bool:
    """Whether a branch holds nothing of anybody else, so that it may be made anew. Raises GitError."""
    return not head.worktree and not _is_foreign(root, head.commit, "", base)


def _is_merged(root: Path, pushed: str, base: str) -> bool:
    """Whether the base has the commit, or all that it changed: so a squash leaves it."""
    parted = _parting(root, pushed, base)
    if not parted:
        return False
    if parted == pushed:
        return True
    paths = git.changed_paths(root, parted, pushed)
    theirs, ours = git.entries(root, base, paths), git.entries(root, pushed, paths)
    return bool(paths) and all(
        path in theirs and path in ours and theirs[path].oid == ours[path].oid for path in paths
    )


def _parting(root: Path, commit: str, base: str) -> str:
    """Where the two histories part; nothing where the clone doesn't know the commit."""
    try:
        return git.merge_base(root, git.commit_of(root, commit), base) if commit else ""
    except git.GitError:
        return ""


def _is_foreign(root: Path, head: str, pushed: str, base: str) -> bool:
    """Whether a person has put something on the branch, or taken something from it."""
    if head == pushed:
        return False
    commits = git.beyond(root, head, base)
    return not commits or not all(_is_ours(one) or _is_update(root, one, base) for one in commits)


def _is_ours(commit: git.Commit) -> bool:
    return commit.author == commit.committer == US.email


def _is_update(root: Path, commit: git.Commit, base: str) -> bool:
    """Whether it is the merge that GitHub's "Update branch" makes, with nothing in it of anybody's own."""
    if commit.committer != _GITHUB or len(commit.parents) != 2:
        return False
    ours, theirs = commit.parents
    parted = git.merge_base(root, ours, theirs)
    if not parted or not git.is_ancestor(root, theirs, base):
        return False
    mine = git.changed_paths(root, parted, ours)
    if not set(git.changed_paths(root, theirs, commit.hash)) <= set(mine):
        return False
    sides = [git.contents(root, one, mine) for one in (ours, parted, theirs, commit.hash)]
    return all(_is_plain_merge(*(side.get(path, b"") for side in sides)) for path in mine)


def _is_plain_merge(ours: bytes, parted: bytes, theirs: bytes, made: bytes) -> bool:
    return made == (ours if theirs == parted else git.merged_text(ours, parted, theirs))


def _has_conflict(root: Path, head: str, base: str) -> bool:
    """Whether the branch and the base changed lines that meet, since they parted."""
    parted = git.merge_base(root, head, base)
    if not parted or parted == base:
        return False
    paths = set(git.changed_paths(root, parted, head)) & set(git.changed_paths(root, parted, base))
    before, ours, theirs = (git.contents(root, one, paths) for one in (parted, head, base))
    return any(ours.get(path) != theirs.get(path) and _meet(path, before, ours, theirs) for path in paths)


def _meet(path: str, before: dict[str, bytes], ours: dict[str, bytes], theirs: dict[str, bytes]) -> bool:
    if not (path in before and path in ours and path in theirs):
        return True
    mine, other = (hunks(before[path], side[path]) for side in (ours, theirs))
    return bool(meeting({path: mine}, {path: other}))
