"""A prompt with a password in it is asked, and somebody reads the log."""

import logging

import pytest

from behaviour.example import before_and_after, run
from behaviour.service import heard_by_openai

BEFORE, AFTER = before_and_after("python/logged-prompt")
PROMPT = "my password is correct-horse, what now?"


@pytest.mark.parametrize(("source", "kept"), [(BEFORE, 2), (AFTER, 0)], ids=["before", "after"])
def test_the_log_keeps_the_password_before_only(
    source: str, kept: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard = heard_by_openai(monkeypatch)
    with caplog.at_level(logging.INFO):
        assert run(source)["ask"](PROMPT) == "hello"
    assert heard == [PROMPT]
    assert len(caplog.messages) == 2
    assert sum("correct-horse" in message for message in caplog.messages) == kept


def test_the_log_says_how_long_the_prompt_was(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard_by_openai(monkeypatch)
    with caplog.at_level(logging.INFO):
        run(AFTER)["ask"](PROMPT)
    assert caplog.messages == [f"asking with: {len(PROMPT)}", f"prompt: {len(PROMPT)}"]
