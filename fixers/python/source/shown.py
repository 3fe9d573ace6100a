"""What a file shows to people and logs: the values that it gives `print` and loggers, each by its name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Call
from fixers.python.source.names import Scope
from fixers.python.source.statements import remove_statement
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_LEVELS = "debug|info|warning|warn|error|critical|exception|log|success|trace|fatal"
_LOGS = re.compile(
    rf"(?:builtins\.)?print|rich\.print|(?:logging|loguru\.logger|logging\.getLogger\(\)|structlog\.get_logger\(\))"
    rf"\.(?:{_LEVELS})|(?:streamlit|typer|click)\.(?:write|text|code|info|success|echo|secho|json)"
)
_LOGGER = re.compile(r"(?:\w*\.)*_?(?:log|logger|logging|LOG|LOGGER)")
_BOUND = "`bool` or `str` means something else here"


@dataclass(frozen=True, eq=False)
class Shown:
    """A value that a call shows. `name` is the last name that the code has for it: `api_key` of
    `settings.api_key`, `config["api_key"]` and `os.getenv("API_KEY")`."""

    call: Call
    name: str
    node: ast.expr
    scope: Scope
    formatted: ast.FormattedValue | None
    fstring: ast.JoinedStr | None

    @property
    def code(self) -> str:
        """The value as the author wrote it, or as near as an f-string lets it be told."""
        return ast.unparse(self.node) if self.formatted else self.call.file.code(self.node)

    @property
    def is_all(self) -> bool:
        """Whether the call shows nothing else."""
        return self.call.node.args == [self.node] and not self.call.node.keywords

    @property
    def _is_joined(self) -> bool:
        """Whether `+` puts it together with texts, and so wants a text."""
        outer = self.call.file.structure.parent(self.node)
        return isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Add)

    def told_as_bool(self) -> Changes:
        """Show whether there is a value instead of the value."""
        if self.scope.home_of("bool") is not None or self.scope.home_of("str") is not None:
            return (Refusal(_BOUND),)
        if self.fstring is None:
            span = self.call.file.span(self.node)
            code = self.call.file.text.content[span.start : span.end]
            told = f"bool({code})"
            return (Edit(span, f"str({told})" if self._is_joined else told),)
        return self._in_fstring(self.fstring)

    def _in_fstring(self, fstring: ast.JoinedStr) -> Changes:
        """The one `{value}` of the f-string that reads so; its parts have no reliable place of their own."""
        span = self.call.file.span(fstring)
        written = self.call.file.text.content[span.start : span.end]
        shape = re.compile(rf"(?<!\{{)\{{\s*({re.escape(self.code)})\s*(?==?(?:![rsa])?\}}(?!\}}))")
        found = list(shape.finditer(written))
        if len(found) != 1:
            return (Refusal("it stands in an f-string in a form that can't be rewritten safely"),)
        start, end = found[0].span(1)
        return (Edit(Span(span.start + start, span.start + end), f"bool({self.code})"),)

    def removed(self) -> Changes:
        """Take the whole statement out."""
        statement = self.call.file.structure.parent(self.call.node)
        if not isinstance(statement, ast.Expr):
            return (Refusal("its call is part of something larger"),)
        return remove_statement(self.call.file, statement)


def shown(file: "PythonFile") -> Iterator[Shown]:
    """The values with a name that the file prints or logs, by place."""
    for place in file.names.calls:
        call = file.call(place.node) if isinstance(place.node, ast.Call) else None
        if call is None or call.in_fstring or not _shows(call):
            continue
        for argument in call.node.args:
            for value, formatted, fstring in _values(argument):
                if name := _name(file, value, call.scope):
                    yield Shown(call, name, value, call.scope, formatted, fstring)


def _shows(call: Call) -> bool:
    func = call.node.func
    if _LOGS.fullmatch(call.name):
        return True
    is_level = isinstance(func, ast.Attribute) and bool(re.fullmatch(_LEVELS, func.attr))
    return (
        is_level and isinstance(func, ast.Attribute) and bool(_LOGGER.fullmatch(call.file.code(func.value)))
    )


def _values(
    node: ast.expr, fstring: ast.JoinedStr | None = None
) -> Iterator[tuple[ast.expr, ast.FormattedValue | None, ast.JoinedStr | None]]:
    """The parts of which an argument is put together: by f-string, `+`, `%` and `str.format`."""
    match node:
        case ast.JoinedStr(values=values):
            for value in values:
                if isinstance(value, ast.FormattedValue):
                    yield value.value, value, node
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _values(left)
            yield from _values(right)
        case ast.BinOp(op=ast.Mod(), right=ast.Tuple(elts=elements)):
            for element in elements:
                yield element, None, None
        case ast.BinOp(left=ast.Constant(), op=ast.Mod(), right=right):
            yield right, None, None
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format"), args=args, keywords=keywords):
            for value in (*args, *(keyword.value for keyword in keywords)):
                yield value, None, None
        case _:
            yield node, None, None


def _name(file: "PythonFile", node: ast.expr, scope: Scope) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(args=[ast.Constant(value=str(name)), *_]):
            return name if file.real_name(node.func, scope) in ("os.getenv", "os.environ.get") else ""
    return ""
