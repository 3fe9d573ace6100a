"""The web server: verify a delivery, accept it, answer 202. The only asynchronous code."""

import asyncio
import hmac
import logging
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from bot.events import EVENTS, MalformedPayload
from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import Settings

log = logging.getLogger("suture.app")

MOST_BYTES = 25 * 1024 * 1024
"""GitHub sends no larger payload (docs.github.com: "Webhook events and payloads", payload cap)."""
_PATIENCE = 60.0
"""Seconds that a body may take to arrive; GitHub itself gives up after ten."""

_EVENT = r"^[a-z0-9_]{1,100}$"
_DELIVERY = r"^[A-Za-z0-9-]{1,100}$"
_SIGNATURE = r"^sha256=[0-9a-f]{64}$"

Accept = Callable[[str, str, bytes], str]
"""Delivery, event and body in; what became of it out. Raises MalformedPayload."""


def create_app(
    settings: Settings,
    accept: Accept,
    *,
    is_ready: Callable[[], bool],
    metrics: Metrics,
    depth: Callable[[], Mapping[str, int]] = dict,
    outcomes: Callable[[], Mapping[str, int]] = dict,
) -> FastAPI:
    """The App over a queue: when metrics are read, `depth` is asked for jobs by state, and `outcomes` for
    pull requests by what became of them."""
    app = FastAPI(title="Suture", docs_url=None, redoc_url=None)

    @app.post("/webhooks/github", **_RECEIVING)
    async def receive(request: Request) -> JSONResponse:
        """One delivery of GitHub's."""
        event = "other"
        try:
            body = await _verified_body(request, settings.webhook_secrets)
            event, delivery = _named(request.headers)
            outcome = str(await run_in_threadpool(_accepted, accept, delivery, event, body))
        except HTTPException as refusal:
            metrics.delivery(_label(event), _REFUSALS[refusal.status_code])
            raise
        metrics.delivery(_label(event), outcome)
        return JSONResponse({"outcome": outcome}, status_code=202)

    @app.get("/healthz")
    def is_alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    @app.get("/readyz", responses={503: {"description": "It doesn't work at the moment."}})
    def ready() -> dict[str, str]:
        """Deliveries can be queued, and are worked on."""
        if not is_ready():
            raise HTTPException(503, "the queue or its database doesn't answer")
        return {"status": "ready"}

    if settings.has_metrics:

        @app.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
        def measured() -> Response:
            """For Prometheus."""
            return Response(metrics.text(depth(), outcomes()), headers={"content-type": CONTENT_TYPE})

    return app


async def _verified_body(request: Request, secrets: tuple[str, ...]) -> bytes:
    """The body, once it is known to come from somebody who knows a secret. Cheap refusals come first."""
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:20]) > MOST_BYTES:
        raise HTTPException(413, f"a body may have {MOST_BYTES:,} bytes")
    signature = request.headers.get("x-hub-signature-256")
    if signature is None:
        raise HTTPException(401, "no X-Hub-Signature-256: give the webhook the secret that Suture has")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(400, "the content type must be application/json: choose it for the webhook")
    body = await _bounded_body(request)
    if not is_signed(body, signature, secrets):
        raise HTTPException(401, "the signature was not made with the secret that Suture has")
    return body


async def _bounded_body(request: Request) -> bytes:
    """Stops reading at the bound: a length may be wrong, or not be given."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for part in request.stream():
                size += len(part)
                if size > MOST_BYTES:
                    raise HTTPException(413, f"a body may have {MOST_BYTES:,} bytes")
                parts.append(part)
    except TimeoutError:
        raise HTTPException(408, f"the body took longer than {_PATIENCE:.0f} seconds") from None
    except ClientDisconnect:
        raise HTTPException(400, "the body ended early") from None
    return b"".join(parts)


def is_signed(body: bytes, signature: str, secrets: tuple[str, ...]) -> bool:
    """Whether `X-Hub-Signature-256` was made with one of the secrets; in constant time
    (docs.github.com: "Validating webhook deliveries")."""
    given = signature.encode("utf-8", "surrogateescape")
    made = [f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}" for secret in secrets]
    equal = [hmac.compare_digest(signed.encode(), given) for signed in made]
    return any(equal)


def _named(headers: Mapping[str, str]) -> tuple[str, str]:
    event, delivery = headers.get("x-github-event", ""), headers.get("x-github-delivery", "")
    for name, value, pattern in (("Event", event, _EVENT), ("Delivery", delivery, _DELIVERY)):
        if not re.fullmatch(pattern[1:-1], value):
            raise HTTPException(400, f"X-GitHub-{name} is missing, or isn't as GitHub writes it")
    return event, delivery


def _accepted(accept: Accept, delivery: str, event: str, body: bytes) -> str:
    try:
        return accept(delivery, event, body)
    except MalformedPayload as error:
        raise HTTPException(400, str(error)) from None
    except Exception:
        log.exception("delivery %s could not be queued", delivery)
        raise HTTPException(503, "the queue doesn't answer: deliver this again later") from None


def _label(event: str) -> str:
    """Few labels, whatever is sent."""
    return event if event in EVENTS else "other"


_REFUSALS = {400: "malformed", 401: "unsigned", 408: "slow", 413: "too large", 503: "unavailable"}


def _header(name: str, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": True, "schema": schema}


_RECEIVING: dict[str, Any] = {
    "status_code": 202,
    "response_class": JSONResponse,
    "responses": {
        202: {"description": "It is queued, was queued before, or asks for nothing."},
        400: {"description": "A header, the content type or the payload isn't as GitHub sends it."},
        401: {"description": "The signature is missing or wrong."},
        408: {"description": "The body took too long."},
        413: {"description": "The body is too large."},
        503: {"description": "The queue doesn't answer."},
    },
    "openapi_extra": {
        "parameters": [
            _header("X-GitHub-Event", _EVENT),
            _header("X-GitHub-Delivery", _DELIVERY),
            _header("X-Hub-Signature-256", _SIGNATURE),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    },
}
