"""A call as rules see it: which arguments it has, and the verbs that rewrite it."""

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

import libcst as cst

from fixers.python.source import arguments, flow
from fixers.python.source.names import FunctionNode, Place, Scope
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

NOT_LITERAL: Final = object()
"""The literal of an argument whose value is computed."""

_IN_FSTRING: Changes = (Refusal("it stands inside an f-string, whose parts can't be rewritten one by one"),)
_MAX_DEPTH = 60
_FURTHEST_LINES = 50
_LONGEST_HANDLER = 2_000
_MAX_CHARACTERS = 20_000


@dataclass(frozen=True, eq=False)
class Argument:
    """A value passed to a call; `span` is the value's, without the keyword before it."""

    call: "Call"
    node: ast.expr
    span: Span

    @property
    def literal(self) -> object:
        """The value, if it is written out (a number, a string, a list of such), else NOT_LITERAL."""
        return literal_of(self.node)

    @property
    def value(self) -> object:
        """Its literal, also where the one assignment of the name that stands here writes it out."""
        node, _ = flow.value_behind(self.call.file, self.node, self.call.scope)
        return literal_of(node)

    @property
    def beginning(self) -> str:
        """The text that it surely begins with, as far as that is written out; empty if unknown."""
        return flow.beginning(self.call.file, self.node, self.call.scope)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it has as a dictionary, or as one dumped to JSON, as far as they are written."""
        return flow.keys(self.call.file, self.node, self.call.scope)

    @property
    def made_by(self) -> "Call | None":
        """The call that gives the value, here or where the name that stands here is bound."""
        node, _ = flow.value_behind(self.call.file, self.node, self.call.scope)
        return self.call.file.call(node) if isinstance(node, ast.Call) else None

    @property
    def code(self) -> str:
        return self.call.file.text.content[self.span.start : self.span.end]

    @property
    def real_name(self) -> str:
        """The dotted name that the value goes by, such as `yaml.UnsafeLoader`; empty if it has none."""
        return self.call.file.real_name(self.node, self.call.scope)

    def item(self, key: str) -> "Argument | None":
        """The value that a dictionary written out here has under a key."""
        if not isinstance(self.node, ast.Dict):
            return None
        values = (v for k, v in zip(self.node.keys, self.node.values, strict=True) if _is_key(k, key))
        value = next(values, None)
        return None if value is None else Argument(self.call, value, self.call.span_of(value))

    def replace(self, code: str) -> Changes:
        """Write `code` in the value's place."""
        return _IN_FSTRING if self.call.in_fstring else (Edit(self.span, code),)


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a function whose real name is `name`; inside an f-string, `span` is the f-string's."""

    file: "PythonFile"
    node: ast.Call
    scope: Scope
    name: str
    span: Span
    in_fstring: bool

    @classmethod
    def at(cls, file: "PythonFile", place: Place, name: str) -> "Call":
        assert isinstance(place.node, ast.Call)
        span = file.span(place.fstring or place.node)
        return cls(file, place.node, place.scope, name, span, place.in_fstring)

    def has_keyword(self, name: str) -> bool:
        """Whether the keyword is passed, or may be: `**options` could hold anything."""
        return any(keyword.arg in (name, None) for keyword in self.node.keywords)

    def keyword(self, name: str) -> Argument | None:
        """The value of a keyword that is written out in the call."""
        return next((self._argument(k.value) for k in self.node.keywords if k.arg == name), None)

    def positional(self, index: int) -> Argument | None:
        """The argument at a position, counted from 0; None behind a `*rest` too."""
        before = self.node.args[: index + 1]
        if len(before) <= index or any(isinstance(node, ast.Starred) for node in before):
            return None
        return self._argument(before[index])

    @property
    def has_starred(self) -> bool:
        """Whether arguments come from a `*list`, so that any position may be filled."""
        return any(isinstance(node, ast.Starred) for node in self.node.args)

    def _argument(self, node: ast.expr) -> Argument:
        return Argument(self, node, self.span_of(node))

    def span_of(self, node: ast.expr) -> Span:
        """Where a part of the call stands; inside an f-string, only the f-string's place is reliable."""
        return self.span if self.in_fstring else self.file.span(node)

    @property
    def comments(self) -> list[str]:
        """The comments on its lines, on those of its statement before it, and directly above that."""
        text, statement = self.file.text, self.file.structure.statement(self.node)
        first, last = text.line_at(self.span.start), text.line_at(self.span.end)
        if statement and first - statement.lineno <= _FURTHEST_LINES:
            first = min(first, statement.lineno)
        lines = [text.content[slice(*text.line_span(number))] for number in range(first, last + 1)]
        found = [line.partition("#")[2] for line in lines if "#" in line]
        for number in range(first - 1, max(0, first - _FURTHEST_LINES), -1):
            above = text.content[slice(*text.line_span(number))].strip()
            if not above.startswith("#"):
                break
            found.append(above)
        return found

    def is_hidden(self, error: str) -> bool:
        """Whether an `except` around the call would swallow a builtin error that the call raises."""
        bases = {base.__name__ for base in getattr(builtins, error).__mro__}
        for handlers in self._handlers:
            caught = next((h for h in handlers if self._caught(h) & bases), None)
            nodes = islice(ast.walk(caught), _LONGEST_HANDLER) if caught else ()
            if caught and not any(isinstance(node, ast.Raise) for node in nodes):
                return True
        return False

    @property
    def _handlers(self) -> Iterator[list[ast.ExceptHandler]]:
        """What the `try` statements around the call catch, from the inside out, in its own function."""
        inner: ast.AST = self.node
        for outer in self.file.structure.ancestors(self.node):
            if isinstance(outer, FunctionNode):
                return
            if isinstance(outer, ast.Try) and any(inner is statement for statement in outer.body):
                yield outer.handlers
            inner = outer

    @property
    def is_fallback(self) -> bool:
        """Whether it stands in an `except`, so that it runs once something else has failed."""
        around = self.file.structure.ancestors(self.node)
        inside = takewhile(lambda outer: not isinstance(outer, FunctionNode), around)
        return any(isinstance(outer, ast.ExceptHandler) for outer in inside)

    def _caught(self, handler: ast.ExceptHandler) -> set[str]:
        kind = handler.type
        kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind] if kind else []
        return {self.file.real_name(node, self.scope) for node in kinds} if kind else {"BaseException"}

    def add_keyword(self, name: str, code: str) -> Changes:
        """Pass one more keyword, last, laid out as the arguments before it are."""
        match self.node:
            case ast.Call(args=[ast.GeneratorExp() as only], keywords=[]):
                if self.file.span(only).end == self.span.end:
                    return (Refusal("its only argument is a generator without parentheses of its own"),)
        return self._rewrite(lambda call: arguments.with_keyword(call, name, code))

    def set_keyword(self, name: str, code: str) -> Changes:
        """Give a keyword this value: change the one that is written, or add it."""
        present = self.keyword(name)
        return present.replace(code) if present else self.add_keyword(name, code)

    def remove_keyword(self, name: str) -> Changes:
        """Take a keyword out, with the comment behind it on its line."""
        return self._rewrite(lambda call: arguments.without(call, lambda a: a.keyword_name == name))

    def remove_positional(self, index: int) -> Changes:
        """Take out the argument at a position, counted from 0."""
        target = self.positional(index)
        if target is None:
            return (Refusal("its arguments come from a list that can't be followed"),)
        return self._rewrite(lambda call: arguments.without(call, lambda a: a.index == index))

    def rename(self, name: str) -> Changes:
        """Call another function, given by its real name, the way that this file would write it.

        A sibling is reached as the present one is (`yaml.load` → `yaml.safe_load`); otherwise the
        name is spelled, and imported where it must be.
        """
        if self.in_fstring:
            return _IN_FSTRING
        func, span = self.node.func, self.file.span(self.node.func)
        parent, _, last = name.rpartition(".")
        if isinstance(func, ast.Attribute) and self.file.real_name(func.value, self.scope) == parent:
            start = span.end - len(func.attr)
            if self.file.text.content[start : span.end] == func.attr:
                return (Edit(Span(start, span.end), last),)
        spelled = self.file.spell(name, span.start, self.scope)
        return (Edit(span, spelled.code), *spelled.changes)

    def _rewrite(self, change: Callable[[cst.Call], cst.Call]) -> Changes:
        """Parse this call alone with libcst, change it, and answer with what differs."""
        if self.in_fstring:
            return _IN_FSTRING
        old = self.file.text.content[self.span.start : self.span.end]
        if len(old) > _MAX_CHARACTERS or _depth(self.node) > _MAX_DEPTH:
            return (Refusal("the call is too long or nested too deep to be rewritten"),)
        newline = self.file.text.newline_in(self.span.start, self.span.end)
        module = cst.Module([], default_newline=newline)
        try:
            config = cst.PartialParserConfig(default_newline=newline)
            call = cst.ensure_type(cst.parse_expression(f"({old})", config), cst.Call)
        except (cst.ParserSyntaxError, cst.CSTValidationError):
            return (Refusal("libcst can't parse the call"),)
        if module.code_for_node(call) != f"({old})":
            return (Refusal("its lines end in different ways, or libcst can't keep its layout"),)
        new = module.code_for_node(change(call))[1:-1]
        return (smallest_edit(self.span.start, old, new),)


def smallest_edit(start: int, old: str, new: str) -> Edit:
    """The edit at `start` that makes `new` of `old`, without the ends that they share; words stay whole."""
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    while head and (_is_word(old[head - 1 : head + 1]) or _is_word(new[head - 1 : head + 1])):
        head -= 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    while tail and (_is_word(old[-tail - 1 :][:2]) or _is_word(new[-tail - 1 :][:2])):
        tail -= 1
    return Edit(Span(start + head, start + len(old) - tail), new[head : len(new) - tail])


def literal_of(node: ast.expr) -> object:
    """The value of an expression that is written out, else NOT_LITERAL."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return NOT_LITERAL


def _is_key(node: ast.expr | None, key: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == key


def _is_word(pair: str) -> bool:
    return len(pair) == 2 and all(character.isalnum() or character == "_" for character in pair)


def _depth(node: ast.AST) -> int:
    depth, level = 0, [node]
    while level and depth <= _MAX_DEPTH:
        depth += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return depth
