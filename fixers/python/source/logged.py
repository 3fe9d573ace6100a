"""Prompts that a function sends to a model and writes into a log as well."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Call
from fixers.python.source.functions import Function
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_LEVELS = ("info", "warning", "warn", "error", "exception", "critical")
_LOGGERS = re.compile(
    r"(?:.*\.)?_?log(?:ger|ging|uru)?(?:\(\))?|logging\.getLogger\(\)|structlog\.\w+\(\)", re.I
)
_PROMPTS = ("messages", "prompt", "input", "contents", "content", "message", "inputs", "text")
_MAY_HOLD_IT = {"payload", "request", "kwargs", "params", "body", "data"}
_TRUNCATES = re.compile(r"%[-+ #0]*\d*\.|\{[^{}]*:[^{}]*\.")


@dataclass(frozen=True, eq=False)
class LoggedPrompt:
    """An argument of a call of a logger that holds the prompt called `name`."""

    call: Call
    node: ast.expr
    position: int
    name: str

    @property
    def span(self) -> Span:
        return self.call.span

    def lengths(self) -> Changes:
        """Log the prompt's length in its place."""
        file, length = self.call.file, f"len({self.name})"
        if self.call.in_fstring:
            return (Refusal("it stands inside an f-string, whose parts can't be rewritten one by one"),)
        match self.node:
            case ast.Name():
                alone = f'f"{self.name} of length {{{length}}}"'
                return (Edit(file.span(self.node), length if self.position else alone),)
            case ast.BinOp(right=right):
                return (Edit(file.span(right), f"str({length})"),)
        if any(name in _MAY_HOLD_IT for name in _names(self.node)):
            return (Refusal("what is logged beside it may hold the prompt as well"),)
        written = re.compile(rf"(?<!\{{)\{{{self.name}(?:![rsa])?\}}(?!\}})")
        code, parts = file.code(self.node), list(_parts(self.node, self.name))
        new, count = written.subn(f"{{{length}}}", code)
        if count != len(parts):
            return (Refusal("how the text is put together can't be followed"),)
        return (Edit(file.span(self.node), new),)


def logged_prompts(file: "PythonFile") -> Iterator[LoggedPrompt]:
    """What functions log of a name that they also give to a model as its prompt, by place."""
    found: dict[int, LoggedPrompt] = {}
    for function in file.functions():
        names = set(_prompts(function))
        for node in file.calls_in(function.node) if names else ():
            if _is_log(file, node) and id(node) not in found:
                found |= {id(one.call.node): one for one in _logged(file.call(node), names)}
    yield from sorted(found.values(), key=lambda one: one.span)


def _prompts(function: Function) -> Iterator[str]:
    for call in function.model_calls:
        given = [k.value for k in call.node.keywords if k.arg in _PROMPTS]
        for value in given or call.node.args[:1]:
            if isinstance(value, ast.Name):
                yield value.id


def _is_log(file: "PythonFile", call: ast.Call) -> bool:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    name = file.call(call).name.removesuffix(f".{func.attr}") or file.code(func.value)
    return bool(_LOGGERS.fullmatch(name))


def _logged(call: Call, names: set[str]) -> Iterator[LoggedPrompt]:
    form = call.node.args[0] if call.node.args else None
    if isinstance(form, ast.Constant) and _TRUNCATES.search(str(form.value)):
        return
    for position, node in enumerate(call.node.args):
        for name in sorted(names):
            if _holds(node, name):
                yield LoggedPrompt(call, node, position, name)


def _holds(node: ast.expr, name: str) -> bool:
    """Whether an argument is the name, ends in it, or is an f-string with it whole."""
    match node:
        case ast.Name(id=found) | ast.BinOp(op=ast.Add(), right=ast.Name(id=found)):
            return found == name
        case ast.JoinedStr():
            return any(True for _ in _parts(node, name))
    return False


def _parts(node: ast.expr, name: str) -> Iterator[ast.FormattedValue]:
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        match part:
            case ast.FormattedValue(value=ast.Name(id=found), format_spec=None) if found == name:
                yield part


def _names(node: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
