"""A Python file as rules see it: calls by their real names, places, and what a name is here."""

import ast
import re
import warnings
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import ClassVar

from fixers import manifests
from fixers.manifests import Pin
from fixers.python.source.assignments import Assignment, assignments
from fixers.python.source.calls import Argument, Call
from fixers.python.source.dotenv import document_variable
from fixers.python.source.flow import value_behind, written_behind
from fixers.python.source.functions import Function, functions
from fixers.python.source.imports import Spelling, spell
from fixers.python.source.names import Names, Place, Scope
from fixers.python.source.statements import add_imports, insert_below
from fixers.python.source.strings import StringLiteral, strings
from fixers.python.source.structure import FunctionDef, Structure
from fixers.python.source.switches import Switch, switched
from fixers.python.source.taint import Flows
from fixers.python.source.verify import verify
from fixers.repository import Repository
from fixers.rule import Changes, Check, Edit, Span
from fixers.text import Text, Unreadable

_TESTS = re.compile(
    r"(?:^|/)(?:(?:unit_|integration_)?tests?|testing|fixtures)/|(?:^|/)(?:test_[^/]*|conftest|tests)\.pyw?$"
    r"|_test\.pyw?$"
)


@dataclass(frozen=True, eq=False)
class PythonFile:
    """One parsed module. Positions are characters of `text.content`."""

    path: str
    text: Text
    repo: Repository
    tree: ast.Module

    language: ClassVar[str] = "python"

    @classmethod
    def claims(cls, path: str) -> bool:
        return path.endswith((".py", ".pyw"))

    @classmethod
    def parse(cls, path: str, data: bytes, repo: Repository) -> "PythonFile":
        text = Text.decode(data, coding_cookie=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what a file's own escapes deserve is not ours to say
                tree = ast.parse(text.content)
        except SyntaxError as error:
            raise Unreadable(
                f"isn't Python 3 that this version parses: {error.msg}", error.lineno or 0
            ) from error
        except (RecursionError, MemoryError) as error:
            raise Unreadable("is nested too deep to be parsed") from error
        except ValueError as error:
            raise Unreadable(f"isn't Python: {error}") from error
        return cls(path, text, repo, tree)

    @classmethod
    def verify(
        cls, before: "PythonFile | None", after: "PythonFile", edits: Sequence[Edit]
    ) -> Iterator[Check]:
        return verify(before, after, edits)

    @property
    def is_test(self) -> bool:
        """Whether its path says that it tests, or that it is what tests read."""
        return bool(_TESTS.search(self.path))

    @cached_property
    def names(self) -> Names:
        return Names(self.tree)

    @cached_property
    def structure(self) -> Structure:
        return Structure(self.tree, self.names)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Place]]:
        named: dict[str, list[Place]] = {}
        for place in self.names.calls:
            assert isinstance(place.node, ast.Call)
            name = self.names.real_name(place.node.func, place.scope)
            if name:
                named.setdefault(name, []).append(place)
        return named

    def calls_to(self, *names: str) -> Iterator[Call]:
        """The calls whose function is really one of `names`, whatever it is called here, by place.

        `torch.load` is found behind `import torch as th`, `from torch import load as l` and
        `read = torch.load`; a local `load` or a rebound `torch` is not. `openai.OpenAI().chat` is
        a method of an instance, `eval` a builtin.
        """
        places = [(place, name) for name in names for place in self._calls_by_name.get(name, ())]
        calls = [Call.at(self, place, name) for place, name in places]
        yield from sorted(calls, key=lambda call: call.span)

    def calls(self) -> Iterator[Call]:
        """Every call whose function has a real name, by place."""
        calls = [Call.at(self, place, n) for n, places in self._calls_by_name.items() for place in places]
        yield from sorted(calls, key=lambda call: call.span)

    @cached_property
    def _call_places(self) -> dict[int, Place]:
        return {id(place.node): place for place in self.names.calls}

    def call(self, node: ast.Call) -> Call:
        """A call node of this file as rules see it."""
        place = self._call_places[id(node)]
        return Call.at(self, place, self.names.real_name(node.func, place.scope))

    @cached_property
    def _calls_by_function(self) -> dict[int, list[ast.Call]]:
        inside: dict[int, list[ast.Call]] = {}
        for place in self.names.calls:
            for outer in self.structure.ancestors(place.node):
                if isinstance(outer, FunctionDef) and isinstance(place.node, ast.Call):
                    inside.setdefault(id(outer), []).append(place.node)
        return inside

    def calls_in(self, function: FunctionDef) -> list[ast.Call]:
        """The calls in a function, those of functions inside it included."""
        return self._calls_by_function.get(id(function), [])

    @cached_property
    def _places_by_name(self) -> dict[str, list[Place]]:
        named: dict[str, list[Place]] = {}
        for place in self.names.names:
            if isinstance(place.node, ast.Name):
                named.setdefault(place.node.id, []).append(place)
        return named

    def named(self, name: str) -> list[Place]:
        """Where the name stands, whatever it means there."""
        return self._places_by_name.get(name, [])

    def method_calls(self, name: str) -> Iterator[Call]:
        """The calls of a method of this name, on whatever object; the call's `name` may be empty."""
        for place in self.names.calls:
            func = place.node.func if isinstance(place.node, ast.Call) else None
            if isinstance(func, ast.Attribute) and func.attr == name:
                yield Call.at(self, place, self.names.real_name(func, place.scope))

    def switched(self, *switches: Switch) -> Iterator[tuple[Call, Switch, Changes]]:
        """Each call in which one of the switches is set wrong, with what puts it right, by place."""
        return switched(self, *switches)

    def assignments_to(self, *names: str) -> Iterator[Assignment]:
        """The assignments to an attribute of this real name (`litellm.set_verbose`), or to an item, with a
        written key, of a mapping of this real name (`os.environ`); by place."""
        return (one for one in assignments(self) if one.name in names)

    def strings(self) -> Iterator[StringLiteral]:
        """The texts in its expressions, by place; docstrings and annotations aren't among them."""
        return strings(self)

    def real_name(self, node: ast.expr, scope: Scope) -> str:
        """See `Names.real_name`."""
        return self.names.real_name(node, scope)

    def spell(self, name: str, at: int, scope: Scope) -> Spelling:
        """How `os.environ` is written at this place, and the import that it needs (see `Spelling`)."""
        return spell(self, name, at, scope)

    def functions(self) -> Iterator[Function]:
        """Its functions, methods and functions inside functions included, by place."""
        return functions(self)

    def name_given(self, call: Call) -> str:
        """What the code calls the result of a call: a variable, a keyword, a key; or nothing."""
        return self.structure.name_given(call.node)

    def is_returned(self, call: Call) -> bool:
        """Whether the function around a call returns what the call gives."""
        return isinstance(self.structure.parent(call.node), ast.Return)

    @cached_property
    def flows(self) -> Flows:
        """What a model says, and where it gets in this file."""
        return Flows(self)

    def is_called(self, call: Call) -> bool:
        """Whether what a call gives is called in turn, there or by the name that it is given."""
        if isinstance(outer := self.structure.parent(call.node), ast.Call) and outer.func is call.node:
            return True
        name = self.name_given(call)
        parents = (self.structure.parent(place.node) for place in self.named(name))
        return any(
            isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id == name
            for outer in parents
        )

    @cached_property
    def _methods_by_receiver(self) -> dict[int, set[str]]:
        used: dict[int, set[str]] = {}
        for place in self.names.calls:
            func = place.node.func if isinstance(place.node, ast.Call) else None
            if isinstance(func, ast.Attribute):
                receiver, _ = value_behind(self, func.value, place.scope)
                used.setdefault(id(receiver), set()).add(func.attr)
            elif isinstance(func, ast.Name):
                receiver, _ = value_behind(self, func, place.scope)
                used.setdefault(id(receiver), set()).add("__call__")
        return used

    def methods_called_on(self, call: Call) -> set[str]:
        """The methods called on what a call gives, there or by its name; `__call__` if it is called."""
        return self._methods_by_receiver.get(id(call.node), set())

    def written_behind(self, value: Argument) -> list[str]:
        """How a value is written, here and where its name is bound: for a file, also what it opens."""
        return written_behind(self, value.node, value.call.scope)

    def insert_below(self, call: Call, *lines: str) -> Changes:
        """Add lines below the statement that a call stands in, at its depth."""
        statement = self.structure.statement(call.node)
        assert statement is not None
        return insert_below(self, statement, lines)

    def add_imports(self, *lines: str) -> Changes:
        """Add `from` imports of a package that the file doesn't import yet, together, in their place."""
        return add_imports(self, *lines)

    def number(self, name: str, call: Call) -> float | None:
        """The number that a module's name surely has where a call stands: bound once, above, to a literal."""
        module = self.names.module
        home = call.scope.home_of(name)
        bindings = module.bindings.get(name, ())
        if home is not module or len(bindings) != 1 or bindings[0].node not in self.tree.body:
            return None
        match bindings[0].value:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return number if bindings[0].value.lineno < call.node.lineno else None
        return None

    def require(self, requirement: str) -> Changes:
        """Add a package to the manifest that governs this file; nothing if it is there."""
        return manifests.require(self.repo, self.path, requirement)

    def surely_at_least(self, package: str, version: str) -> bool:
        """Whether the manifests that govern this file allow no older version."""
        return manifests.surely_at_least(self.repo, self.path, package, version)

    def surely_below(self, package: str, version: str) -> bool:
        """Whether the manifests that govern this file allow only older versions."""
        return manifests.surely_below(self.repo, self.path, package, version)

    @property
    def lock_hint(self) -> str:
        """What has to be written anew after `require`, such as a lock file and its command; or nothing."""
        return manifests.lock_hint(self.repo, self.path)

    @property
    def pins(self) -> Mapping[str, Pin]:
        """The packages that this file's manifests name, by normalised name."""
        return manifests.pins(self.repo, self.path)

    def document_variable(self, name: str) -> Changes:
        """Add an environment variable to the repository's `.env.example`, if it has one without it."""
        return document_variable(self, name)

    def span(self, node: ast.AST) -> Span:
        """Where a node stands. Nodes inside f-strings have no reliable place before Python 3.12."""
        start = self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return Span(start, self._offset(node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]

    def code(self, node: ast.AST) -> str:
        """The node as the author wrote it."""
        span = self.span(node)
        return self.text.content[span.start : span.end]

    def _offset(self, line: int, column: int) -> int:
        """`ast` counts columns in bytes of UTF-8."""
        start = self.text.line_starts[line - 1]
        if self._is_ascii:
            return start + column
        if line not in self._columns:
            self._columns[line] = _byte_columns(self.text.content[slice(*self.text.line_span(line))])
        columns = self._columns[line]
        return start + (bisect_left(columns, column) if columns else column)

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.content.isascii()

    @cached_property
    def _columns(self) -> dict[int, Sequence[int]]:
        """Lines that were asked for, each with the bytes before each of its characters."""
        return {}

    @cached_property
    def _definitions(self) -> list[tuple[int, int, Scope]]:
        scopes = [scope for scope in self.names.scopes if hasattr(scope.node, "name")]
        return sorted(((*_lines(scope.node), scope) for scope in scopes), key=lambda found: found[:2])

    def symbol_at(self, offset: int) -> str:
        line = self.text.line_at(offset)
        ahead = bisect_right(self._definitions, line, key=lambda found: found[0])
        scope = self._definitions[ahead - 1][2] if ahead else None
        while scope is not None and not (hasattr(scope.node, "name") and _lines(scope.node)[1] >= line):
            scope = scope.parent
        return scope.name if scope else ""


def _byte_columns(line: str) -> Sequence[int]:
    """How many bytes of UTF-8 stand before each character, and in all; nothing if each is one."""
    if line.isascii():
        return ()
    return array("L", accumulate((len(character.encode()) for character in line), initial=0))


def _lines(node: ast.AST) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min((d.lineno for d in decorators), default=node.lineno)  # type: ignore[attr-defined]
    return first, node.end_lineno  # type: ignore[attr-defined]
