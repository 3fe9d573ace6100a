"""What people do to Suture's pull requests, each a function that also writes down what they meant."""

import os
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

from lifecycle_texts import Pick
from lifecycle_world import World

from bot import git
from bot.local import Record
from bot.published import END, State, read_marker

Act = Callable[[World, Record, Pick], None]
ADDRESS = "a@example.com"
NOREPLY = {"GIT_COMMITTER_EMAIL": "noreply@github.com", "GIT_COMMITTER_NAME": "GitHub"}


def _on_branch(act: Act) -> Act:
    """With the branch checked out; what stands there afterwards is a person's."""

    def acted(world: World, record: Record, pick: Pick) -> None:
        before = world.heads().get(record.branch)
        if not before or not world.tries("checkout", "-q", record.branch):
            return
        act(world, record, pick)
        after = world.git("rev-parse", "HEAD")
        world.git("checkout", "-q", "main")
        if after == _pushed(world, record):
            world.touched.pop(record.branch, None)
        elif after != before:
            world.touched.setdefault(record.branch, set()).add(after)

    acted.__name__ = act.__name__
    return acted


def _pushed(world: World, record: Record) -> str:
    """Where we left the branch, as its body says; nothing where a person took that over."""
    marker = read_marker(world.records.body(record.branch))
    return marker.head if marker else ""


@_on_branch
def push(world: World, record: Record, pick: Pick) -> None:
    files = world.files()
    path = pick(sorted(files))
    world.write(files | {path: f"{files[path]}# mine {world.fresh()}\n"}, "mine")


@_on_branch
def undo(world: World, record: Record, pick: Pick) -> None:
    world.tries("revert", "--no-edit", "HEAD")


@_on_branch
def amend(world: World, record: Record, pick: Pick) -> None:
    if pick((True, False)):
        (world.root / "mine.txt").write_text(f"{world.fresh()}\n")
        world.git("add", "-A")
    world.git("commit", "-q", "--amend", "-m", "better words")


@_on_branch
def drop(world: World, record: Record, pick: Pick) -> None:
    world.tries("reset", "-q", "--hard", "HEAD~1")


@_on_branch
def rebase(world: World, record: Record, pick: Pick) -> None:
    world.tries("rebase", "-q", "main")


def update(world: World, record: Record, pick: Pick) -> None:
    """GitHub's "Update branch": nothing of anybody's own is in it."""
    _update(world, record, "")


def update_by_hand(world: World, record: Record, pick: Pick) -> None:
    """GitHub's editor of conflicts: the merge holds something of a person's own."""
    _update(world, record, f"{world.fresh()}\n")


def _update(world: World, record: Record, own: str) -> None:
    before = world.heads().get(record.branch)
    if not before or not world.tries("checkout", "-q", record.branch):
        return
    with patch.dict(os.environ, NOREPLY):
        names = ("-c", "committer.name=GitHub", "-c", f"committer.email={NOREPLY['GIT_COMMITTER_EMAIL']}")
        merged = world.tries(*names, "merge", "-q", "--no-ff", "--no-commit", "main")
        if merged and (world.root / ".git" / "MERGE_HEAD").exists():
            if own:
                (world.root / "mine.txt").write_text(own)
                world.git("add", "-A")
            world.git(*names, "commit", "-q", "-m", "Merge branch 'main'")
    after = world.git("rev-parse", "HEAD")
    world.git("checkout", "-q", "main")
    if after != before and own:
        world.touched.setdefault(record.branch, set()).add(after)


def approve(world: World, record: Record, pick: Pick) -> None:
    world.rewrite(replace(record, approved=not record.approved))


def write_around(world: World, record: Record, pick: Pick) -> None:
    body, words = world.records.body(record.branch), f"a word of mine, {world.fresh()}"
    if body:
        body = f"{words}\n\n{body}" if pick((True, False)) else f"{body}\n{words}\n"
        _write_body(world, record, body)
        world.said.setdefault(record.branch, set()).add(words)


def write_inside(world: World, record: Record, pick: Pick) -> None:
    body = world.records.body(record.branch)
    _write_body(world, record, body.replace("|", f"| {world.fresh()} ", 1))


def take_marker_out(world: World, record: Record, pick: Pick) -> None:
    body = world.records.body(record.branch)
    taken = pick(("[//]: # (suture-marker", END, body))
    _write_body(world, record, body.replace(taken, ""))
    if taken == body:
        world.said.pop(record.branch, None)


def _write_body(world: World, record: Record, body: str) -> None:
    world.records.path_of_body(record.branch).write_text(body, encoding="utf-8", newline="")


def check_out(world: World, record: Record, pick: Pick) -> None:
    """In a working tree of its own; the next time, that is given up."""
    place = world.root.parent / f"{world.root.name}-tree"
    if place.exists():
        world.git("worktree", "remove", "--force", str(place))
    else:
        world.tries("worktree", "add", "-q", str(place), record.branch)


def delete_record(world: World, record: Record, pick: Pick) -> None:
    world.records.path_of_body(record.branch).with_suffix(".json").unlink()
    if pick((True, False)):
        world.records.path_of_body(record.branch).unlink(missing_ok=True)
    world.said.pop(record.branch, None)
    head = world.heads().get(record.branch)
    if head and ADDRESS not in world.git("log", "--format=%ae %ce", f"main..{head}"):
        world.touched.pop(record.branch, None)  # nothing tells any more that a commit was taken off


def close(world: World, record: Record, pick: Pick) -> None:
    """A no, unless the base has what a deleted branch held. Without a marker it can't be told of what
    once the configuration has changed."""
    how = pick(("delete", "state", "both"))
    head = world.heads().get(record.branch)
    is_no = True
    if head and how != "state":
        is_no = world.merged_tree("main", head) != world.git("rev-parse", "main^{tree}")
        git.delete_branch(world.root, record.branch, head)
    if how != "delete":
        world.rewrite(replace(record, state=State.CLOSED))
        is_no = True
    if head and is_no and _pushed(world, record):
        world.rejected |= set(world.held.get(record.branch, ()))
    world.forget(record.branch)


def merge(world: World, record: Record, pick: Pick) -> None:
    head, before = world.heads().get(record.branch), world.base
    if not head:
        return
    how = pick(("merge", "forward", "squash", "rebase"))
    if how == "merge":
        world.tries("merge", "-q", "--no-ff", "-m", "merged", head)
    elif how == "forward":
        world.tries("merge", "-q", "--ff-only", head)
    elif how == "squash":
        if world.tries("merge", "-q", "--squash", head):
            world.commit("squashed")
    else:
        listed = world.git("rev-list", "--reverse", "--no-merges", f"main..{head}").split()
        if not listed or not world.tries("cherry-pick", *listed):
            world.git("reset", "-q", "--hard", before)
    if world.base != before:
        world.merges.append((record.branch, before, world.base))
        if pick((True, False)):
            git.delete_branch(world.root, record.branch, head)
        world.forget(record.branch)


def revert_a_merge(world: World, record: Record, pick: Pick) -> None:
    if not world.merges:
        return
    branch, before, after = pick(world.merges)
    is_merge = len(world.git("rev-list", "--parents", "-1", after).split()) > 2
    reverted = ("-m", "1", after) if is_merge else (f"{before}..{after}",)
    if world.tries("revert", "--no-edit", *reverted):
        world.merges.remove((branch, before, after))
        world.taken_back |= set(world.held.get(branch, ()))


ON_PULL_REQUESTS: tuple[Act, ...] = (
    *(push, undo, amend, drop, rebase, update, update, update_by_hand, approve),
    *(write_around, write_inside, take_marker_out, check_out, delete_record),
)
ENDS: tuple[Act, ...] = (close, close, close, merge, merge, merge, revert_a_merge)
