"""Whether a statement runs only where something asks for it."""

import ast
import re
from typing import TYPE_CHECKING

from fixers.python.source.structure import FunctionDef

if TYPE_CHECKING:
    from fixers.python.source.assignments import Assignment
    from fixers.python.source.calls import Call

_ASKED = re.compile(r"debug|verbos|trac(?:e|ing)|(?:^|_)log", re.I)


def is_asked_for(one: "Assignment | Call") -> bool:
    """Whether an `if` around it, or a function that is named for it, decides that it happens.

    `if __name__ == "__main__"` decides nothing.
    """
    for outer in one.file.structure.ancestors(one.node):
        if isinstance(outer, ast.If | ast.IfExp | ast.match_case) and not _is_main(outer):
            return True
        if isinstance(outer, FunctionDef) and _ASKED.search(outer.name):
            return True
    return False


def _is_main(node: ast.AST) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False
