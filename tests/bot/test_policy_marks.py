"""Marks of other tools count as ignores, for the rules that they mean, and are named as such."""

from dataclasses import replace
from datetime import date

import pytest
from made_rules import TORCH, made_hit

from bot.policy import load
from fixers.repository import Repository
from fixers.rule import Rule

TODAY = date(2026, 11, 23)
RULE = replace(TORCH, references=("CWE-502", "bandit:B614", "semgrep:python.torch-load"))


def ignored(text: str, rule: Rule = RULE, line: int = 1, base: str | None = None) -> str:
    """Why a finding on this line is ignored, or nothing."""
    repo = Repository.of({"a.py": text.encode()})
    before = None if base is None else Repository.of({"a.py": base.encode()})
    found = load(repo, [rule], before).ignore_for(made_hit(rule, "a.py", line), TODAY)
    return str(found) if found else ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = load(p)  # nosec\n", "# nosec"),
        ("x = load(p)  # nosec B614\n", "# nosec B614"),
        ("x = load(p)  #nosec: B301, B614 old files\n", "#nosec: B301, B614"),
        ("x = load(p)  # noqa: S614\n", "# noqa: S614"),
        ("x = load(p)  # noqa: E501, S614\n", "# noqa: E501, S614"),
        ("x = load(p)  # nosemgrep\n", "# nosemgrep"),
        ("x = load(p)  # nosemgrep: python.torch-load\n", "# nosemgrep: python.torch-load"),
    ],
)
def test_a_mark_that_means_it(text: str, said: str) -> None:
    assert ignored(text) == f"marked for another tool: `{said}` (a.py:1)"


@pytest.mark.parametrize(
    "text",
    [
        "x = load(p)  # noqa\n",
        "x = load(p)  # noqa: E501\n",
        "x = load(p)  # nosec B301\n",
        "x = load(p)  # nosecurity\n",
        "x = load(p)  # nosemgrep: python.other\n",
        "x = load(p)  # why nosec\n",
        's = "# nosec"\n',
        "x = load(p)\n# nosec\n",
        "# nosec\nx = load(p)\n",
    ],
)
def test_a_mark_that_does_not(text: str) -> None:
    assert ignored(text, line=2 if text.startswith("# nosec") else 1) == ""


def test_semgrep_s_may_stand_above() -> None:
    assert ignored("# nosemgrep\nx = load(p)\n", line=2)
    assert not ignored("# nosemgrep\n\nx = 1\ny = load(p)\n", line=4)


def test_one_that_a_change_brings_along_lifts_nothing() -> None:
    text = "x = load(p)  # nosec\n"
    assert ignored(text, base="x = load(p)\n") == ""
    assert ignored(text, base=text)
