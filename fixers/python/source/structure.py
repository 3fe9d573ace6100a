"""Where a node stands: its parent, its statement, its scope, and the name that its value is given."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source.names import FunctionNode, Names, Scope

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


_FURTHEST = 200
"""How far outwards a question looks: no hand-written expression is nested deeper."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a node stands in: its scope, the outermost f-string around it, whether it is a type."""

    scope: Scope
    fstring: ast.JoinedStr | None = None
    is_annotation: bool = False


class Structure:
    """The parents of every node of a module, and the texts in it."""

    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._scopes = {id(scope.node): scope for scope in names.scopes}
        self._parents: dict[int, ast.AST] = {}
        self._blocks: dict[int, tuple[int, str]] = {}
        self._around: dict[int, Surroundings] = {}
        self.texts: list[ast.Constant] = []
        self.functions: list[FunctionDef] = []
        waiting: list[tuple[ast.AST, Surroundings]] = [(tree, Surroundings(names.module))]
        while waiting:
            node, around = waiting.pop()
            if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
                self.texts.append(node)
                self._around[id(node)] = around
            elif isinstance(node, FunctionDef):
                self.functions.append(node)
                self._around[id(node)] = around
            waiting += reversed(list(self._children(node, around)))

    def _children(self, node: ast.AST, around: Surroundings) -> Iterator[tuple[ast.AST, Surroundings]]:
        fstring = around.fstring or (node if isinstance(node, ast.JoinedStr) else None)
        inner = self._scopes.get(id(node), around.scope)
        for field, value in ast.iter_fields(node):
            is_body = field == "body" or not isinstance(node, (FunctionNode, ast.ClassDef))
            scope = inner if is_body else around.scope
            is_type = field in ("annotation", "returns") or (
                around.is_annotation and not isinstance(node, ast.stmt)
            )
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self._parents[id(child)] = node
                    self._blocks[id(child)] = (id(node), field)
                    yield child, Surroundings(scope, fstring, is_type)

    def surroundings(self, node: ast.Constant | FunctionDef) -> Surroundings:
        """What a text or a function stands in."""
        return self._around[id(node)]

    def share_a_block(self, one: ast.stmt, other: ast.stmt) -> bool:
        """Whether two statements are parts of the same list of statements."""
        return self._blocks.get(id(one)) == self._blocks.get(id(other))

    def is_alone(self, statement: ast.stmt) -> bool:
        """Whether it is the only statement of its block."""
        _, field = self._blocks[id(statement)]
        return len(getattr(self._parents[id(statement)], field)) == 1

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out, as far as a person would look."""
        parent = self.parent(node)
        for _ in range(_FURTHEST):
            if parent is None:
                return
            yield parent
            parent = self.parent(parent)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The smallest statement around a node."""
        if isinstance(node, ast.stmt):
            return node
        return next((outer for outer in self.ancestors(node) if isinstance(outer, ast.stmt)), None)

    def inner_scope(self, function: ast.AST) -> Scope:
        """The scope that a function or class opens."""
        return self._scopes[id(function)]

    @staticmethod
    def defaults(parameters: ast.arguments) -> list[tuple[str, ast.expr]]:
        """The parameters that have a default, with it."""
        positional = [*parameters.posonlyargs, *parameters.args]
        with_default = positional[len(positional) - len(parameters.defaults) :]
        pairs = [(a.arg, d) for a, d in zip(with_default, parameters.defaults, strict=True)]
        named = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
        return [*pairs, *((a.arg, d) for a, d in named if d is not None)]

    def name_given(self, node: ast.AST) -> str:
        """What the code calls the value of an expression: `x` in `x = …`, `f(x=…)`, `{"x": …}`, `a.x = …`.

        Calls, awaits and other wrappings around the expression are looked through; empty if it has no name.
        """
        inner = node
        for outer in self.ancestors(node):
            match outer:
                case ast.Assign(targets=[target]) if outer.value is inner:
                    return _label(target)
                case ast.AnnAssign(target=target) if outer.value is inner:
                    return _label(target)
                case ast.NamedExpr(target=ast.Name(id=name)) | ast.keyword(arg=str(name)):
                    return name
                case ast.Dict(keys=keys, values=values):
                    return next((_label(k) for k, v in zip(keys, values, strict=True) if v is inner), "")
                case ast.arguments():
                    return _parameter(outer, inner)
                case ast.Call() | ast.Attribute() | ast.Await() | ast.BoolOp() | ast.IfExp() | ast.BinOp():
                    inner = outer
                case _:
                    return ""
        return ""


def _label(target: ast.AST | None) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(name)):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _parameter(parameters: ast.arguments, default: ast.AST) -> str:
    return next((name for name, value in Structure.defaults(parameters) if value is default), "")
