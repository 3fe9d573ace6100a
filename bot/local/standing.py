"""How the pull requests of a local repository stand: what git tells of their branches."""

from pathlib import Path

from bot import git
from bot.lines import hunks, meeting
from bot.local.record import Record, Records
from bot.published import NEVER, Marker, Published, State, read_marker

US = git.Author("Suture", "suture@localhost")
_GITHUB = "noreply@github.com"
MOST_COMMITS = 200
"""So many of the base are looked through for what became of a branch that is gone."""


def standing(root: Path, records: Records, base: str) -> list[Published]:
    """Every pull request that has a record, and every branch that is named like one of ours.

    Raises git.GitError and record.RecordError.
    """
    heads = git.heads(root, "suture")
    found = [
        _published(root, record, read_marker(records.body(record.branch)), heads.get(record.branch), base)
        for record in records
    ]
    strays = [
        _stray(root, name, heads[name], base) for name in sorted(heads.keys() - {f.branch for f in found})
    ]
    return found + [one for one in strays if one.key]


def _published(
    root: Path, record: Record, marker: Marker | None, head: git.Head | None, base: str
) -> Published:
    state, pushed = record.state, marker.head if marker else ""
    if state is State.OPEN and _is_merged(root, pushed, head, base):
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
        is_foreign=_is_foreign(root, head.commit, pushed, base),
        is_approved=record.approved,
        is_unfinished=_parting(root, pushed, head.commit) != pushed,
        has_conflict=_has_conflict(root, head.commit, base),
        locked=_locked(head),
    )


def _stray(root: Path, name: str, head: git.Head, base: str) -> Published:
    """A branch without a record: merged, or a person's, or left by a run of ours that broke off."""
    if git.is_ancestor(root, head.commit, base):
        return Published(name, State.MERGED, NEVER, None, head.commit)
    is_foreign = _is_foreign(root, head.commit, "", base)
    marker = None if is_foreign else Marker("", head.commit, ())
    return Published(
        name,
        State.OPEN,
        NEVER,
        marker,
        head.commit,
        is_foreign=is_foreign,
        is_unfinished=True,
        locked=_locked(head),
    )


def _locked(head: git.Head) -> str:
    return f"it is checked out in {head.worktree}" if head.worktree else ""


def _is_merged(root: Path, pushed: str, head: git.Head | None, base: str) -> bool:
    """Whether the base has it: its commits, or what a person made of them, or what it changed."""
    parted = _parting(root, pushed, base)
    if parted == pushed != "":
        return True
    if head is None:
        return bool(parted) and _was_added(root, parted, pushed, base)
    is_within = git.is_ancestor(root, head.commit, base)
    if is_within and not (pushed and _parting(root, pushed, head.commit) == head.commit):
        return True
    return bool(parted) and _adds_nothing(root, parted, pushed, base)


def _was_added(root: Path, parted: str, pushed: str, base: str) -> bool:
    """Whether the base has, or had at one of its last commits, all that lies between the two."""
    paths = git.changed_paths(root, parted, pushed)
    tried: list[dict[str, git.Entry]] = []
    for commit in git.beyond(root, base, parted)[:MOST_COMMITS]:
        there = git.entries(root, commit.hash, paths)
        if there not in tried and _adds_nothing(root, parted, pushed, commit.hash):
            return True
        tried.append(there)
    return False


def _adds_nothing(root: Path, parted: str, pushed: str, base: str) -> bool:
    """Whether to merge it would change nothing: so a squash or a rebase leaves it."""
    paths = git.changed_paths(root, parted, pushed)
    if git.entries(root, parted, paths) == git.entries(root, base, paths):
        return False
    sides = [git.contents(root, one, paths) for one in (base, parted, pushed, base)]
    return all(_is_plain_merge(*(side.get(path, b"") for side in sides)) for path in paths)


def _parting(root: Path, commit: str, base: str) -> str:
    """Where the two histories part; nothing where the clone doesn't know the commit."""
    return git.merge_base(root, commit, base) if commit else ""


def _is_foreign(root: Path, head: str, pushed: str, base: str) -> bool:
    """Whether a person has put something on the branch, or taken something from it."""
    if head == pushed:
        return False
    commits = git.beyond(root, head, base)
    ours = [one for one in commits if _is_ours(one)]
    if not ours or not all(one in ours or _is_update(root, one, base) for one in commits):
        return True
    return ours[0].hash != pushed and _parting(root, pushed, ours[0].hash) == ours[0].hash


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
