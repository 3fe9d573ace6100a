"""GraphQL, as little as Suture may ask of it: draft to ready and back, and who wrote which lines."""

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from emulator import access, merging, moves, polish
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer

if TYPE_CHECKING:
    from emulator.hub import Hub

DRAFTS = {
    "markPullRequestReadyForReview": (False, "ready_for_review"),
    "convertPullRequestToDraft": (True, "converted_to_draft"),
}


def graphql(hub: "Hub", request: Request, args: Args) -> Answer:
    """Values come in `variables` or stand in the query; errors are answers with status 200."""
    if not request.token:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    asked = request.data()
    query, variables = str(asked.get("query", "")), asked.get("variables") or {}
    try:
        for mutation, (is_draft, action) in DRAFTS.items():
            if mutation in query:
                node = _value(query, variables, "pullRequestId")
                return answer({"data": {mutation: _draft(hub, request, node, is_draft, action)}})
        if "blame" in query:
            return answer(
                {"data": {"repository": {"object": {"blame": _blame(hub, request, query, variables)}}}}
            )
    except Refusal as refusal:
        kind = "FORBIDDEN" if refusal.status == 403 else "NOT_FOUND"
        return answer({"data": None, "errors": [{"type": kind, "message": refusal.message}]})
    return answer({"errors": [{"message": "The proxy knows no such query."}]})


def _value(query: str, variables: Data, name: str) -> str:
    if (literal := re.search(rf'\b{name}\s*:\s*"([^"]*)"', query)) is not None:
        return literal[1]
    if (named := re.search(rf"\b{name}\s*:\s*\$(\w+)", query)) is not None:
        return str(variables.get(named[1], ""))
    found = (variables.get("input") or {}).get(name, variables.get(name))
    return str(found or "")


def _draft(hub: "Hub", request: Request, node: str, is_draft: bool, action: str) -> Data:
    name, number = _pull_of(hub, node)
    if request.token in hub.state.tokens and not access.reaches(hub, request.token, name):
        raise Refusal(404, f"Could not resolve to a node with the global id of '{node}'.")
    target = f"/repos/{name}/pulls/{number}"
    before = moves.pull(hub, name, number)
    hub.upstream.hooks()
    changed = hub.write("PATCH", target, {"draft": is_draft}, request.token)
    if before["draft"] != is_draft:
        moves.pull_event(hub, name, number, action, access.login_by(hub, request.token))
    shown = {"id": node, "number": number, "isDraft": changed["draft"], "url": changed["html_url"]}
    return {"clientMutationId": None, "pullRequest": shown | {"state": changed["state"].upper()}}


def _pull_of(hub: "Hub", node: str) -> tuple[str, int]:
    for name, number in hub.state.repositories.items():
        for at, pull in hub.state.pulls:
            if at == number and hub.read(f"/repos/{name}/pulls/{pull}")["node_id"] == node:
                return name, pull
    raise Refusal(404, f"Could not resolve to a node with the global id of '{node}'.")


def _blame(hub: "Hub", request: Request, query: str, variables: Data) -> Data:
    """The lines of a file with the commit of the first-parent history that brought each."""
    owner, repo, path, expression = (
        _value(query, variables, one) for one in ("owner", "name", "path", "expression")
    )
    name = f"{owner}/{repo}"
    if request.token in hub.state.tokens and not access.reaches(hub, request.token, name):
        raise Refusal(404, f"Could not resolve to a Repository with the name '{name}'.")
    commit: Any = hub.read(f"/repos/{name}/commits/{expression}")
    lines = _lines(hub, name, commit["sha"], path)
    authors = [commit["sha"]] * len(lines)
    where = list(range(len(lines)))
    while where and commit["parents"]:
        parent = hub.read(f"/repos/{name}/commits/{commit['parents'][0]['sha']}")
        older = _lines(hub, name, parent["sha"], path)
        same = _same(older, lines)
        where = [line for line in where if line in same]
        for line in where:
            authors[line] = parent["sha"]
        commit = parent
    return {"ranges": [_range(hub, name, *one) for one in _runs(authors)]}


def _lines(hub: "Hub", name: str, sha: str, path: str) -> list[bytes]:
    found = merging.entries(hub, name, sha).get(path)
    return merging.blob(hub, name, found[1]).splitlines(keepends=True) if found else []


def _same(older: list[bytes], lines: list[bytes]) -> set[int]:
    """Numbers of lines that were there before."""
    blocks = SequenceMatcher(None, older, lines, autojunk=False).get_matching_blocks()
    return {line for block in blocks for line in range(block.b, block.b + block.size)}


def _runs(authors: list[str]) -> list[tuple[str, int, int]]:
    runs: list[tuple[str, int, int]] = []
    for number, sha in enumerate(authors, 1):
        if runs and runs[-1][0] == sha:
            runs[-1] = (sha, runs[-1][1], number)
        else:
            runs.append((sha, number, number))
    return runs


def _range(hub: "Hub", name: str, sha: str, first: int, last: int) -> Data:
    commit = polish.value(hub, hub.read(f"/repos/{name}/commits/{sha}"))
    author = commit["commit"]["author"]
    login = (commit["author"] or {}).get("login")
    shown = {
        "oid": sha,
        "committedDate": commit["commit"]["committer"]["date"],
        "author": {
            "name": author["name"],
            "email": author["email"],
            "user": {"login": login} if login else None,
        },
    }
    return {"startingLine": first, "endingLine": last, "age": 1, "commit": shown}


ROUTES = (route("POST", "/graphql", graphql),)
