"""What the object of a method call, or of an assignment to an attribute, was made by."""

import ast
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fixers.python.source.assignments import Assignment
from fixers.python.source.calls import Call
from fixers.python.source.flow import value_behind

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


def may_belong_to(one: Call | Assignment, made: Call) -> bool:
    """Whether it calls a method of what `made` gives, or sets an attribute of that, as far as can be seen.

    False where the object surely comes from another call of the file.
    """
    node: ast.expr = one.node.func if isinstance(one, Call) else one.node.targets[0]
    while isinstance(node, ast.Attribute):
        node = node.value
    behind, _ = value_behind(one.file, node, one.scope)
    others = (call for call in one.file.calls_to(made.name) if call.node is not made.node)
    return behind is made.node or not any(behind is other.node for other in others)


def made_under(file: "PythonFile", path: object) -> Call | None:
    """The call that gives the value of a name of this file, which servers are told as `module:name`."""
    module, _, name = str(path).partition(":")
    bound = file.names.module.bindings.get(name, [])
    is_here = PurePosixPath(file.path).stem == module.rpartition(".")[2]
    value = bound[0].value if is_here and len(bound) == 1 else None
    return file.call(value) if isinstance(value, ast.Call) else None
