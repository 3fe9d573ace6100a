"""How a name is written in a file, and the line that imports it where nothing does yet."""

import ast
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fixers.python.source.names import BUILTINS, Scope
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
    code = name if whole else attribute
    reason = _obstacle(file, bound, module if whole else name, at, scope)
    if not module or reason:
        return Spelling(code, (Refusal(reason),) if reason else ())
    line = f"import {module}" if whole else f"from {module} import {attribute}"
    edit = (None if whole else _extension(file, module, attribute)) or _import_edit(file, line)
    if edit is None:
        return Spelling(code, (Refusal("its imports share a line with what must stay before them"),))
    if scope.runs_at_import and edit.span.start > at:
        return Spelling(code, (Refusal("it runs before the file's imports"),))
    return Spelling(code, (edit,))


def _obstacle(file: "PythonFile", bound: str, imported: str, at: int, scope: Scope) -> str:
    """Why the file can't import under this name, or nothing."""
    home = scope.home_of(bound)
    if home is None:
        return f"`{bound}` would hide the builtin" if bound in BUILTINS and imported != bound else ""
    if _is_late_import(file, bound, imported, at):
        return ""
    if home is file.names.module and all(found.imported == imported for found in home.bindings[bound]):
        return f"`{bound}` is imported here on a condition only"
    return f"`{bound}` already means something else in this file"


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
            if isinstance(statement, ast.Import) and not _is_loaded(name, alias.name):
                continue
            code = bound + name[len(imported) :]
            expression = ast.parse(code, mode="eval").body
            if scope.home_of(bound) is file.names.module and file.real_name(expression, scope) == name:
                return code
    return ""


def _is_loaded(name: str, imported: str) -> bool:
    """Whether `import imported` loads the module that has the name: `import jinja2` has no
    `jinja2.sandbox`, and `import os` has an `os.path`."""
    module = name.rpartition(".")[0]
    return module in ("", "os.path") or f"{imported}.".startswith(f"{module}.")


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


def _extension(file: "PythonFile", module: str, name: str) -> Edit | None:
    """The edit that adds a name to a `from` import of its module that the file opens with, in order."""
    statements = (s for s in _first_block(file) if isinstance(s, ast.ImportFrom))
    statement = next((s for s in statements if s.module == module and not s.level), None)
    if statement is None or any(alias.name == "*" for alias in statement.names):
        return None
    later = next((alias for alias in statement.names if _rank(alias.name) > _rank(name)), None)
    last = statement.names[-1]
    lines = {alias.lineno for alias in statement.names}
    in_brackets = file.code(statement).endswith(")")
    own_lines = in_brackets and last.lineno > statement.lineno and len(lines) == len(statement.names)
    separator = f"{file.text.newline}{file.text.indent_at(file.span(last).start)}" if own_lines else " "
    if later is not None:
        start = file.span(later).start
        return Edit(Span(start, start), f"{name},{separator}")
    end = file.span(last).end
    behind = file.text.content[end : file.text.line_span(last.end_lineno or 0)[1]]
    return None if "#" in behind and own_lines else Edit(Span(end, end), f",{separator}{name}")


def _rank(name: str) -> tuple[int, str]:
    """isort's order of the names of one import: constants, classes, the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return 1 if name[:1].isupper() else 2, name


def _import_edit(file: "PythonFile", line: str) -> Edit | None:
    """The edit that adds an import line where the file's own order wants it."""
    statement = ast.parse(line).body[0]
    assert isinstance(statement, ImportNode)
    block = _first_block(file)
    if not block:
        return _without_block(file, line)
    key = _key(file, statement)
    smaller = [other for other in block if _key(file, other) <= key]
    same_section = [other for other in block if _key(file, other)[0] == key[0]]
    newline = file.text.newline
    if smaller and (_key(file, smaller[-1])[0] == key[0] or not same_section):
        gap = "" if _key(file, smaller[-1])[0] == key[0] else newline
        return _after(file, smaller[-1], f"{gap}{line}{newline}")
    first = (same_section or block)[0]
    gap = "" if same_section else newline
    return _before(file, first, f"{line}{newline}{gap}", over_comments=bool(gap))


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


def _key(file: "PythonFile", statement: ImportNode) -> tuple[int, bool, str]:
    """Where isort would put it: its section, plain imports before `from`, then by name."""
    is_from = isinstance(statement, ast.ImportFrom)
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return 4, is_from, "." * statement.level + (statement.module or "")
    module = statement.module or "" if isinstance(statement, ast.ImportFrom) else statement.names[0].name
    root = module.partition(".")[0]
    section = 1 if root in sys.stdlib_module_names else 3 if _is_ours(file, root) else 2
    return section, is_from, module.lower()


def _is_ours(file: "PythonFile", root: str) -> bool:
    """Whether a module of this name lies beside the file or above it, in the repository itself."""
    folders = (folder / root for folder in PurePosixPath(file.path).parents)
    return any(f"{folder}.py" in file.repo or f"{folder}/__init__.py" in file.repo for folder in folders)


def _without_block(file: "PythonFile", line: str) -> Edit | None:
    """Behind the docstring and `from __future__`, or before the first statement of all."""
    newline, preamble = file.text.newline, _preamble(file)
    if not preamble:
        return _before(file, file.tree.body[0], f"{line}{newline}{newline}", over_comments=True)
    following = preamble[-1].end_lineno or 0
    is_last = following >= len(file.text.line_starts)
    is_blank = is_last or not file.text.content[slice(*file.text.line_span(following + 1))].strip()
    return _after(file, preamble[-1], f"{newline}{line}{newline}" + ("" if is_blank else newline))


def _before(file: "PythonFile", statement: ast.stmt, text: str, over_comments: bool = False) -> Edit | None:
    """On the line above a statement, or above the comments that belong to it; None if it has no line."""
    line, lowest = _first_line(statement), _end_of_preamble(file)
    if line <= lowest or _is_continued(file, line):
        return None
    above = line
    while over_comments and above - 1 > lowest and _is_comment(file, above - 1):
        above -= 1
    # comments that open the file are about the file, whatever stands below them
    start = file.text.line_starts[(line if above == 1 else above) - 1]
    return Edit(Span(start, start), text)


def _end_of_preamble(file: "PythonFile") -> int:
    return max((statement.end_lineno or 0 for statement in _preamble(file)), default=0)


def _is_comment(file: "PythonFile", line: int) -> bool:
    return file.text.content[slice(*file.text.line_span(line))].startswith("#")


def _is_continued(file: "PythonFile", line: int) -> bool:
    return line > 1 and file.text.content[slice(*file.text.line_span(line - 1))].endswith("\\")


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min((decorator.lineno for decorator in decorators), default=statement.lineno)


def _after(file: "PythonFile", statement: ast.stmt, text: str) -> Edit | None:
    """On the line below a statement; what shares its last line stays where it is."""
    line = statement.end_lineno or statement.lineno
    for other in file.tree.body:
        if other.lineno == line and (other.end_lineno or line) > line:
            line = other.end_lineno or line
    if line < len(file.text.line_starts):
        start = file.text.line_starts[line]
        return None if _is_continued(file, line + 1) else Edit(Span(start, start), text)
    end = len(file.text.content)
    return Edit(Span(end, end), file.text.newline + text.removesuffix(file.text.newline))
