"""Assignments to attributes and items are seen by real names, changed in place, and taken out."""

import pytest

from fixers.engine import splice
from fixers.python.source import NOT_LITERAL, Assignment, PythonFile
from fixers.repository import Repository
from fixers.rule import Changes, Edit, Refusal


def assignments(source: str, *names: str) -> list[Assignment]:
    file = PythonFile.parse("a.py", source.encode(), Repository.of({}))
    return list(file.assignments_to(*names))


def edited(source: str, changes: Changes) -> str:
    """The source after the changes; the reason where they refuse."""
    reasons = [change.reason for change in changes if isinstance(change, Refusal)]
    return reasons[0] if reasons else splice(source, [c for c in changes if isinstance(c, Edit)])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.environ['A'] = '1'\n", [("os.environ", "A", "1")]),
        ("from os import environ as e\ne['A'] = x\n", [("os.environ", "A", NOT_LITERAL)]),
        ("import m as n\nn.flag = True\n", [("m.flag", "", True)]),
        ("import m\nm.inner.flag = m.other\n", [("m.inner.flag", "", NOT_LITERAL)]),
        ("import m\n\n\ndef f():\n    m.flag = 1\n", [("m.flag", "", 1)]),
        ("import m\nm.flag = 1\nm.flag = 2\n", [("m.flag", "", 1), ("m.flag", "", 2)]),
        ("import m\nm.flag += 1\n", []),
        ("import m\nm.flag: bool = True\n", []),
        ("import m\nx = m.flag = True\n", []),
        ("import m\nm.flag, x = True, 1\n", []),
        ("import m\ndel m.flag\n", []),
        ("import os\nos.environ[name] = '1'\n", []),
        ("import os\nos.environ['A']['B'] = '1'\n", []),
        ("import os\nprint(os.environ['A'])\n", []),
        ("import os\n\n\ndef f(os):\n    os.environ['A'] = '1'\n", []),
        ("flag = True\n", []),
        ("import m\nm.f().flag = True\n", []),
    ],
)
def test_found_by_real_name(source: str, found: list[tuple[str, str, object]]) -> None:
    names = ("os.environ", "m.flag", "m.inner.flag", "flag")
    assert [(one.name, one.key, one.literal) for one in assignments(source, *names)] == found


def test_the_value_is_told_and_replaced() -> None:
    source = "import m\nm.flag = (  # why\n    m.ON\n)\n"
    (one,) = assignments(source, "m.flag")
    assert (one.code, one.real_name) == ("m.ON", "m.ON")
    assert edited(source, one.replace("False")) == source.replace("m.ON", "False")


HEAD = "import m\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.flag = 1\n", ""),
        ("m.flag = 1", ""),
        ("a = 1\nm.flag = 1  # why\nb = 2\n", "a = 1\nb = 2\n"),
        ("a = 1\r\nm.flag = 1\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
        ("m.flag = [\n    1,\n    2,\n]\nb = 2\n", "b = 2\n"),
        ("# why\nm.flag = 1\n", "# why\n"),
        ("if a:\n\tb()\n\tm.flag = 1\nc()\n", "if a:\n\tb()\nc()\n"),
        ("if a:\n    m.flag = 1  # why\n", "if a:\n    pass  # why\n"),
        ("if a:\n    b()\nelse:\n    m.flag = 1\n", "if a:\n    b()\nelse:\n    pass\n"),
        ("try:\n    m.flag = 1\nfinally:\n    b()\n", "try:\n    pass\nfinally:\n    b()\n"),
        ("class A:\n    m.flag = 1\n", "class A:\n    pass\n"),
        ("m.flag = 1; b()\n", "another statement shares its line"),
        ("b(); m.flag = 1\n", "another statement shares its line"),
        ("if a: m.flag = 1\n", "another statement shares its line"),
    ],
)
def test_taken_out_with_its_lines(before: str, after: str) -> None:
    (one,) = assignments(HEAD + before, "m.flag")
    result = edited(HEAD + before, one.remove())
    assert result.removeprefix(HEAD) == after
