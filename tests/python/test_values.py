"""What a value is, begins with or is used for is told where the file settles it, and not otherwise."""

import pytest

from fixers.python.source import NOT_LITERAL, Argument, Call, PythonFile
from fixers.repository import Repository

HEAD = "import json\nfrom m import f, g\n"


def call_in(source: str, name: str = "m.f") -> Call:
    file = PythonFile.parse("a.py", (HEAD + source).encode(), Repository.of({}))
    return next(file.calls_to(name))


def argument_in(source: str) -> Argument:
    argument = call_in(source).positional(0)
    assert argument
    return argument


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("f('a')", "a"),
        ("A = 'a'\nf(A)", "a"),
        ("A = 'a'\nB = A\n\n\ndef h():\n    f(B)", "a"),
        ("A = 1\nA = 2\nf(A)", 2),
        ("class C:\n    def a(self):\n        self.x = 'a'\n\n    def b(self):\n        f(self.x)", "a"),
        ("A = 'a'\nif g():\n    A = 'b'\nf(A)", NOT_LITERAL),
        ("def h(a='a'):\n    f(a)", NOT_LITERAL),
        ("A = g('a')\nf(A)", NOT_LITERAL),
        ("f(A)", NOT_LITERAL),
        ("a = b\nb = a\nf(a)", NOT_LITERAL),
    ],
)
def test_value(source: str, value: object) -> None:
    assert argument_in(source).value == value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("f('http://a')", "http://a"),
        ("f(f'http://a:{p}/x')", "http://a:"),
        ("A = 'http://a'\nf(f'{A}/x')", "http://a"),
        ("A = 'http://a'\nB = A + '/v1'\nf(B + '/x')", "http://a"),
        ("f('http://a:%d' % p)", "http://a:"),
        ("f('http://a:{}'.format(p))", "http://a:"),
        ("A = 'http://a/'.rstrip('/')\nf(A)", "http://a/"),
        ("f(g('http://a'))", ""),
        ("f(p + 'http://a')", ""),
        ("f(p or 'http://a')", ""),
        ("f('http://a'.replace('a', p))", ""),
        ("def h(a='http://a'):\n    f(a)", ""),
        ("f(f'')", ""),
    ],
)
def test_beginning(source: str, text: str) -> None:
    assert argument_in(source).beginning == text


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("f({'a': 1, 2: 3, b: 4, **c})", {"a"}),
        ("f(dict(a=1, **c))", {"a"}),
        ("x = {'a': {'b': 1}}\nf(json.dumps(x).encode())", {"a"}),
        ("x = {'a': 1}\nf(x.copy())", {"a"}),
        ("f('a')", set()),
        ("def h(x):\n    f(x)", set()),
    ],
)
def test_keys(source: str, keys: set[str]) -> None:
    assert argument_in(source).keys == keys


def test_made_by() -> None:
    made = argument_in("x = g('a')\nf(x)").made_by
    assert made
    assert made.name == "m.g"
    assert argument_in("f('a')").made_by is None


@pytest.mark.parametrize(
    ("source", "is_hidden"),
    [
        ("try:\n    f()\nexcept:\n    pass", True),
        ("try:\n    f()\nexcept Exception as e:\n    print(e)", True),
        ("try:\n    f()\nexcept (KeyError, ValueError):\n    pass", True),
        (
            "try:\n    try:\n        f()\n    except KeyError:\n        pass\nexcept Exception:\n    pass",
            True,
        ),
        ("try:\n    f()\nexcept KeyError:\n    pass", False),
        ("try:\n    f()\nexcept Exception as e:\n    raise SystemExit from e", False),
        ("try:\n    f()\nexcept ValueError:\n    raise\nexcept Exception:\n    pass", False),
        ("try:\n    pass\nexcept Exception:\n    f()", False),
        ("try:\n    pass\nexcept Exception:\n    pass\nelse:\n    f()", False),
        ("try:\n    def h():\n        f()\nexcept Exception:\n    pass", False),
        ("f()", False),
    ],
)
def test_is_hidden(source: str, is_hidden: bool) -> None:
    assert call_in(source).is_hidden("ValueError") is is_hidden


def test_is_fallback() -> None:
    assert call_in("try:\n    g()\nexcept Exception:\n    x = [f()]").is_fallback
    assert not call_in("try:\n    f()\nexcept Exception:\n    pass").is_fallback
    assert not call_in("try:\n    pass\nexcept Exception:\n    def h():\n        f()").is_fallback


@pytest.mark.parametrize(
    ("source", "comments"),
    [
        ("# a\n\n# b\n# c\nf()  # d", ["d", "c", "b"]),
        ("# a\nx = (\n    # b\n    f()\n)  # c", ["b", "a"]),
        ("x = 1  # a\nf(\n    1,  # b\n)", ["b"]),
    ],
)
def test_comments(source: str, comments: list[str]) -> None:
    assert [comment.strip("# ") for comment in call_in(source).comments] == comments


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("T = 5\nf()", 5),
        ("T: float = 2.5\n\n\ndef h():\n    f()", 2.5),
        ("T = True\nf()", None),
        ("T = '5'\nf()", None),
        ("T = 5\nT = 6\nf()", None),
        ("T = 5\n\n\ndef h(T):\n    f()", None),
        ("def h():\n    f()\n\n\nT = 5", None),
        ("if g():\n    T = 5\nf()", None),
        ("T = 5\n\n\ndef h():\n    global T\n    T = 6\n\n\nf()", None),
        ("f()", None),
    ],
)
def test_number(source: str, number: float | None) -> None:
    call = call_in(source)
    assert call.file.number("T", call) == number


@pytest.mark.parametrize(
    ("source", "methods"),
    [
        ("f().a()", {"a"}),
        ("x = f()\nx.a()\nx(1)\nx.b", {"a", "__call__"}),
        ("class C:\n    def a(self):\n        self.x = f()\n\n    def b(self):\n        self.x.a()", {"a"}),
        ("x = f()\nx = g()\nx.a()", set()),
        ("def h():\n    x = f()\n\n\ndef i(x):\n    x.a()", set()),
        ("x = g(f())\nx.a()", set()),
    ],
)
def test_methods_called_on(source: str, methods: set[str]) -> None:
    call = call_in(source)
    assert call.file.methods_called_on(call) == methods
