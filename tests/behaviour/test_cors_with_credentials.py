"""A browser on `evil.example`: it hands an answer to the page only if the headers say so."""

import asyncio
from typing import Any

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/cors-with-credentials")
EVIL = "https://evil.example"


def answer(source: str, method: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the example's app, which was given a page at `/`."""
    app = run(source)["app"]
    app.add_api_route("/", lambda: "hello", methods=["GET"])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    about = {"type": "http", "method": method, "path": "/", "raw_path": b"/", "query_string": b""}
    asyncio.run(app({**about, "http_version": "1.1", "headers": given}, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def is_handed_over(headers: dict[str, str], with_cookies: bool) -> bool:
    """Whether a browser lets the page on `evil.example` have it: https://fetch.spec.whatwg.org/#cors-check"""
    origin = headers.get("access-control-allow-origin")
    if not with_cookies:
        return origin in ("*", EVIL)
    return origin == EVIL and headers.get("access-control-allow-credentials") == "true"


@pytest.mark.parametrize(("source", "shared"), [(BEFORE, True), (AFTER, False)], ids=["before", "after"])
def test_a_hostile_page_has_the_visitors_answer_before_only(source: str, shared: bool) -> None:
    status, headers = answer(source, "GET", origin=EVIL, cookie="session=1")
    assert (status, is_handed_over(headers, with_cookies=True)) == (200, shared)
    status, headers = answer(source, "OPTIONS", origin=EVIL, access_control_request_method="GET")
    assert (status, is_handed_over(headers, with_cookies=True)) == (200, shared)


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_page_has_the_answer_that_needs_no_login(source: str) -> None:
    status, headers = answer(source, "GET", origin=EVIL)
    assert (status, is_handed_over(headers, with_cookies=False)) == (200, True)
