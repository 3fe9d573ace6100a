"""Every rule does what its documentation shows, byte for byte, and has the shape of a rule."""

import re
from pathlib import Path

import pytest

from bot.pull_request import why
from fixers import all_rules
from fixers.engine import apply, compatible, scan
from fixers.examples import Example, examples, section
from fixers.repository import Repository
from fixers.rule import Rule

CASES = Path(__file__).parent / "cases"
RULES = all_rules()

_ATLAS = Path(__file__).parent / "data" / "atlas_techniques.txt"
TECHNIQUES = {line for line in _ATLAS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
REFERENCE = re.compile(
    r"CWE-[1-9]\d*|LLM(?:0[1-9]|10):202[56]|ASI(?:0[1-9]|10)|AML\.T\d{4}(?:\.\d{3})?|bandit:B\d{3}"
    r"|checkov:CKV2?_[A-Z0-9]+_\d+|kubescape:C-\d{4}|trivy:[A-Z]+-\d{4}"
)
# The OWASP Top 10 for LLM applications gave its entries other numbers in 2026: from 2025's to 2026's.
RENUMBERED = dict(zip(range(1, 11), (1, 2, 4, 5, 10, 3, 8, 9, 7, 6), strict=True))


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
    assert rule.mentions, "would be parsed for in every file"
    assert len(cases_of(rule)) >= 6, "has too few examples"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_documentation(rule: Rule) -> None:
    title = rule.documentation.strip().splitlines()[0]
    assert re.fullmatch(r"[A-Z].{,70}[^.]", title)
    reason = why(rule.documentation)
    assert reason
    assert "\n\n" not in reason, "says why in more than one paragraph"
    assert len(reason.splitlines()) <= 5, "says why in too many lines"
    is_fixed = any(example.kind == "fixed" for example in examples(rule.documentation, rule.language))
    for heading in ("Who notices", "Test", "Roll back") if is_fixed else ("Test", "Roll back"):
        assert section(rule.documentation, heading), f"has no `## {heading}` of its own"
    _, _, sections = rule.documentation.partition("\n## ")
    assert not examples(sections, rule.language), "shows an example below a section of the pull request"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_references(rule: Rule) -> None:
    assert [r for r in rule.references if not REFERENCE.fullmatch(r)] == []
    assert {r for r in rule.references if r.startswith("AML.")} <= TECHNIQUES
    assert len(set(rule.references)) == len(rule.references)
    owasp = {
        year: {int(r[3:5]) for r in rule.references if r.startswith("LLM") and r.endswith(year)}
        for year in ("2025", "2026")
    }
    assert {RENUMBERED[number] for number in owasp["2025"]} == owasp["2026"], "an edition lacks an entry"
