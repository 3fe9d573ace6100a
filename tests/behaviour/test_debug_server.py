"""Somebody makes a route fail whose source holds a key, and opens one that works."""

import asyncio

import httpx
import pytest

from behaviour.example import before_and_after, run
from behaviour.service import heard_by_openai

BEFORE, AFTER = before_and_after("python/debug-server")
SECRET = "key-that-nobody-may-see"


def answer(source: str, path: str) -> tuple[int, str]:
    """Status and text of the example's app, which was given a route that works and one that fails."""
    app = run(source)["app"]
    app.add_api_route("/works", lambda: "hello")

    def fails() -> str:
        raise RuntimeError("key-that-nobody-may-see")

    app.add_api_route("/fails", fails)

    async def get() -> tuple[int, str]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as visitor:
            got = await visitor.get(path, headers={"Accept": "text/html"})
            return got.status_code, got.text

    return asyncio.run(get())


@pytest.mark.parametrize(("source", "shown"), [(BEFORE, True), (AFTER, False)], ids=["before", "after"])
def test_an_error_shows_the_source_before_only(
    source: str, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard_by_openai(monkeypatch)
    status, text = answer(source, "/fails")
    assert status == 500
    assert (SECRET in text) is shown
    assert (text == "Internal Server Error") is not shown


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_a_route_that_works_answers(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard_by_openai(monkeypatch)
    assert answer(source, "/works") == (200, '"hello"')
