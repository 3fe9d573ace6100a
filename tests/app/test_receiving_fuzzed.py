"""Whatever comes over HTTP, signed or not, is answered without a 5xx."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_server import Accepting, client, headers, settings_of, signature
from schemathesis import checks

from bot.app import create_app
from bot.events import EVENTS, job_of
from bot.metrics import Metrics


def accept(delivery: str, event: str, body: bytes) -> str:
    return "ignored" if job_of(event, body) is None else "queued"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with client(tmp_path_factory.mktemp("app"), accept) as made:
        yield made


OPENAPI = create_app(settings_of(Path()), Accepting(), is_ready=lambda: True, metrics=Metrics()).openapi()
SIGNED, UNSIGNED = schemathesis.openapi.from_dict(OPENAPI), schemathesis.openapi.from_dict(OPENAPI)
FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@UNSIGNED.parametrize()
@FUZZED
def test_our_openapi(case: schemathesis.Case[Any], app: httpx.Client) -> None:
    """Answers are as our own OpenAPI says."""
    case.call_and_validate(base_url=str(app.base_url))


@SIGNED.include(path="/webhooks/github").parametrize()
@FUZZED
def test_our_openapi_with_a_signature(case: schemathesis.Case[Any], app: httpx.Client) -> None:
    """A delivery of an unknown event is answered 202 whatever it holds: nobody looks into it."""
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
    case.body = body
    case.headers["X-Hub-Signature-256"] = signature(body)
    answer = case.call(base_url=str(app.base_url))
    case.validate_response(answer, excluded_checks=[checks.negative_data_rejection])


TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=50)


@given(
    event=st.sampled_from(sorted(EVENTS)) | TEXT,
    delivery=TEXT,
    content_type=st.just("application/json") | TEXT,
    body=st.binary(max_size=100) | st.just(b'{"action": "opened"}'),
    extra=st.dictionaries(
        st.sampled_from(["content-encoding", "expect", "x-hub-signature", "accept"]), TEXT, max_size=2
    ),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_headers(app: httpx.Client, body: bytes, extra: dict[str, str], **named: Any) -> None:
    sent = headers(body, **{"x_github_event": named["event"], "x_github_delivery": named["delivery"]})
    sent |= {"content-type": named["content_type"]} | extra
    raw = [(name.encode(), value.strip().encode("latin-1")) for name, value in sent.items()]
    answer = app.post("/webhooks/github", content=body, headers=raw)
    assert answer.status_code in (202, 400, 417)
