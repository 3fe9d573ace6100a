"""Webhooks: emulate's own, put right, and those that it never sends."""

from typing import TYPE_CHECKING

from emulator import polish
from emulator.wire import Data

if TYPE_CHECKING:
    from emulator.hub import Hub

OURS = {"push", "pull_request/synchronize"}
"""What emulate sends too poorly, or in some cases only: the proxy sends these itself, always."""

UNASKED = {"installation", "installation_repositories", "github_app_authorization", "ping"}
"""Sent to every App, whatever it subscribed to."""


def installation_of(hub: "Hub", account: str, repository: str = "") -> int | None:
    """The installation that hears of the repository (or of the account); None where there is none."""
    for number, installed in hub.state.installations.items():
        if installed.account != account or installed.is_gone or installed.suspended_at:
            continue
        if not repository or installed.selection is None or repository in installed.selection:
            return number
    return None


def emit(hub: "Hub", event: str, payload: Data, account: str) -> None:
    if event not in UNASKED and event not in hub.setup.events:
        return
    repository = (payload.get("repository") or {}).get("full_name", "")
    if "installation" not in payload:
        number = installation_of(hub, account, repository)
        if number is None:
            return
        payload = payload | {"installation": {"id": number, "node_id": f"I_{number}"}}
    hub.deliveries.emit(event, polish.value(hub, payload), hub.now())


def _right(event: str, payload: Data) -> None:
    """Where GitHub's payloads differ from its REST answers."""
    if event == "create":
        payload["ref"] = payload["ref"].removeprefix("refs/heads/").removeprefix("refs/tags/")
        payload |= {"pusher_type": "user", "description": None}
    if event == "pull_request":
        payload["number"] = payload["pull_request"]["number"]
        payload["pull_request"]["mergeable"] = None
    if event == "pull_request_review":
        payload["review"]["state"] = payload["review"]["state"].lower()


def flush(hub: "Hub", changes: Data | None = None) -> None:
    """Passes on what emulate wanted to deliver; `changes` is what an edit changed, as GitHub tells it."""
    for hook in hub.upstream.hooks():
        event, payload = hook["event"], hook["payload"]
        if event in OURS or f"{event}/{payload.get('action')}" in OURS:
            continue
        payload.pop("installation", None)
        if payload.get("action") == "edited":
            if not changes:
                continue
            payload["changes"] = changes
        _right(event, payload)
        account = ((payload.get("repository") or {}).get("owner") or {}).get("login", "")
        emit(hub, event, payload, account)
