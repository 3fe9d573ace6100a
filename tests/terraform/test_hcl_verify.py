"""The checks of a fixed file pass for what edits declare, and fail for anything more."""

import pytest

from fixers.repository import Repository
from fixers.rule import REMOVED, Check, Edit, Intent, Span, Verdict
from fixers.terraform.source import TerraformFile

BEFORE = 'resource "x" "y" {\n  a = 1\n  l = ["b"]\n}\n\nresource "x" "z" {\n  a = 1\n}\n'


def parsed(text: str) -> TerraformFile:
    return TerraformFile.parse("main.tf", text.encode(), Repository.of({}))


def verdicts(before: str | None, after: str, *intents: Intent) -> dict[str, Verdict]:
    edits = [Edit(Span(0, 0), "", intents=intents)]
    checks = TerraformFile.verify(None if before is None else parsed(before), parsed(after), edits)
    return {check.name: check.verdict for check in checks}


PATH = ("resource", "x", "y")

DATA = {
    "nothing": (BEFORE, (), Verdict.PASSED),
    "a value": (BEFORE.replace("1", "2", 1), (Intent((*PATH, "a"), 2),), Verdict.PASSED),
    "a value not declared": (BEFORE.replace("1", "2", 1), (), Verdict.FAILED),
    "another type": (BEFORE.replace("1", '"1"', 1), (Intent((*PATH, "a"), 1),), Verdict.FAILED),
    "true isn't one": (BEFORE.replace("1", "true", 1), (Intent((*PATH, "a"), 1),), Verdict.FAILED),
    "more than declared": (BEFORE.replace("1", "2"), (Intent((*PATH, "a"), 2),), Verdict.FAILED),
    "an element": (BEFORE.replace('"b"', '"c"'), (Intent((*PATH, "l", 0), "c"),), Verdict.PASSED),
    "one more element": (
        BEFORE.replace('"b"', '"b", "c"'),
        (Intent((*PATH, "l", 1), "c"),),
        Verdict.PASSED,
    ),
    "taken away": (BEFORE.replace("  a = 1\n", "", 1), (Intent((*PATH, "a"), REMOVED),), Verdict.PASSED),
    "a block": (
        BEFORE.replace("  a = 1\n", "  a = 1\n  n {\n    m = 1\n  }\n", 1),
        (Intent((*PATH, "n", "m"), 1),),
        Verdict.PASSED,
    ),
    "a resource lost": (BEFORE.split("\n\n")[0] + "\n", (), Verdict.FAILED),
    "a path that leads nowhere": (BEFORE, (Intent((*PATH, "a", "b"), 1),), Verdict.FAILED),
    "comments and blanks": (BEFORE.replace("\n\n", "\n\n# more\n"), (), Verdict.PASSED),
}


@pytest.mark.parametrize(("after", "intents", "verdict"), DATA.values(), ids=DATA.keys())
def test_data(after: str, intents: tuple[Intent, ...], verdict: Verdict) -> None:
    assert verdicts(BEFORE, after, *intents)["data"] is verdict


def test_equal_blocks_are_told_apart() -> None:
    twice = 'resource "x" "y" {\n  a = 1\n}\n' * 2
    after = twice[: len(twice) // 2] + twice[len(twice) // 2 :].replace("1", "2")
    right, wrong = (Intent((*PATH, number, "a"), 2) for number in (1, 0))
    assert verdicts(twice, after, right)["data"] is Verdict.PASSED
    assert verdicts(twice, after, wrong)["data"] is Verdict.FAILED


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("a = 1\n", "a = 2\n", Verdict.PASSED),
        ("a = 1\n", "a =  2\n", Verdict.FAILED),
        ("a =  1\n", "a =  2\n", Verdict.NOT_CHECKED),
        (None, "a = 1\n", Verdict.PASSED),
        (None, "a =  1\n", Verdict.FAILED),
    ],
)
def test_fmt_clean(before: str | None, after: str, verdict: Verdict) -> None:
    assert verdicts(before, after)["fmt-clean"] is verdict


def test_a_new_file_has_no_data_to_compare() -> None:
    assert verdicts(None, BEFORE) == {"parses": Verdict.PASSED, "fmt-clean": Verdict.PASSED}


def test_what_only_tree_sitter_reads_fails() -> None:
    after = BEFORE.replace("1", '"%%{"', 1)
    (check,) = [c for c in TerraformFile.verify(parsed(BEFORE), parsed(after), ()) if c.name == "parses"]
    assert check == Check("parses", Verdict.FAILED, check.detail)
    assert "python-hcl2 stops in `x.y`" in check.detail


def test_a_heredoc_with_blanks_behind_its_marker_is_read() -> None:
    before = 'resource "x" "y" {\n  h = <<E\nb\nE  \n  a = 1\n  i = <<E\nc\nE\n}\n'
    after = before.replace("a = 1", "a = 2")
    assert verdicts(before, after, Intent((*PATH, "a"), 2))["data"] is Verdict.PASSED
    assert verdicts(before, after)["data"] is Verdict.FAILED


def test_what_python_hcl2_never_read_is_not_checked() -> None:
    before = BEFORE.replace("1", '"%%{"', 1)
    after = before.replace('"b"', '"c"')
    assert verdicts(before, after) == {
        "parses": Verdict.NOT_CHECKED,
        "fmt-clean": Verdict.PASSED,
        "data": Verdict.NOT_CHECKED,
    }
