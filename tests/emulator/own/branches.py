"""References and files: what git and GitHub refuse, and the push that follows what they accept."""

import re
from typing import TYPE_CHECKING

from emulator import moves
from emulator.routes import Args, route
from emulator.wire import Answer, Refusal, Request

if TYPE_CHECKING:
    from emulator.hub import Hub

BAD_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^\.|\.lock(/|$)|[/.]$")
"""git-check-ref-format."""


def _sha(hub: "Hub", name: str, ref: str) -> str:
    found = hub.ask("GET", f"/repos/{name}/git/ref/{ref.removeprefix('refs/')}")
    return str(found.value["object"]["sha"]) if found.status == 200 else moves.NOTHING


def create(hub: "Hub", request: Request, args: Args) -> Answer:
    name, asked = f"{args['owner']}/{args['repo']}", request.data()
    ref = str(asked.get("ref", ""))
    if BAD_NAME.search(ref) or ref.count("/") < 2:
        raise Refusal(422, f"{ref} is not a valid ref name.")
    _check_folders(hub, name, ref)
    made = hub.forward(request)
    if made.status == 201:
        moves.follow(hub, name, ref, moves.NOTHING, made.value["object"]["sha"], request.token)
    return made


def _check_folders(hub: "Hub", name: str, ref: str) -> None:
    """A reference can't be another's folder."""
    folder, _, _ = ref.removeprefix("refs/heads/").partition("/")
    taken = [one["ref"] for one in hub.read(f"/repos/{name}/git/matching-refs/heads/{folder}")]
    if any(one.startswith(f"{ref}/") or ref.startswith(f"{one}/") for one in taken):
        raise Refusal(422, "Reference update failed")


def move(hub: "Hub", request: Request, args: Args) -> Answer:
    name, ref = f"{args['owner']}/{args['repo']}", f"refs/{args['ref'].removeprefix('refs/')}"
    before = _sha(hub, name, ref)
    if before == moves.NOTHING:
        raise Refusal(422, "Reference does not exist")
    done = hub.forward(request)
    if done.status == 200:
        moves.follow(hub, name, ref, before, done.value["object"]["sha"], request.token)
    return done


def delete(hub: "Hub", request: Request, args: Args) -> Answer:
    name, ref = f"{args['owner']}/{args['repo']}", f"refs/{args['ref'].removeprefix('refs/')}"
    before = _sha(hub, name, ref)
    if before == moves.NOTHING:
        raise Refusal(422, "Reference does not exist")
    done = hub.forward(request)
    if done.status == 204:
        moves.follow(hub, name, ref, before, moves.NOTHING, request.token)
    return done


def write_file(hub: "Hub", request: Request, args: Args) -> Answer:
    """PUT and DELETE of contents commit to a branch."""
    name = f"{args['owner']}/{args['repo']}"
    branch = request.data().get("branch") or hub.read(f"/repos/{name}")["default_branch"]
    before = moves.head(hub, name, branch)
    done = hub.forward(request)
    if done.status in {200, 201}:
        after = moves.head(hub, name, branch)
        moves.follow(hub, name, f"refs/heads/{branch}", before, after, request.token)
    return done


ROUTES = (
    route("POST", "/repos/{owner}/{repo}/git/refs", create),
    route("PATCH", "/repos/{owner}/{repo}/git/refs/{ref+}", move),
    route("DELETE", "/repos/{owner}/{repo}/git/refs/{ref+}", delete),
    route("PUT", "/repos/{owner}/{repo}/contents/{path+}", write_file),
    route("DELETE", "/repos/{owner}/{repo}/contents/{path+}", write_file),
)
