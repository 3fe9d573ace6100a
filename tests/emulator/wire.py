"""A request and its answer, as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is path and query as sent; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").partition(" ")[2].strip()

    @property
    def accept(self) -> str:
        return self.headers.get("accept", "")

    @property
    def is_write(self) -> bool:
        return self.method not in {"GET", "HEAD"}

    def data(self) -> Data:
        """The body's JSON object; an empty one for any other body."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("Content-Type", "")

    @property
    def value(self) -> Any:
        return json.loads(self.body) if self.body else None


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """JSON; `None` is an answer without a body."""
    if value is None:
        return Answer(status, b"", dict(headers or {}))
    content = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, json.dumps(value).encode(), content | dict(headers or {}))


class Refusal(Exception):
    """Raised where GitHub answers with an error; the front turns it into that answer."""

    def __init__(self, status: int, message: str, *, code: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = [{"code": code or "custom", "message": detail}] if detail else []

    def answer(self) -> Answer:
        value: Data = {"message": self.message, "documentation_url": "https://docs.github.com/rest"}
        if self.errors:
            value["errors"] = self.errors
        return answer(value | {"status": str(self.status)}, self.status)


def page_of(items: list[Any], request: Request, url: str) -> tuple[list[Any], dict[str, str]]:
    """The page that is asked for, and the Link header to the next one."""
    size = min(100, max(1, int(request.query.get("per_page", "30"))))
    page = max(1, int(request.query.get("page", "1")))
    headers = {}
    if page * size < len(items):
        last = -(-len(items) // size)
        kept = {name: value for name, value in request.query.items() if name != "page"}
        links = ((page + 1, "next"), (last, "last"))
        headers["Link"] = ", ".join(
            f'<{url}?{urlencode(kept | {"page": str(number)})}>; rel="{rel}"' for number, rel in links
        )
    return items[(page - 1) * size : page * size], headers
