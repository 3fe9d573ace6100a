"""Parses HCL with tree-sitter, in bounded work, and speaks of its nodes in characters."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from fixers.rule import Span
from fixers.text import Text, Unreadable

MAX_DEPTH = 200
"""Brackets nested deeper than this were not written by a person."""

_BRACKET = re.compile(r"[\[({]|[\])}]")
_TEMPLATE = re.compile(r"\{\{|\{%")
_WIDE = re.compile(r"[^\x00-\x7f]")


@cache
def _language() -> Language:
    return Language(tree_sitter_hcl.language())


@dataclass(frozen=True, eq=False)
class Syntax:
    """The tree of one file; its nodes count bytes, everybody else characters."""

    content: str
    root: Node

    @classmethod
    def parse(cls, text: Text) -> "Syntax":
        """Raises Unreadable for text that nests too deeply or isn't HCL."""
        _refuse_depth(text)
        data = text.content.encode()
        stopped_at: list[int] = []

        def stop(offset: int, has_error: bool) -> bool:
            """End the parse at the first error: what follows it is work without an upper bound."""
            if has_error:
                stopped_at.append(offset)
            return has_error

        parser: Any = Parser(_language())
        try:
            tree = parser.parse(lambda offset, point: data[offset:], progress_callback=stop)
        except ValueError:
            line = data.count(b"\n", 0, stopped_at[-1] if stopped_at else 0) + 1
            raise Unreadable(_reason(text.content), line) from None
        if tree.root_node.has_error:
            raise Unreadable(_reason(text.content), _first_error(tree.root_node))
        return cls(text.content, tree.root_node)

    @cached_property
    def _wide(self) -> tuple[list[int], list[int]]:
        """Where each character that takes several bytes ends, in bytes, and the surplus up to there."""
        ends, surplus = [], [0]
        for found in _WIDE.finditer(self.content):
            extra = len(found.group().encode()) - 1
            surplus.append(surplus[-1] + extra)
            ends.append(found.end() + surplus[-1])
        return ends, surplus

    def character(self, byte: int) -> int:
        """The character at a byte offset."""
        ends, surplus = self._wide
        return byte - surplus[bisect_left(ends, byte + 1)]

    def span(self, first: Node, last: Node | None = None) -> Span:
        """From the start of a node to its own end, or that of another."""
        return Span(self.character(first.start_byte), self.character((last or first).end_byte))

    def text(self, node: Node) -> str:
        span = self.span(node)
        return self.content[span.start : span.end]

    def items(self, block: Node) -> list[Node]:
        """The attributes and blocks that stand directly in a block, or in the file."""
        bodies = [child for child in block.children if child.type == "body"]
        return [child for body in bodies for child in body.children if child.type in {"attribute", "block"}]


def _refuse_depth(text: Text) -> None:
    depth = 0
    for found in _BRACKET.finditer(text.content):
        depth = depth + 1 if found.group() in "[({" else max(0, depth - 1)
        if depth > MAX_DEPTH:
            line = text.line_at(found.start())
            raise Unreadable(f"nests more than {MAX_DEPTH} brackets, as no hand-written file does", line)


def _reason(content: str) -> str:
    if _TEMPLATE.search(content):
        return "is a template that has yet to be rendered, not Terraform: fix what it renders to"
    return "isn't valid Terraform: let `terraform validate` say what is wrong"


def _first_error(root: Node) -> int:
    node = root
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error or child.is_missing)
    return int(node.start_point[0]) + 1
