"""A server that doesn't know the model, and a program that repeats the error that it gets."""

import pytest
import requests

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/key-in-url")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[requests.PreparedRequest]:
    """The requests that were sent; each is answered by what it is about, and 404 for a model `missing`."""
    kept: list[requests.PreparedRequest] = []

    def send(self: object, request: requests.PreparedRequest, **options: object) -> requests.Response:
        kept.append(request)
        answer = requests.Response()
        answer.request, answer.url = request, str(request.url)
        answer.status_code, answer._content = (404 if "missing" in answer.url else 200), b'{"text": "hello"}'
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return kept


def ask(source: str, model: str) -> object:
    return run(source)["ask"](model, {"contents": []}, "the-key")


@pytest.mark.parametrize(("source", "told"), [(BEFORE, True), (AFTER, False)], ids=["before", "after"])
def test_the_error_tells_the_key_before_only(
    source: str, told: bool, sent: list[requests.PreparedRequest]
) -> None:
    with pytest.raises(requests.HTTPError) as error:
        ask(source, "missing")
    assert ("the-key" in str(error.value)) is told
    assert len(sent) == 1


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_the_server_gets_the_key(source: str, sent: list[requests.PreparedRequest]) -> None:
    assert ask(source, "gemini") == {"text": "hello"}
    (request,) = sent
    assert "the-key" in (request.headers.get("x-goog-api-key", ""), str(request.url).partition("key=")[2])
    assert request.headers["Content-Type"] == "application/json"
