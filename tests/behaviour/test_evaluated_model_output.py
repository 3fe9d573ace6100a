"""A model's answer that is code: it makes a folder, which is looked for afterwards."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/evaluated-model-output")


def keywords(source: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the example's function makes of a model that answers so."""
    choice = SimpleNamespace(message=SimpleNamespace(content=answer))
    completions = SimpleNamespace(create=lambda **request: SimpleNamespace(choices=[choice]))
    sdk = ModuleType("openai")
    vars(sdk)["OpenAI"] = lambda: SimpleNamespace(chat=SimpleNamespace(completions=completions))
    monkeypatch.setitem(sys.modules, "openai", sdk)
    return run(source)["keywords"]("a text about animals")


def test_a_hostile_answer_makes_a_folder_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keywords(BEFORE, f'__import__("os").mkdir("{tmp_path}/made")', monkeypatch)
    assert (tmp_path / "made").is_dir()


def test_a_hostile_answer_is_refused_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="malformed node"):
        keywords(AFTER, f'__import__("os").mkdir("{tmp_path}/made")', monkeypatch)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_answer_is_a_list(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keywords(source, '["cats", "dogs"]', monkeypatch) == ["cats", "dogs"]
