"""A server with a certificate of its own making, which poses as the provider."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import httpx
import pytest

from behaviour.example import before_and_after, run
from behaviour.impostor import Impostor, impostor

BEFORE, AFTER = before_and_after("python/unverified-tls")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Impostor]:
    sdk = ModuleType("openai")
    vars(sdk)["OpenAI"] = SimpleNamespace
    monkeypatch.setitem(sys.modules, "openai", sdk)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with impostor(tmp_path) as found:
        yield found


def ask(source: str, url: str) -> str:
    """What the client that the example gives its SDK gets as an answer."""
    with run(source)["client"].http_client as client:
        return str(client.get(url, headers={"Authorization": "Bearer the-key"}).text)


def test_an_impostor_has_the_key_before(server: Impostor) -> None:
    assert ask(BEFORE, server.url) == "hello"
    assert server.heard == ["Bearer the-key"]


def test_an_impostor_has_nothing_after(server: Impostor) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(AFTER, server.url)
    assert server.heard == []


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_a_server_whose_certificate_is_known_is_asked(
    source: str, server: Impostor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert ask(source, server.url) == "hello"
