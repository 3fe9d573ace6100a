"""Repositories: made, renamed, deleted, forked. What has no meaning for emulate is remembered here."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from emulator import access, moves
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Request

if TYPE_CHECKING:
    from emulator.hub import Hub


def create(hub: "Hub", request: Request, args: Args) -> Answer:
    made = hub.forward(request)
    if made.status == 201:
        hub.state.repositories[made.value["full_name"]] = made.value["id"]
    return made


def change(hub: "Hub", request: Request, args: Args) -> Answer:
    """emulate calls every change `edited`; GitHub has a word for each."""
    name = f"{args['owner']}/{args['repo']}"
    before = hub.read(f"/repos/{name}")
    done = hub.forward(request)
    if done.status != 200:
        return done
    after = done.value
    if after["full_name"] != name:
        _rename(hub, name, after["full_name"])
    hub.upstream.hooks()
    for action, changes in _told(before, after):
        payload = {
            "action": action,
            "changes": changes,
            "repository": after,
            "sender": moves.user(hub, access.login_by(hub, request.token)),
        }
        hub.emit("repository", payload, args["owner"])
    return done


def _told(before: Data, after: Data) -> Iterator[tuple[str, Data]]:
    if before["name"] != after["name"]:
        yield "renamed", {"repository": {"name": {"from": before["name"]}}}
    if before["archived"] != after["archived"]:
        yield "archived" if after["archived"] else "unarchived", {}
    if before["private"] != after["private"]:
        yield "privatized" if after["private"] else "publicized", {}
    if before["default_branch"] != after["default_branch"]:
        yield "edited", {"default_branch": {"from": before["default_branch"]}}


def _rename(hub: "Hub", before: str, after: str) -> None:
    number = hub.state.repositories.pop(before)
    hub.state.repositories[after] = number
    hub.state.renamed[before] = number
    for installed in hub.state.installations.values():
        if installed.selection is not None and before in installed.selection:
            installed.selection = (installed.selection - {before}) | {after}


def delete(hub: "Hub", request: Request, args: Args) -> Answer:
    done = hub.forward(request)
    if done.status == 204:
        hub.state.repositories.pop(f"{args['owner']}/{args['repo']}", None)
    return done


def transfer(hub: "Hub", request: Request, args: Args) -> Answer:
    name = f"{args['owner']}/{args['repo']}"
    done = hub.forward(request)
    if done.status in {200, 201, 202}:
        _rename(hub, name, done.value["full_name"])
    return done


def fork(hub: "Hub", request: Request, args: Args) -> Answer:
    """emulate's forks have a history of their own: this one gets its parent's default branch."""
    parent = f"{args['owner']}/{args['repo']}"
    made = hub.forward(request)
    if made.status == 202:
        name, branch = made.value["full_name"], made.value["default_branch"]
        hub.state.repositories[name] = made.value["id"]
        hub.state.forks[name] = parent
        tip = moves.head(hub, parent, branch)
        moves.transfer(hub, parent, name, tip)
        moved = {"sha": tip, "force": True}
        hub.write("PATCH", f"/repos/{name}/git/refs/heads/{branch}", moved, hub.sight(name.split("/")[0]))
    return made


ROUTES = (
    route("POST", "/user/repos", create),
    route("POST", "/orgs/{org}/repos", create),
    route("PATCH", "/repos/{owner}/{repo}", change),
    route("DELETE", "/repos/{owner}/{repo}", delete),
    route("POST", "/repos/{owner}/{repo}/forks", fork),
    route("POST", "/repos/{owner}/{repo}/transfer", transfer),
)
