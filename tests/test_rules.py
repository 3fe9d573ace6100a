"""Every rule does what its documentation shows, byte for byte, and has the shape of a rule."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.pull_request import why
from fixers import all_rules
from fixers.engine import apply, compatible, scan
from fixers.examples import Example, examples, section
from fixers.repository import Repository
from fixers.rule import Rule

CASES = Path(__file__).parent / "cases"
BEHAVIOUR = Path(__file__).parent / "behaviour"
RAN = re.compile(r"\((?:standard library\b[^)]*|(?P<library>\S+) (?P<version>\d+\.\d+))\): ")
RULES = all_rules()

_ATLAS = Path(__file__).parent / "data" / "atlas_techniques.txt"
TECHNIQUES = {line for line in _ATLAS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
REFERENCE = re.compile(
    r"CWE-[1-9]\d*|LLM(?:0[1-9]|10):202[56]|ASI(?:0[1-9]|10)|AML\.T\d{4}(?:\.\d{3})?|bandit:B\d{3}"
    r"|checkov:CKV2?_[A-Z0-9]+_\d+|kubescape:C-\d{4}|trivy:[A-Z]+-\d{4}"
)
LINES = {
    "Who notices": 4,
    "Behaviour": 3,
    "Before merging": 4,
    "Test": 5,
    "Roll back": 3,
    "Does not close": 3,
}
"""The sections of a rule in their order, and how many lines of 110 characters each may have."""
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


def is_fixed(rule: Rule) -> bool:
    return any(example.kind == "fixed" for example in examples(rule.documentation, rule.language))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_title(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z].*[^.]", rule.documentation.strip().splitlines()[0])
    plain = rule.title.replace("`", "")
    assert re.fullmatch(r"[A-Za-z0-9 ,.:=/_+-]+", plain), "a workflow may run it in a shell"
    assert len(f"fix: {plain}") <= 72, "is too long for a commit's subject"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_documentation(rule: Rule) -> None:
    reason = why(rule.documentation)
    assert reason
    assert "\n\n" not in reason, "says why in more than one paragraph"
    assert len(reason.splitlines()) <= 5, "says why in too many lines"
    for heading in ("Who notices", "Test", "Roll back") if is_fixed(rule) else ("Test", "Roll back"):
        assert section(rule.documentation, heading), f"has no `## {heading}` of its own"
    _, _, sections = rule.documentation.partition("\n## ")
    assert not examples(sections, rule.language), "shows an example below a section of the pull request"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_sections_are_known_in_order_and_short(rule: Rule) -> None:
    headings = re.findall(r"^## (.+)$", rule.documentation, re.M)
    assert headings == [heading for heading in LINES if heading in headings]
    for heading in headings:
        lines = [line for line in section(rule.documentation, heading).splitlines() if line]
        assert len(lines) <= LINES[heading], f"`## {heading}` has too many lines"
        assert max(map(len, lines)) <= 110, f"`## {heading}` has a line that is too long"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_has_to_be_done_before_the_merge_is_said(rule: Rule) -> None:
    before = section(rule.documentation, "Before merging")
    if rule.before_deploy or rule.replaces or rule.adds_package:
        assert before
    if rule.language == "terraform":
        planned = "1 to add, 0 to change, 1 to destroy" if rule.replaces else "1 to change, 0 to destroy"
        assert re.search(rf"`terraform\s+plan`\s+must\s+say\s+`{planned}`", before)


@pytest.mark.parametrize("rule", [r for r in RULES if is_fixed(r)], ids=lambda rule: rule.id)
def test_the_way_back_goes_on_after_git_revert(rule: Rule) -> None:
    back = section(rule.documentation, "Roll back")
    assert re.match(r"[a-z]", back), 'goes on after "`git revert <merge commit>`, then: "'
    assert "git revert" not in back


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_opens_unasked_asks_nothing_of_anyone(rule: Rule) -> None:
    if rule.opens_unasked:
        assert is_fixed(rule)
        assert not any((rule.replaces, rule.adds_package, rule.before_deploy))


BEHAVING = {rule.id: told for rule in RULES if (told := section(rule.documentation, "Behaviour"))}


def test_each_behaviour_is_run_by_a_test_of_its_own() -> None:
    names = {id.partition("/")[2].replace("-", "_") for id in BEHAVING}
    assert names == {path.stem.removeprefix("test_") for path in BEHAVIOUR.glob("test_*.py")}


@pytest.mark.parametrize("behaviour", BEHAVING.values(), ids=BEHAVING)
def test_behaviour_names_the_version_that_was_run(behaviour: str) -> None:
    ran = RAN.match(behaviour)
    assert ran, "doesn't begin with the library and version that were run"
    if ran["library"]:
        assert version(ran["library"]).startswith(f"{ran['version']}."), "was run with another version"


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
