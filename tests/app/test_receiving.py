"""What the webhook's address takes, and what it refuses with which reason."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from real_server import DELIVERY, PREVIOUS, SECRET, Accepting, client, headers, signature

from bot.app import MOST_BYTES, is_signed
from bot.events import MalformedPayload

BODY = b'{"zen": "Speak like a human."}'


@pytest.fixture
def accepting() -> Accepting:
    return Accepting()


@pytest.fixture
def app(tmp_path: Path, accepting: Accepting) -> Iterator[httpx.Client]:
    with client(tmp_path, accepting, depth=lambda: {"waiting": 3}) as made:
        yield made


def post(app: httpx.Client, body: bytes = BODY, /, **changed: str) -> httpx.Response:
    return app.post("/webhooks/github", content=body, headers=headers(body, **changed))


def test_the_example_of_githubs_documentation() -> None:
    """docs.github.com: "Validating webhook deliveries", "Testing the webhook payload validation"."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_signed(b"Hello, World!", f"sha256={digest}", ("It's a Secret to Everybody",))
    assert not is_signed(b"Hello, World", f"sha256={digest}", ("It's a Secret to Everybody",))


@pytest.mark.parametrize("secret", [SECRET, PREVIOUS])
def test_both_secrets_are_taken_while_one_replaces_the_other(
    app: httpx.Client, accepting: Accepting, secret: str
) -> None:
    answer = post(app, secret=secret)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "queued"})
    assert accepting.accepted == [(DELIVERY, "push", BODY)]


@pytest.mark.parametrize(
    "given",
    [
        signature(BODY, "another secret"),
        signature(b"another body"),
        signature(BODY).upper(),
        signature(BODY).removeprefix("sha256="),
        signature(BODY).replace("sha256", "sha1"),
        signature(BODY)[:-1],
        signature(BODY, ""),
        "sha256=" + "\u00e9" * 64,
        "sha256=",
        "é",
    ],
)
def test_a_wrong_signature(app: httpx.Client, accepting: Accepting, given: str) -> None:
    sent = headers(BODY)
    raw = [(name.encode(), value.encode()) for name, value in sent.items() if "signature" not in name]
    raw.append((b"x-hub-signature-256", given.encode("utf-8")))
    answer = app.post("/webhooks/github", content=BODY, headers=raw)
    assert answer.status_code == 401
    assert "secret" in answer.json()["detail"]
    assert accepting.accepted == []


def test_no_signature_is_refused_before_the_body_is_read(app: httpx.Client, accepting: Accepting) -> None:
    """A body that never ends would never be answered otherwise."""

    def endless() -> Iterator[bytes]:
        yield b"{"
        answered.append(True)
        yield b"}"

    answered: list[bool] = []
    sent = headers(BODY, x_hub_signature_256="")
    answer = app.post("/webhooks/github", content=endless(), headers=sent)
    assert (answer.status_code, accepting.accepted) == (401, [])
    assert "X-Hub-Signature-256" in answer.json()["detail"]


def test_what_is_wrong_is_not_parsed_before_it_is_verified(tmp_path: Path) -> None:
    def answer(body: bytes) -> str:
        raise AssertionError("parsed")

    with client(tmp_path, Accepting(answer=answer)) as app:
        assert post(app, b"{", secret="another secret").status_code == 401


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("content_type", "application/x-www-form-urlencoded", "application/json"),
        ("content_type", "", "application/json"),
        ("content_type", "text/plain; application/json", "application/json"),
        ("x_github_event", "", "X-GitHub-Event"),
        ("x_github_event", "Push!", "X-GitHub-Event"),
        ("x_github_event", "a" * 101, "X-GitHub-Event"),
        ("x_github_delivery", "", "X-GitHub-Delivery"),
        ("x_github_delivery", "a#2", "X-GitHub-Delivery"),
        ("x_github_delivery", "a~2", "X-GitHub-Delivery"),
        ("x_github_delivery", "a" * 101, "X-GitHub-Delivery"),
    ],
)
def test_a_header_that_github_does_not_send(
    app: httpx.Client, accepting: Accepting, header: str, value: str, reason: str
) -> None:
    answer = post(app, **{header: value})
    assert (answer.status_code, accepting.accepted) == (400, [])
    assert reason in answer.json()["detail"]


def test_a_content_type_with_a_character_set(app: httpx.Client) -> None:
    assert post(app, content_type="Application/JSON; charset=utf-8").status_code == 202


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_body_of_25_megabytes_at_most(
    app: httpx.Client, accepting: Accepting, size: int, is_streamed: bool
) -> None:
    """Streamed: without a content length, so that only counting helps."""
    body = b" " * size
    parts = (body[at : at + 2**20] for at in range(0, size, 2**20))
    try:
        answer = app.post("/webhooks/github", content=parts if is_streamed else body, headers=headers(body))
    except (httpx.WriteError, httpx.ReadError):
        # The refusal came while the rest was still being sent.
        assert size > MOST_BYTES
    else:
        assert answer.status_code == (202 if size == MOST_BYTES else 413)
    assert len(accepting.accepted) == (size == MOST_BYTES)


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 10**15])
def test_a_length_that_says_too_much_is_refused_unread(app: httpx.Client, length: int) -> None:
    """Not one byte of the body is sent, and yet there is an answer."""
    with socket.create_connection((app.base_url.host, app.base_url.port or 0), timeout=60) as connection:
        connection.sendall(
            b"POST /webhooks/github HTTP/1.1\r\nHost: suture\r\nContent-Length: %d\r\n\r\n" % length
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_a_malformed_payload(tmp_path: Path) -> None:
    def answer(body: bytes) -> str:
        raise MalformedPayload("the body is no JSON")

    with client(tmp_path, Accepting(answer=answer)) as app:
        answered = post(app)
    assert (answered.status_code, answered.json()) == (400, {"detail": "the body is no JSON"})


def test_a_queue_that_does_not_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def answer(body: bytes) -> str:
        raise ConnectionError("postgresql://suture:password@host")

    with client(tmp_path, Accepting(answer=answer)) as app:
        answered = post(app)
    assert answered.status_code == 503
    assert "password" not in answered.text
    assert DELIVERY in caplog.text


def test_other_methods(app: httpx.Client) -> None:
    answer = app.get("/webhooks/github")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_health_and_readiness(tmp_path: Path) -> None:
    ready = [False]
    with client(tmp_path, Accepting(), is_ready=lambda: ready[0]) as app:
        assert app.get("/healthz").json() == {"status": "alive"}
        assert app.get("/readyz").status_code == 503
        ready[0] = True
        assert app.get("/readyz").json() == {"status": "ready"}


def test_metrics(app: httpx.Client) -> None:
    post(app)
    post(app, event="workflow_run")
    post(app, event="workflow_job")
    post(app, secret="another secret")
    post(app, content_type="text/plain")
    answer = app.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    numbers = dict(re.findall(r"^(suture_\w+\{.*?\}) ([0-9.]+)$", answer.text, re.MULTILINE))
    assert numbers == {
        'suture_deliveries_total{event="push",outcome="queued"}': "1.0",
        'suture_deliveries_total{event="other",outcome="queued"}': "2.0",
        'suture_deliveries_total{event="other",outcome="unsigned"}': "1.0",
        'suture_deliveries_total{event="other",outcome="malformed"}': "1.0",
        'suture_queue_jobs{state="waiting"}': "3.0",
    } | {name: value for name, value in numbers.items() if "_created" in name}


def test_metrics_can_be_left_out(tmp_path: Path) -> None:
    with client(tmp_path, Accepting(), has_metrics=False) as app:
        assert app.get("/metrics").status_code == 404
