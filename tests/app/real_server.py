"""The App behind a real web server, in a thread of the test's own."""

import asyncio
import hmac
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from bot.app import create_app
from bot.metrics import Metrics
from bot.settings import Settings

SECRET, PREVIOUS = "It's a Secret to Everybody", "the one before"
DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


def settings_of(folder: Path, *, has_metrics: bool = True) -> Settings:
    return Settings(
        1, "", (SECRET, PREVIOUS), folder, f"sqlite:///{folder / 'suture.sqlite'}", has_metrics=has_metrics
    )


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def headers(body: bytes, event: str = "push", secret: str = SECRET, **changed: str) -> dict[str, str]:
    """As GitHub sends them; `x_github_event=""` and its like leave one out."""
    usual = {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": DELIVERY,
        "x-hub-signature-256": signature(body, secret),
    }
    usual |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in usual.items() if value}


@dataclass
class Accepting:
    """Takes down what it is given."""

    accepted: list[tuple[str, str, bytes]] = field(default_factory=list)
    answer: Callable[[bytes], str] = lambda body: "queued"

    def __call__(self, delivery: str, event: str, body: bytes) -> str:
        outcome = self.answer(body)
        self.accepted.append((delivery, event, body))
        return outcome


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of the App, over HTTP. The socket listens before the server does: nobody has to wait."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def client(
    folder: Path,
    accept: Callable[[str, str, bytes], str],
    *,
    is_ready: Callable[[], bool] = lambda: True,
    has_metrics: bool = True,
    depth: Callable[[], Mapping[str, int]] = dict,
) -> Iterator[httpx.Client]:
    settings = settings_of(folder, has_metrics=has_metrics)
    with served(create_app(settings, accept, is_ready=is_ready, metrics=Metrics(), depth=depth)) as made:
        yield made
