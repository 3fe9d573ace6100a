"""Where a node stands: its parent, its statement, its scope, and the name that its value is given."""

import ast
from collections.abc import Iterator

from fixers.python.source.names import FunctionNode, Names, Scope

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Structure:
    """The parents of every node of a module."""

    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        self._scopes = {id(scope.node): scope for scope in names.scopes}
        self._parents: dict[int, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            self.nodes.append(node)
            children = list(ast.iter_child_nodes(node))
            self._parents |= {id(child): node for child in children}
            waiting += reversed(children)

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out."""
        parent = self.parent(node)
        while parent is not None:
            yield parent
            parent = self.parent(parent)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The smallest statement around a node."""
        if isinstance(node, ast.stmt):
            return node
        return next((outer for outer in self.ancestors(node) if isinstance(outer, ast.stmt)), None)

    def siblings(self, statement: ast.stmt) -> list[ast.stmt]:
        """The block that a statement is part of, itself included."""
        parent = self.parent(statement)
        for _, block in ast.iter_fields(parent) if parent is not None else ():
            if isinstance(block, list) and any(other is statement for other in block):
                return block
        return [statement]

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node is evaluated: decorators and defaults belong to the outer one."""
        inner = node
        for outer in self.ancestors(node):
            if id(outer) in self._scopes and _is_inside(inner, outer):
                return self._scopes[id(outer)]
            inner = outer
        return self._names.module

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


def _is_inside(child: ast.AST, outer: ast.AST) -> bool:
    if isinstance(outer, (FunctionNode, ast.ClassDef)):
        body = outer.body if isinstance(outer.body, list) else [outer.body]
        return any(child is part for part in body)
    return True


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
