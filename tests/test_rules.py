"""Every rule does what its documentation shows, byte for byte, and has the shape of a rule."""

import re
from pathlib import Path

import pytest

from fixers import all_rules
from fixers.engine import apply, compatible, scan
from fixers.examples import Example, examples, section
from fixers.repository import Repository
from fixers.rule import Rule

CASES = Path(__file__).parent / "cases"
RULES = all_rules()


def cases_of(rule: Rule) -> list[Example]:
    path = CASES / f"{rule.id}.md"
    more = examples(path.read_text(encoding="utf-8"), rule.language) if path.exists() else []
    return examples(rule.documentation, rule.language) + more


EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}")
    for rule in RULES
    for example in cases_of(rule)
]


def after_all_fixes(rule: Rule, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files once everything that the rule fixes is fixed, however many runs that takes."""
    for _ in range(10):
        repo = Repository.of(files)
        scanned = scan(repo, [rule])
        assert not scanned.skipped
        taken, _ = compatible(hit for hit in scanned.hits if hit.finding.is_fixable)
        if not taken:
            return files
        files = files | {change.path: change.after for change in apply(repo, taken)}
    raise AssertionError("the rule's fixes never come to rest")


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: Rule, example: Example) -> None:
    hits = scan(Repository.of(example.before), [rule]).hits
    match example.kind:
        case "silent":
            assert [hit.finding.message for hit in hits] == []
        case "found":
            assert hits
            assert [hit.finding for hit in hits if hit.finding.is_fixable] == []
        case _:
            assert after_all_fixes(rule, example.before) == example.after


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_shape(rule: Rule) -> None:
    own = examples(rule.documentation, rule.language)
    assert {example.kind for example in own} & {"fixed", "found"}, "shows nothing that it finds"
    assert any(example.kind == "silent" for example in own), "shows nothing that it leaves alone"
    assert len(rule.title) <= 72
    assert re.match(r"[A-Z]", rule.title)
    assert section(rule.documentation, "Test"), "has no `## Test` of its own"
    assert section(rule.documentation, "Roll back"), "has no `## Roll back` of its own"
    assert rule.mentions, "would be parsed for in every file"
    assert len(cases_of(rule)) >= 6, "has too few examples"
