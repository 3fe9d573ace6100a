"""A GitHub of prepared answers: what is sent to it is kept, and judged by GitHub's OpenAPI description."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import BaseModel
from respx.patterns import M

from bot.github import App, Installation
from bot.settings import Settings

API = "https://api.github.com"
NAME = "acme/service"
REPO = f"/repos/{NAME}"
TOKEN = "ghs_averysecrettokenthatnobodymaysee"
SHA = "a" * 40
OTHER = "b" * 40
NOW = 1_800_000_000.0
Reply = httpx.Response | Exception

BODIES = {
    ("POST", "/app/installations/[0-9]+/access_tokens"): "AppInstallationsInstallationIdAccessTokensPostBody",
    ("POST", f"{REPO}/git/blobs"): "ReposOwnerRepoGitBlobsPostBody",
    ("POST", f"{REPO}/git/trees"): "ReposOwnerRepoGitTreesPostBody",
    ("POST", f"{REPO}/git/commits"): "ReposOwnerRepoGitCommitsPostBody",
    ("POST", f"{REPO}/git/refs"): "ReposOwnerRepoGitRefsPostBody",
    ("PATCH", f"{REPO}/git/refs/.+"): "ReposOwnerRepoGitRefsRefPatchBody",
    ("POST", f"{REPO}/pulls"): "ReposOwnerRepoPullsPostBody",
    ("PATCH", f"{REPO}/pulls/[0-9]+"): "ReposOwnerRepoPullsPullNumberPatchBody",
    ("POST", f"{REPO}/pulls/[0-9]+/comments"): "ReposOwnerRepoPullsPullNumberCommentsPostBody",
    (
        "POST",
        f"{REPO}/pulls/[0-9]+/requested_reviewers",
    ): "ReposOwnerRepoPullsPullNumberRequestedReviewersPostBodyAnyof0",
    ("POST", f"{REPO}/issues"): "ReposOwnerRepoIssuesPostBody",
    ("PATCH", f"{REPO}/issues/[0-9]+"): "ReposOwnerRepoIssuesIssueNumberPatchBody",
    ("POST", f"{REPO}/issues/[0-9]+/comments"): "ReposOwnerRepoIssuesIssueNumberCommentsPostBody",
    ("PATCH", f"{REPO}/issues/comments/[0-9]+"): "ReposOwnerRepoIssuesCommentsCommentIdPatchBody",
    (
        "POST",
        f"{REPO}/issues/comments/[0-9]+/reactions",
    ): "ReposOwnerRepoIssuesCommentsCommentIdReactionsPostBody",
    ("POST", f"{REPO}/check-runs"): "ReposOwnerRepoCheckRunsPostBodyOneof1",
    ("PATCH", f"{REPO}/check-runs/[0-9]+"): "ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof0",
    ("POST", f"{REPO}/code-scanning/sarifs"): "ReposOwnerRepoCodeScanningSarifsPostBody",
}
"""Which of the models that githubkit generates from GitHub's description judges a request's body."""
VARIANT = {
    "ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof0": "ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof1"
}
"""The one for a check run that isn't completed."""


@dataclass
class Bench:
    """`clock` is set by tests; `sleeps` are waits that were asked for; `calls` what `on_call` heard."""

    router: respx.MockRouter
    app: App
    repo: Installation
    now: list[float]
    sleeps: list[float] = field(default_factory=list)
    calls: list[tuple[str, str, int, int | None]] = field(default_factory=list)
    again: Callable[..., Installation] = lambda: pytest.fail("not set")

    def on(
        self, method: str, path: str, *replies: Reply | object, query: Mapping[str, str] | None = None
    ) -> None:
        """Answer such requests in this order, the last one from then on. What is no reply is JSON."""
        url = path if path.startswith("http") else f"{API}{path}"
        given = [one if isinstance(one, httpx.Response | Exception) else ok(one) for one in replies]
        left = iter(given[:-1])

        def answer(_: httpx.Request) -> httpx.Response:
            reply = next(left, given[-1])
            if isinstance(reply, Exception):
                raise reply
            return httpx.Response(
                reply.status_code,
                headers=[(k, v) for k, v in reply.headers.items() if k != "content-length"],
                stream=reply.stream,
            )

        pattern = M(method=method, url__regex=f"^{re.escape(url)}(\\?.*)?$")
        if query:
            pattern &= M(params__contains=dict(query))
        self.router.route(pattern).mock(side_effect=answer)

    def sent(self, method: str = "", path: str = "") -> list[httpx.Request]:
        """The requests so far, tokens' apart unless they are asked for."""
        requests: list[httpx.Request] = [call.request for call in self.router.calls]
        if not path:
            requests = [one for one in requests if "access_tokens" not in one.url.path]
        wanted = [one for one in requests if not method or one.method == method]
        return [one for one in wanted if not path or one.url.path == path]

    def bodies(self, method: str, path: str) -> list[dict[str, Any]]:
        return [json.loads(one.content) for one in self.sent(method, path)]


class Pieces(httpx.SyncByteStream):
    """A body that arrives in pieces, and may break off with an exception."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


def ok(data: object, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=data, headers={k.replace("_", "-"): v for k, v in headers.items()})


def no(status: int, message: str = "", errors: object = None, **headers: str) -> httpx.Response:
    """A refusal as GitHub words it."""
    data: dict[str, object] = {"message": message or f"Says {status}", "documentation_url": "https://docs"}
    return ok(data | ({} if errors is None else {"errors": errors}), status, **headers)


def token(value: str = TOKEN, *, seconds: float = 3600, now: float = NOW) -> httpx.Response:
    ends = formatted(now + seconds)
    return ok({"token": value, "expires_at": ends, "permissions": {}}, 201, date=formatdate(now, usegmt=True))


def formatted(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(kind, form, serialization.NoEncryption()).decode()


def app_settings(api_url: str = API, key: str = "") -> Settings:
    return Settings(4242, key or private_key(), ("secret",), Path("unused"), "", api_url=api_url)


@pytest.fixture
def bench() -> Iterator[Bench]:
    now, sleeps = [NOW], list[float]()
    calls: list[tuple[str, str, int, int | None]] = []
    with respx.MockRouter(assert_all_called=False) as router:
        app = App(
            app_settings(),
            lambda *call: calls.append(call),
            pace=0.0,
            clock=lambda: now[0],
            sleep=sleeps.append,
        )
        repo = app.installation(7, NAME, {"contents": "write"})
        made = Bench(router, app, repo, now, sleeps, calls)
        made.again = lambda **more: app.installation(7, NAME, {"contents": "write"}, **more)
        made.on("POST", "/app/installations/7/access_tokens", token())
        made.on("GET", "/app", {"id": 4242, "slug": "suture"})
        yield made
        app.close()
    for call in router.calls:
        judge(call.request)


def judge(request: httpx.Request) -> None:
    """Fail where GitHub's description doesn't know a field that we sent, or its form."""
    if not request.content or request.url.path.endswith("/graphql"):
        return
    body = json.loads(request.content)
    assert request.headers["content-type"] == "application/json"
    for (method, path), name in BODIES.items():
        if method == request.method and re.fullmatch(path, request.url.path):
            if name in VARIANT and body.get("status") != "completed":
                name = VARIANT[name]
            unknown = list(_unknown(_models(name).model_validate(body)))
            assert unknown == [], f"GitHub knows no {unknown} in {name}"
            return
    raise AssertionError(f"nothing judges {request.method} {request.url.path}")


@cache
def _models(name: str) -> Any:
    found = getattr(import_module("githubkit_schemas.latest.models"), name)
    found.model_rebuild()
    return found


def _unknown(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name))
    elif isinstance(value, list):
        for one in value:
            yield from _unknown(one)
