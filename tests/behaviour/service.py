"""A service of an example that asks a model: what it is sent, and what of that reaches the model."""

import asyncio
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest

from behaviour.example import run


def heard_by_openai(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The inputs that reach the model from now on; a stand-in for the SDK answers them."""
    heard: list[str] = []

    def create(model: str, input: str) -> Any:
        heard.append(input)
        return SimpleNamespace(output_text="hello")

    client = SimpleNamespace(responses=SimpleNamespace(create=create))
    module = ModuleType("openai")
    module.OpenAI = lambda: client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "openai", module)
    return heard


def status(source: str, **request: Any) -> int:
    """What the example's app answers to a POST to `/chat`; 500 where it raises."""

    async def send() -> int:
        transport = httpx.ASGITransport(run(source)["app"], raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as caller:
            return (await caller.post("/chat", **request)).status_code

    return asyncio.run(send())
