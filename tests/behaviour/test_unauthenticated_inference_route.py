"""A stranger asks the model by the route; a caller does who has the key."""

import pytest

from behaviour.example import before_and_after
from behaviour.service import heard_by_openai, status

BEFORE, AFTER = before_and_after("python/unauthenticated-inference-route")
KEY = "a-key-for-the-test"
QUESTION = {"question": "hi"}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SERVICE_API_KEY", KEY)
    return heard_by_openai(monkeypatch)


@pytest.mark.parametrize(("source", "expected"), [(BEFORE, 200), (AFTER, 401)], ids=["before", "after"])
@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "guessed"}, {"X-API-Key": ""}], ids=str)
def test_a_stranger_reaches_the_model_before_only(
    heard: list[str], source: str, expected: int, headers: dict[str, str]
) -> None:
    assert status(source, params=QUESTION, headers=headers) == expected
    assert heard == (["hi"] if expected == 200 else [])


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_a_caller_with_the_key_is_answered(heard: list[str], source: str) -> None:
    assert status(source, params=QUESTION, headers={"X-API-Key": KEY}) == 200
    assert heard == ["hi"]


def test_without_the_variable_nobody_is_let_in(heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICE_API_KEY")
    assert status(AFTER, params=QUESTION, headers={"X-API-Key": KEY}) == 500
    assert heard == []
