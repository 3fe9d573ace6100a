"""Whether HTML may stand in a text on purpose, as far as the file writes it out."""

import ast
import re
from typing import TYPE_CHECKING

from fixers.python.source.composed import Composed, Piece
from fixers.python.source.flow import value_behind
from fixers.python.source.models import asks_a_model
from fixers.python.source.names import Scope
from fixers.python.source.own_functions import helper

if TYPE_CHECKING:
    from fixers.python.source.calls import Argument
    from fixers.python.source.file import PythonFile

_TAG = re.compile(r"<\s*/?[a-zA-Z!]|&(?:#?\w+);")
_MOST_NODES = 2_000
_MOST_NAMES = 40


def holds_markup(argument: "Argument") -> bool:
    """Whether HTML is written in an argument, in what its names are bound to, or in helpers that it calls."""
    flow = argument.call.file.flows.into(argument)
    is_around = any(_TAG.search(text) for text in flow.texts) if flow else False
    return is_around or _holds(argument.call.file, argument.node, argument.call.scope)


def is_marked_up(text: Composed, piece: Piece) -> bool:
    """The same of what is filled into a placeholder."""
    flow = text.flow(piece)
    is_around = any(_TAG.search(text) for text in flow.texts) if flow else False
    return is_around or (piece.node is not None and _holds(text.argument.call.file, piece.node, text.scope))


def _holds(file: "PythonFile", node: ast.AST, scope: Scope) -> bool:
    waiting: list[tuple[ast.AST, Scope]] = [(node, scope)]
    seen: set[tuple[int, str]] = set()
    for _ in range(_MOST_NODES):
        if not waiting or len(seen) > _MOST_NAMES:
            break
        node, scope = waiting.pop()
        match node:
            case ast.Constant(value=str(text)):
                if _TAG.search(text):
                    return True
            case ast.Call() if asks_a_model(file, node, file.real_name(node.func, scope)):
                continue
            case ast.Call() if (function := helper(file, node.func, scope)) is not None:
                waiting += [(statement, file.structure.inner_scope(function)) for statement in function.body]
            case ast.Name(id=name):
                home = scope.home_of(name)
                if home is not None and (id(home), name) not in seen:
                    seen.add((id(home), name))
                    waiting += [(value, home) for value in _values(file, home, name)]
                    waiting += file.flows.added(home, name)
        if not isinstance(node, ast.Name):
            waiting += [(child, scope) for child in ast.iter_child_nodes(node)]
    return bool(waiting)


def _values(file: "PythonFile", home: Scope, name: str) -> list[ast.AST]:
    values: list[ast.AST] = []
    for binding in home.bindings[name]:
        if binding.value is not None:
            values.append(binding.value)
        elif isinstance(binding.node, ast.Name):
            outer = file.structure.statement(binding.node)
            if isinstance(outer, ast.AugAssign | ast.Assign):
                values.append(outer.value)
    return values


def unknown_part(argument: "Argument") -> str:
    """A part that isn't written out and that no model fills, so that it may hold HTML; or nothing."""
    file = argument.call.file
    waiting = [value_behind(file, argument.node, argument.call.scope)]
    for _ in range(_MOST_NAMES):
        if not waiting:
            return ""
        node, scope = waiting.pop()
        match node:
            case ast.Constant():
                continue
            case ast.JoinedStr(values=values):
                waiting += [(value, scope) for value in values]
            case ast.FormattedValue(value=value):
                waiting.append(value_behind(file, value, scope))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                waiting += [value_behind(file, left, scope), value_behind(file, right, scope)]
            case ast.expr() if file.flows.behind(node, scope) is None:
                return ast.unparse(node)
    return ""
