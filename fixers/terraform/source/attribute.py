"""Attributes of Terraform and the elements of their lists: what they hold, and edits that change it."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tree_sitter import Node

from fixers.rule import Changes, Edit, Intent, Refusal, Span
from fixers.terraform.source import layout, literal
from fixers.terraform.source.syntax import Syntax

if TYPE_CHECKING:
    from fixers.terraform.source.block import Block

_REFERENCE = re.compile(r"((?:data\.)?[\w-]+\.[\w-]+)(?:\[[^\]]*\]|\.[\w-]+)*")


@dataclass(frozen=True)
class Element:
    """One expression of a list that is written out."""

    literal: object
    span: Span
    position: int


@dataclass(frozen=True, eq=False)
class Attribute:
    """An assignment `name = expression` in a block."""

    block: "Block"
    name: str
    node: Node

    @property
    def _syntax(self) -> Syntax:
        return self.block.source.syntax

    @property
    def _expression(self) -> Node:
        return next(child for child in self.node.children if child.type == "expression")

    @cached_property
    def span(self) -> Span:
        return self._syntax.span(self.node.children[0], self._expression)

    @cached_property
    def value_span(self) -> Span:
        return self._syntax.span(self._expression)

    @property
    def text(self) -> str:
        """The expression as it stands in the file."""
        return self._syntax.text(self._expression)

    @property
    def target(self) -> str:
        """The address of what a plain reference names: `aws_vpc.main` of `aws_vpc.main.id`; or nothing."""
        found = _REFERENCE.fullmatch(self.text)
        return found[1] if found else ""

    @cached_property
    def literal(self) -> object:
        """The value as text, bool, number, None or a list of these; NOT_LITERAL for all else."""
        return literal.read(self._syntax, self._expression)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The expressions of the list that is written out here; nothing for other values."""
        collection = literal.inner(self._expression)
        nodes = literal.elements(collection) if collection is not None else []
        return tuple(
            Element(literal.read(self._syntax, node), self._syntax.span(node), position)
            for position, node in enumerate(nodes)
        )

    def set(self, value: object) -> Changes:
        """Write another literal in the place of this one."""
        return self.block.update({self.name: value})

    def replace_element(self, old: object, new: object) -> Changes:
        """Write `new` for every element of this list that is the literal `old`."""
        if refusal := self.block.refusal(self.name):
            return (refusal,)
        found = [element for element in self.elements if element.literal == old]
        if not found:
            return (Refusal(self.why_unknown()),)
        if any(element.literal == new for element in self.elements):
            return (Refusal(f"`{self.name}` lists {literal.write(new)} already: take the other one out"),)
        edits = [
            Edit(
                element.span,
                literal.write(new),
                intents=(Intent((*self.block.path, self.name, element.position), new),),
            )
            for element in found
        ]
        return tuple(layout.realigned(self.block.body, edits))

    def why_unknown(self) -> str:
        """Why this value can't be replaced here, as a sentence without a full stop."""
        return literal.why_unknown(self._syntax, self.name, self._expression)
