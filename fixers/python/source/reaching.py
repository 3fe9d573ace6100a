"""Which bindings of a name may be the last before a use, and what a loop or an unpacking binds."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.checks import function_of
from fixers.python.source.names import Binding, Scope

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_MOST_BINDINGS = 50
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def reaching(file: "PythonFile", use: ast.Name, home: Scope, scope: Scope) -> Iterator[Binding]:
    """The bindings that a use may see, the nearest first.

    An assignment that runs on every way to the use hides those before it; one that stands behind the
    use counts if a loop leads back. In another function, every binding may be the last.
    """
    bindings = home.bindings[use.id]
    if len(bindings) > _MOST_BINDINGS:
        return
    if len(bindings) == 1 or function_of(home) is not function_of(scope):
        yield from bindings
        return
    around = [node for node in (use, *file.structure.ancestors(use)) if isinstance(node, ast.stmt)]
    loops = [node for node in around if isinstance(node, _LOOPS)]
    at = _place(around[0]) if around else _place(use)
    before = sorted((b for b in bindings if _place(b.node) < at), key=lambda b: _place(b.node), reverse=True)
    floor = (0, 0)
    for binding in before:
        if _place(binding.node) < floor:
            break
        yield binding
        hiding = _hiding(file, binding, around, use.id)
        if hiding is not None:
            floor = max(floor, _place(hiding))
            loops = [loop for loop in loops if not _is_in(file, binding.node, loop)]
    for binding in bindings:
        if _place(binding.node) >= at and any(_is_in(file, binding.node, loop) for loop in loops):
            yield binding


def _hiding(file: "PythonFile", binding: Binding, around: list[ast.stmt], name: str) -> ast.AST | None:
    """The statement, around a binding or itself, after which the name surely holds what it has bound."""
    if isinstance(binding.node, ast.arg):
        return binding.node
    if isinstance(binding.node, ast.Name):  # what a loop around the use binds
        outer = _binder(file, binding.node)
        if isinstance(outer, ast.For | ast.AsyncFor) and outer in around:
            return binding.node
    for outer in (binding.node, *file.structure.ancestors(binding.node)):
        if isinstance(outer, ast.stmt) and any(file.structure.share_a_block(outer, node) for node in around):
            return outer if outer not in around and _always_binds([outer], name) else None
    return None


def _always_binds(block: list[ast.stmt], name: str) -> bool:
    """Whether whoever comes out of a block has bound the name in it."""
    return any(_binds(statement, name) for statement in block)


def _binds(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return True
        case ast.Assign(targets=targets, value=ast.expr()):
            return any(
                isinstance(node, ast.Name) and node.id == name for t in targets for node in ast.walk(t)
            )
        case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr()):
            return bound == name
        case ast.If(body=body, orelse=orelse):
            return bool(orelse) and _always_binds(body, name) and _always_binds(orelse, name)
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return _always_binds(body, name)
        case ast.Try(body=body, handlers=handlers):
            return _always_binds(body, name) and all(
                _always_binds(handler.body, name) for handler in handlers
            )
    return False


def _is_in(file: "PythonFile", node: ast.AST, loop: ast.stmt) -> bool:
    return any(outer is loop for outer in file.structure.ancestors(node))


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _binder(file: "PythonFile", name: ast.AST) -> ast.AST | None:
    """What gives a name its value: the loop, the comprehension, the assignment around the targets."""
    outer = file.structure.parent(name)
    while isinstance(outer, ast.Tuple | ast.List | ast.Starred):
        outer = file.structure.parent(outer)
    return outer


@dataclass(frozen=True, slots=True)
class Element:
    """What a name is bound to, or is one of; `is_added`: it is put behind what the name held before.
    `position`: where the name stands among those that the value is unpacked into."""

    value: ast.expr
    is_added: bool = False
    position: int | None = None


def element(file: "PythonFile", name: ast.AST) -> Element | None:
    """What binds a name that no plain assignment binds."""
    position = _position(file, name)
    match _binder(file, name):
        case ast.AugAssign(value=value, op=ast.Add() | ast.Div()):
            return Element(value, is_added=True)
        case ast.For(iter=value) | ast.AsyncFor(iter=value):
            return None if position == 0 and _counts(value) else Element(value, position=position)
        case ast.comprehension(iter=value):
            return None if position == 0 and _counts(value) else Element(value, position=position)
        case ast.Assign(value=ast.Tuple(elts=elts)) if position is not None and position < len(elts):
            return Element(elts[position])
        case ast.Assign(value=value):
            return Element(value, position=position)
    return None


def _counts(iterated: ast.expr) -> bool:
    """Whether the first of the two that it gives is a number or a key."""
    match iterated:
        case ast.Call(func=ast.Name(id="enumerate") | ast.Attribute(attr="items")):
            return True
    return False


def _position(file: "PythonFile", name: ast.AST) -> int | None:
    outer = file.structure.parent(name)
    if not isinstance(outer, ast.Tuple | ast.List) or name not in outer.elts:
        return None
    return outer.elts.index(name)
