"""Which values a function looks at before it uses them: against a list, by a pattern, by asking a person."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixers.python.source.flow import value_behind
from fixers.python.source.names import FunctionNode, Scope

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_CHECKERS = re.compile(
    r"(?:valid|sanit|safe(?!_(?:load|dump))|secur|check(?!_(?:output|call)|point|out)|allow|permi|deny|forbid"
    r"|block|restrict|verif|escap|quote|clean|guard|authori|within|inside|relative_to|commonp|resolve_|sandbox)"
)
_TESTS = ("isalnum", "isalpha", "isdigit", "isdecimal", "isnumeric", "isidentifier")
_PATTERNS = ("match", "fullmatch", "search")
_PARSERS = re.compile(r"(?:sqlglot|sqlparse|bashlex)\..+")
_BEGINNING = re.compile(r"/|https?:|select|with", re.I)
_QUESTIONS = re.compile(
    r"(?:builtins\.)?input|(?:click|typer)\.(?:confirm|prompt)|rich\.prompt\.\w+\.ask|questionary\..+"
)
_OF_ADDRESSES = ("hostname", "netloc", "host", "scheme", "parent", "parents", "suffix")
_READERS = (
    "urlparse",
    "urlsplit",
    "URL",
    "Path",
    "PurePath",
    "abspath",
    "realpath",
    "normpath",
    "resolve",
    "join",
)
_APPROVAL = re.compile(r"confirm|approv|elicit", re.I)


class Checks:
    """What is checked in each function of a file, found once."""

    def __init__(self, file: "PythonFile") -> None:
        self._file = file
        self._checked: set[tuple[int, str]] = set()
        self._asking: dict[int, list[int]] = {}
        self._tested = {id(node) for node in _tests(file.tree)}
        for place in file.names.calls:
            assert isinstance(place.node, ast.Call)
            self._read_call(place.node, place.scope)
        for place in file.names.names:
            self._read_comparison(place.node, place.scope)

    def is_checked(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the function around compares this name, or hands it to what checks such values."""
        return (id(function_of(scope)), dotted(node)) in self._checked

    def asks_a_person(self, scope: Scope, after: int, before: int) -> bool:
        """Whether the function around asks somebody who sits before it, between two lines."""
        return any(after < line <= before for line in self._asking.get(id(function_of(scope)), ()))

    def _read_call(self, call: ast.Call, scope: Scope) -> None:
        name = self._file.real_name(call.func, scope)
        last = dotted(call.func).rpartition(".")[2]
        if _QUESTIONS.fullmatch(name) or _APPROVAL.search(last):
            self._asking.setdefault(id(function_of(scope)), []).append(call.lineno)
        is_test = last in _TESTS or (last == "startswith" and _is_beginning(call))
        is_pattern = last in _PATTERNS and id(call) in self._tested
        is_check = bool(_CHECKERS.search(last.lower()) or _PARSERS.fullmatch(name))
        if is_test or is_check:
            self._add([call.func.value] if isinstance(call.func, ast.Attribute) else [], scope)
        if is_pattern or is_check:
            self._add([*call.args, *(keyword.value for keyword in call.keywords)], scope)

    def _read_comparison(self, name: ast.AST, scope: Scope) -> None:
        """`x in ALLOWED`, `x["y"].lower() not in (…)` check the left side, `".." in x` the other."""
        inner: ast.AST = name
        for outer in self._file.structure.ancestors(name):
            if isinstance(outer, ast.Compare):
                if isinstance(outer.ops[0], ast.In | ast.NotIn):
                    is_climb = isinstance(outer.left, ast.Constant) and outer.left.value in ("..", "/")
                    self._add([outer.left] if outer.left is inner else outer.comparators * is_climb, scope)
                return
            if not isinstance(outer, ast.Attribute | ast.Subscript | ast.Call):
                return
            inner = outer

    def _add(self, nodes: list[ast.expr], scope: Scope) -> None:
        for node in nodes:
            for part in self._looked_through(node, scope):
                self._checked.add((id(function_of(scope)), dotted(part)))
        self._checked.discard((id(function_of(scope)), ""))

    def _looked_through(self, node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
        """The value itself, and what it is made of: `(BASE / name).resolve()` checks `name` too."""
        inner = [node]
        for _ in range(20):
            if not inner:
                return
            node = inner.pop()
            yield node
            match node:
                case ast.Name():
                    made, _ = value_behind(self._file, node, scope)
                    inner += [made] if isinstance(made, ast.Call) and _is_reading(made) else []
                case ast.Attribute(value=value, attr=part) if part in _OF_ADDRESSES:
                    inner.append(value)
                case ast.Call(func=func, args=args):
                    inner += [*args, *([func.value] if isinstance(func, ast.Attribute) else [])]
                case ast.BinOp(left=left, right=right):
                    inner += [left, right]
                case ast.List(elts=elts) | ast.Tuple(elts=elts):
                    inner += elts
                case ast.Await(value=value):
                    inner.append(value)


def function_of(scope: Scope) -> Scope:
    """The function around a comprehension, or the scope itself."""
    while scope.parent is not None and not isinstance(scope.node, FunctionNode | ast.ClassDef):
        scope = scope.parent
    return scope


def dotted(node: ast.AST) -> str:
    """`a.b["c"]` as `a.b.c`, a call in between as `f()`; empty if it hangs on anything else."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=value, attr=part):
                parts.append(f".{part}")
            case ast.Subscript(value=value, slice=ast.Constant(value=str(part))):
                parts.append(f".{part}")
            case ast.Call(func=value):
                parts.append("()")
            case ast.Await(value=value):
                pass
            case ast.Name(id=name):
                return name + "".join(reversed(parts))
            case _:
                return ""
        node = value


def _tests(tree: ast.Module) -> Iterator[ast.AST]:
    """What stands in a condition."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.While | ast.Assert | ast.IfExp):
            yield from ast.walk(node.test)


def _is_beginning(call: ast.Call) -> bool:
    """Whether a text is asked for a beginning that says what it may do, not how a model writes."""
    match call.args:
        case [ast.Constant(value=str(text))]:
            return bool(_BEGINNING.match(text))
        case [ast.Tuple(elts=[ast.Constant(value=str(text)), *_])]:
            return bool(_BEGINNING.match(text))
        case [ast.Constant() | ast.Tuple()]:
            return False
    return True


def _is_reading(call: ast.Call) -> bool:
    """Whether a call takes a path or an address apart, so that what it gives tells of the whole."""
    return dotted(call.func).rpartition(".")[2] in _READERS
