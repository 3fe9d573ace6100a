"""The example starts where the environment says that traces may leave, may not, or says nothing."""

import os
import sys
from types import ModuleType

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/forced-tracing")
VARIABLE = "LANGCHAIN_TRACING_V2"


def traced(source: str, said: str | None, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """What LangSmith reads of the environment once the example has run; `said` is what stood there."""
    module = ModuleType("langchain_openai")
    module.ChatOpenAI = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain_openai", module)
    monkeypatch.setenv(VARIABLE, said or "")
    if said is None:
        monkeypatch.delenv(VARIABLE)
    run(source)
    return os.environ.get(VARIABLE)


@pytest.mark.parametrize("said", [None, "false"])
def test_traces_leave_against_the_environment_before_only(
    said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert traced(BEFORE, said, monkeypatch) == "true"
    assert traced(AFTER, said, monkeypatch) == said


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_traces_leave_where_the_environment_says_so(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert traced(source, "true", monkeypatch) == "true"
