"""Texts that a pydantic model of the file takes in, as fields of a request's body."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.functions import Function
from fixers.python.source.names import Scope
from fixers.rule import Changes, Edit, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_MODELS = ("pydantic.BaseModel", "pydantic.main.BaseModel")
_FIELDS = ("pydantic.Field", "pydantic.fields.Field")
_BOUNDED = ("max_length", "pattern", "regex")
_LIMITS = re.compile(r"max_length|\blen\(|[a-z]_length\b|Max\w*Len", re.I)


@dataclass(frozen=True, eq=False)
class TextField:
    """A field `name: str` of a pydantic model; `scope` is its class's."""

    file: "PythonFile"
    node: ast.AnnAssign
    scope: Scope
    name: str

    @property
    def span(self) -> Span:
        return self.file.span(self.node)

    def limit(self, characters: int) -> Changes:
        """Refuse longer texts: by the `Field` that it has, or by one around its default."""
        limit, value = f"max_length={characters}", self.node.value
        if isinstance(value, ast.Call):
            return self.file.call(value).add_keyword("max_length", str(characters))
        spelled = self.file.spell("pydantic.Field", self.span.start, self.scope)
        if value is None:
            end = self.file.span(self.node.annotation).end
            return (Edit(Span(end, end), f" = {spelled.code}({limit})"), *spelled.changes)
        default = f"{spelled.code}({self.file.code(value)}, {limit})"
        return (Edit(self.file.span(value), default), *spelled.changes)


def text_fields(function: Function) -> Iterator[TextField]:
    """The fields of a function's pydantic parameters that are a text of any length, and that it reads.

    None where the class or the function looks at lengths itself.
    """
    file, args = function.file, function.node.args
    if _LIMITS.search(file.code(function.node)):
        return
    for argument in (*args.posonlyargs, *args.args, *args.kwonlyargs):
        model = _model(function, argument.annotation)
        if model is None or _LIMITS.search(file.code(model)):
            continue
        read = _attributes_read(function, argument.arg)
        scope = file.structure.inner_scope(model)
        for statement in model.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                name = statement.target.id
                if name in read and _is_any_text(file, statement, scope):
                    yield TextField(file, statement, scope, name)


def _model(function: Function, annotation: ast.expr | None) -> ast.ClassDef | None:
    """The class of this file, a pydantic model and nothing else, that a parameter is annotated with."""
    if not isinstance(annotation, ast.Name):
        return None
    home = function.scope.home_of(annotation.id)
    match [binding.node for binding in home.bindings[annotation.id]] if home else []:
        case [ast.ClassDef(bases=[base]) as model]:
            return model if function.file.real_name(base, function.scope) in _MODELS else None
    return None


def _attributes_read(function: Function, name: str) -> set[str]:
    inside = (node for statement in function.node.body for node in ast.walk(statement))
    attributes = (node for node in inside if isinstance(node, ast.Attribute))
    return {a.attr for a in attributes if isinstance(a.value, ast.Name) and a.value.id == name}


def _is_any_text(file: "PythonFile", field: ast.AnnAssign, scope: Scope) -> bool:
    """Whether it is annotated `str`, and is written without a default, with a text, or as a `Field`."""
    if file.real_name(field.annotation, scope) != "str":
        return False
    match field.value:
        case None | ast.Constant(value=str()):
            return True
        case ast.Call(func=func, keywords=keywords):
            named = [keyword.arg for keyword in keywords]
            is_open = not any(name is None or name in _BOUNDED for name in named)
            return is_open and file.real_name(func, scope) in _FIELDS
    return False
