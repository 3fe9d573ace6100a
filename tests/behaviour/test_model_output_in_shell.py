"""A model that names a file and a second command; what the command makes is looked for afterwards."""

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/model-output-in-shell")
HOSTILE = "a.txt; touch made"


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shutil.which("wc"), "the example runs it"
    tools = ModuleType("langchain_core.tools")
    vars(tools)["tool"] = lambda function: function
    monkeypatch.setitem(sys.modules, "langchain_core", ModuleType("langchain_core"))
    monkeypatch.setitem(sys.modules, tools.__name__, tools)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")


def count_lines(source: str, path: str) -> str:
    return str(run(source)["count_lines"](path))


def test_a_hostile_path_runs_a_second_command_before(tmp_path: Path) -> None:
    count_lines(BEFORE, HOSTILE)
    assert (tmp_path / "made").exists()


def test_a_hostile_path_is_no_file_after(tmp_path: Path) -> None:
    assert count_lines(AFTER, HOSTILE) == ""
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_path_is_counted(source: str) -> None:
    assert count_lines(source, "a.txt").split() == ["2", "a.txt"]
