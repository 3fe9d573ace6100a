"""A Python file is read or refused with a reason, whatever its bytes are, and in bounded work."""

import subprocess
import sys
import warnings
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixers.engine import splice
from fixers.python.source import PythonFile
from fixers.repository import Repository
from fixers.rule import Edit, Verdict
from fixers.text import Unreadable

EMPTY = Repository.of({})
TEXT = '''"""Doc."""
import os, torch as t
from torch import (
    load,  # é
)

class C(Base, k=t.load("ü")):
    x: int
    def __init__(self, *a, k=None, **kw):
        global g; self.t = t; g = [t.load(p, a=1,) for p in a if (y := p)]
    async def f(self):
        async with t.load(self.t) as (z, *_), open(f"{t.load(1)!r:>{k}}") as q:
            await self.t.load(
                z,  # one
                b=2,
                # two
            )
        try:
            del q
        except* E as e:
            lambda load: load(e)
match t:
    case {"a": [1, *r], **rest} | C(x=load) if load(r): load(rest, *r, **rest)
'''


def parse(data: bytes) -> PythonFile:
    return PythonFile.parse("example.py", data, EMPTY)


def use(file: PythonFile, rewritten: int = 20) -> int:
    """Ask everything that a rule may ask, and try the edits of some calls; how many calls there were."""
    calls = [*file.calls_to("torch.load", "load", "f"), *file.method_calls("load")]
    for call in calls[:rewritten]:
        answers = [
            call.add_keyword("k", "1"),
            call.set_keyword("b", "3"),
            call.remove_keyword("a"),
            call.remove_positional(0),
            call.rename("torch.safe_load"),
        ]
        for changes in answers:
            edits = [change for change in changes if isinstance(change, Edit)]
            after = file.text.encode(splice(file.text.content, edits))
            checks = list(PythonFile.verify(file, parse(after), edits))
            assert checks[0].verdict in (Verdict.PASSED, Verdict.NOT_CHECKED), checks
    for call in calls:
        assert call.span.start < call.span.end
        file.symbol_at(call.span.start)
    return len(calls)


MUTATIONS = [
    "",
    "(",
    ")",
    "[",
    "'",
    '"""',
    "\\",
    "\n",
    "\r",
    "\r\n",
    "\f",
    "\t",
    ":",
    ",",
    "é",
    "#",
    "*",
    "load(",
]
MUTATIONS += [
    "f'{",
    "}",
    "\0",
    "\ufeff",
    "\u2028",
    "global t\n",
    "= load",
    " for t in x",
    "lambda:",
    "async ",
]


@settings(max_examples=150, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), st.sampled_from(MUTATIONS)), max_size=3
    ),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"]),
)
def test_whatever_is_done_to_a_text_it_is_read_or_refused(
    cuts: list[tuple[int, int, str]], newline: str, encoding: str
) -> None:
    text = TEXT
    for start, length, added in cuts:
        text = text[:start] + added + text[start + length :]
    data = text.replace("\n", newline).encode(encoding, "replace")
    try:
        file = parse(data)
    except Unreadable:
        return
    assert file.text.encode(file.text.content) == data
    use(file)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=60), cookie=st.sampled_from([b"", b"latin-1", b"cp1252", b"shift_jis"]))
def test_whatever_the_bytes_are(data: bytes, cookie: bytes) -> None:
    with suppress(Unreadable):
        use(parse(b"# coding: " + cookie + b"\n" + data if cookie else data))


UNREADABLE = [
    (b"print 'x'\n", "isn't Python 3 that this version parses", 1),
    (b"x = 1\ny = (\n", "isn't Python 3 that this version parses", 2),
    (b"x = 1\n\x00\n", "holds a NUL byte", 2),
    (b"x = '\xe9'\n", "no encoding fits", 1),
    (b"\n\n\nx = '\xe9'\n", "isn't utf-8", 4),
    (b"# coding: rot13\nk = 1\n", "no encoding fits", 1),
    (b"# coding: nonsense\nk = 1\n", "no encoding fits", 1),
    (b"# coding: utf-7\nk = 1\n", "no encoding fits", 1),
    (b"# coding: punycode\nk = 1\n", "no encoding fits", 1),
    (b"# coding: idna\nk = 1\n", "no encoding fits", 1),
    (b"# coding: undefined\nk = 1\n", "no encoding fits", 1),
    (b"# coding: unicode_escape\nk = 1\n", "no encoding fits", 1),
    (b"# coding: raw_unicode_escape\nk = 1\n", "no encoding fits", 1),
    (b"# coding: utf-16\nk = 1\n", "isn't utf-16", 0),
    (b"\xef\xbb\xbf# coding: latin-1\nk = 1\n", "no encoding fits", 1),
    (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer", 0),
]


@pytest.mark.parametrize(("data", "reason", "line"), UNREADABLE)
def test_unreadable(data: bytes, reason: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(data)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line or reason == "isn't utf-16"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
        b"x = 1\ry = 2\r",
        b"\x0cx = 1\n",
        b"x = '\\d'\n",
        b"x = 1 is 1\n",
    ],
)
def test_readable_without_a_warning(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        file = parse(data)
    assert file.text.encode(file.text.content) == data
    assert use(file) == 0


def test_a_mark_and_a_charset_survive_an_edit() -> None:
    data = b"# coding: latin-1\nfrom torch import load\nx = '\xe9', load('\xfc')\n"
    file = parse(data)
    (call,) = file.calls_to("torch.load")
    edits = [change for change in call.add_keyword("k", "1") if isinstance(change, Edit)]
    assert file.text.encode(splice(file.text.content, edits)) == data.replace(b"\xfc')", b"\xfc', k=1)")


HOSTILE = {
    "brackets": "'x=' + '[' * 20000 + ']' * 20000",
    "brackets at the limit": "'f(' + '(' * 198 + '1' + ')' * 198 + ')'",
    "calls in calls": "'f(' * 190 + ')' * 190",
    "calls of calls": "'x=f' + '()' * 20000",
    "minus": "'x=' + '-' * 20000 + '1'",
    "not": "'x=' + 'not ' * 20000 + '1'",
    "attributes": "'x=a' + '.b' * 20000",
    "subscripts": "'x=a' + '[0]' * 20000",
    "f-strings": "'x=' + 'f\"{' * 3000 + '}\"' * 3000",
    "sum": "'x=' + 'a+' * 20000 + 'a'",
    "power": "'x=' + '2**' * 20000 + '1'",
    "comparison": "'x=' + 'a<' * 20000 + 'a'",
    "lambdas": "'x=' + 'lambda:' * 20000 + '0'",
    "conditions": "'x=' + '1 if a else ' * 20000 + '1'",
    "elif": "'if a: pass\\n' + 'elif a: pass\\n' * 20000",
    "indentation": "''.join(' ' * i + 'if a:\\n' for i in range(2000))",
    "functions in functions": "''.join(' ' * i + 'def f():\\n' for i in range(95)) + ' ' * 95 + 'f()\\n'",
    "strings": "'x=' + '\"a\"' * 20000",
    "starred arguments": "'f(' + '*a,' * 20000 + ')'",
    "decorators": "'@f()\\n' * 20000 + 'def g(): pass\\n'",
    "patterns": "'match x:\\n case ' + '[' * 150 + ']' * 150 + ': pass\\n'",
    "digits": "'x=' + '9' * 5000",
    "global": "'def f():\\n global ' + ','.join(f'x{i}' for i in range(20000))",
    "targets": "'a=' * 20000 + 'f()'",
    "self": "'class A:\\n def f(self):\\n' + ''.join(f'  self.x{i}=self.x{i + 1}\\n' for i in range(9000))",
    "one long line": "'from torch import load\\n' + 'load(p);' * 8000",
    "one long line of two bytes each": "'from torch import load\\n' + 'load(\"ö\");' * 6000",
    "many bindings": "'import torch\\n' + 'x=torch.load\\n' * 9000 + 'x(p)\\n' * 9000",
    "many imports": "'import torch\\n' * 5000 + 'torch.load(p)\\n' * 5000",
    "many functions": "''.join(f'def f{i}(): pass\\n' for i in range(15000)) + 'f()\\n' * 15000",
}
CHILD = """
import sys
from tests.python.test_file import parse, use
from fixers.text import Unreadable
try:
    print("calls", use(parse(eval(sys.argv[1]).encode()), 1))
except Unreadable as error:
    print("unreadable", error.reason)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_in_bounded_time_and_never_kill_the_process(name: str) -> None:
    command = [sys.executable, "-c", CHILD, HOSTILE[name]]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr[-500:]
    assert ended.stdout.startswith(("calls", "unreadable isn't Python 3", "unreadable is nested too deep"))


SYMBOLS = """import a
def one(): pass
class Two:
    x = 1
    @a.b(
        c)
    def three(self):
        return [lambda: 1
                for x in y]
    class Four: y = 2

    z = 3

x = lambda: one()
async def five(): return 1; x = 2
"""


def test_symbols_enclose_lines_decorators_included() -> None:
    file = parse(SYMBOLS.encode())
    found = [file.symbol_at(start) for start in file.text.line_starts]
    assert found == [
        "",
        "one",
        *["Two"] * 2,
        *["Two.three"] * 5,
        "Two.Four",
        *["Two"] * 2,
        *[""] * 2,
        "five",
        "",
    ]


def test_spans_are_characters_behind_any_character() -> None:
    content = "x = 'é', '😀', f('ü')\n\tg('日本', h(1))\r\n".replace("\n\t", "\n")
    file = parse(content.encode())
    codes = {file.code(place.node) for place in file.names.calls}
    assert codes == {"f('ü')", "g('日本', h(1))", "h(1)"}
