"""A caller sends a prompt of a million characters, and one of an ordinary length."""

import pytest

from behaviour.example import before_and_after
from behaviour.service import heard_by_openai, status

BEFORE, AFTER = before_and_after("python/unbounded-prompt")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return heard_by_openai(monkeypatch)


@pytest.mark.parametrize(("source", "expected"), [(BEFORE, 200), (AFTER, 422)], ids=["before", "after"])
@pytest.mark.parametrize("length", [8_001, 1_000_000])
def test_a_long_prompt_reaches_the_model_before_only(
    heard: list[str], source: str, expected: int, length: int
) -> None:
    assert status(source, json={"prompt": "x" * length}) == expected
    assert [len(prompt) for prompt in heard] == ([length] if expected == 200 else [])


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_ordinary_prompt_reaches_the_model(heard: list[str], source: str) -> None:
    prompt = "ö" * 8_000
    assert status(source, json={"prompt": prompt}) == 200
    assert heard == [prompt]
