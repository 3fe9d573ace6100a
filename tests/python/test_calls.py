"""The verbs of a call change what they are asked to, and not one character more."""

import ast
import io
import tokenize

import pytest

from fixers.engine import splice
from fixers.python.source import NOT_LITERAL, Call, PythonFile
from fixers.repository import Repository
from fixers.rule import Edit, Refusal

HEAD = "from m import f, g\n"


def call_in(content: str) -> Call:
    file = PythonFile.parse("example.py", content.encode(), Repository.of({}))
    return next(file.calls_to("m.f"))


def rewritten(code: str, verb: str, *arguments: object) -> str:
    """The code after the verb, without the import above it; the reason where it refuses."""
    content = HEAD + code
    changes = getattr(call_in(content), verb)(*arguments)
    reasons = [change.reason for change in changes if isinstance(change, Refusal)]
    if reasons:
        return f"refused: {reasons[0]}"
    edits = [change for change in changes if isinstance(change, Edit)]
    return splice(content, edits).removeprefix(HEAD)


def comments(code: str) -> list[str]:
    lines = code.replace("\r\n", "\n").replace("\r", "\n")  # tokenize reads a lone `\r` otherwise
    tokens = tokenize.generate_tokens(io.StringIO(lines).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def arguments_of(code: str) -> list[str]:
    """What the first call of `f` is given, without layout."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    call = next(node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "f")
    return [ast.unparse(node) for node in call.args] + [
        f"{keyword.arg}={ast.unparse(keyword.value)}" for keyword in call.keywords
    ]


ADDED = [
    ("f()", "f(k=1)"),
    ("f( )", "f(k=1)"),
    ("f(\n)", "f(k=1)"),
    ("f(\n    # nothing yet\n)", "f(\n    # nothing yet\n    k=1\n)"),
    ("f(  # why\n)", "f(  # why\n    k=1\n)"),
    ("f(a)", "f(a, k=1)"),
    ("f(a,)", "f(a, k=1,)"),
    ("f(a, )", "f(a, k=1, )"),
    ("f( a )", "f( a, k=1 )"),
    ("f (a , b)", "f (a , b, k=1)"),
    ("f(\n    a\n)", "f(\n    a,\n    k=1\n)"),
    ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    k=1,\n)"),
    ("f(\n    a,\n    b\n)", "f(\n    a,\n    b,\n    k=1\n)"),
    ("f(\n    a, b\n)", "f(\n    a, b, k=1\n)"),
    ("f(\n    a,\n    b)", "f(\n    a,\n    b,\n    k=1)"),
    ("f(\n    a,\n    b,\n    )", "f(\n    a,\n    b,\n    k=1,\n    )"),
    ("f(\n    a,\n\n    b,\n)", "f(\n    a,\n\n    b,\n    k=1,\n)"),
    ("f(\n\ta,\n\tb,\n)", "f(\n\ta,\n\tb,\n\tk=1,\n)"),
    ("f(a,\n  b)", "f(a,\n  b,\n  k=1)"),
    ("f(a, b,\n  c, d)", "f(a, b,\n  c, d, k=1)"),
    ("f({\n    1: 2,\n})", "f({\n    1: 2,\n}, k=1)"),
    ("f(g(\n    a,\n), b)", "f(g(\n    a,\n), b, k=1)"),
    ("f(\n    a\n    , b\n)", "f(\n    a\n    , b, k=1\n)"),
    ("f(\n    a,  # one\n    b  # two\n)", "f(\n    a,  # one\n    b,  # two\n    k=1\n)"),
    ("f(\n    a,  # one\n    b,  # two\n)", "f(\n    a,  # one\n    b,  # two\n    k=1,\n)"),
    ("f(\n    a,\n    # b=2,\n)", "f(\n    a,\n    # b=2,\n    k=1,\n)"),
    ("f(\n    a\n    # end\n)", "f(\n    a,\n    # end\n    k=1\n)"),
    ("f(  # why\n    a\n)", "f(  # why\n    a,\n    k=1\n)"),
    ("f(a, b  # two\n  )", "f(a, b,  # two\n  k=1\n  )"),
    ("f(*a, **b)", "f(*a, **b, k=1)"),
    ("f((x for x in a))", "f((x for x in a), k=1)"),
    ("f('a'\n  'b')", "f('a'\n  'b', k=1)"),
    ("f((y := 1))", "f((y := 1), k=1)"),
    ("f(a, y:=1)", "f(a, y:=1, k=1)"),
    ("f(lambda: 0)", "f(lambda: 0, k=1)"),
    ("f(a if b else c)", "f(a if b else c, k=1)"),
    ("f(a)(b)", "f(a, k=1)(b)"),
    ("f(a).x(b)", "f(a, k=1).x(b)"),
    ("f(a)\\\n  .x(b)", "f(a, k=1)\\\n  .x(b)"),
    ("x = (\n    f(a)\n    .x(b)\n)", "x = (\n    f(a, k=1)\n    .x(b)\n)"),
    ("f(a, \\\n  b)", "f(a, \\\n  b, k=1)"),
    ("g(f(a), b)", "g(f(a, k=1), b)"),
    ("x = 'é😀', f('ü')", "x = 'é😀', f('ü', k=1)"),
    ("@f(a)\ndef d(): pass", "@f(a, k=1)\ndef d(): pass"),
    ("async def d():\n    await f(a)", "async def d():\n    await f(a, k=1)"),
    ("class C(f(a), g=1): pass", "class C(f(a, k=1), g=1): pass"),
    ("x = f(a)  # type: int", "x = f(a, k=1)  # type: int"),
    ("\fx = f(a,\f b)", "\fx = f(a,\f b, k=1)"),
    ("f(f'{a}', rb'\\d')", "f(f'{a}', rb'\\d', k=1)"),
    ("if f(a): x = f(b)", "if f(a, k=1): x = f(b)"),
]


@pytest.mark.parametrize(("code", "expected"), ADDED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_add_keyword(code: str, expected: str, newline: str) -> None:
    code, expected = code.replace("\n", newline), expected.replace("\n", newline)
    assert rewritten(code, "add_keyword", "k", "1") == expected
    assert arguments_of(expected) == [*arguments_of(code), "k=1"]
    assert comments(expected) == comments(code)


REMOVED = [
    ("f(k=1)", "f()"),
    ("f( k=1, )", "f()"),
    ("f(a, k=1)", "f(a)"),
    ("f(a, k=1,)", "f(a,)"),
    ("f( a, k=1 )", "f( a )"),
    ("f(k=1, b=2)", "f(b=2)"),
    ("f(a, k=1, b=2)", "f(a, b=2)"),
    ("f(a, k = 1)", "f(a)"),
    ("f(\n    k=1\n)", "f()"),
    ("f(\n    k=1,  # why\n)", "f()"),
    ("f(\n    # note\n    k=1,\n)", "f(\n    # note\n)"),
    ("f(\n    k=1,\n    # note\n)", "f(\n    # note\n)"),
    ("f(\n    a,\n    k=1,  # why\n)", "f(\n    a,\n)"),
    ("f(\n    a,\n    k=1\n)", "f(\n    a\n)"),
    ("f(\n    a,  # x\n    k=1\n)", "f(\n    a  # x\n)"),
    ("f(\n    a,\n    k=1,  # why\n    # next\n    c=1,\n)", "f(\n    a,\n    # next\n    c=1,\n)"),
    ("f(\n    a,\n    # above\n    k=1,\n    c=1,\n)", "f(\n    a,\n    # above\n    c=1,\n)"),
    ("f(\n    a,\n    k=1,\n    # end\n)", "f(\n    a,\n    # end\n)"),
    ("f(\n    a,\n\n    k=1,\n\n    c=1,\n)", "f(\n    a,\n\n    c=1,\n)"),
    ("f(\n    k=1,\n    c=2,\n)", "f(\n    c=2,\n)"),
    ("f(\n    k=1, c=2,\n)", "f(\n    c=2,\n)"),
    ("f(\n\ta,\n\tk=1,\n\tc=2,\n)", "f(\n\ta,\n\tc=2,\n)"),
    ("f(\n    a\n    , k=1\n    , c=2\n)", "f(\n    a\n    , c=2\n)"),
    ("f(\n    a\n    , k=1\n)", "f(\n    a\n)"),
    ("f(a,\n  k=1, c=1)", "f(a,\n  c=1)"),
    ("f(a, k=1,\n  c=1)", "f(a,\n  c=1)"),
    ("f(a, k=1,  # line\n  c=1)", "f(a,  # line\n  c=1)"),
    ("f(k=1,\n  c=1)", "f(c=1)"),
    ("f(k=1,  # why\n  c=1)", "f(c=1)"),
    ("f(a,\n  k=1)", "f(a)"),
    ("f(a,  # x\n  k=1)", "f(a  # x\n  )"),
    ("f(a, k=1  # line\n  )", "f(a  # line\n  )"),
    ("f(a, *b, k=1, **c)", "f(a, *b, **c)"),
    ("f(a, \\\n  k=1, \\\n  c=2)", "f(a, \\\n  c=2)"),
    ("f((x for x in a), k=1)", "f((x for x in a))"),
    ("f(k=g(1,\n 2), b=1)", "f(b=1)"),
    ("x = 'é', f('ü', k=1)", "x = 'é', f('ü')"),
]


@pytest.mark.parametrize(("code", "expected"), REMOVED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_remove_keyword(code: str, expected: str, newline: str) -> None:
    code, expected = code.replace("\n", newline), expected.replace("\n", newline)
    assert rewritten(code, "remove_keyword", "k") == expected
    assert arguments_of(expected) == [a for a in arguments_of(code) if not a.startswith("k=")]
    assert set(comments(code)) - set(comments(expected)) <= {"# why"}


def test_lines_that_end_in_another_way_than_the_first_keep_their_own() -> None:
    code = "f(\r\n    a,\r\n    b,\r\n)"
    assert rewritten(code, "add_keyword", "k", "1") == "f(\r\n    a,\r\n    b,\r\n    k=1,\r\n)"
    mixed = "f(\r\n    a,\n    b,\r\n)"
    assert rewritten(mixed, "add_keyword", "k", "1") == "f(\r\n    a,\n    b,\n    k=1,\r\n)"


@pytest.mark.parametrize(
    ("code", "index", "expected"),
    [
        ("f(a, b)", 1, "f(a)"),
        ("f(a, b)", 0, "f(b)"),
        ("f(a, b, k=1)", 1, "f(a, k=1)"),
        ("f(\n    a,\n    b,  # why\n)", 1, "f(\n    a,\n)"),
        ("f(a, *b)", 1, "refused: its arguments come from a list that can't be followed"),
        ("f(a)", 1, "refused: its arguments come from a list that can't be followed"),
    ],
)
def test_remove_positional(code: str, index: int, expected: str) -> None:
    assert rewritten(code, "remove_positional", index) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f(a)", "f(a, k=1)"),
        ("f(k=2)", "f(k=1)"),
        ("f(k = (2), b=3)", "f(k = (1), b=3)"),
        ("f(\n    k=2,  # two\n)", "f(\n    k=1,  # two\n)"),
        ("f('é', k='ü' 'ö')", "f('é', k=1)"),
    ],
)
def test_set_keyword(code: str, expected: str) -> None:
    assert rewritten(code, "set_keyword", "k", "1") == expected


@pytest.mark.parametrize(
    ("head", "code", "expected"),
    [
        ("import m\n", "m.f(a)", "import m\nm.h(a)"),
        ("import m as n\n", "n.f (a)", "import m as n\nn.h (a)"),
        ("import m\n", "m\\\n.f(a)", "import m\nm\\\n.h(a)"),
        ("from m import f\n", "f(a)", "from m import f, h\nh(a)"),
        ("from m import f, h as i\n", "f(a)", "from m import f, h as i\ni(a)"),
        ("import m\nk = m.f\n", "k(a)", "import m\nk = m.f\nm.h(a)"),
    ],
)
def test_rename(head: str, code: str, expected: str) -> None:
    content = head + code
    changes = call_in(content).rename("m.h")
    assert splice(content, [change for change in changes if isinstance(change, Edit)]) == expected


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("add_keyword", ("k", "2")),
        ("set_keyword", ("k", "2")),
        ("remove_keyword", ("k",)),
        ("remove_positional", (0,)),
        ("rename", ("m.g",)),
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "f'{f(a, k=1)}'",
        "x = 'a' f'''\n{f(\n a, k=1)}'''",
        "x = f'é{a}😀{[\"ü\", f(a, k=1)]}'",
        "x = f'{a:{f(a, k=1)}}'",
        "x = f'{f\"{f(a, k=1)}\"}'",
    ],
)
def test_inside_an_fstring_nothing_is_rewritten(code: str, verb: str, arguments: tuple[object, ...]) -> None:
    call = call_in(HEAD + code)
    assert rewritten(code, verb, *arguments).startswith("refused: it stands inside an f-string")
    assert (HEAD + code)[call.span.start : call.span.end] == code.removeprefix("x = ")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("f(x for x in a)", "its only argument is a generator without parentheses of its own"),
        ("f(" + "-" * 80 + "1)", "the call is too long or nested too deep to be rewritten"),
        ("f('" + "a" * 20_000 + "')", "the call is too long or nested too deep to be rewritten"),
    ],
)
def test_refusals(code: str, reason: str) -> None:
    assert rewritten(code, "add_keyword", "k", "1") == f"refused: {reason}"


def test_what_a_call_tells() -> None:
    call = call_in(HEAD + "f(1, [2, 'x'], k={'a': None}, v=-3, w=unknown, *rest, **more)")
    assert [call.positional(index) is None for index in range(4)] == [False, False, True, True]
    values = {name: call.keyword(name) for name in ("k", "v", "w", "x")}
    literals = {name: value.literal if value else None for name, value in values.items()}
    assert literals == {"k": {"a": None}, "v": -3, "w": NOT_LITERAL, "x": None}
    assert call.has_keyword("x"), "`**more` may hold it"
    assert not call_in(HEAD + "f(k=1)").has_keyword("x")
