"""A server with a certificate of its own making, from which the process downloads its weights."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from behaviour.example import before_and_after, run
from behaviour.impostor import Impostor, impostor

BEFORE, AFTER = before_and_after("python/unverified-tls-everywhere")
ADDRESS = "https://models.example.org"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Impostor]:
    monkeypatch.setattr(ssl, "_create_default_https_context", ssl._create_default_https_context)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with impostor(tmp_path) as found:
        yield found


def weights(source: str, server: Impostor) -> object:
    """What the example downloads, from the server in the place of its own."""
    assert ADDRESS in source
    return run(source.replace(ADDRESS, server.url))["weights"]


def test_an_impostors_weights_are_read_before(server: Impostor) -> None:
    assert weights(BEFORE, server) == b"hello"


def test_an_impostors_weights_are_refused_after(server: Impostor) -> None:
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        weights(AFTER, server)
    assert server.heard == []


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_weights_of_a_server_whose_certificate_is_known_are_read(
    source: str, server: Impostor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert weights(source, server) == b"hello"
