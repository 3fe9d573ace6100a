"""Pull requests: what GitHub refuses, the files and commits that emulate makes up, and real merges."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emulator import access, merging, moves, relay
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer, page_of

if TYPE_CHECKING:
    from emulator.hub import Hub

LONGEST_BODY = 65_536


def _name(args: Args) -> str:
    return f"{args['owner']}/{args['repo']}"


def _key(hub: "Hub", args: Args) -> tuple[int, int]:
    return hub.state.repositories[_name(args)], int(args["number"])


def _check_body(body: object) -> None:
    if isinstance(body, str) and len(body) > LONGEST_BODY:
        raise Refusal(
            422, "Validation Failed", code="custom", detail="body is too long (maximum is 65536 characters)"
        )


def create(hub: "Hub", request: Request, args: Args) -> Answer:
    name, asked = _name(args), request.data()
    _check_body(asked.get("body"))
    owner, colon, branch = str(asked.get("head", "")).rpartition(":")
    forks = [one for one, parent in hub.state.forks.items() if parent == name and one.startswith(f"{owner}/")]
    source = forks[0] if colon and forks else name
    tip, base_tip = moves.head(hub, source, branch), moves.head(hub, name, str(asked.get("base", "")))
    if moves.NOTHING in (tip, base_tip):
        field = "head" if tip == moves.NOTHING else "base"
        raise Refusal(422, "Validation Failed", code="invalid", detail=f"{field} is invalid")
    if source != name:
        moves.transfer(hub, source, name, tip)
    _check_new(hub, name, source, branch, str(asked["base"]), tip)
    if asked.get("draft") and not hub.behaviour.has_drafts:
        raise Refusal(422, "Draft pull requests are not supported in this repository.")
    made = hub.forward(request)
    if made.status == 201:
        key = (hub.state.repositories[name], made.value["number"])
        hub.state.pulls.add(key)
        hub.state.heads[key] = tip
        if source != name:
            hub.state.from_forks.add(key)
    return made


def _check_new(hub: "Hub", name: str, source: str, branch: str, base: str, tip: str) -> None:
    for pull in hub.read(f"/repos/{name}/pulls?state=open&base={base}&per_page=100"):
        if pull["head"]["ref"] == branch and pull["head"]["repo"]["full_name"] == source:
            label = f"{source.partition('/')[0]}:{branch}"
            detail = f"A pull request already exists for {label}."
            raise Refusal(422, "Validation Failed", detail=detail)
    if not hub.read(f"/repos/{name}/compare/{base}...{tip}")["ahead_by"]:
        raise Refusal(422, "Validation Failed", detail=f"No commits between {base} and {branch}")


def show(hub: "Hub", request: Request, args: Args) -> Answer:
    found = hub.forward(request)
    if found.status != 200:
        return found
    pull = moves.pull(hub, _name(args), int(args["number"]))
    if "diff" in request.accept:
        files = _compared(hub, _name(args), pull)["files"]
        return Answer(200, "".join(map(_diff, files)).encode(), {"Content-Type": "text/plain; charset=utf-8"})
    return answer(pull | _counted(hub, args, pull), headers=found.headers)


def _compared(hub: "Hub", name: str, pull: Data) -> Any:
    """Against where the branch left the base; of a merged one against the base as it was."""
    base = pull["base"]["sha"] if pull["merged"] else pull["base"]["ref"]
    return hub.read(f"/repos/{name}/compare/{base}...{pull['head']['sha']}")


def _counted(hub: "Hub", args: Args, pull: Data) -> Data:
    compared = _compared(hub, _name(args), pull)
    files = compared["files"]
    counted = {
        "commits": compared["ahead_by"],
        "changed_files": len(files),
        "additions": sum(one["additions"] for one in files),
        "deletions": sum(one["deletions"] for one in files),
    }
    if pull["state"] != "open":
        return counted | {"mergeable": None, "mergeable_state": "unknown"}
    base, head = moves.head(hub, _name(args), pull["base"]["ref"]), pull["head"]["sha"]
    if hub.behaviour.is_mergeable_lazy and (base, head) not in hub.state.computed:
        hub.state.computed.add((base, head))
        return counted | {"mergeable": None, "mergeable_state": "unknown"}
    mergeable = merging.is_mergeable(hub, _name(args), base, head)
    state = "dirty" if not mergeable else "draft" if pull["draft"] else "clean"
    return counted | {"mergeable": mergeable, "mergeable_state": state}


def _diff(file: Data) -> str:
    old, new = file.get("previous_filename", file["filename"]), file["filename"]
    left = "/dev/null" if file["status"] == "added" else f"a/{old}"
    right = "/dev/null" if file["status"] == "removed" else f"b/{new}"
    patch = f"--- {left}\n+++ {right}\n{file['patch']}\n" if file.get("patch") else ""
    return f"diff --git a/{old} b/{new}\n{patch}"


def listed(hub: "Hub", request: Request, args: Args) -> Answer:
    """GitHub's list leaves out what has to be computed for each."""
    found = hub.forward(request)
    if found.status != 200:
        return found
    single = {
        "merged", "mergeable", "mergeable_state", "rebaseable", "merged_by", "comments", "review_comments",
        "maintainer_can_modify", "commits", "additions", "deletions", "changed_files",
    }  # fmt: skip
    items = [{key: value for key, value in one.items() if key not in single} for one in found.value]
    return answer(items, headers=found.headers)


def files(hub: "Hub", request: Request, args: Args) -> Answer:
    found = hub.forward(request)
    if found.status != 200:
        return found
    compared = _compared(hub, _name(args), moves.pull(hub, _name(args), int(args["number"])))
    shown, headers = page_of(compared["files"], request, f"{hub.base_url}{request.path}")
    return answer(shown, headers=headers)


def commits(hub: "Hub", request: Request, args: Args) -> Answer:
    found = hub.forward(request)
    if found.status != 200:
        return found
    compared = _compared(hub, _name(args), moves.pull(hub, _name(args), int(args["number"])))
    shown, headers = page_of(compared["commits"], request, f"{hub.base_url}{request.path}")
    return answer(shown, headers=headers)


def edit(hub: "Hub", request: Request, args: Args) -> Answer:
    asked = request.data()
    if "draft" in asked:
        raise Refusal(422, 'Invalid request.\n\n"draft" is not a permitted key.')
    _check_body(asked.get("body"))
    before = moves.pull(hub, _name(args), int(args["number"]))
    if asked.get("state") == "open" and before["state"] == "closed":
        _check_reopening(hub, _name(args), before)
    done = hub.forward(request)
    if done.status == 200:
        changed: Data = {
            key: {"from": before[key]}
            for key in ("title", "body")
            if key in asked and asked[key] != before[key]
        }
        if asked.get("state") == "closed" and before["state"] == "open":
            hub.state.closers[_key(hub, args)] = access.login_by(hub, request.token)
        if asked.get("base", before["base"]["ref"]) != before["base"]["ref"]:
            changed["base"] = {"ref": {"from": before["base"]["ref"]}, "sha": {"from": before["base"]["sha"]}}
            if not {"title", "body", "state"} & asked.keys():
                login = access.login_by(hub, request.token)
                moves.pull_event(hub, _name(args), before["number"], "edited", login, changes=changed)
        relay.flush(hub, changed)
    return done


def _check_reopening(hub: "Hub", name: str, pull: Data) -> None:
    if pull["merged"]:
        raise Refusal(
            422,
            "Validation Failed",
            code="invalid",
            detail="state cannot be changed. The pull request was merged.",
        )
    source, branch = pull["head"]["repo"]["full_name"], pull["head"]["ref"]
    tip = moves.head(hub, source, branch)
    words = f"state cannot be changed. The {branch} branch "
    if tip == moves.NOTHING:
        raise Refusal(422, "Validation Failed", code="invalid", detail=words + "has been deleted.")
    if not moves.is_ancestor(hub, source, pull["head"]["sha"], tip):
        raise Refusal(
            422, "Validation Failed", code="invalid", detail=words + "was force-pushed or recreated."
        )
    hub.state.heads[(hub.state.repositories[name], pull["number"])] = tip


def merge(hub: "Hub", request: Request, args: Args) -> Answer:
    """The merge commit is ours; emulate is let to merge in its way and its branch is then put right."""
    name, asked = _name(args), request.data()
    pull = moves.pull(hub, name, int(args["number"]))
    head, base = pull["head"]["sha"], moves.head(hub, name, pull["base"]["ref"])
    if pull["merged"] or pull["state"] != "open" or pull["draft"]:
        raise Refusal(405, "Pull Request is not mergeable")
    if asked.get("sha", head) != head:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    try:
        made = _merge_commit(hub, name, pull, base, asked, request.token)
    except Refusal as refusal:
        raise Refusal(405, "Pull Request is not mergeable") if refusal.status == 409 else refusal from None
    hub.state.merges[_key(hub, args)] = made
    asked.pop("sha", None)
    done = hub.forward(replace(request, body=json.dumps(asked).encode()))
    if done.status != 200:
        del hub.state.merges[_key(hub, args)]
        return done
    hub.state.closers[_key(hub, args)] = access.login_by(hub, request.token)
    ref = f"refs/heads/{pull['base']['ref']}"
    token = hub.sight(args["owner"])
    hub.write("PATCH", f"/repos/{name}/git/{ref}", {"sha": made, "force": True}, token)
    moves.follow(hub, name, ref, base, made, request.token)
    source, branch = pull["head"]["repo"]["full_name"], pull["head"]["ref"]
    if moves.head(hub, source, branch) == moves.NOTHING:
        moves.follow(hub, source, f"refs/heads/{branch}", head, moves.NOTHING, request.token)
    return answer(done.value | {"sha": made})


def _merge_commit(hub: "Hub", name: str, pull: Data, base: str, asked: Data, token: str) -> str:
    head, method = pull["head"]["sha"], asked.get("merge_method", "merge")
    if method == "merge":
        title = (
            asked.get("commit_title")
            or f"Merge pull request #{pull['number']} from {pull['head']['label'].replace(':', '/')}"
        )
        message = f"{title}\n\n{asked.get('commit_message') or pull['title']}"
        return merging.commit_merge(hub, name, base, head, message, token)
    joined = merging.commit_merge(hub, name, base, head, "joined", token)
    tree = merging.tree_of(hub, name, joined)
    if method == "squash":
        title = asked.get("commit_title") or f"{pull['title']} (#{pull['number']})"
        return merging.commit(
            hub, name, f"{title}\n\n{asked.get('commit_message') or ''}".strip(), tree, [base], token
        )
    return _rebased(hub, name, pull, base, token)


def _rebased(hub: "Hub", name: str, pull: Data, base: str, token: str) -> str:
    for one in _compared(hub, name, pull)["commits"]:
        if len(one["parents"]) > 1:
            continue
        try:
            wanted = merging.changes(hub, name, one["parents"][0]["sha"], base, one["sha"])
        except merging.Conflicting as problem:
            raise Refusal(409, f"Conflict in {problem}") from None
        tree = merging.write_tree(hub, name, merging.tree_of(hub, name, base), wanted, token)
        base = merging.commit(
            hub, name, one["commit"]["message"], tree, [base], token, one["commit"]["author"]
        )
    return base


def update_branch(hub: "Hub", request: Request, args: Args) -> Answer:
    """The base merged into the head, as the button "Update branch" does."""
    name, pull = _name(args), moves.pull(hub, _name(args), int(args["number"]))
    head, base = pull["head"]["sha"], moves.head(hub, name, pull["base"]["ref"])
    if request.data().get("expected_head_sha", head) != head:
        raise Refusal(422, "expected head sha didn’t match current head ref.")
    if moves.is_ancestor(hub, name, base, head):
        raise Refusal(422, "There are no new commits on the base branch.")
    source, branch = pull["head"]["repo"]["full_name"], pull["head"]["ref"]
    if source != name:
        moves.transfer(hub, name, source, base)
    message = f"Merge branch '{pull['base']['ref']}' into {branch}"
    try:
        made = merging.commit_merge(hub, source, head, base, message, request.token)
    except Refusal as refusal:
        words = "merge conflict between base and head"
        raise Refusal(422, words) if refusal.status == 409 else refusal from None
    ref = f"refs/heads/{branch}"
    hub.write("PATCH", f"/repos/{source}/git/{ref}", {"sha": made, "force": False}, request.token)
    moves.follow(hub, source, ref, head, made, request.token)
    return answer({"message": "Updating pull request branch.", "url": pull["url"]}, 202)


def ask_reviewers(hub: "Hub", request: Request, args: Args) -> Answer:
    """Who can't see the repository as a collaborator or member can't be asked; nor can the author."""
    name, asked = _name(args), request.data()
    author = moves.pull(hub, name, int(args["number"]))["user"]["login"]
    if author in asked.get("reviewers", []):
        raise Refusal(422, "Review cannot be requested from pull request author.")
    for login in asked.get("reviewers", []):
        if not _can_review(hub, name, login):
            raise Refusal(422, "Reviews may only be requested from collaborators.")
    return hub.forward(request)


def _can_review(hub: "Hub", name: str, login: str) -> bool:
    account = name.partition("/")[0]
    if login == account or login in hub.setup.members.get(account, {}):
        return True
    return login in {one["login"] for one in hub.read(f"/repos/{name}/collaborators?per_page=100")}


ROUTES = (
    route("GET", "/repos/{owner}/{repo}/pulls", listed),
    route("POST", "/repos/{owner}/{repo}/pulls", create),
    route("GET", "/repos/{owner}/{repo}/pulls/{number}", show),
    route("PATCH", "/repos/{owner}/{repo}/pulls/{number}", edit),
    route("GET", "/repos/{owner}/{repo}/pulls/{number}/files", files),
    route("GET", "/repos/{owner}/{repo}/pulls/{number}/commits", commits),
    route("PUT", "/repos/{owner}/{repo}/pulls/{number}/merge", merge),
    route("PUT", "/repos/{owner}/{repo}/pulls/{number}/update-branch", update_branch),
    route("POST", "/repos/{owner}/{repo}/pulls/{number}/requested_reviewers", ask_reviewers),
)
