"""What must hold of a rewritten Python file, beyond what holds of every file."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fixers.python.source.names import Names, Place
from fixers.rule import Check, Edit, Span, Verdict

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


def verify(before: "PythonFile | None", after: "PythonFile", edits: Sequence[Edit]) -> Iterator[Check]:
    """It compiles, as far as it did before, and every name that an edit writes is bound there."""
    error = _compile_error(after)
    if before is not None and error and _compile_error(before):
        yield Check("compiles", Verdict.NOT_CHECKED, f"the file didn't before: {error}")
    else:
        yield Check("compiles", Verdict.FAILED if error else Verdict.PASSED, error)
    unbound = sorted(set(_unbound(after, written(edits))))
    detail = ", ".join(f"`{name}`" for name in unbound)
    yield Check(
        "names bound", Verdict.FAILED if unbound else Verdict.PASSED, detail and f"{detail}: not bound"
    )


def written(edits: Sequence[Edit]) -> list[Span]:
    """Where the texts of the edits stand in the rewritten file."""
    spans, shift = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        spans.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return spans


def _compile_error(file: "PythonFile") -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(file.text.content, file.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _unbound(file: "PythonFile", spans: Sequence[Span]) -> Iterator[str]:
    names = file.names
    for place in names.names:
        node = place.node
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or place.in_fstring:
            continue
        span = file.span(node)
        if not any(span.start < written.end and written.start < span.end for written in spans):
            continue
        if not names.is_bound(node.id, place.scope) or _is_early(names, place, node.id):
            yield node.id


def _is_early(names: Names, place: Place, name: str) -> bool:
    """Whether code that runs at import uses a module's name above the first line that binds it."""
    home = place.scope.home_of(name)
    if home is not names.module or not place.scope.runs_at_import:
        return False
    first = min(binding.node.lineno for binding in home.bindings[name])  # type: ignore[attr-defined]
    return bool(first > place.node.lineno)  # type: ignore[attr-defined]
