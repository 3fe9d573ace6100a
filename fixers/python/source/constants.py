"""Where a file uses a constant of a library, such as a member of one of its enumerations."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.rule import Changes, Edit, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


@dataclass(frozen=True, eq=False)
class Constant:
    """One use; `name` is the constant's real name, `given` what the code calls the value there."""

    file: "PythonFile"
    node: ast.Attribute
    name: str
    given: str

    @property
    def span(self) -> Span:
        return self.file.span(self.node)

    def replace_member(self, member: str) -> Changes:
        """Take another member of the same enumeration."""
        end = self.span.end
        return (Edit(Span(end - len(self.node.attr), end), member),)


def constants(file: "PythonFile", pattern: re.Pattern[str]) -> Iterator[Constant]:
    """The dotted names whose real name is matched whole, by place; those in f-strings left out."""
    for place in file.names.names:
        node = place.node
        outer = file.structure.parent(node)
        while isinstance(outer, ast.Attribute) and isinstance(outer.ctx, ast.Load):
            node, outer = outer, file.structure.parent(outer)
        if isinstance(node, ast.Attribute) and not place.in_fstring:
            name = file.real_name(node, place.scope)
            if pattern.fullmatch(name):
                yield Constant(file, node, name, file.structure.name_given(node))
