"""Functions are seen with decorators and parameters, and extended where they stand."""

import pytest

from fixers.engine import splice
from fixers.python.source import Function, PythonFile
from fixers.repository import Repository
from fixers.rule import Changes, Edit


def functions(source: str) -> list[Function]:
    return list(PythonFile.parse("a.py", source.encode(), Repository.of({})).functions())


def edited(source: str, changes: Changes) -> str:
    return splice(source, [change for change in changes if isinstance(change, Edit)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(): ...", "def f(r): ..."),
        ("async def f( ) : ...", "async def f(r ) : ..."),
        ("def f(a, b=1): ...", "def f(r, a, b=1): ..."),
        ("def f(a, /, *b): ...", "def f(r, a, /, *b): ..."),
        ("def f(\n    a,  # one\n    b,\n): ...", "def f(\n    r,\n    a,  # one\n    b,\n): ..."),
        ("def f(a,\n      b): ...", "def f(r, a,\n      b): ..."),
        ("def f(*, a): ...", "def f(*, a): ..."),
        ("def f(**a): ...", "def f(**a): ..."),
    ],
)
def test_first_parameter(before: str, after: str) -> None:
    (function,) = functions(before)
    assert edited(before, function.add_first_parameter("r")) == after


def test_decorated_below_the_others_and_at_its_depth() -> None:
    source = "class A:\n\t@one\n\t@two(\n\t\t3,\n\t)\n\t# why\n\tasync def f(self):\n\t\t...\n"
    (function,) = functions(source)
    assert edited(source, function.decorate("x")) == source.replace("\tasync", "\t@x\n\tasync")


def test_decorators_and_parameters_have_real_names() -> None:
    source = (
        "import fastapi as fa\nfrom fastapi import Request as R\napp = fa.FastAPI()\n\n\n"
        "@app.post('/')\n@undefined\ndef f(a: R, *b, c: 'R' = 1, **d): ...\n"
    )
    (function,) = functions(source)
    assert function.decorators == ["fastapi.FastAPI().post()", ""]
    assert function.parameters == {"a": "fastapi.Request", "b": "", "c": "", "d": ""}
    assert function.has_text_annotations


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("def f(): ...\n", False),
        ("def f(): ...\nf()\n", True),
        ("def f(): ...\nx = {'f': f}\n", True),
        ("def f(f):\n    return f\n", False),
        ("def f():\n    return f()\n", True),
        ("def g(f):\n    return f\n\n\ndef f(): ...\n", False),
    ],
)
def test_used_by_name(source: str, used: bool) -> None:
    assert next(f.is_used_by_name for f in functions(source) if f.name == "f") is used


def test_model_calls_include_those_of_inner_functions() -> None:
    source = (
        "import openai\n\n\n"
        "def f():\n    def g():\n        return openai.responses.create()\n    return g\n\n\n"
        "def h(client):\n    return client.chat.completions.create(), client.messages.create()\n\n\n"
        "def i(): ...\n"
    )
    counted = {function.name: len(list(function.model_calls)) for function in functions(source)}
    assert counted == {"f": 1, "g": 1, "h": 1, "i": 0}


def test_a_model_is_asked_through_functions_of_the_file() -> None:
    source = (
        "import openai\n\n\ndef ask():\n    return openai.responses.create()\n\n\n"
        "def f():\n    return ask()\n\n\ndef g():\n    return f()\n\n\n"
        "def h(ask):\n    return ask()\n\n\ndef i():\n    return [ask]\n"
    )
    assert [function.name for function in functions(source) if function.asks_a_model] == ["ask", "f"]
