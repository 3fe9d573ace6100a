"""What the object of a method call may be, also where its name is given several values."""

import ast

from fixers.python.source.calls import Call
from fixers.python.source.names import FunctionNode


def receivers(call: Call) -> frozenset[str]:
    """The real names of all that the object of a method call may be; empty where one isn't known.

    The innermost `with` that binds its name decides; without one, every assignment to it counts.
    """
    if not isinstance(call.node.func, ast.Attribute):
        return frozenset()
    owner = call.node.func.value
    name = call.file.real_name(owner, call.scope)
    if name or not isinstance(owner, ast.Name):
        return frozenset((name,)) if name else frozenset()
    managed = _managed(call, owner.id)
    if managed is not None:
        name = call.file.real_name(managed, call.scope)
        return frozenset((name,)) if name else frozenset()
    home = call.scope.home_of(owner.id)
    names = [
        call.file.real_name(binding.value, binding.scope) if binding.value and binding.scope else ""
        for binding in (home.bindings[owner.id] if home else [])
    ]
    return frozenset(names) if all(names) else frozenset()


def receiver_code(call: Call) -> str:
    """How the object of a method call is written: `self.tar` in `self.tar.close()`."""
    return call.file.code(call.node.func.value) if isinstance(call.node.func, ast.Attribute) else ""


def code_around(call: Call) -> str:
    """The function that a call stands in as its author wrote it, or the whole file."""
    for outer in call.file.structure.ancestors(call.node):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            return call.file.code(outer)
    return call.file.text.content


def _managed(call: Call, name: str) -> ast.expr | None:
    """What the innermost `with … as name` around a call manages."""
    for outer in call.file.structure.ancestors(call.node):
        if isinstance(outer, FunctionNode):
            return None
        items = outer.items if isinstance(outer, ast.With | ast.AsyncWith) else []
        for item in items:
            if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name:
                return item.context_expr
    return None
