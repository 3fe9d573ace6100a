"""The App's own routes: tokens, installations, what they reach, deliveries, the manifest flow."""

import json
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from emulator import access, polish, relay
from emulator.routes import Args, route
from emulator.state import Installed, Token
from emulator.wire import Answer, Data, Refusal, Request, answer, page_of

if TYPE_CHECKING:
    from emulator.hub import Hub


def _as_app(hub: "Hub", request: Request) -> None:
    if hub.forward(Request("GET", "/app", request.headers)).status != 200:
        raise Refusal(401, "A JSON web token could not be decoded")


def _installed(hub: "Hub", number: str) -> Installed:
    found = hub.state.installations.get(int(number)) if number.isdigit() else None
    if found is None or found.is_gone:
        raise Refusal(404, "Not Found")
    return found


def make_token(hub: "Hub", request: Request, args: Args) -> Answer:
    installed = _installed(hub, args["installation"])
    if installed.suspended_at:
        raise Refusal(403, "This installation has been suspended")
    asked = request.data()
    names = asked.get("repositories")
    if installed.selection is not None:
        chosen = {full.partition("/")[2] for full in installed.selection}
        if names is not None and not set(names) <= chosen:
            raise Refusal(422, "There is at least one repository that does not exist or is not accessible.")
        if names is None and "repository_ids" not in asked:
            asked |= {"repositories": sorted(chosen)}
    made = hub.forward(replace(request, body=json.dumps(asked).encode()))
    if made.status == 201:
        value = made.value
        narrowed = value["repository_selection"] == "selected"
        ids = frozenset(one["id"] for one in value.get("repositories", [])) if narrowed else None
        hub.state.tokens[value["token"]] = Token(int(args["installation"]), ids)
    return made


def list_installations(hub: "Hub", request: Request, args: Args) -> Answer:
    found = hub.forward(request)
    if found.status != 200:
        return found
    gone = {number for number, one in hub.state.installations.items() if one.is_gone}
    return answer([one for one in found.value if one["id"] not in gone])


def one_installation(hub: "Hub", request: Request, args: Args) -> Answer:
    _installed(hub, args["installation"])
    return hub.forward(request)


def of_repository(hub: "Hub", request: Request, args: Args) -> Answer:
    _as_app(hub, request)
    number = relay.installation_of(hub, args["owner"], f"{args['owner']}/{args['repo']}")
    if number is None:
        raise Refusal(404, "Not Found")
    return hub.forward(replace(request, target=f"/app/installations/{number}"))


def reached(hub: "Hub", request: Request, args: Args) -> Answer:
    """Of an installation's token: the repositories that it reaches."""
    if request.token not in hub.state.tokens:
        raise Refusal(401, "Requires authentication")
    names = [name for name in hub.state.repositories if access.reaches(hub, request.token, name)]
    shown, headers = page_of(names, request, f"{hub.base_url}/installation/repositories")
    narrowed = hub.state.tokens[request.token].repositories is not None
    return answer(
        {
            "total_count": len(names),
            "repository_selection": "selected" if narrowed else "all",
            "repositories": [hub.read(f"/repos/{name}") for name in shown],
        },
        headers=headers,
    )


def give_up_token(hub: "Hub", request: Request, args: Args) -> Answer:
    access.revoke(hub, request.token)
    return Answer(204)


def deliveries(hub: "Hub", request: Request, args: Args) -> Answer:
    """Newest first; `cursor` is the id after which the next page begins."""
    _as_app(hub, request)
    size = int(request.query.get("per_page", "30"))
    cursor = int(request.query.get("cursor") or len(hub.deliveries.attempts) + 1)
    older = [one for one in reversed(hub.deliveries.attempts) if one.id < cursor]
    headers = {}
    if len(older) > size:
        query = urlencode({"per_page": size, "cursor": older[size - 1].id})
        headers["Link"] = f'<{hub.base_url}/app/hook/deliveries?{query}>; rel="next"'
    return answer([one.listed() for one in older[:size]], headers=headers)


def one_delivery(hub: "Hub", request: Request, args: Args) -> Answer:
    _as_app(hub, request)
    found = [one for one in hub.deliveries.attempts if str(one.id) == args["delivery"]]
    if not found:
        raise Refusal(404, "Not Found")
    sent = {"headers": hub.deliveries.headers(found[0]), "payload": found[0].payload}
    got = {"headers": {}, "payload": found[0].response}
    return answer(found[0].listed() | {"url": found[0].url, "request": sent, "response": got})


def redeliver(hub: "Hub", request: Request, args: Args) -> Answer:
    """The same GUID and the same bytes once more."""
    _as_app(hub, request)
    found = [one for one in hub.deliveries.attempts if str(one.id) == args["delivery"]]
    if not found:
        raise Refusal(404, "Not Found")
    hub.deliveries.emit(found[0].event, found[0].payload, hub.now(), found[0].guid, again=True)
    return answer({}, 202)


def hook_config(hub: "Hub", request: Request, args: Args) -> Answer:
    _as_app(hub, request)
    if request.method == "PATCH":
        asked = request.data()
        hub.deliveries.hook.url = asked.get("url", hub.deliveries.hook.url)
        hub.deliveries.hook.secret = asked.get("secret", hub.deliveries.hook.secret)
    shown = {
        "content_type": "json",
        "insecure_ssl": "0",
        "secret": "********",
        "url": hub.deliveries.hook.url,
    }
    return answer(shown)


def register(hub: "Hub", request: Request, args: Args) -> Answer:
    """The page that a manifest is posted to: here the person agrees at once."""
    form = parse_qs(request.body.decode())
    manifest = json.loads(form["manifest"][0])
    code = secrets.token_hex(10)
    hub.state.codes.add(code)
    if (url := (manifest.get("hook_attributes") or {}).get("url")) is not None:
        hub.deliveries.hook.url = url
    query: dict[str, str] = {"code": code}
    if (state := request.query.get("state")) is not None:
        query["state"] = state
    return Answer(302, b"", {"Location": f"{manifest['redirect_url']}?{urlencode(query)}"})


def convert(hub: "Hub", request: Request, args: Args) -> Answer:
    """A code works once. The App that comes out of it is the one that is seeded."""
    if args["code"] not in hub.state.codes:
        raise Refusal(404, "Not Found")
    hub.state.codes.discard(args["code"])
    made: Data = polish.app(hub) | {
        "client_id": "Iv23liEmulator",
        "client_secret": secrets.token_hex(20),
        "webhook_secret": hub.setup.webhook_secret,
        "pem": hub.setup.private_key,
    }
    return answer(made, 201)


def suspend(hub: "Hub", request: Request, args: Args) -> Answer:
    _as_app(hub, request)
    installed = _installed(hub, args["installation"])
    installed.suspended_at = hub.now() if request.method == "PUT" else None
    return Answer(204)


def uninstall(hub: "Hub", request: Request, args: Args) -> Answer:
    _as_app(hub, request)
    _installed(hub, args["installation"]).is_gone = True
    return Answer(204)


ROUTES = (
    route("POST", "/app/installations/{installation}/access_tokens", make_token),
    route("GET", "/app/installations", list_installations),
    route("GET", "/app/installations/{installation}", one_installation),
    route("DELETE", "/app/installations/{installation}", uninstall),
    route("PUT", "/app/installations/{installation}/suspended", suspend),
    route("DELETE", "/app/installations/{installation}/suspended", suspend),
    route("GET", "/repos/{owner}/{repo}/installation", of_repository),
    route("GET", "/installation/repositories", reached),
    route("DELETE", "/installation/token", give_up_token),
    route("GET", "/app/hook/config", hook_config),
    route("PATCH", "/app/hook/config", hook_config),
    route("GET", "/app/hook/deliveries", deliveries),
    route("GET", "/app/hook/deliveries/{delivery}", one_delivery),
    route("POST", "/app/hook/deliveries/{delivery}/attempts", redeliver),
    route("POST", "/settings/apps/new", register),
    route("POST", "/organizations/{org}/settings/apps/new", register),
    route("POST", "/app-manifests/{code}/conversions", convert),
)
