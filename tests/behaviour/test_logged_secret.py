"""Somebody who reads the log of a program that holds a key."""

import logging
import sys
from types import ModuleType, SimpleNamespace

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/logged-secret")


def log_of(source: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the example logs; its client is seen to have the key that the environment holds."""
    sdk = ModuleType("openai")
    vars(sdk)["OpenAI"] = SimpleNamespace
    monkeypatch.setitem(sys.modules, "openai", sdk)
    monkeypatch.setenv("OPENAI_API_KEY", "the-key")
    with caplog.at_level(logging.DEBUG):
        assert run(source, __name__="example")["client"].api_key == "the-key"
    return caplog.messages


def test_the_log_holds_the_key_before(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert log_of(BEFORE, monkeypatch, caplog) == ["calling with the-key"]


def test_the_log_says_that_there_is_a_key_after(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert log_of(AFTER, monkeypatch, caplog) == ["calling with True"]
