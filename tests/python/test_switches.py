"""A switch is found where its keyword has the wrong literal, by its type too, and put right in its place."""

import pytest

from fixers.engine import splice
from fixers.python.source import PythonFile, Switch
from fixers.repository import Repository
from fixers.rule import Edit

HEAD = "from m import f, g\n"
DROPPED = Switch(("m.f",), "flag")
SET = Switch(("m.f", "m.g"), "mode", values=("off", None), instead='"on"', position=1)
PLACED = Switch(("m.f",), "flag", position=0)


def fixed(code: str, *switches: Switch) -> str:
    file = PythonFile.parse("a.py", (HEAD + code).encode(), Repository.of({}))
    changes = [change for _, _, changes in file.switched(*switches) for change in changes]
    return splice(HEAD + code, [c for c in changes if isinstance(c, Edit)]).removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(flag=True)", "f()"),
        ("f(a, flag=True, b=1)", "f(a, b=1)"),
        ("f(\n    flag=True,  # why\n    b=1,\n)", "f(\n    b=1,\n)"),
        ("f(f(flag=True), flag=False)", "f(f(), flag=False)"),
    ],
)
def test_the_keyword_goes_where_nothing_stands_instead(before: str, after: str) -> None:
    assert fixed(before, DROPPED) == after


@pytest.mark.parametrize(
    "code",
    [
        "f(flag=1)",
        "f(flag='True')",
        "f(flag=False)",
        "f(flag=true)",
        "f(**{'flag': True})",
        "f(True)",
        "g(flag=True)",
        "h(flag=True)",
        "def f(f):\n    f(flag=True)",
    ],
)
def test_other_values_and_other_functions_are_none(code: str) -> None:
    assert fixed(code, DROPPED) == code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a, mode='off')", 'f(a, mode="on")'),
        ("f(a, 'off')", 'f(a, "on")'),
        ("g(a, None, c)", 'g(a, "on", c)'),
        ("g(*a, 'off')", "g(*a, 'off')"),
        ("f(a, 'Off')", "f(a, 'Off')"),
        ("f(a, 0)", "f(a, 0)"),
    ],
)
def test_the_value_is_replaced_where_something_stands_instead(before: str, after: str) -> None:
    assert fixed(before, SET) == after


def test_a_positional_goes_and_the_keyword_is_looked_at_first() -> None:
    assert fixed("f(True)", PLACED) == "f()"
    assert fixed("f(True, flag=False)", PLACED) == "f(True, flag=False)"


def test_several_switches_are_found_by_place() -> None:
    code = "g(a, 'off')\nf(b, 'off', flag=True)\n"
    file = PythonFile.parse("a.py", (HEAD + code).encode(), Repository.of({}))
    found = [(call.name, switch.keyword) for call, switch, _ in file.switched(DROPPED, SET)]
    assert found == [("m.g", "mode"), ("m.f", "flag"), ("m.f", "mode")]
    assert fixed(code, DROPPED) == "g(a, 'off')\nf(b, 'off')\n"


def test_inside_an_f_string_it_is_found_and_refused() -> None:
    file = PythonFile.parse("a.py", (HEAD + 'f"{f(flag=True)}"\n').encode(), Repository.of({}))
    ((_, _, (refusal,)),) = file.switched(DROPPED)
    assert not isinstance(refusal, Edit)
