"""A text that an f-string composes: what is written out, what is filled in, and where each stands."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from fixers.python.source.calls import Argument
from fixers.python.source.flow import value_behind
from fixers.python.source.names import Scope
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.taint import Flow

_LONGEST = 20_000
_DOUBLED = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, eq=False)
class Piece:
    """A text as it is written, or a placeholder: `code` is its expression, which stands at `span`; `outer`
    is where it stands with its braces. `is_plain`: neither `!r` nor a format comes behind it. `doubled`
    are the places where a brace stands twice because a single one would begin a placeholder."""

    text: str
    code: str
    span: Span
    outer: Span
    is_plain: bool = True
    doubled: tuple[int, ...] = ()
    node: ast.expr | None = None


@dataclass(frozen=True, eq=False)
class Composed:
    """An f-string that an argument is, here or where its name is bound."""

    argument: Argument
    node: ast.JoinedStr
    scope: Scope
    pieces: tuple[Piece, ...]
    prefixes: tuple[Span, ...]

    @property
    def placeholders(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.code]

    def flow(self, piece: Piece) -> "Flow | None":
        """The way on which a model's words get into a placeholder."""
        file = self.argument.call.file
        return file.flows.behind(piece.node, self.scope) if piece.node else None

    def is_text(self, piece: Piece) -> bool:
        """Whether what is filled in is surely a `str`."""
        flow = self.flow(piece)
        return flow is not None and flow.is_text

    @property
    def obstacle(self) -> str:
        """Why it can't be written in another way, or nothing."""
        call, file = self.argument.call, self.argument.call.file
        if call.in_fstring:
            return "it stands inside an f-string, whose parts can't be rewritten one by one"
        name = self.argument.node
        if not isinstance(name, ast.Name):
            return "" if name is self.node else "it is composed somewhere else"
        home = call.scope.home_of(name.id)
        uses = [place for place in file.named(name.id) if place.scope.home_of(name.id) is home]
        if (
            sum(isinstance(place.node, ast.Name) and isinstance(place.node.ctx, ast.Load) for place in uses)
            > 1
        ):
            return f"`{name.id}` is used in other places too"
        if len(uses) > 2 or home is not self.scope or home is not call.scope:
            return f"`{name.id}` is bound more than once"
        changed = sorted({n for n in self._names if self._is_bound_between(n)})
        return f"`{changed[0]}` changes before it is used" if changed else ""

    @property
    def _names(self) -> Iterator[str]:
        return (node.id for node in ast.walk(self.node) if isinstance(node, ast.Name))

    def _is_bound_between(self, name: str) -> bool:
        home = self.scope.home_of(name)
        lines = [getattr(b.node, "lineno", 0) for b in home.bindings[name]] if home else []
        return any(self.node.lineno < line <= self.argument.call.node.lineno for line in lines)

    def replace(self, code: str) -> Changes:
        """Write another expression in its place."""
        span = self.argument.call.file.span(self.node)
        return (Refusal(self.obstacle),) if self.obstacle else (Edit(span, code),)

    def fill(self, instead: Mapping[Piece, tuple[Span, str]]) -> Changes:
        """Write other text in the places of placeholders; without any left it is no f-string any more."""
        if self.obstacle:
            return (Refusal(self.obstacle),)
        edits = [Edit(span, text) for span, text in instead.values()]
        if len(instead) == len(self.placeholders):
            edits += [Edit(span, "") for span in self.prefixes]
            edits += [Edit(Span(at, at + 1), "") for piece in self.pieces for at in piece.doubled]
        return tuple(edits)


def composed(argument: Argument) -> Composed | None:
    """The f-string that an argument is, itself or by its name; None for any other value."""
    file = argument.call.file
    node, scope = value_behind(file, argument.node, argument.call.scope)
    if not isinstance(node, ast.JoinedStr) or argument.call.in_fstring:
        return None
    code, start = file.code(node), file.span(node).start
    if len(code) > _LONGEST:
        return None
    newline = file.text.newline_in(start, start + len(code))
    laid_out = cst.Module([], default_newline=newline)
    try:
        parsed = cst.parse_expression(f"({code})", cst.PartialParserConfig(default_newline=newline))
    except cst.ParserSyntaxError:
        return None
    if not isinstance(parsed, cst.FormattedString | cst.ConcatenatedString):
        return None
    if laid_out.code_for_node(parsed) != f"({code})":
        return None
    bare = parsed.with_changes(lpar=[], rpar=[])
    pieces = list(_pieces(laid_out, bare, start))
    holes = iter([part for part in node.values if isinstance(part, ast.FormattedValue)])
    found = []
    for piece in pieces:
        hole = next(holes, None) if piece.code else None
        if piece.code and hole is None:
            return None
        value = hole.value if hole else None
        found.append(replace(piece, node=value))
    prefixes = tuple(_prefixes(laid_out, bare, start))
    return None if next(holes, None) else Composed(argument, node, scope, tuple(found), prefixes)


def _strings(
    module: cst.Module, node: cst.BaseExpression, at: int
) -> Iterator[tuple[cst.SimpleString | cst.FormattedString, int]]:
    """The single literals of a concatenation, with their places."""
    if isinstance(node, cst.ConcatenatedString):
        yield from _strings(module, node.left, at)
        gap = len(module.code_for_node(node.left)) + len(module.code_for_node(node.whitespace_between))
        yield from _strings(module, node.right, at + gap)
    elif isinstance(node, cst.SimpleString | cst.FormattedString):
        yield node, at


def _pieces(module: cst.Module, node: cst.BaseExpression, start: int) -> Iterator[Piece]:
    for literal, at in _strings(module, node, start):
        if isinstance(literal, cst.SimpleString):
            begin = at + len(literal.prefix) + len(literal.quote)
            span = Span(begin, begin + len(literal.raw_value))
            yield Piece(literal.raw_value, "", span, span)
            continue
        place = at + len(literal.start)
        for part in literal.parts:
            code = module.code_for_node(part)
            outer = Span(place, place + len(code))
            place = outer.end
            if isinstance(part, cst.FormattedStringText):
                text = code.replace("{{", "{").replace("}}", "}")
                doubled = tuple(outer.start + found.start() for found in _DOUBLED.finditer(code))
                yield Piece(text, "", outer, outer, doubled=doubled)
            elif isinstance(part, cst.FormattedStringExpression):
                written = module.code_for_node(part.expression)
                begin = outer.start + 1 + len(module.code_for_node(part.whitespace_before_expression))
                is_plain = not (part.conversion or part.format_spec or part.equal)
                yield Piece("", written, Span(begin, begin + len(written)), outer, is_plain)


def _prefixes(module: cst.Module, node: cst.BaseExpression, start: int) -> Iterator[Span]:
    """The letters that make f-strings of texts."""
    for literal, at in _strings(module, node, start):
        if isinstance(literal, cst.FormattedString):
            index = literal.start.lower().index("f")
            yield Span(at + index, at + index + 1)
