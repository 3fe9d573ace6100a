"""Decorators that a function is given to a framework by, and the verb that tells the framework more."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source.calls import Call
from fixers.python.source.functions import Function
from fixers.rule import Changes, Edit, Span


@dataclass(frozen=True, eq=False)
class Decoration:
    """One decorator of a function; `name` is its real name, without the `()` of one that is called."""

    function: Function
    node: ast.expr
    name: str

    @property
    def call(self) -> Call | None:
        """The decorator as a call, if it is one."""
        return self.function.file.call(self.node) if isinstance(self.node, ast.Call) else None

    @property
    def span(self) -> Span:
        return self.function.file.span(self.node)

    def has_keyword(self, name: str) -> bool:
        """Whether the keyword is passed, or may be."""
        return self.call is not None and self.call.has_keyword(name)

    def add_keyword(self, name: str, code: str) -> Changes:
        """Pass one more keyword to it; a decorator that isn't called is called then."""
        if self.call is not None:
            return self.call.add_keyword(name, code)
        return (Edit(Span(self.span.end, self.span.end), f"({name}={code})"),)


def decorations(function: Function) -> Iterator[Decoration]:
    """The decorators of a function whose real names are known, from the top."""
    for node, name in zip(function.node.decorator_list, function.decorators, strict=True):
        if name:
            yield Decoration(function, node, name.removesuffix("()"))


def method_of(call: Call) -> str:
    """The last name of what is called: `delete` of `session.delete(x)`, whatever the object is."""
    match call.node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def calls_inside(function: Function) -> Iterator[Call]:
    """The calls in a function, those of functions inside it included, by place."""
    calls = (function.file.call(node) for node in function.file.calls_in(function.node))
    yield from sorted(calls, key=lambda call: call.span)
