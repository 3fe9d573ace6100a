"""Somebody who has the source, and a client that remembers the key that it was given."""

import re
import sys
from types import ModuleType, SimpleNamespace

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/hardcoded-ai-key")
KEY = re.compile(r"sk-proj-\w{40,}")


@pytest.fixture(autouse=True)
def _sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = ModuleType("openai")
    vars(sdk)["OpenAI"] = SimpleNamespace
    monkeypatch.setitem(sys.modules, "openai", sdk)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_whoever_reads_the_source_has_the_clients_key_before() -> None:
    assert KEY.findall(BEFORE) == [run(BEFORE)["client"].api_key]


def test_whoever_reads_the_source_has_no_key_after(monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEY.findall(AFTER) == []
    monkeypatch.setenv("OPENAI_API_KEY", "the new one")
    assert run(AFTER)["client"].api_key == "the new one"


def test_without_the_variable_there_is_no_client_after() -> None:
    with pytest.raises(KeyError, match="OPENAI_API_KEY"):
        run(AFTER)
