"""What follows when a branch moves: the push, the pull requests that it is the head of, objects of forks."""

from typing import TYPE_CHECKING

from emulator import access, merging, polish
from emulator.wire import Data, Refusal

if TYPE_CHECKING:
    from emulator.hub import Hub

NOTHING = "0" * 40
MOST_COMMITS = 20
"""Of a push, the newest whose files are listed."""


def user(hub: "Hub", login: str) -> Data:
    known = hub.ask("GET", f"/users/{login}")
    if known.status == 200:
        found: Data = known.value
        return found
    return {"login": login, "id": 0, "type": "Bot" if login.endswith("[bot]") else "User"}


def head(hub: "Hub", repository: str, branch: str) -> str:
    """The commit of a branch; NOTHING where there is no such branch."""
    found = hub.ask("GET", f"/repos/{repository}/git/ref/heads/{branch}")
    return str(found.value["object"]["sha"]) if found.status == 200 else NOTHING


def follow(hub: "Hub", repository: str, ref: str, before: str, after: str, token: str) -> None:
    """Tells of a branch or tag that went from one commit to another; NOTHING for made or deleted."""
    if before == after:
        return
    login = access.login_by(hub, token)
    _push(hub, repository, ref, before, after, login)
    if not ref.startswith("refs/heads/"):
        return
    if after == NOTHING:
        _deleted(hub, repository, ref, login)
    for number, base in _pulls_of(hub, repository, ref.removeprefix("refs/heads/")):
        if after == NOTHING:
            _close(hub, base, number, token)
        else:
            _synchronize(hub, base, number, before, after, login, repository)


def _deleted(hub: "Hub", repository: str, ref: str, login: str) -> None:
    payload = {
        "ref": ref.removeprefix("refs/heads/"),
        "ref_type": "branch",
        "pusher_type": "user",
        "repository": hub.read(f"/repos/{repository}"),
        "sender": user(hub, login),
    }
    hub.emit("delete", payload, repository.partition("/")[0])


def _pulls_of(hub: "Hub", repository: str, branch: str) -> list[tuple[int, str]]:
    """Open pull requests with that head: number and the repository that they go into."""
    found = []
    parent = hub.state.forks.get(repository)
    for base in (repository, parent) if parent else (repository,):
        for pull in hub.read(f"/repos/{base}/pulls?state=open&per_page=100"):
            if pull["head"]["ref"] == branch and pull["head"]["repo"]["full_name"] == repository:
                found.append((pull["number"], base))
    return found


def pull_event(hub: "Hub", repository: str, number: int, action: str, login: str, **more: object) -> None:
    pull = hub.read(f"/repos/{repository}/pulls/{number}")
    payload = {
        "action": action,
        "number": number,
        "pull_request": pull | {"mergeable": None},
        "repository": hub.read(f"/repos/{repository}"),
        "sender": user(hub, login),
        **more,
    }
    hub.emit("pull_request", payload, repository.partition("/")[0])


def _synchronize(
    hub: "Hub", base: str, number: int, before: str, after: str, login: str, repository: str
) -> None:
    if base != repository:
        transfer(hub, repository, base, after)
    hub.state.heads[(hub.state.repositories[base], number)] = after
    pull_event(hub, base, number, "synchronize", login, before=before, after=after)


def _close(hub: "Hub", base: str, number: int, token: str) -> None:
    """A pull request whose head branch is deleted is closed by that, whoever did it."""
    target, closed = f"/repos/{base}/pulls/{number}", {"state": "closed"}
    hub.state.closers[(hub.state.repositories[base], number)] = access.login_by(hub, token)
    if hub.ask("PATCH", target, closed, token).status >= 400:
        hub.write("PATCH", target, closed, hub.sight(base.partition("/")[0]))


def _push(hub: "Hub", repository: str, ref: str, before: str, after: str, login: str) -> None:
    facts = hub.read(f"/repos/{repository}")
    commits = [] if after == NOTHING else _commits(hub, facts, before, after)
    sender = user(hub, login)
    payload: Data = {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == NOTHING,
        "deleted": after == NOTHING,
        "forced": NOTHING not in (before, after) and not is_ancestor(hub, repository, before, after),
        "base_ref": None,
        "compare": f"{hub.base_url}/{repository}/compare/{before[:12]}...{after[:12]}",
        "commits": commits,
        "head_commit": commits[-1] if commits else None,
        "pusher": {"name": login, "email": sender.get("email")},
        "repository": facts,
        "sender": sender,
    }
    hub.emit("push", payload, repository.partition("/")[0])


def is_ancestor(hub: "Hub", repository: str, older: str, newer: str) -> bool:
    try:
        return merging.merge_base(hub, repository, older, newer) == older
    except Refusal:
        return False


def _commits(hub: "Hub", facts: Data, before: str, after: str) -> list[Data]:
    """New ones, oldest first; of a new branch those that the default branch lacks."""
    name = facts["full_name"]
    since = before if before != NOTHING else head(hub, name, facts["default_branch"])
    compared = hub.ask("GET", f"/repos/{name}/compare/{since}...{after}")
    found = compared.value["commits"] if compared.status == 200 else []
    return [_commit(hub, name, one["sha"]) for one in found[-MOST_COMMITS:]]


def _commit(hub: "Hub", repository: str, sha: str) -> Data:
    full = hub.read(f"/repos/{repository}/commits/{sha}")
    inner, files = full["commit"], full["files"]
    people = {
        who: inner[who] | {"username": (full[who] or {}).get("login")} for who in ("author", "committer")
    }
    named = {
        kind: [one["filename"] for one in files if one["status"] == status]
        for kind, status in (("added", "added"), ("removed", "removed"), ("modified", "modified"))
    }
    return {
        "id": sha,
        "tree_id": inner["tree"]["sha"],
        "distinct": True,
        "message": inner["message"],
        "timestamp": inner["committer"]["date"],
        "url": full["html_url"],
        **people,
        **named,
    }


def transfer(hub: "Hub", source: str, target: str, sha: str) -> None:
    """Copies a commit and what it needs: on GitHub a fork and its parent share their objects."""
    if hub.ask("GET", f"/repos/{target}/git/commits/{sha}").status == 200:
        return
    found = hub.read(f"/repos/{source}/git/commits/{sha}")
    for parent in found["parents"]:
        transfer(hub, source, target, parent["sha"])
    token = hub.sight(target.partition("/")[0])
    items = []
    for path, (mode, oid) in merging.entries(hub, source, found["tree"]["sha"]).items():
        if mode != "160000" and hub.ask("GET", f"/repos/{target}/git/blobs/{oid}").status != 200:
            copied = hub.read(f"/repos/{source}/git/blobs/{oid}")
            body = {"content": copied["content"], "encoding": "base64"}
            hub.write("POST", f"/repos/{target}/git/blobs", body, token)
        items.append(
            {"path": path, "mode": mode, "type": "commit" if mode == "160000" else "blob", "sha": oid}
        )
    tree = hub.write("POST", f"/repos/{target}/git/trees", {"tree": items}, token)["sha"]
    commit = {
        "message": found["message"],
        "tree": tree,
        "parents": [parent["sha"] for parent in found["parents"]],
        "author": found["author"],
        "committer": found["committer"],
    }
    made = hub.write("POST", f"/repos/{target}/git/commits", commit, token)["sha"]
    if made != sha:
        raise AssertionError(f"{sha} of {source} became {made} in {target}")


def pull(hub: "Hub", repository: str, number: int) -> Data:
    """As emulate has it, with the head where it really is."""
    found: Data = polish.value(hub, hub.read(f"/repos/{repository}/pulls/{number}"))
    return found
