"""A model whose template reaches for Python: it makes a folder, which is looked for afterwards."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from jinja2.exceptions import SecurityError

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/model-output-as-template")


def letter(source: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the example's function renders when the model answers so."""
    responses = SimpleNamespace(create=lambda **request: SimpleNamespace(output_text=answer))
    sdk = ModuleType("openai")
    vars(sdk)["OpenAI"] = lambda: SimpleNamespace(responses=responses)
    monkeypatch.setitem(sys.modules, "openai", sdk)
    return run(source)["letter"]("a greeting", "Ann")


def hostile(folder: Path) -> str:
    return '{{ cycler.__init__.__globals__.os.mkdir("' + str(folder) + '") }}'


def test_a_hostile_template_makes_a_folder_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter(BEFORE, hostile(tmp_path / "made"), monkeypatch)
    assert (tmp_path / "made").is_dir()


def test_a_hostile_template_is_refused_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SecurityError):
        letter(AFTER, hostile(tmp_path / "made"), monkeypatch)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_template_is_rendered(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert letter(source, "Dear {{ name }}!", monkeypatch) == "Dear Ann!"
