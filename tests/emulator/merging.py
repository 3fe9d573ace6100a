"""Three-way merges of trees, as GitHub makes them; emulate takes the head's tree as it is."""

import re
import subprocess
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.wire import Data, Refusal

if TYPE_CHECKING:
    from emulator.hub import Hub

Entry = tuple[str, str]
"""Mode and blob."""
OBJECT = re.compile("[0-9a-f]{40}")
Changes = dict[str, Entry | bytes | None]
"""Path → what it becomes: an entry, new bytes (mode kept), or nothing."""


class Conflicting(Exception):
    """Both sides changed the same lines."""


def tree_of(hub: "Hub", repository: str, sha: str) -> str:
    found: str = hub.read(f"/repos/{repository}/git/commits/{sha}")["tree"]["sha"]
    return found


def entries(hub: "Hub", repository: str, tree: str) -> dict[str, Entry]:
    """Every file of a tree (or of a commit). Objects don't change: each is read once."""
    if tree in hub.state.trees:
        return hub.state.trees[tree]
    found = hub.read(f"/repos/{repository}/git/trees/{tree}?recursive=1")["tree"]
    files = {one["path"]: (one["mode"], one["sha"]) for one in found if one["type"] != "tree"}
    if OBJECT.fullmatch(tree):
        hub.state.trees[tree] = files
    return files


def blob(hub: "Hub", repository: str, sha: str) -> bytes:
    return b64decode(hub.read(f"/repos/{repository}/git/blobs/{sha}")["content"])


def changes(hub: "Hub", repository: str, base: str, ours: str, theirs: str) -> Changes:
    """What `theirs` (trees or commits) brings into `ours`. Raises Conflicting."""
    was, here, there = (entries(hub, repository, tree) for tree in (base, ours, theirs))
    wanted: Changes = {}
    for path in sorted(was.keys() | here.keys() | there.keys()):
        old, mine, other = was.get(path), here.get(path), there.get(path)
        if other in (old, mine):
            continue
        if mine == old:
            wanted[path] = other
        elif old is None or mine is None or other is None or old[0] != mine[0] or old[0] != other[0]:
            raise Conflicting(path)
        else:
            texts = [blob(hub, repository, entry[1]) for entry in (mine, old, other)]
            wanted[path] = _merged(path, *texts)
    return wanted


def _merged(path: str, mine: bytes, old: bytes, other: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        names = ("mine", "old", "other")
        for name, text in zip(names, (mine, old, other), strict=True):
            Path(folder, name).write_bytes(text)
        done = subprocess.run(["git", "merge-file", "-p", "-q", *names], cwd=folder, capture_output=True)
    if done.returncode != 0:
        raise Conflicting(path)
    return done.stdout


def write_tree(hub: "Hub", repository: str, ours: str, wanted: Changes, token: str) -> str:
    """The tree of `ours` with the changes in it, written as the bearer of the token."""
    here = entries(hub, repository, ours)
    items: list[Data] = []
    for path, value in wanted.items():
        if value is None:
            items.append({"path": path, "mode": here[path][0], "type": "blob", "sha": None})
            continue
        mode, sha = value if isinstance(value, tuple) else (here[path][0], "")
        if isinstance(value, bytes):
            body = {"content": b64encode(value).decode(), "encoding": "base64"}
            sha = hub.write("POST", f"/repos/{repository}/git/blobs", body, token)["sha"]
        items.append(
            {"path": path, "mode": mode, "type": "commit" if mode == "160000" else "blob", "sha": sha}
        )
    if not items:
        return ours
    asked = {"base_tree": ours, "tree": items}
    made: str = hub.write("POST", f"/repos/{repository}/git/trees", asked, token)["sha"]
    return made


def merge_base(hub: "Hub", repository: str, one: str, other: str) -> str:
    found: str = hub.read(f"/repos/{repository}/compare/{one}...{other}")["merge_base_commit"]["sha"]
    return found


def is_mergeable(hub: "Hub", repository: str, base: str, head: str) -> bool:
    try:
        changes(hub, repository, merge_base(hub, repository, base, head), base, head)
    except Conflicting:
        return False
    return True


def commit_merge(hub: "Hub", repository: str, into: str, other: str, message: str, token: str) -> str:
    """A commit with both parents, `into` first; 409 where they conflict."""
    try:
        wanted = changes(hub, repository, merge_base(hub, repository, into, other), into, other)
    except Conflicting as problem:
        raise Refusal(409, f"Merge conflict in {problem}") from None
    tree = write_tree(hub, repository, tree_of(hub, repository, into), wanted, token)
    return commit(hub, repository, message, tree, [into, other], token)


def commit(
    hub: "Hub",
    repository: str,
    message: str,
    tree: str,
    parents: list[str],
    token: str,
    author: Data | None = None,
) -> str:
    """Made by GitHub itself for somebody: committed by GitHub, and so verified."""
    github = {"name": "GitHub", "email": "noreply@github.com", "date": hub.now()}
    asked = {"message": message, "tree": tree, "parents": parents, "committer": github}
    if author is not None:
        asked["author"] = author
    made: str = hub.write("POST", f"/repos/{repository}/git/commits", asked, token)["sha"]
    hub.state.verified.add(made)
    return made
