"""Webhooks of the App: signed, sent in order, remembered, listed and sent again."""

import hashlib
import hmac
import http.client
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

from emulator.wire import Data

SECONDS = 10.0
"""GitHub's own limit for an answer (docs.github.com: "Handling webhook deliveries")."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt. `code` is 0 while it wasn't sent: nobody listens, or it is on its way."""

    id: int
    guid: str
    event: str
    payload: Data
    body: bytes
    delivered_at: str
    is_redelivery: bool = False
    code: int = 0
    response: str = ""
    url: str = ""

    @property
    def action(self) -> str | None:
        action: str | None = self.payload.get("action")
        return action

    def listed(self) -> Data:
        """As in GitHub's list of deliveries."""
        return {
            "id": self.id,
            "guid": self.guid,
            "delivered_at": self.delivered_at,
            "redelivery": self.is_redelivery,
            "duration": 0.1,
            "status": "OK" if 200 <= self.code < 300 else self.response or "failed",
            "status_code": self.code,
            "event": self.event,
            "action": self.action,
            "installation_id": (self.payload.get("installation") or {}).get("id"),
            "repository_id": (self.payload.get("repository") or {}).get("id"),
            "throttled_at": None,
        }


def signed(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Hook:
    """Where the App listens; None collects without sending."""

    url: str | None = None
    secret: str = ""
    app_id: int = 0


@dataclass(slots=True)
class Deliveries:
    hook: Hook = field(default_factory=Hook)
    attempts: list[Delivery] = field(default_factory=list)
    is_muted: bool = False
    """While a repository is seeded nothing is told."""
    _queue: "Queue[Delivery | None]" = field(default_factory=Queue)
    _waiting: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        threading.Thread(target=self._send_all, name="emulator-deliveries", daemon=True).start()

    def close(self) -> None:
        self._queue.put(None)

    def emit(self, event: str, payload: Data, at: str, guid: str = "", *, again: bool = False) -> None:
        """Queues one delivery; it is sent by another thread, to where the App listens now."""
        if self.is_muted:
            return
        body, url = json.dumps(payload).encode(), self.hook.url or ""
        with self._changed:
            number = len(self.attempts) + 1
            guid = guid or str(uuid.uuid4())
            made = Delivery(number, guid, event, payload, body, at, again, url=url)
            self.attempts.append(made)
            if url:
                self._waiting += 1
                self._queue.put(made)
            self._changed.notify_all()

    @contextmanager
    def silence(self) -> Iterator[None]:
        self.is_muted = True
        try:
            yield
        finally:
            self.is_muted = False

    def settle(self, seconds: float = 30.0) -> None:
        """Returns when all that was queued has been sent (answered or failed)."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting == 0, seconds):
                raise TimeoutError(f"{self._waiting} deliveries are still on their way")

    def wait_for(self, count: int, event: str = "", seconds: float = 30.0) -> list[Delivery]:
        """Returns when there are so many deliveries (of the event)."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.of(event)) >= count, seconds):
                raise TimeoutError(f"{len(self.of(event))} deliveries of {event or 'any event'}, not {count}")
            return self.of(event)

    def of(self, event: str = "") -> list[Delivery]:
        return [one for one in self.attempts if not event or one.event == event]

    def _send_all(self) -> None:
        while (made := self._queue.get()) is not None:
            code, said = self._send(made)
            with self._changed:
                self._waiting -= 1
                done = replace(made, code=code, response=said)
                self.attempts[made.id - 1] = done
                self._changed.notify_all()

    def headers(self, made: Delivery) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/emulator",
            "X-GitHub-Delivery": made.guid,
            "X-GitHub-Event": made.event,
            "X-GitHub-Hook-ID": "1",
            "X-GitHub-Hook-Installation-Target-ID": str(self.hook.app_id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": signed(self.hook.secret, made.body),
        }

    def _send(self, made: Delivery) -> tuple[int, str]:
        where = urlsplit(made.url)
        connection: Any = http.client.HTTPConnection(where.hostname or "", where.port or 80, timeout=SECONDS)
        try:
            connection.request("POST", where.path or "/", made.body, self.headers(made))
            response = connection.getresponse()
            return response.status, response.read(10_000).decode(errors="replace")
        except TimeoutError:
            return 504, "timed out"
        except (OSError, http.client.HTTPException):
            return 502, "failed to connect to host"
        finally:
            connection.close()
