"""How the pull requests of a local repository stand: what git tells of their branches."""

from pathlib import Path

from bot import git
from bot.local.history import GitHistory
from bot.local.record import Record, Records
from bot.published import (
    NEVER,
    Marker,
    Published,
    State,
    has_conflict,
    is_foreign,
    is_plain_merge,
    read_marker,
)

US = git.Author("Suture", "suture@localhost")
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
    history, state, pushed = GitHistory(root), record.state, marker.head if marker else ""
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
        is_foreign=is_foreign(history, head.commit, pushed, base, US.email),
        is_approved=record.approved,
        is_unfinished=history.merge_base(pushed, head.commit) != pushed,
        has_conflict=has_conflict(history, head.commit, base),
        locked=_locked(head),
    )


def _stray(root: Path, name: str, head: git.Head, base: str) -> Published:
    """A branch without a record: merged, or a person's, or left by a run of ours that broke off."""
    if git.is_ancestor(root, head.commit, base):
        return Published(name, State.MERGED, NEVER, None, head.commit)
    is_theirs = is_foreign(GitHistory(root), head.commit, "", base, US.email)
    marker = None if is_theirs else Marker("", head.commit, ())
    return Published(
        name,
        State.OPEN,
        NEVER,
        marker,
        head.commit,
        is_foreign=is_theirs,
        is_unfinished=True,
        locked=_locked(head),
    )


def _locked(head: git.Head) -> str:
    return f"it is checked out in {head.worktree}" if head.worktree else ""


def _is_merged(root: Path, pushed: str, head: git.Head | None, base: str) -> bool:
    """Whether the base has it: its commits, or what a person made of them, or what it changed."""
    parted = GitHistory(root).merge_base(pushed, base)
    if parted == pushed != "":
        return True
    if head is None:
        return bool(parted) and _was_added(root, parted, pushed, base)
    is_within = git.is_ancestor(root, head.commit, base)
    if is_within and not (pushed and GitHistory(root).merge_base(pushed, head.commit) == head.commit):
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
    return all(is_plain_merge(*(side.get(path, b"") for side in sides)) for path in paths)
