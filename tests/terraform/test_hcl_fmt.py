"""`is_clean` says of a text what `terraform fmt` says of its blanks."""

import pytest

from fixers.terraform.source.fmt import Gap, is_clean, misplaced

CLEAN = {
    "empty": "",
    "no last newline": "a = 1",
    "aligned run": "a   = 1\nbcd = 2\n",
    "a blank line ends a run": "a = 1\n\nbcd = 2\n",
    "a comment line ends a run": "a = 1\n# b\nbcd = 2\n",
    "a value of several lines ends a run": "a = 1\nbcde = [\n  1,\n]\nf = 2\n",
    "trailing comments are aligned": "a   = 1   # one\nbcd = 200 # two\n",
    "a block of one line": 'resource "a" "b" {}\nx { y = 1 }\n',
    "nested blocks": "a {\n  b {\n    c = 1\n  }\n}\n",
    "brackets that open together close together": "a = f([{\n  b = 1\n}])\n",
    "two brackets opened, closed on two lines": "a = f([\n  1,\n  ]\n)\n",
    "an indented heredoc": "a {\n  b = <<-EOT\n      any   indent\n  EOT\n  c = 1\n}\n",
    "a heredoc is one line of its run": "ab = <<EOT\nx\nEOT\nc  = 1\n",
    "blanks behind the marker of a heredoc belong to it": "a = <<EOT\nx\nEOT  \nb = 1\n",
    "the marker inside a line ends nothing": "a = <<EOT\nx EOT\n  EOTX\nEOT\n",
    "braces in a heredoc": "a {\n  b = <<EOT\n}}}\nEOT\n}\n",
    "interpolation": 'a = "x${f(b, "${c}")}y"\n',
    "a template that trims": 'a = "%{if b~}x%{endif~}"\n',
    "escaped interpolation": 'a = "$${b %%{c"\n',
    "escaped quote": 'a = "\\"b\\\\"\n',
    "object in an interpolation": 'a = "${ {} }"\n',
    "negation": "a = -1\nb = [-1, 2 - -x]\n",
    "not": "a = !b\n",
    "condition": "a = b ? c : d\n",
    "index, splat, attribute": "a = b[0].c[*].d\n",
    "a list after `in`": "a = [for x in [1] : x]\n",
    "spread": "a = f(b...)\n",
    "a function of a provider": "a = provider::b::c(1)\n",
    "comments of all kinds": "# a\n// b\n/* c */\nd = 1 /* e */\n",
    "a comment of several lines": "a {\n  /* b\n c */\n  d = 1\n}\n",
    "carriage returns": "a   = 1\r\nbcd = 2 # é\r\n",
    "wide characters count once": 'a = "é" # one\nb = "e" # two\n',
    "combining marks count with their letter": 'a = "e\u0301" # one\nb = "e" # two\n',
}

DIRTY = {
    "no space before =": "a= 1\n",
    "two spaces after =": "a =  1\n",
    "a run that isn't aligned": "a = 1\nbcd = 2\n",
    "aligned too far": "a  = 1\n",
    "comments that aren't aligned": "a   = 1 # one\nbcd = 200 # two\n",
    "two spaces before a comment": "a = 1  # one\n",
    "a tab": "a {\n\tb = 1\n}\n",
    "four spaces": "a {\n    b = 1\n}\n",
    "a blank at the end of a line": "a = 1 \n",
    "blanks on an empty line": "a = 1\n  \nb = 2\n",
    "no space before a brace": "a{}\n",
    "spaces in empty braces": "a { }\n",
    "no spaces in braces": "a = {b = 1}\n",
    "spaces in brackets": "a = [ 1 ]\n",
    "no space after a comma": "a = [1,2]\n",
    "a space before a comma": "a = [1 , 2]\n",
    "a space before a call": "a = f (1)\n",
    "a closing brace too deep": "a {\n  b = 1\n  }\n",
    "spaces in an interpolation": 'a = "${ b }"\n',
    "an attribute behind a heredoc": "ab = <<EOT\nx\nEOT\nc = 1\n",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_clean(text: str) -> None:
    assert misplaced(text) == []


@pytest.mark.parametrize("text", DIRTY.values(), ids=DIRTY.keys())
def test_dirty(text: str) -> None:
    assert not is_clean(text)


def test_misplaced_says_what_is_wanted_where() -> None:
    assert misplaced("a = 1\nbcd = 2\n") == [Gap(1, 2, 3)]


@pytest.mark.parametrize("text", DIRTY.values(), ids=DIRTY.keys())
def test_what_is_wanted_is_clean(text: str) -> None:
    for gap in reversed(misplaced(text)):
        text = text[: gap.start] + " " * gap.wanted + text[gap.end :]
    assert is_clean(text)


@pytest.mark.parametrize(
    "text",
    ['"', '"${', "<<EOT\n", "<<EOT\n${", "}", "~}", "/*", "\\", '"\\', "\0", "${", '"${"', "<<A\n%{<<A\n"],
)
def test_broken_text_has_an_answer(text: str) -> None:
    assert isinstance(is_clean(text), bool)
