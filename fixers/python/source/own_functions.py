"""Functions of the same file that are called by their name, or as a method of `self`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Argument, Call
from fixers.python.source.names import Scope
from fixers.python.source.scopes import statements
from fixers.python.source.structure import FunctionDef

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


@dataclass(frozen=True, slots=True)
class Frame:
    """A function that is looked into because `call`, which stands in `scope`, calls it."""

    function: FunctionDef
    call: ast.Call
    scope: Scope


def helper(file: "PythonFile", func: ast.expr, scope: Scope) -> FunctionDef | None:
    """The one function of this file that a call's function names."""
    bindings = []
    match func:
        case ast.Name(id=name):
            home = scope.home_of(name)
            bindings = home.bindings[name] if home else []
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            owner = _class_around(scope)
            bindings = owner.bindings.get(name, []) if owner else []
    nodes = [binding.node for binding in bindings]
    return nodes[0] if len(nodes) == 1 and isinstance(nodes[0], FunctionDef) else None


def _class_around(scope: Scope | None) -> Scope | None:
    while scope is not None and not isinstance(scope.node, ast.ClassDef):
        scope = scope.parent
    return scope


def returned(function: FunctionDef) -> Iterator[ast.expr]:
    """What a function returns or yields, on any way."""
    for statement in statements(function):
        match statement:
            case ast.Return(value=ast.expr() as value):
                yield value
            case ast.Expr(value=ast.Yield(value=ast.expr() as value) | ast.YieldFrom(value=value)):
                yield value


def given(frame: Frame, parameter: ast.arg) -> ast.expr | None:
    """What the call gives for a parameter."""
    named = next((k.value for k in frame.call.keywords if k.arg == parameter.arg), None)
    if named is not None:
        return named
    args = frame.function.args
    positional = [*args.posonlyargs, *args.args]
    if isinstance(frame.call.func, ast.Attribute) and not _is_static(frame.function):
        positional = positional[1:]
    values = frame.call.args
    if parameter not in positional or any(isinstance(value, ast.Starred) for value in values):
        return None
    index = positional.index(parameter)
    return values[index] if index < len(values) else None


def _is_static(function: FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)


def receiver(call: Call) -> Argument | None:
    """What a method is called on, as an argument is."""
    func = call.node.func
    return Argument(call, func.value, call.span_of(func.value)) if isinstance(func, ast.Attribute) else None
