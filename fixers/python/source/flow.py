"""Where a value comes from, as far as assignments show it."""

import ast
from typing import TYPE_CHECKING

from fixers.python.source.names import Binding, FunctionNode, Scope

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


_MAX_STEPS = 30
_MOST_BINDINGS = 100
_OPENERS = ("open", "builtins.open", "gzip.open", "bz2.open", "lzma.open", "fsspec.open", "smart_open.open")


def _bound(
    file: "PythonFile", use: ast.Name, name: str, scope: Scope
) -> tuple[ast.expr, Scope] | ast.arg | None:
    """The parameter of this name, or the value that it surely has here and where that is read."""
    home = scope.home_of(name)
    bindings = home.bindings[name] if home else []
    if home is None or not bindings:
        return None
    binding = bindings[0] if len(bindings) == 1 else _last_before(file, use, bindings, home is scope)
    if binding is None:
        return None
    if isinstance(binding.node, ast.arg) and isinstance(home.node, FunctionNode):
        return binding.node
    if binding.value is None or binding.scope is None:
        return None
    return binding.value, binding.scope


def _last_before(
    file: "PythonFile", use: ast.Name, bindings: list[Binding], is_local: bool
) -> Binding | None:
    """Of several assignments, the one that runs on every way to the use, with none in between.

    It stands before the use in the same block, or in a block around it, so whatever else binds the
    name has happened earlier.
    """
    if not is_local or len(bindings) > _MOST_BINDINGS:
        return None
    structure = file.structure
    around = [node for node in (use, *structure.ancestors(use)) if isinstance(node, ast.stmt)]
    before = [b for b in bindings if _place(b.node) < _place(around[0])]
    latest = max(before, key=lambda binding: _place(binding.node), default=None)
    if latest is None or not isinstance(latest.node, (ast.Assign, ast.AnnAssign)):
        return None
    return latest if any(structure.share_a_block(latest.node, node) for node in around) else None


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def value_behind(file: "PythonFile", node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """The expression that a name, or an attribute of `self`, surely stands for here, and its scope.

    The expression itself, unless one assignment gives the value.
    """
    for _ in range(_MAX_STEPS):
        match node:
            case ast.Name(id=name):
                found = _bound(file, node, name, scope)
                if found is None or isinstance(found, ast.arg):
                    break
                node, scope = found
            case ast.Attribute():
                kept = file.names.kept(node, scope)
                if kept is None or kept.value is None or kept.scope is None:
                    break
                node, scope = kept.value, kept.scope
            case _:
                break
    return node, scope


def beginning(file: "PythonFile", node: ast.expr, scope: Scope) -> str:
    """The text that a value surely begins with, as far as it is written out, also behind names."""
    for _ in range(_MAX_STEPS):
        node, scope = value_behind(file, node, scope)
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.JoinedStr(values=[first, *_]):
                node = first
            case ast.FormattedValue(value=value) | ast.BinOp(left=value, op=ast.Add()):
                node = value
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
                return text.partition("%")[0]
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                return text.partition("{")[0]
            case ast.Call(func=ast.Attribute(value=value, attr="rstrip" | "removesuffix")):
                node = value
            case _:
                break
    return ""


def keys(file: "PythonFile", node: ast.expr, scope: Scope) -> frozenset[str]:
    """The keys that a dictionary is written with, here or behind a name, a copy or `json.dumps`."""
    for _ in range(_MAX_STEPS):
        node, scope = value_behind(file, node, scope)
        match node:
            case ast.Dict(keys=written):
                found = (k.value for k in written if isinstance(k, ast.Constant))
                return frozenset(key for key in found if isinstance(key, str))
            case ast.Call(func=func, args=[first, *_]) if file.real_name(func, scope) == "json.dumps":
                node = first
            case ast.Call(func=func, keywords=named) if file.real_name(func, scope) == "dict":
                return frozenset(keyword.arg for keyword in named if keyword.arg)
            case ast.Call(func=ast.Attribute(value=value, attr="encode" | "copy")):
                node = value
            case _:
                break
    return frozenset()


def written_behind(file: "PythonFile", node: ast.expr, scope: Scope) -> list[str]:
    """How a value is written, here and where its name is bound: for a file, also what it opens."""
    written: list[str] = []
    for _ in range(_MAX_STEPS):
        if any(isinstance(outer, ast.JoinedStr) for outer in file.structure.ancestors(node)):
            break
        written.append(file.code(node))
        found = _bound(file, node, node.id, scope) if isinstance(node, ast.Name) else None
        is_open = isinstance(node, ast.Call) and file.real_name(node.func, scope) in _OPENERS
        if isinstance(node, ast.Call) and is_open and node.args:
            node = node.args[0]
        elif found is None or isinstance(found, ast.arg):
            break
        else:
            node, scope = found
    return written
