"""Assignments to what a module or a mapping keeps: `litellm.set_verbose = True`, `os.environ["X"] = "1"`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import literal_of
from fixers.python.source.names import Scope
from fixers.python.source.statements import remove_statement
from fixers.rule import Changes, Edit, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


@dataclass(frozen=True, eq=False)
class Assignment:
    """One target and its value. `name` is the target's real name (`litellm.set_verbose`, `os.environ`),
    `key` the written key of an item (`OPENAI_API_KEY`), else empty; `span` is the statement's."""

    file: "PythonFile"
    node: ast.Assign
    scope: Scope
    name: str
    key: str
    span: Span

    @property
    def literal(self) -> object:
        """The value, if it is written out, else NOT_LITERAL."""
        return literal_of(self.node.value)

    @property
    def code(self) -> str:
        """The value as the author wrote it."""
        return self.file.code(self.node.value)

    @property
    def real_name(self) -> str:
        """The dotted name that the value goes by; empty if it has none."""
        return self.file.real_name(self.node.value, self.scope)

    def replace(self, code: str) -> Changes:
        """Write `code` in the value's place."""
        return (Edit(self.file.span(self.node.value), code),)

    def remove(self) -> Changes:
        """Take the statement out with its lines."""
        return remove_statement(self.file, self.node)


def assignments(file: "PythonFile") -> Iterator[Assignment]:
    """The assignments of one value to one attribute or item whose owner has a real name, by place."""
    found = []
    for place in file.names.names:
        target: ast.AST = place.node
        outer = file.structure.parent(target)
        while isinstance(outer, ast.Attribute | ast.Subscript) and outer.value is target:
            target, outer = outer, file.structure.parent(outer)
        match outer, target:
            case ast.Assign(targets=[only]), ast.Attribute() if only is target:
                name, key = file.real_name(target, place.scope), ""
            case ast.Assign(targets=[only]), ast.Subscript(
                value=owner, slice=ast.Constant(value=str(key))
            ) if only is target:
                name = file.real_name(owner, place.scope)
            case _:
                continue
        if name and isinstance(outer, ast.Assign):
            found.append(Assignment(file, outer, place.scope, name, key, file.span(outer)))
    yield from sorted(found, key=lambda one: one.span)
