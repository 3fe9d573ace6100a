"""Verbs change what they are asked to change, and `terraform fmt` stays as content as it was."""

from collections.abc import Callable

import pytest

from fixers.engine import splice
from fixers.repository import Repository
from fixers.rule import Changes, Edit, Refusal, Verdict
from fixers.terraform.source import Block, TerraformFile
from fixers.terraform.source.fmt import is_clean

Verb = Callable[[Block], Changes]


def parsed(text: str) -> TerraformFile:
    return TerraformFile.parse("main.tf", text.encode(), Repository.of({}))


def edited(text: str, verb: Verb) -> tuple[str, list[Edit]]:
    changes = verb(next(parsed(text).resources("x")))
    assert not any(isinstance(change, Refusal) for change in changes), changes
    edits = [change for change in changes if isinstance(change, Edit)]
    return splice(text, edits), edits


def resource(body: str) -> str:
    return f'resource "x" "y" {{\n{body}}}\n'


SHORT: Verb = lambda block: block.set("q", True)  # noqa: E731
LONG: Verb = lambda block: block.set("a_long_name", [1, "b"])  # noqa: E731
BLOCK: Verb = lambda block: block.add_block("nest", {"q": 1, "rst": "u"})  # noqa: E731
NEST = '  nest {\n    q   = 1\n    rst = "u"\n  }\n'

CASES: dict[str, tuple[str, Verb, str]] = {
    "joins the run that is wide enough": (
        "  name = 1\n  n    = 2 # two\n\n  b {}\n",
        SHORT,
        "  name = 1\n  n    = 2 # two\n  q    = true\n\n  b {}\n",
    ),
    "joins the first run that is wide enough": (
        "  n = 1\n\n  a_longer_name = 2\n  n2            = 3\n",
        LONG,
        '  n = 1\n\n  a_longer_name = 2\n  n2            = 3\n  a_long_name   = [1, "b"]\n',
    ),
    "a paragraph before blocks": (
        "  n = 1\n  b {\n  }\n",
        LONG,
        '  n = 1\n\n  a_long_name = [1, "b"]\n\n  b {\n  }\n',
    ),
    "meta-arguments are no run to join": (
        "  depends_on = [z]\n  count      = 2\n",
        SHORT,
        "  q = true\n\n  depends_on = [z]\n  count      = 2\n",
    ),
    "the top of a block of blocks": ("  b {}\n", SHORT, "  q = true\n\n  b {}\n"),
    "behind the comment on the opening line": (
        "  # about b\n  b {}\n",
        SHORT,
        "  q = true\n\n  # about b\n  b {}\n",
    ),
    "an empty block": ("", SHORT, "  q = true\n"),
    "above a heredoc of the same run": (
        "  name = 1\n  h    = <<E\nname = 2\nE\n",
        SHORT,
        "  name = 1\n  q    = true\n  h    = <<E\nname = 2\nE\n",
    ),
    "a comment of several lines stays whole": (
        "  n = 1 /* a\n  b */\n",
        SHORT,
        "  q = true\n\n  n = 1 /* a\n  b */\n",
    ),
    "a comment of several lines before the closing brace": (
        "  n = 1 /* a\n  b */\n",
        BLOCK,
        "  n = 1 /* a\n  b */\n\n" + NEST,
    ),
    "a block goes last": ("  b {}\n  n = 1\n", BLOCK, "  b {}\n  n = 1\n\n" + NEST),
    "a block behind a blank line": ("  n = 1\n\n", BLOCK, "  n = 1\n\n" + NEST),
    "a block alone": ("", BLOCK, NEST),
    "a heredoc with braces last": ("  n = <<-E\n  }\n  E\n", BLOCK, "  n = <<-E\n  }\n  E\n\n" + NEST),
    "tabs": (
        "\tb {\n\t\tc = 1\n\t}\n",
        BLOCK,
        '\tb {\n\t\tc = 1\n\t}\n\n\tnest {\n\t\tq   = 1\n\t\trst = "u"\n\t}\n',
    ),
    "four spaces": (
        "    n = 1\n",
        BLOCK,
        '    n = 1\n\n    nest {\n        q   = 1\n        rst = "u"\n    }\n',
    ),
    "a shorter value, comments aligned": (
        "  n  = 1000 # one\n  n2 = 2    # two\n",
        lambda block: block.set("n", 1),
        "  n  = 1 # one\n  n2 = 2 # two\n",
    ),
    "a longer value, comments aligned": (
        '  n  = "é" # one\n  n2 = 2   # two\n',
        lambda block: block.set("n", "ééé"),
        '  n  = "ééé" # one\n  n2 = 2     # two\n',
    ),
    "comments that weren't aligned are left so": (
        "  n = 1000   # one\n  n2 = 2 # two\n",
        lambda block: block.set("n", 1),
        "  n = 1   # one\n  n2 = 2 # two\n",
    ),
    "several at once, one there and one not": (
        "  n = 1\n",
        lambda block: block.update({"n": 2, "m": None}),
        "  n = 2\n  m = null\n",
    ),
    "text is escaped": (
        "  n = 1\n",
        lambda block: block.set("n", 'a"b\\${c}%{d}\n'),
        '  n = "a\\"b\\\\$${c}%%{d}\\n"\n',
    ),
    "a heredoc before the attribute": (
        "  h = <<E\nn = 1\nE \n  n = 1\n",
        lambda block: block.set("n", 2),
        "  h = <<E\nn = 1\nE \n  n = 2\n",
    ),
    "a binary expression before the attribute": (
        "  h = 1 + 2 # why\n  n = 1\n",
        lambda block: block.set("n", 2),
        "  h = 1 + 2 # why\n  n = 2\n",
    ),
    "a nested block that is there": (
        "  nest { q = 2 }\n",
        lambda block: block.ensure_block("nest", {"q": 1}),
        "  nest { q = 1 }\n",
    ),
    "a nested block of one line that lacks it": (
        "  nest { q = 2 }\n",
        lambda block: block.ensure_block("nest", {"r": 1}),
        "  nest {\n    q = 2\n    r = 1\n  }\n",
    ),
    "one of several blocks": (
        "  nest {\n    q = 1\n  }\n  nest {\n    q = 2\n  }\n",
        lambda block: block.blocks("nest")[1].set("q", 3),
        "  nest {\n    q = 1\n  }\n  nest {\n    q = 3\n  }\n",
    ),
    "an element of a list": (
        '  n = [var.a, "b", /* c */ "b"]\n',
        lambda block: block.attributes["n"].replace_element("b", "longer"),
        '  n = [var.a, "longer", /* c */ "longer"]\n',
    ),
}


@pytest.mark.parametrize(("body", "verb", "expected"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_edit(body: str, verb: Verb, expected: str, newline: str) -> None:
    text = resource(body).replace("\n", newline)
    after, edits = edited(text, verb)
    assert after == resource(expected).replace("\n", newline)
    verdicts = {c.name: c.verdict for c in TerraformFile.verify(parsed(text), parsed(after), edits)}
    fmt = Verdict.PASSED if is_clean(text) else Verdict.NOT_CHECKED
    assert verdicts == {"parses": Verdict.PASSED, "fmt-clean": fmt, "data": Verdict.PASSED}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('resource "x" "y" {}', 'resource "x" "y" {\n  q = true\n}'),
        ('resource "x" "y" { }', 'resource "x" "y" {\n  q = true\n}'),
        ('resource "x" "y" { n = 1 }\n', 'resource "x" "y" {\n  n = 1\n  q = true\n}\n'),
        ('resource "x" "y" { long = 1 }\n', 'resource "x" "y" {\n  long = 1\n\n  q = true\n}\n'),
        ("resource x y {\n}", "resource x y {\n  q = true\n}"),
        ('resource "x" "y" { # why\n}', 'resource "x" "y" { # why\n  q = true\n}'),
    ],
)
def test_edit_of_unusual_blocks(text: str, after: str) -> None:
    assert edited(text, SHORT)[0] == after


REFUSALS: dict[str, tuple[str, Verb, str]] = {
    "a variable": (
        "n = var.n",
        lambda b: b.set("n", 1),
        "`n` is `var.n`: set it where that value comes from",
    ),
    "a local": ("n = local.n", lambda b: b.set("n", 1), "`n` is `local.n`"),
    "an output of a module": ("n = module.m.n[0]", lambda b: b.set("n", 1), "`n` is `module.m.n[0]`"),
    "an entry": ("n = each.value", lambda b: b.set("n", 1), "`n` is `each.value`"),
    "a condition": ('n = a ? "b" : "c"', lambda b: b.set("n", 1), "`n` depends on a condition"),
    "a template": ('n = "a-${b}"', lambda b: b.set("n", 1), "`n` is made from a template"),
    "a wrapped variable": ('n = "${var.n}"', lambda b: b.set("n", 1), "`n` is made from a template"),
    "a heredoc": ("n = <<E\na\nE", lambda b: b.set("n", 1), "`n` is made from a template"),
    "a function": ('n = lower("A")', lambda b: b.set("n", 1), "`n` is computed by a function"),
    "a sum": ("n = 1 + 1", lambda b: b.set("n", 1), "`n` is computed"),
    "parentheses": ("n = (1)", lambda b: b.set("n", 1), "`n` is computed"),
    "a list with a variable": (
        "n = [var.a]",
        lambda b: b.set("n", []),
        "`n` holds values known only to a plan",
    ),
    "a dynamic block": (
        'dynamic "nest" {\n  for_each = []\n  content {}\n}',
        BLOCK,
        "a `dynamic` block makes `nest`: change what it repeats",
    ),
    "a block that is there": ("nest {}", BLOCK, "there is a `nest` already"),
    "blocks that are there": (
        "nest {}\nnest {}",
        lambda b: b.ensure_block("nest", {"q": 1}),
        "several `nest` blocks stand here",
    ),
    "ignored": ("lifecycle {\n  ignore_changes = [q]\n}", SHORT, "`lifecycle.ignore_changes` names `q`"),
    "ignored in quotes": ('lifecycle {\n  ignore_changes = ["q"]\n}', SHORT, "`lifecycle.ignore_changes`"),
    "all ignored": ("lifecycle {\n  ignore_changes = all\n}", BLOCK, "`lifecycle.ignore_changes`"),
    "ignored around a nested block": (
        "lifecycle {\n  ignore_changes = [nest[0].q]\n}\nnest {\n  q = 1\n}",
        lambda b: b.blocks("nest")[0].set("q", 2),
        "`lifecycle.ignore_changes` names `nest`",
    ),
    "an element that isn't there": (
        'n = ["a"]',
        lambda b: b.attributes["n"].replace_element("b", "c"),
        "`n`",
    ),
    "an element that would be there twice": (
        'n = ["a", "b"]',
        lambda b: b.attributes["n"].replace_element("a", "b"),
        '`n` lists "b" already',
    ),
}


@pytest.mark.parametrize(("body", "verb", "reason"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal(body: str, verb: Verb, reason: str) -> None:
    (change,) = verb(next(parsed(resource(f"{body}\n")).resources("x")))
    assert isinstance(change, Refusal)
    assert change.reason.startswith(reason)
    assert not change.reason.endswith(".")


@pytest.mark.parametrize("verb", [SHORT, BLOCK], ids=["attribute", "block"])
def test_one_line_with_a_comment_is_refused(verb: Verb) -> None:
    (change,) = verb(next(parsed('resource "x" "y" { /* why */ }').resources("x")))
    assert change == Refusal("a comment stands where the new lines belong: move it to a line of its own")


@pytest.mark.parametrize(
    "header",
    [
        "# Code generated by a tool; DO NOT EDIT.",
        "// This file is generated by terragrunt.",
        "/*\n * Do not modify: it will be overwritten\n */",
        "# Generated by Terraform Cloud",
        "\n# a licence\n\n# @generated\n",
    ],
)
def test_generated_files_are_refused(header: str) -> None:
    file = parsed(f"{header}\n{resource('')}")
    assert all(isinstance(change, Refusal) for change in SHORT(next(file.resources("x"))))


@pytest.mark.parametrize(
    "header", ["# The key is generated below.", "# Generates a key", "locals {}\n# @generated"]
)
def test_other_files_are_not_generated(header: str) -> None:
    assert not parsed(f"{header}\n{resource('')}").is_generated


def test_a_value_that_is_there_already_changes_nothing() -> None:
    assert next(parsed(resource("  n = 1\n")).resources("x")).set("n", 1) == ()
    assert next(parsed(resource('  n = "1"\n')).resources("x")).set("n", 1) != ()
