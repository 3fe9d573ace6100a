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
from fixers.python.source.structure import FunctionDef
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_PLAIN = ("str", "int", "float", "bool")
_NOT_BODY = tuple(f"fastapi.{n}()" for n in ("Depends", "Security", "Query", "Header", "Path", "Cookie"))


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
        for node in self.file.calls_in(self.node):
            call = self.file.call(node)
            if asks_a_model(self.file, node, call.name):
                yield call

    @property
    def asks_a_model(self) -> bool:
        """Whether it asks a model, itself or through a function of this file that it calls by name."""
        return any(True for one in (self, *self._helpers) for _ in one.model_calls)

    @property
    def _helpers(self) -> Iterator["Function"]:
        for node in self.file.calls_in(self.node):
            if not isinstance(node.func, ast.Name):
                continue
            home = self.file.call(node).scope.home_of(node.func.id)
            bound = [binding.node for binding in home.bindings[node.func.id][:2]] if home else []
            if home and len(bound) == 1 and isinstance(bound[0], FunctionDef):
                yield Function(self.file, bound[0], home)

    def mentions(self, name: str) -> bool:
        """Whether its body uses the name."""
        body = (node for statement in self.node.body for node in ast.walk(statement))
        return any(isinstance(node, ast.Name) and node.id == name for node in body)

    @property
    def is_used_by_name(self) -> bool:
        """Whether the file speaks of the function again, to call it or to pass it on."""
        places = self.file.named(self.name)
        return any(place.scope.home_of(self.name) is self.scope for place in places)

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
    def body_parameter(self) -> str:
        """The one parameter that a web framework fills from the body of a call, if its name doesn't matter.

        It is annotated with a pydantic model of this file, and the others are plain values or come
        from elsewhere: with two such parameters, their names would be keys of the body.
        """
        args = self.node.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        models = [a for a in every if a.annotation is not None and self._is_model(a.annotation)]
        plain = [a for a in every if self.parameters[a.arg] in _PLAIN or a.arg in self._filled_otherwise]
        extra = args.vararg or args.kwarg
        return models[0].arg if len(models) == 1 and len(plain) == len(every) - 1 and not extra else ""

    def _is_model(self, annotation: ast.expr) -> bool:
        home = self.scope.home_of(annotation.id) if isinstance(annotation, ast.Name) else None
        bindings = home.bindings[annotation.id] if home and isinstance(annotation, ast.Name) else []
        nodes = [binding.node for binding in bindings]
        match nodes:
            case [ast.ClassDef(bases=[base])]:
                return self.file.real_name(base, self.scope) in (
                    "pydantic.BaseModel",
                    "pydantic.main.BaseModel",
                )
        return False

    @property
    def _filled_otherwise(self) -> set[str]:
        """Parameters whose default says that something else than the body fills them."""
        defaults = self.file.structure.defaults(self.node.args)
        return {name for name, value in defaults if self.file.real_name(value, self.scope) in _NOT_BODY}

    def rename_parameter(self, old: str, new: str) -> Changes:
        """Call a parameter otherwise, here and wherever the function uses it."""
        if new in self.parameters or self.mentions(new):
            return (Refusal(f"`{new}` means something else in it"),)
        inner = self.file.structure.inner_scope(self.node)
        uses = [place for place in self.file.named(old) if place.scope.home_of(old) is inner]
        if any(place.in_fstring for place in uses):
            return (Refusal(f"it uses `{old}` in an f-string, where it can't be renamed safely"),)
        argument = next(a for a in ast.walk(self.node.args) if isinstance(a, ast.arg) and a.arg == old)
        starts = [self.file.span(argument).start, *(self.file.span(place.node).start for place in uses)]
        return tuple(Edit(Span(start, start + len(old)), new) for start in starts)

    @property
    def _head_end(self) -> int:
        """The end of the line that `def` stands on."""
        return self.file.text.line_span(self.node.lineno)[1]


def functions(file: "PythonFile") -> Iterator[Function]:
    """Every named function of the file, by place."""
    for node in file.structure.functions:
        yield Function(file, node, file.structure.surroundings(node).scope)
