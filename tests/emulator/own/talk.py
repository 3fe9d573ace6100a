"""Issues and comments: what an edit changed, the longest body, reactions."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from emulator import access, moves, polish, relay
from emulator.own import pulls
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer, page_of

if TYPE_CHECKING:
    from emulator.hub import Hub

LONGEST_BODY = 65_536
CONTENTS = {"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}


def _check(body: object) -> None:
    if isinstance(body, str) and len(body) > LONGEST_BODY:
        raise Refusal(422, "Validation Failed", detail="body is too long (maximum is 65536 characters)")


def write(hub: "Hub", request: Request, args: Args) -> Answer:
    _check(request.data().get("body"))
    return hub.forward(request)


def edit(hub: "Hub", request: Request, args: Args) -> Answer:
    """emulate says that something changed; GitHub says what it was before."""
    asked = request.data()
    _check(asked.get("body"))
    if "number" in args and is_pull(hub, args):
        return pulls.edit(hub, replace(request, target=request.path.replace("/issues/", "/pulls/")), args)
    before = hub.read(request.path)
    done = hub.forward(request)
    if done.status == 200:
        changed: Data = {
            key: {"from": before.get(key)}
            for key in ("title", "body")
            if key in asked and asked[key] != before.get(key)
        }
        relay.flush(hub, changed)
    return done


def is_pull(hub: "Hub", args: Args) -> bool:
    repository = hub.state.repositories.get(f"{args['owner']}/{args['repo']}", 0)
    return args["number"].isdigit() and (repository, int(args["number"])) in hub.state.pulls


SHARED = (
    "id", "node_id", "number", "state", "locked", "title", "user", "body", "created_at", "updated_at",
    "closed_at", "assignee", "assignees", "labels", "milestone", "author_association",
)  # fmt: skip
"""What an issue and a pull request have in common."""


def _as_issue(hub: "Hub", pull: Data) -> Data:
    """Every pull request is an issue; emulate keeps them apart."""
    url = pull["issue_url"]
    closer = hub.state.closers.get((polish.repository_id(hub, url), pull["number"]))
    return {key: pull[key] for key in SHARED} | {
        "url": url,
        "repository_url": url.partition("/issues/")[0],
        "comments_url": f"{url}/comments",
        "timeline_url": f"{url}/timeline",
        "html_url": pull["html_url"],
        "state_reason": None,
        "closed_by": moves.user(hub, closer) if closer and pull["state"] == "closed" else None,
        "pull_request": {key: pull[key] for key in ("url", "html_url", "diff_url", "patch_url", "merged_at")},
    }


def show(hub: "Hub", request: Request, args: Args) -> Answer:
    if not is_pull(hub, args):
        return hub.forward(request)
    found = hub.forward(replace(request, target=request.path.replace("/issues/", "/pulls/")))
    if found.status != 200:
        return found
    return answer(_as_issue(hub, found.value), headers=found.headers)


def listed(hub: "Hub", request: Request, args: Args) -> Answer:
    """Issues and pull requests, newest first. (A filter by label or assignee leaves out the latter.)"""
    first = hub.forward(request)
    if first.status != 200:
        return first
    where, query = request.path, request.query
    kept = {key: value for key, value in query.items() if key not in {"page", "per_page"}}
    found = _all(hub, where, kept)
    if not {"labels", "assignee", "milestone"} & kept.keys():
        pulls_found = _all(hub, where.removesuffix("issues") + "pulls", {"state": query.get("state", "open")})
        wanted = [one for one in pulls_found if query.get("creator") in (None, one["user"]["login"])]
        found += [_as_issue(hub, one) for one in wanted]
    found.sort(key=lambda one: int(one["number"]), reverse=query.get("direction", "desc") == "desc")
    shown, headers = page_of(found, request, f"{hub.base_url}{where}")
    return answer(shown, headers=headers)


def _all(hub: "Hub", where: str, query: dict[str, str]) -> list[Data]:
    found: list[Data] = []
    page = 1
    while batch := hub.read(f"{where}?{urlencode(query | {'per_page': '100', 'page': str(page)})}"):
        found += batch
        page += 1
        if len(batch) < 100:
            break
    return found


def _subject(hub: "Hub", request: Request) -> str:
    """The path of what is reacted to. 404 where that is gone."""
    path = request.path.partition("/reactions")[0]
    key, number = path.rpartition("/")[::2]
    repository = hub.state.repositories.get("/".join(path.split("/")[2:4]), 0)
    if not (key.endswith("/issues") and (repository, int(number)) in hub.state.pulls):
        hub.read(path)
    return path


def react(hub: "Hub", request: Request, args: Args) -> Answer:
    """The same reaction by the same person twice is one; 200 says so."""
    content, login = request.data().get("content"), access.login_by(hub, request.token)
    if content not in CONTENTS:
        raise Refusal(422, "Validation Failed", code="invalid", detail="content")
    kept = hub.state.reactions.setdefault(_subject(hub, request), [])
    for one in kept:
        if (one["content"], one["user"]["login"]) == (content, login):
            return answer(one)
    made: Data = {
        "id": hub.state.number(),
        "content": content,
        "user": moves.user(hub, login),
        "created_at": hub.now(),
    }
    kept.append(made)
    return answer(made, 201)


def reactions(hub: "Hub", request: Request, args: Args) -> Answer:
    kept = hub.state.reactions.get(_subject(hub, request), [])
    wanted = request.query.get("content")
    shown, headers = page_of(
        [one for one in kept if wanted in (None, one["content"])], request, f"{hub.base_url}{request.path}"
    )
    return answer(shown, headers=headers)


def take_back(hub: "Hub", request: Request, args: Args) -> Answer:
    kept = hub.state.reactions.get(_subject(hub, request), [])
    left = [one for one in kept if str(one["id"]) != args["reaction"]]
    if len(left) == len(kept):
        raise Refusal(404, "Not Found")
    kept[:] = left
    return Answer(204)


SUBJECTS = (
    "/repos/{owner}/{repo}/issues/comments/{comment}",
    "/repos/{owner}/{repo}/pulls/comments/{comment}",
    "/repos/{owner}/{repo}/issues/{number}",
)
ROUTES = (
    route("GET", "/repos/{owner}/{repo}/issues", listed),
    route("GET", "/repos/{owner}/{repo}/issues/{number}", show),
    *(route("POST", f"{subject}/reactions", react) for subject in SUBJECTS),
    *(route("GET", f"{subject}/reactions", reactions) for subject in SUBJECTS),
    *(route("DELETE", f"{subject}/reactions/{{reaction}}", take_back) for subject in SUBJECTS),
    *(route("PATCH", subject, edit) for subject in SUBJECTS),
    route("POST", "/repos/{owner}/{repo}/issues", write),
    route("POST", "/repos/{owner}/{repo}/issues/{number}/comments", write),
    route("POST", "/repos/{owner}/{repo}/pulls/{number}/comments", write),
)
