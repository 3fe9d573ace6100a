"""Settings that somebody chose with an `if`, and settings of `ssl` that go with all that served them."""

import ast
import re
from typing import TYPE_CHECKING

from fixers.python.source.assignments import Assignment
from fixers.python.source.calls import Call
from fixers.python.source.names import FunctionNode
from fixers.python.source.statements import remove_statement
from fixers.rule import Changes, Edit, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


def is_chosen(file: "PythonFile", found: Call | Assignment, setting: re.Pattern[str]) -> bool:
    """Whether an `if` around it, in its own function, asks for a setting of such a name."""
    for outer in file.structure.ancestors(found.node):
        if isinstance(outer, FunctionNode):
            return False
        if isinstance(outer, ast.If | ast.IfExp) and setting.search(file.code(outer.test)):
            return True
    return False


def without_default_context(file: "PythonFile", assignment: Assignment) -> Changes:
    """Take out an assignment of `ssl`'s default, the `try` that only looks whether its value is there, and
    the import if nothing else uses it.

    Before Python 2.7.9 there was no `ssl._create_unverified_context`, so it is often looked up in a `try`
    whose `else` assigns it.
    """
    statement: ast.stmt = assignment.node
    match file.structure.parent(assignment.node):
        case ast.Try(body=[ast.Assign(targets=[ast.Name(id=name)])], orelse=[_], finalbody=[]) as outer:
            passes = all(isinstance(s, ast.Pass) for handler in outer.handlers for s in handler.body)
            if passes and len(file.named(name)) == 2:
                statement = outer
    removed = _with_blank_line(file, remove_statement(file, statement))
    uses = [file.span(place.node).start for place in file.named("ssl")]
    span = file.span(statement)
    if all(span.start <= use < span.end for use in uses):
        imports = [s for s in file.tree.body if isinstance(s, ast.Import) and _is_only(s, "ssl")]
        for one in imports:
            removed = (*removed, *_with_blank_line(file, remove_statement(file, one)))
    return removed


def _is_only(statement: ast.Import, module: str) -> bool:
    return [(alias.name, alias.asname) for alias in statement.names] == [(module, None)]


def _with_blank_line(file: "PythonFile", changes: Changes) -> Changes:
    """The same, with the empty line below where one stands above too."""
    match changes:
        case (Edit(span=Span(start=start, end=end), text=""),):
            above, below = file.text.line_at(start) - 1, file.text.line_at(end)
            is_apart = above < 1 or not file.text.content[slice(*file.text.line_span(above))].strip()
            if is_apart and below < len(file.text.line_starts):
                first, last = file.text.line_span(below)
                if first == end and not file.text.content[first:last].strip():
                    return (Edit(Span(start, file.text.line_starts[below]), ""),)
    return changes
