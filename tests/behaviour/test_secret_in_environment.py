"""Somebody who has the source, and a client that reads its key from the environment, as the SDK's does."""

import os
import re
import sys
from types import ModuleType, SimpleNamespace

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/secret-in-environment")
VARIABLE = "AZURE_OPENAI_API_KEY"
SECRET = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(autouse=True)
def _sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = ModuleType("openai")
    vars(sdk)["AzureOpenAI"] = lambda: SimpleNamespace(api_key=os.environ[VARIABLE])
    monkeypatch.setitem(sys.modules, "openai", sdk)
    monkeypatch.setenv(VARIABLE, "")  # so that what the example sets is taken back
    monkeypatch.delenv(VARIABLE)


def test_whoever_reads_the_source_has_the_clients_key_before() -> None:
    assert SECRET.findall(BEFORE) == [run(BEFORE)["client"].api_key]


def test_the_source_replaces_the_variable_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "the new one")
    assert run(BEFORE)["client"].api_key != "the new one"


def test_whoever_reads_the_source_has_no_key_after(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SECRET.findall(AFTER) == []
    monkeypatch.setenv(VARIABLE, "the new one")
    assert run(AFTER)["client"].api_key == "the new one"


def test_without_the_variable_there_is_no_client_after() -> None:
    with pytest.raises(RuntimeError, match=f"{VARIABLE} is not set"):
        run(AFTER)
