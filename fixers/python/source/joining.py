"""A name added to a `from` import that the file has already."""

import ast
from typing import TYPE_CHECKING

from fixers.python.source.imports import Spelling, spell
from fixers.python.source.names import Scope
from fixers.rule import Edit, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_LONGEST_LINE = 88


def join_import(file: "PythonFile", name: str, at: int, scope: Scope) -> Spelling:
    """As `spell`, but `from fastapi import FastAPI` becomes `from fastapi import FastAPI, Request`."""
    spelled = spell(file, name, at, scope)
    module, _, attribute = name.rpartition(".")
    if not any(isinstance(change, Edit) for change in spelled.changes) or spelled.code != attribute:
        return spelled
    for statement in file.tree.body:
        is_early = not scope.runs_at_import or file.span(statement).end <= at
        if isinstance(statement, ast.ImportFrom) and statement.module == module and is_early:
            edit = _extended(file, statement, attribute)
            if not statement.level and edit:
                return Spelling(attribute, (edit,))
    return spelled


def _extended(file: "PythonFile", statement: ast.ImportFrom, name: str) -> Edit | None:
    present = [alias.name for alias in statement.names]
    span, last = file.span(statement), statement.names[-1]
    if "*" in present or "#" in file.text.content[file.span(last).end : span.end]:
        return None
    is_sorted = present == sorted(present, key=_rank)
    behind = next((a for a in statement.names if is_sorted and _rank(a.name) > _rank(name)), None)
    own_lines = last.lineno > statement.lineno and file.code(last) == _line_of(file, last).strip().rstrip(",")
    indent = file.text.indent_at(file.span(last).start)
    gap = f",{file.text.newline}{indent}" if own_lines else ", "
    line = last.lineno if behind is None else behind.lineno
    start, end = file.text.line_span(line)
    if not own_lines and end - start + len(name) + 2 > _LONGEST_LINE:
        return None
    if behind is not None:
        at = file.span(behind).start
        return Edit(Span(at, at), name + gap)
    at = file.span(last).end
    return Edit(Span(at, at), gap + name)


def _line_of(file: "PythonFile", node: ast.alias) -> str:
    start, end = file.text.line_span(node.lineno)
    return file.text.content[start:end]


def _rank(name: str) -> tuple[int, str]:
    """isort's order: constants, classes, then everything else."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name
