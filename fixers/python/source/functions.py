"""Functions as rules see them: decorators, parameters, what they call, and the verbs that extend them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fixers.python.source.calls import Call
from fixers.python.source.models import asks_a_model
from fixers.python.source.names import Scope
from fixers.python.source.statements import insert_above
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Function:
    """A function with a name; `scope` is the one that it stands in."""

    file: "PythonFile"
    node: FunctionDef
    scope: Scope

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def span(self) -> Span:
        """From `def` to the end of its name's line or parameters: not its body."""
        return Span(self.file.span(self.node).start, self._head_end)

    @property
    def decorators(self) -> list[str]:
        """The real names of its decorators, from the top; a decorator that is called ends in `()`."""
        return [self.file.real_name(decorator, self.scope) for decorator in self.node.decorator_list]

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Its parameters with the real names of their annotations."""
        args = self.node.args
        every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
        return {
            a.arg: self.file.real_name(a.annotation, self.scope) if a.annotation else "" for a in every if a
        }

    @property
    def has_text_annotations(self) -> bool:
        """Whether annotations are texts that a framework has to evaluate: quoted, or by `__future__`."""
        args = self.node.args
        annotations = [a.annotation for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        quoted = any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in annotations)
        return quoted or any(
            isinstance(statement, ast.ImportFrom)
            and statement.module == "__future__"
            and any(alias.name == "annotations" for alias in statement.names)
            for statement in self.file.tree.body
        )

    @property
    def model_calls(self) -> Iterator[Call]:
        """The calls in it, and in functions inside it, that ask a model."""
        structure = self.file.structure
        for place in self.file.names.calls:
            assert isinstance(place.node, ast.Call)
            if any(outer is self.node for outer in structure.ancestors(place.node)):
                call = self.file.call(place.node)
                if asks_a_model(self.file, call.node, call.name):
                    yield call

    def mentions(self, name: str) -> bool:
        """Whether its body uses the name."""
        body = (node for statement in self.node.body for node in ast.walk(statement))
        return any(isinstance(node, ast.Name) and node.id == name for node in body)

    @property
    def is_used_by_name(self) -> bool:
        """Whether the file speaks of the function again, to call it or to pass it on."""
        places = self.file.names.names
        mine = (place for place in places if isinstance(place.node, ast.Name) and place.node.id == self.name)
        return any(place.scope.home_of(self.name) is self.scope for place in mine)

    def decorate(self, code: str) -> Changes:
        """Add `@code` closest to the function, below the decorators that it has."""
        return insert_above(self.file, self.node, (f"@{code}",))

    def add_first_parameter(self, code: str) -> Changes:
        """Take one more parameter, before the others, on a line of its own where they have theirs."""
        content = self.file.text.content
        args = self.node.args
        first = next(iter((*args.posonlyargs, *args.args)), None)
        if first is None:
            if args.vararg or args.kwonlyargs or args.kwarg:
                return (Refusal("its parameters can only be passed by name"),)
            opening = content.find("(", self.file.span(self.node).start, self._head_end)
            return (Edit(Span(opening + 1, opening + 1), code),)
        start = self.file.span(first).start
        indent = self.file.text.indent_at(start)
        line_start = self.file.text.line_starts[first.lineno - 1]
        begins_line = not content[line_start:start].strip()
        gap = f",{self.file.text.newline}{indent}" if begins_line else ", "
        return (Edit(Span(start, start), code + gap),)

    @property
    def _head_end(self) -> int:
        """The end of the line that `def` stands on."""
        return self.file.text.line_span(self.node.lineno)[1]


def functions(file: "PythonFile") -> Iterator[Function]:
    """Every named function of the file, by place."""
    for node in file.structure.nodes:
        if isinstance(node, FunctionDef):
            yield Function(file, node, file.structure.scope(node))
