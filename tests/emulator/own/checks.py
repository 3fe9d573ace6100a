"""Check runs with GitHub's limits and what emulate drops of them; commit statuses, which it lacks."""

import gzip
import json
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emulator import moves
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer, page_of

if TYPE_CHECKING:
    from emulator.hub import Hub

MOST_ANNOTATIONS = 50
LONGEST_OUTPUT = 65_535
MOST_ACTIONS = 3
ACTION_LENGTHS = {"label": 20, "description": 40, "identifier": 20}
LEVELS = {"notice", "warning", "failure"}


def _invalid(detail: str) -> Refusal:
    return Refusal(422, "Invalid request.", code="invalid", detail=detail)


def _checked(asked: Data) -> None:
    """docs.github.com: "REST API endpoints for check runs"."""
    output = asked.get("output") or {}
    if output and not ("title" in output and "summary" in output):
        raise _invalid("output: title and summary are both needed")
    for field in ("summary", "text"):
        if len(str(output.get(field) or "")) > LONGEST_OUTPUT:
            raise _invalid(f"output.{field}: at most 65535 characters")
    annotations = output.get("annotations") or []
    if len(annotations) > MOST_ANNOTATIONS:
        raise _invalid("output.annotations: at most 50 in one request")
    for annotation in annotations:
        _check_annotation(annotation)
    actions = asked.get("actions") or []
    if len(actions) > MOST_ACTIONS:
        raise _invalid("actions: at most 3")
    for action in actions:
        for field, longest in ACTION_LENGTHS.items():
            if not 0 < len(str(action.get(field) or "")) <= longest:
                raise _invalid(f"actions.{field}: 1 to {longest} characters")


def _check_annotation(annotation: Data) -> None:
    needed = {"path", "start_line", "end_line", "annotation_level", "message"}
    if missing := needed - annotation.keys():
        raise _invalid(f"annotations: {sorted(missing)} missing")
    if annotation["annotation_level"] not in LEVELS:
        raise _invalid("annotations.annotation_level")
    if not 1 <= annotation["start_line"] <= annotation["end_line"]:
        raise _invalid("annotations: lines begin with 1 and end_line isn't before start_line")
    has_columns = "start_column" in annotation or "end_column" in annotation
    if has_columns and annotation["start_line"] != annotation["end_line"]:
        raise _invalid("annotations: columns need one line")
    if len(annotation["message"].encode()) > 64 * 1024 or len(annotation.get("title") or "") > 255:
        raise _invalid("annotations: message at most 64 KB, title at most 255 characters")


def _by_app(hub: "Hub", request: Request) -> None:
    if request.token not in hub.state.tokens:
        raise Refusal(403, "You must authenticate via a GitHub App.")


def create(hub: "Hub", request: Request, args: Args) -> Answer:
    _by_app(hub, request)
    return _kept(hub, request, request.data(), is_ours=True)


def update(hub: "Hub", request: Request, args: Args) -> Answer:
    _by_app(hub, request)
    known = hub.state.runs.get(int(args["run"]))
    if known is not None and not known["is_ours"]:
        raise Refusal(
            403, "Invalid app_id `4242` - check run can only be modified by the GitHub App that created it."
        )
    return _kept(hub, request, request.data(), is_ours=True)


def _kept(hub: "Hub", request: Request, asked: Data, *, is_ours: bool) -> Answer:
    """emulate gets what it understands, the rest stays here; annotations of an update are added."""
    _checked(asked)
    output = {
        key: v for key, v in (asked.get("output") or {}).items() if key not in {"annotations", "images"}
    }
    plain = {key: v for key, v in asked.items() if key not in {"actions", "output"}}
    if output:
        plain["output"] = output
    if plain.get("conclusion"):
        plain["status"] = "completed"
    done = hub.forward(replace(request, body=json.dumps(plain).encode()))
    if done.status in {200, 201}:
        extras = hub.state.runs.setdefault(
            done.value["id"], {"actions": [], "annotations": [], "is_ours": is_ours}
        )
        extras["annotations"] += (asked.get("output") or {}).get("annotations") or []
        if "actions" in asked:
            extras["actions"] = asked["actions"] or []
    return done


def annotations(hub: "Hub", request: Request, args: Args) -> Answer:
    """A list, as GitHub's is; emulate wraps it."""
    found = hub.forward(request)
    if found.status != 200:
        return found
    kept = hub.state.runs.get(int(args["run"]), {}).get("annotations", [])
    shown, headers = page_of(kept, request, f"{hub.base_url}{request.path}")
    return answer(shown, headers=headers)


def listed(hub: "Hub", request: Request, args: Args) -> Answer:
    """Cut into pages and filtered by App, which emulate's list isn't."""
    found = hub.forward(request)
    if found.status != 200:
        return found
    runs = found.value["check_runs"]
    if (app_id := request.query.get("app_id")) is not None:
        wanted = app_id == str(hub.setup.app_id)
        runs = [run for run in runs if hub.state.runs.get(run["id"], {}).get("is_ours", False) is wanted]
    shown, headers = page_of(runs, request, f"{hub.base_url}{request.path}")
    return answer({"total_count": len(runs), "check_runs": shown}, headers=headers)


def add_status(hub: "Hub", request: Request, args: Args) -> Answer:
    name, asked = f"{args['owner']}/{args['repo']}", request.data()
    login = hub.state.people.get(request.token)
    if login is None:
        raise Refusal(403, "Resource not accessible by integration")
    if asked.get("state") not in {"error", "failure", "pending", "success"}:
        raise Refusal(422, "Validation Failed", code="invalid", detail="state")
    creator = moves.user(hub, login)
    made = {
        "id": hub.state.number(),
        "state": asked["state"],
        "context": asked.get("context", "default"),
        "description": asked.get("description"),
        "target_url": asked.get("target_url"),
        "created_at": hub.now(),
        "updated_at": hub.now(),
        "creator": creator,
    }
    hub.state.statuses.setdefault(args["sha"], []).insert(0, made)
    branches = [
        one for one in hub.read(f"/repos/{name}/branches?per_page=100") if one["commit"]["sha"] == args["sha"]
    ]
    told = made | {"sha": args["sha"], "name": name, "branches": branches, "sender": creator}
    hub.emit("status", told | {"repository": hub.read(f"/repos/{name}")}, args["owner"])
    return answer(made, 201)


def _latest(statuses: list[Data]) -> list[Data]:
    """The newest of each context."""
    latest: dict[str, Data] = {}
    for one in statuses:
        latest.setdefault(one["context"], one)
    return list(latest.values())


def statuses(hub: "Hub", request: Request, args: Args) -> Answer:
    shown, headers = page_of(_of(hub, request, args)[1], request, f"{hub.base_url}{request.path}")
    return answer(shown, headers=headers)


def combined(hub: "Hub", request: Request, args: Args) -> Answer:
    sha, found = _of(hub, request, args)
    latest = _latest(found)
    states = {one["state"] for one in latest}
    state = (
        "failure"
        if states & {"error", "failure"}
        else "pending"
        if "pending" in states or not states
        else "success"
    )
    shown, headers = page_of(latest, request, f"{hub.base_url}{request.path}")
    return answer(
        {"sha": sha, "state": state, "total_count": len(latest), "statuses": shown}, headers=headers
    )


def _of(hub: "Hub", request: Request, args: Args) -> tuple[str, list[Data]]:
    target = f"/repos/{args['owner']}/{args['repo']}/commits/{args['ref']}"
    found: Any = hub.forward(replace(request, target=target))
    if found.status != 200:
        raise Refusal(found.status, "Not Found")
    return found.value["sha"], hub.state.statuses.get(found.value["sha"], [])


def upload_sarif(hub: "Hub", request: Request, args: Args) -> Answer:
    """Taken and unpacked, nothing more: `Hub.state.sarif` keeps it for the test."""
    asked = request.data()
    if hub.setup.permissions.get("security_events") != "write":
        raise Refusal(403, "Resource not accessible by integration")
    try:
        read = json.loads(gzip.decompress(b64decode(asked["sarif"])))
    except (KeyError, ValueError, OSError):
        raise Refusal(400, "Invalid SARIF: it is gzipped, then encoded in base64") from None
    number = str(hub.state.number())
    hub.state.sarif[number] = {"commit": asked.get("commit_sha"), "ref": asked.get("ref"), "sarif": read}
    return answer({"id": number, "url": f"{hub.base_url}{request.path}/{number}"}, 202)


def sarif(hub: "Hub", request: Request, args: Args) -> Answer:
    if args["sarif"] not in hub.state.sarif:
        raise Refusal(404, "Not Found")
    return answer({"processing_status": "complete", "errors": None})


ROUTES = (
    route("POST", "/repos/{owner}/{repo}/code-scanning/sarifs", upload_sarif),
    route("GET", "/repos/{owner}/{repo}/code-scanning/sarifs/{sarif}", sarif),
    route("POST", "/repos/{owner}/{repo}/check-runs", create),
    route("PATCH", "/repos/{owner}/{repo}/check-runs/{run}", update),
    route("GET", "/repos/{owner}/{repo}/check-runs/{run}/annotations", annotations),
    route("GET", "/repos/{owner}/{repo}/commits/{ref+}/check-runs", listed),
    route("POST", "/repos/{owner}/{repo}/statuses/{sha}", add_status),
    route("GET", "/repos/{owner}/{repo}/commits/{ref+}/statuses", statuses),
    route("GET", "/repos/{owner}/{repo}/commits/{ref+}/status", combined),
)
