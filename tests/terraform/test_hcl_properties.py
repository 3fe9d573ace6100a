"""For Terraform that nobody wrote: edits keep the data, `fmt`, and every line that was there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixers.engine import splice
from fixers.repository import Repository
from fixers.rule import Edit, Verdict
from fixers.terraform.source import TerraformFile
from fixers.terraform.source.fmt import is_clean, misplaced

NAMES = st.sampled_from(["a", "ab", "name", "a_longer_name", "instance_type", "é"])
TEXTS = st.sampled_from(['"x"', '"é # ${b} }"', '"$${c}"', '"\\"{"', "var.a", "1", "-1", "true", "[1, 2]"])
TALL = st.sampled_from(
    [
        "[\n1, # one\n2,\n]",
        "{\na = 1\nbcd = 2\n}",
        "<<E\n}\n  a = 1\nE",
        "<<-E\n  x ${y}\n  E  ",
        "f([{\na = 1\n}])",
    ]
)
COMMENTS = st.sampled_from(
    ["", "", "", " # one", " // two {", " /* three */", " /* four */ # five", " /* a\nb */"]
)
LINES = st.one_of(
    st.builds("{} = {}{}\n".format, NAMES, TEXTS, COMMENTS),
    st.builds("{} = {}\n".format, NAMES, TALL),
    st.sampled_from(
        ["\n", "# a comment\n", "/* b\n c */\n", "nest {}\n", "nest { a = 1 }\n", "other {\na = 1\n}\n"]
    ),
)
BODIES = st.lists(LINES, max_size=8).map("".join)
FILES = st.builds(
    '{}resource "x" "y" {{{}\n{}}}{}'.format, BODIES, COMMENTS, BODIES, st.sampled_from(["", "\n"])
)
# python-hcl2 can't read `$${` or `%%{` without a closing brace, so no value opens one
VALUES = st.one_of(st.booleans(), st.integers(0, 99999), st.text('aé"\\$}\n#', max_size=8))


def formatted(text: str) -> str:
    for gap in reversed(misplaced(text)):
        text = text[: gap.start] + " " * gap.wanted + text[gap.end :]
    return text


def parsed(text: str) -> TerraformFile:
    return TerraformFile.parse("main.tf", text.encode(), Repository.of({}))


@settings(max_examples=150, deadline=None)
@given(
    FILES, st.booleans(), st.sampled_from(["q", "name", "a_very_long_name_of_ours"]), VALUES, st.booleans()
)
def test_edits_do_what_they_say_and_no_more(
    text: str, clean: bool, name: str, value: object, as_block: bool
) -> None:
    text = formatted(text) if clean else text
    before = parsed(text)
    (block,) = before.resources("x")
    changes = block.add_block("ours", {name: value}) if as_block else block.set(name, value)
    edits = [change for change in changes if isinstance(change, Edit)]
    if len(edits) < len(changes) or _repeats(text):
        return
    after = splice(text, edits)
    verdicts = {check.name: check.verdict for check in TerraformFile.verify(before, parsed(after), edits)}
    assert Verdict.FAILED not in verdicts.values()
    assert verdicts["fmt-clean"] is (Verdict.PASSED if is_clean(text) else Verdict.NOT_CHECKED)
    if all(edit.span.start == edit.span.end for edit in edits):
        assert _is_subsequence(text.splitlines(), after.splitlines())
    again = next(parsed(after).resources("x"))
    assert again.blocks("ours") if as_block else again.set(name, value) == ()


@settings(max_examples=100, deadline=None)
@given(st.text("a1 \t\n\r\"'{}[]()$%<-=#/*\\,.é~E", max_size=60))
def test_what_fmt_wants_it_wants_once(text: str) -> None:
    once = formatted(text)
    assert "".join(once.split()) == "".join(text.split())


def _repeats(text: str) -> bool:
    """Whether a block gives an attribute twice, which Terraform refuses and python-hcl2 doesn't."""
    (block,) = parsed(text).resources("x")
    names = [block.source.syntax.text(node.children[0]) for node in block._items if node.type == "attribute"]
    return len(names) != len(set(names))


def _is_subsequence(lines: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(line in rest for line in lines)
