"""The texts that a file writes out, where each stands, and what replaces one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Argument, Call
from fixers.python.source.names import Scope
from fixers.python.source.statements import replace_statement
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


@dataclass(frozen=True, eq=False)
class StringLiteral:
    """A text between quotes in an expression; docstrings and annotations aren't among them."""

    file: "PythonFile"
    node: ast.Constant
    scope: Scope
    span: Span
    in_fstring: bool

    @property
    def value(self) -> str:
        """The text; the bytes of a bytes literal read as Latin-1."""
        value = self.node.value
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)

    @property
    def is_bytes(self) -> bool:
        return isinstance(self.node.value, bytes)

    @property
    def code(self) -> str:
        return self.file.text.content[self.span.start : self.span.end]

    @property
    def quote(self) -> str:
        """The quote that the author writes here, one character."""
        return "'" if self.code.rstrip()[-1:] == "'" else '"'

    @property
    def name(self) -> str:
        """What the code calls this value: a variable, a keyword, a parameter, a key; or nothing."""
        return self.file.structure.name_given(self.node)

    @property
    def _parent(self) -> ast.AST | None:
        return self.file.structure.parent(self.node)

    @property
    def is_key(self) -> bool:
        """Whether it is the key of an entry in a dictionary, or an index."""
        parent = self._parent
        is_entry = isinstance(parent, ast.Dict) and any(key is self.node for key in parent.keys)
        return is_entry or isinstance(parent, ast.Subscript)

    @property
    def is_pattern(self) -> bool:
        """Whether a `case` compares with it, where only literals may stand."""
        return isinstance(self._parent, ast.MatchValue)

    @property
    def is_operand(self) -> bool:
        """Whether an operator or a method takes hold of it, so that what replaces it may bind differently."""
        return isinstance(self._parent, (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Compare, ast.Subscript))

    @property
    def call(self) -> Call | None:
        """The call that it is an argument of, without anything in between."""
        parent = self._parent
        outer = self.file.structure.parent(parent) if isinstance(parent, ast.keyword) else parent
        return self.file.call(outer) if isinstance(outer, ast.Call) else None

    @property
    def calls_around(self) -> tuple[str, ...]:
        """The real names of the calls that it stands in, from the inside out."""
        around = self.file.structure.ancestors(self.node)
        return tuple(self.file.real_name(c.func, self.scope) for c in around if isinstance(c, ast.Call))

    @property
    def is_default(self) -> bool:
        """Whether a parameter takes this value where its function is defined."""
        return isinstance(self._parent, ast.arguments)

    def is_argument(self, argument: Argument | None) -> bool:
        """Whether it is this argument of a call."""
        return argument is not None and argument.node is self.node

    @property
    def asks_environment(self) -> bool:
        """Whether it is the name of a variable that is read: `os.environ["x"]`, `os.getenv("x")`."""
        match self._parent:
            case ast.Subscript(value=value, slice=name, ctx=ast.Load()) if name is self.node:
                return self.file.real_name(value, self.scope) == "os.environ"
        call = self.call
        reads = call is not None and call.name in ("os.getenv", "os.environ.get")
        return call is not None and reads and self.is_argument(call.positional(0))

    @property
    def target(self) -> "Item | None":
        """The `x["key"]` that a statement sets to it, or nothing."""
        match self._parent:
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(key))) as target]):
                owner = self.file.real_name(target.value, self.scope)
                return Item(owner, self.file.code(target.value), key, self.file.code(target.slice))
        return None

    def replace(self, code: str) -> Changes:
        """Write an expression in its place."""
        if self.in_fstring:
            return (Refusal("it stands inside an f-string, whose parts can't be rewritten one by one"),)
        if self.is_pattern:
            return (Refusal("a `case` can only compare with what is written out"),)
        before = self.file.text.content[max(0, self.span.start - 1) : self.span.start]
        gap = " " if before.isalnum() else ""
        return (Edit(self.span, gap + code),)

    def replace_statement(self, *lines: str) -> Changes:
        """Write lines in the place of the statement around it; a tab in front is one level deeper."""
        statement = self.file.structure.statement(self.node)
        assert statement is not None
        return replace_statement(self.file, statement, lines)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry `owner["key"]`: the real name of its owner, its key, and both as they are written."""

    owner: str
    owner_code: str
    key: str
    key_code: str


def strings(file: "PythonFile") -> Iterator[StringLiteral]:
    """Every text in an expression, by place; a part of an f-string has the place of the whole."""
    structure = file.structure
    for node in structure.texts:
        around = structure.surroundings(node)
        if not around.is_annotation and not isinstance(structure.parent(node), ast.Expr):
            span = file.span(around.fstring or node)
            yield StringLiteral(file, node, around.scope, span, around.fstring is not None)
