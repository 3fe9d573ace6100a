"""Statements in and out: lines above, below or in the place of one, indented as it is."""

import ast
from typing import TYPE_CHECKING

from fixers.python.source.imports import spell
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


def insert_below(file: "PythonFile", statement: ast.stmt, lines: tuple[str, ...]) -> Changes:
    """Add lines behind a statement, at its depth; a tab in front of a line is one level deeper."""
    if not _has_own_lines(file, statement):
        return (Refusal("another statement shares its line"),)
    newline, text = file.text.newline, _laid_out(file, statement, lines)
    last = statement.end_lineno or statement.lineno
    if last < len(file.text.line_starts):
        at = file.text.line_starts[last]
        return (Edit(Span(at, at), text + newline),)
    at = len(file.text.content)
    return (Edit(Span(at, at), newline + text),)


def insert_above(file: "PythonFile", statement: ast.stmt, lines: tuple[str, ...]) -> Changes:
    """Add lines before a statement, at its depth; before a definition's `def`, under its decorators."""
    if not _has_own_lines(file, statement):
        return (Refusal("another statement shares its line"),)
    at = file.text.line_starts[statement.lineno - 1]
    return (Edit(Span(at, at), _laid_out(file, statement, lines) + file.text.newline),)


def replace_statement(file: "PythonFile", statement: ast.stmt, lines: tuple[str, ...]) -> Changes:
    """Write lines in the place of a statement; a comment behind it stays behind the last of them."""
    if not _has_own_lines(file, statement):
        return (Refusal("another statement shares its line"),)
    indent = file.text.indent_at(file.span(statement).start)
    return (Edit(file.span(statement), _laid_out(file, statement, lines).removeprefix(indent)),)


def remove_statement(file: "PythonFile", statement: ast.stmt) -> Changes:
    """Take a statement out with its lines; where its block would be empty, `pass` takes its place."""
    if not _has_own_lines(file, statement):
        return (Refusal("another statement shares its line"),)
    if file.structure.is_alone(statement):
        return (Edit(file.span(statement), "pass"),)
    last = statement.end_lineno or statement.lineno
    starts = file.text.line_starts
    end = starts[last] if last < len(starts) else len(file.text.content)
    return (Edit(Span(starts[statement.lineno - 1], end), ""),)


def add_imports(file: "PythonFile", *lines: str) -> Changes:
    """Add `from` imports of one package, together, where the first of them belongs.

    For packages that the file doesn't import yet; refused where a name is taken.
    """
    statements = [ast.parse(line).body[0] for line in lines]
    names = [f"{s.module}.{a.name}" for s in statements if isinstance(s, ast.ImportFrom) for a in s.names]
    spelled = [spell(file, name, len(file.text.content), file.names.module) for name in names]
    refusals = [change for one in spelled for change in one.changes if isinstance(change, Refusal)]
    edits = [change for change in spelled[0].changes if isinstance(change, Edit)]
    first = f"from {names[0].rpartition('.')[0]} import {names[0].rpartition('.')[2]}"
    if refusals or len(edits) != 1 or first not in edits[0].text:
        return (*refusals, Refusal(f"part of `{lines[0]}` is in the file already"))[:1]
    return (Edit(edits[0].span, edits[0].text.replace(first, file.text.newline.join(lines))),)


def _laid_out(file: "PythonFile", statement: ast.stmt, lines: tuple[str, ...]) -> str:
    indent = file.text.indent_at(file.span(statement).start)
    deeper = _indent_unit(file)
    laid_out = (indent + line.replace("\t", deeper) for line in lines)
    return file.text.newline.join(laid_out)


def _has_own_lines(file: "PythonFile", statement: ast.stmt) -> bool:
    span, content = file.span(statement), file.text.content
    before = content[file.text.line_starts[statement.lineno - 1] : span.start]
    _, end = file.text.line_span(statement.end_lineno or statement.lineno)
    behind = content[span.end : end].strip()
    return not before.strip() and (not behind or behind.startswith("#"))


def _indent_unit(file: "PythonFile") -> str:
    """What the first indented block of the file is indented by."""
    for statement in file.tree.body:
        body = getattr(statement, "body", None)
        if isinstance(body, list) and isinstance(body[0], ast.stmt) and body[0].lineno > statement.lineno:
            return file.text.indent_at(file.span(body[0]).start) or "    "
    return "    "
