"""Texts are found with their place, their name and the edits that replace them."""

import pytest

from fixers.engine import splice
from fixers.python.source import PythonFile, StringLiteral
from fixers.repository import Repository
from fixers.rule import Edit


def texts(source: str) -> list[StringLiteral]:
    return list(PythonFile.parse("a.py", source.encode(), Repository.of({})).strings())


def after(source: str, text: StringLiteral, code: str) -> str:
    return splice(source, [change for change in text.replace(code) if isinstance(change, Edit)])


def test_docstrings_and_annotations_are_no_texts() -> None:
    source = (
        '"""doc"""\n\n\nclass A:\n    "doc"\n    x: "int" = "a"\n\n'
        '    def f(self, y: "str" = "b") -> "c":\n        "doc"\n'
    )
    assert [text.value for text in texts(source)] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x = 'a'", "x"),
        ("x: str = 'a'", "x"),
        ("self.x = 'a'", "x"),
        ("d['x'] = 'a'", "x"),
        ("d = {'y': 1, 'x': 'a'}", "x"),
        ("f(x='a')", "x"),
        ("f(g(x='a'.strip()))", "x"),
        ("def f(y, x='a'): ...", "x"),
        ("def f(*, x='a', y=None): ...", "x"),
        ("lambda x='a': x", "x"),
        ("x = y or 'a'", "x"),
        ("(x := 'a')", "x"),
        ("x, y = 'a', 'b'", ""),
        ("return_ = ['a']", ""),
    ],
)
def test_name(source: str, name: str) -> None:
    assert next(text.name for text in texts(source) if text.value == "a") == name


def test_scope_of_a_default_is_the_outer_one() -> None:
    outer, inner = texts("def f(x='a'):\n    return 'b'\n")
    assert outer.scope.name == ""
    assert outer.is_default
    assert inner.scope.name == "f"
    assert not inner.is_default


def test_replaced_text_keeps_its_distance() -> None:
    source = "def f():\n    return'a'\n"
    (text,) = texts(source)
    assert after(source, text, "b") == "def f():\n    return b\n"


@pytest.mark.parametrize("source", ["x = f'a{y}'", "match x:\n    case 'a':\n        pass"])
def test_refused(source: str) -> None:
    text = next(text for text in texts(source) if text.value == "a")
    assert not any(isinstance(change, Edit) for change in text.replace("b"))


def test_call_around() -> None:
    source = "import os\nx = os.getenv('A', default='b') + str({'k': 'c'})"
    a, b, k, c = texts(source)
    assert a.call
    assert a.is_argument(a.call.positional(0))
    assert b.call
    assert b.is_argument(b.call.keyword("default"))
    assert k.is_key
    assert c.call is None
    assert c.calls_around == ("str",)


def test_target() -> None:
    (_, text) = texts("from os import environ as e\ne['A'] = 'b'\n")
    assert text.target
    assert (text.target.owner, text.target.owner_code, text.target.key) == ("os.environ", "e", "A")


def test_statement_is_replaced_at_its_depth() -> None:
    source = "if x:\n  y = 'a'  # why\n"
    (text,) = texts(source)
    edits = [change for change in text.replace_statement("if y:", "\tz()") if isinstance(change, Edit)]
    assert splice(source, edits) == "if x:\n  if y:\n    z()  # why\n"


@pytest.mark.parametrize("source", ["y = 'a'; z()", "if x: y = 'a'"])
def test_statement_that_shares_its_line_stays(source: str) -> None:
    (text,) = texts(source)
    assert not any(isinstance(change, Edit) for change in text.replace_statement("z()"))


def test_bytes_and_quotes() -> None:
    a, b = texts("x = b'\\xff'\ny = \"b\"")
    assert (a.value, a.is_bytes, a.quote) == ("\xff", True, "'")
    assert (b.is_bytes, b.quote) == (False, '"')
