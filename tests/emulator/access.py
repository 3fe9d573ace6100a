"""Who asks, and what GitHub lets them reach where emulate is more generous."""

import base64
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from emulator.wire import Answer, Refusal, Request, answer

if TYPE_CHECKING:
    from emulator.hub import Hub

LONGEST_JWT = 600 + 60
"""Seconds: GitHub refuses more than ten minutes; a minute for clocks that differ."""


def name_of(hub: "Hub", request: Request) -> str:
    """`app`, `installation`, a login, or nothing; a tarball's bytes come from another host, unasked."""
    if request.path.startswith("/codeload/"):
        return ""
    token = request.token
    if token.startswith("eyJ"):
        return "app"
    if token in hub.state.tokens or token.startswith("ghs_"):
        return "installation"
    return hub.state.people.get(token, "")


def login_by(hub: "Hub", token: str) -> str:
    """Whose doing it is: the bot's where an installation asks."""
    return hub.setup.bot if token in hub.state.tokens else hub.state.people.get(token, "")


def revoke(hub: "Hub", token: str) -> None:
    if token in hub.state.tokens:
        hub.state.tokens[token].is_revoked = True


def admitted(hub: "Hub", request: Request) -> Request:
    """The request with a renamed repository's present name in it; Refusal where GitHub stops at the door."""
    token = request.token
    if token.startswith("eyJ"):
        _check_lifetime(token)
    elif token and not _is_valid(hub, token):
        raise Refusal(401, "Bad credentials")
    request = _by_id(hub, request)
    if token in hub.state.tokens:
        _check_reach(hub, request)
    return request


def _check_lifetime(token: str) -> None:
    middle = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    if claims.get("exp", 0) - time.time() > LONGEST_JWT:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")


def _is_valid(hub: "Hub", token: str) -> bool:
    if token in hub.state.people:
        return True
    known = hub.state.tokens.get(token)
    if known is None or known.is_revoked:
        return False
    installed = hub.state.installations[known.installation]
    if installed.suspended_at:
        raise Refusal(403, "This installation has been suspended")
    return not installed.is_gone


def _by_id(hub: "Hub", request: Request) -> Request:
    """/repositories/ID/… means the repository of that id, whatever its name is by now."""
    parts = request.target.split("/", 3)
    if len(parts) < 4 or parts[1] != "repositories" or not parts[2].isdigit():
        return request
    name = next((full for full, number in hub.state.repositories.items() if number == int(parts[2])), None)
    if name is None:
        raise Refusal(404, "Not Found")
    return replace(request, target=f"/repos/{name}/{parts[3]}")


def repository_of(request: Request) -> str:
    """owner/name of a path below /repos, or nothing."""
    parts = request.path.split("/")
    return "/".join(parts[2:4]) if len(parts) > 3 and parts[1] == "repos" else ""


def reaches(hub: "Hub", token: str, repository: str) -> bool:
    known = hub.state.tokens[token]
    installed = hub.state.installations[known.installation]
    if repository.partition("/")[0] != installed.account:
        return False
    if installed.selection is not None and repository not in installed.selection:
        return False
    return known.repositories is None or hub.state.repositories.get(repository) in known.repositories


def _check_reach(hub: "Hub", request: Request) -> None:
    repository = repository_of(request)
    if not repository or repository not in hub.state.repositories or reaches(hub, request.token, repository):
        return
    if is_private(hub, repository):
        raise Refusal(404, "Not Found")
    if request.is_write:
        raise Refusal(403, "Resource not accessible by integration")


def is_private(hub: "Hub", repository: str) -> bool:
    return bool(hub.read(f"/repos/{repository}")["private"])


def moved(hub: "Hub", request: Request) -> Answer | None:
    """Where a repository went whose name is no longer anybody's."""
    repository = repository_of(request)
    if repository in hub.state.repositories or repository not in hub.state.renamed:
        return None
    rest = request.target.removeprefix(f"/repos/{repository}")
    location = f"{hub.base_url}/repositories/{hub.state.renamed[repository]}{rest}"
    code, words = (307, "Temporary Redirect") if request.is_write else (301, "Moved Permanently")
    return answer({"message": words, "url": location}, code, {"Location": location})


def explained(hub: "Hub", request: Request, done: Answer) -> Answer:
    """emulate's bare refusals in GitHub's words."""
    if done.status == 403 and done.is_json and done.value.get("message") == "Forbidden":
        if request.token in hub.state.tokens:
            return Refusal(403, "Resource not accessible by integration").answer()
        hidden = is_private(hub, repository_of(request))
        return Refusal(404 if hidden else 403, "Not Found" if hidden else "Must have push access").answer()
    return done
