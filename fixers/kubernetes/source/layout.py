"""How an author lays YAML out, and new values laid out the same way."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fixers.kubernetes.source.node import Node, is_string

_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*\Z", re.ASCII)
_ENOUGH = 1_000
"""Values of a document that are asked for its author's habits."""


def column(node: Node) -> int:
    """Where a node begins on its line, counted from 0."""
    text = node.document.text
    return node.start - text.line_starts[text.line_at(node.start) - 1]


def is_one_line(node: Node) -> bool:
    text = node.document.text
    return text.line_at(node.start) == text.line_at(max(node.start, node.end - 1))


def ends_its_line(node: Node) -> bool:
    """Whether nothing, not even a comment, stands behind it."""
    text = node.document.text
    return not text.content[node.end : text.line_span(text.line_at(node.end))[1]].strip()


def scalar(value: object, quoted: bool = False) -> str:
    """A scalar as it is written. Raises TypeError for what isn't a scalar."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            plain = not quoted and _PLAIN.match(value) and is_string(value)
            return value if plain else json.dumps(value, ensure_ascii=False)
        case _:
            raise TypeError(f"{type(value).__name__} is not a scalar")


def flow(value: object, quoted: bool) -> str:
    """A value on one line, with double quotes around every text if `quoted`."""
    if isinstance(value, dict):
        entries = (f"{scalar(key, quoted)}: {flow(item, quoted)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, quoted) for item in value) + "]"
    return scalar(value, quoted)


def block(entries: Mapping[str, object], indent: int, node: Node) -> list[str]:
    """The lines of a mapping's entries at `indent`, in the steps that are used around `node`."""
    style = Style(indent_step(node), dash_offset(node), has_quoted_keys(node))
    return style.lines(entries, indent)


@dataclass(frozen=True, slots=True)
class Style:
    """An author's habits: blanks for each level, blanks before a dash, quotes around every text."""

    step: int = 2
    dash: int = 0
    quoted: bool = False

    def lines(self, entries: Mapping[str, object], indent: int) -> list[str]:
        """A mapping's entries, one line for each scalar."""
        written: list[str] = []
        for key, value in entries.items():
            name = f"{' ' * indent}{scalar(key, self.quoted)}:"
            if isinstance(value, dict) and value:
                written += [name, *self.lines(value, indent + self.step)]
            elif isinstance(value, list) and value:
                written += [name, *self._items(value, indent + self.dash)]
            else:
                written.append(f"{name} {flow(value, self.quoted)}")
        return written

    def _items(self, items: list[object], indent: int) -> list[str]:
        written: list[str] = []
        for item in items:
            if isinstance(item, dict) and item:
                first, *rest = self.lines(item, indent + 2)
                written += [f"{' ' * indent}- {first.lstrip(' ')}", *rest]
            else:
                written.append(f"{' ' * indent}- {flow(item, self.quoted)}")
        return written


def written(entries: Mapping[str, object]) -> str:
    """A document of its own."""
    return "".join(f"{line}\n" for line in Style().lines(entries, 0))


def has_quoted_keys(mapping: Node) -> bool:
    """Whether the author writes every key of it in double quotes, as JSON does."""
    return bool(mapping.keys) and all(key.style == '"' for key in mapping.keys)


def indent_step(node: Node) -> int:
    """By how many blanks a mapping stands deeper than the one it belongs to; 2 where nothing tells."""
    for outer in node.ancestors():
        for inner in outer.items if outer.is_mapping else ():
            if inner.is_mapping and not inner.is_flow and column(inner) > column(outer):
                return column(inner) - column(outer)
    return 2


def dash_offset(node: Node) -> int:
    """By how many blanks a dash stands deeper than its key; 0 where nothing in the document tells.

    The lists nearest around the node tell, and the most of them where they differ.
    """
    for outer in node.ancestors():
        offsets = Counter(_dash_offsets(outer))
        if offsets:
            return offsets.most_common(1)[0][0]
    return 0


def _dash_offsets(outer: Node) -> Iterator[int]:
    """The habit of each block list at or below a node, in the order of the text."""
    waiting, left = [outer], _ENOUGH
    while waiting and left:
        node, left = waiting.pop(), left - 1
        waiting += reversed(node.items[:left])
        parent = node.parent
        if node.is_sequence and not node.is_flow and node.items and parent is not None and parent.is_mapping:
            yield max(0, column(node) - column(parent))
