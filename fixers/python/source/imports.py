"""How a name is written in a file, and the line that imports it where nothing does yet."""

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.names import Scope
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

ImportNode = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Spelling:
    """The code that names something in a file, and the edit that imports it (or the refusal)."""

    code: str
    changes: Changes = ()


def spell(file: "PythonFile", name: str, at: int, scope: Scope) -> Spelling:
    """`os.environ` as this file would write it at the character `at`, importing `os` if need be.

    An import that is there and has run by then is used as it is (`from os import environ`,
    `import os as o`). A standard module is imported whole, a name of another package by `from`.
    """
    present = _present(file, name, at, scope)
    if present:
        return Spelling(present)
    module, _, attribute = name.rpartition(".")
    whole = module.partition(".")[0] in sys.stdlib_module_names
    bound = module.partition(".")[0] if whole else attribute
    if scope.home_of(bound) is not None and not _is_late_import(file, bound, module if whole else name, at):
        return Spelling(name, (Refusal(f"`{bound}` already means something else in this file"),))
    line = f"import {module}" if whole else f"from {module} import {attribute}"
    edit = _import_edit(file, line)
    if scope.runs_at_import and edit.span.start > at:
        return Spelling(name, (Refusal("it runs before the file's imports"),))
    return Spelling(name if whole else attribute, (edit,))


def _present(file: "PythonFile", name: str, at: int, scope: Scope) -> str:
    """How an import at the top level already names it, or nothing."""
    for statement in file.tree.body:
        if not isinstance(statement, ImportNode):
            continue
        if scope.runs_at_import and file.span(statement).end > at:
            continue
        for alias in statement.names:
            imported, bound = _imported(statement, alias)
            if name != imported and not name.startswith(f"{imported}."):
                continue
            code = bound + name[len(imported) :]
            expression = ast.parse(code, mode="eval").body
            if scope.home_of(bound) is file.names.module and file.real_name(expression, scope) == name:
                return code
    return ""


def _imported(statement: ImportNode, alias: ast.alias) -> tuple[str, str]:
    if isinstance(statement, ast.ImportFrom):
        return f"{'.' * statement.level}{statement.module or ''}.{alias.name}", alias.asname or alias.name
    if alias.asname:
        return alias.name, alias.asname
    root = alias.name.partition(".")[0]
    return root, root


def _is_late_import(file: "PythonFile", bound: str, imported: str, at: int) -> bool:
    """Whether `bound` is just this import, only further down than `at`."""
    bindings = file.names.module.bindings.get(bound, [])
    return bool(bindings) and all(
        binding.imported == imported
        and isinstance(binding.node, ImportNode)
        and file.span(binding.node).start > at
        for binding in bindings
    )


def _import_edit(file: "PythonFile", line: str) -> Edit:
    """The edit that adds an import line where the file's own order wants it."""
    statement = ast.parse(line).body[0]
    assert isinstance(statement, ImportNode)
    block = _first_block(file)
    if not block:
        return _without_block(file, line)
    key = _key(statement)
    smaller = [other for other in block if _key(other) < key]
    same_section = [other for other in block if _key(other)[0] == key[0]]
    newline = file.text.newline
    if smaller and (_key(smaller[-1])[0] == key[0] or not same_section):
        gap = "" if _key(smaller[-1])[0] == key[0] else newline
        return _after(file, smaller[-1], f"{gap}{line}{newline}")
    first = (same_section or block)[0]
    gap = "" if same_section else newline
    return _before(file, first, f"{line}{newline}{gap}")


def _first_block(file: "PythonFile") -> list[ImportNode]:
    """The imports that the file opens with, its docstring and `from __future__` set aside."""
    block: list[ImportNode] = []
    for statement in file.tree.body[len(_preamble(file)) :]:
        if not isinstance(statement, ImportNode):
            break
        block.append(statement)
    return block


def _preamble(file: "PythonFile") -> list[ast.stmt]:
    """What must stay first: the docstring, then the imports from `__future__`."""
    preamble: list[ast.stmt] = []
    for statement in file.tree.body:
        is_docstring = not preamble and isinstance(statement, ast.Expr) and _is_text(statement.value)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (is_docstring or is_future):
            break
        preamble.append(statement)
    return preamble


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _key(statement: ImportNode) -> tuple[int, bool, str]:
    """Where isort would put it: its section, plain imports before `from`, then by name."""
    is_from = isinstance(statement, ast.ImportFrom)
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return 3, is_from, "." * statement.level + (statement.module or "")
    module = statement.module or "" if isinstance(statement, ast.ImportFrom) else statement.names[0].name
    is_standard = module.partition(".")[0] in sys.stdlib_module_names
    return 1 if is_standard else 2, is_from, module.lower()


def _without_block(file: "PythonFile", line: str) -> Edit:
    """Behind the docstring and `from __future__`, or before the first statement of all."""
    newline, preamble = file.text.newline, _preamble(file)
    if preamble:
        return _after(file, preamble[-1], f"{newline}{line}{newline}")
    return _before(file, file.tree.body[0], f"{line}{newline}{newline}")


def _before(file: "PythonFile", statement: ast.stmt, text: str) -> Edit:
    start = file.text.line_starts[_first_line(statement) - 1]
    return Edit(Span(start, start), text)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min((decorator.lineno for decorator in decorators), default=statement.lineno)


def _after(file: "PythonFile", statement: ast.stmt, text: str) -> Edit:
    """On the line below a statement; what shares its last line stays where it is."""
    line = statement.end_lineno or statement.lineno
    for other in file.tree.body:
        if other.lineno == line and (other.end_lineno or line) > line:
            line = other.end_lineno or line
    if line < len(file.text.line_starts):
        start = file.text.line_starts[line]
        return Edit(Span(start, start), text)
    end = len(file.text.content)
    return Edit(Span(end, end), file.text.newline + text.removesuffix(file.text.newline))
