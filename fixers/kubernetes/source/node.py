"""A value of a YAML document and the characters that it stands on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

import yaml

from fixers.rule import Span
from fixers.text import Text

Step = str | int

_RESOLVER = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"


def is_string(text: str) -> bool:
    """Whether a plain scalar of this text is a string to YAML 1.1, which Kubernetes reads."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag == _TEXT


class Kind(Enum):
    SCALAR = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    ALIAS = auto()


@dataclass(slots=True, eq=False)
class Document:
    """One document of a stream: its number, its root, and the names that an alias repeats.

    `obstacle` is why nothing in it may be edited, or nothing.
    """

    number: int
    text: Text
    start: int
    end: int
    obstacle: str = ""
    root: "Node | None" = field(default=None, repr=False)
    aliased: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        """The characters of the document as they stand in the file."""
        return self.text.content[self.start : self.end]


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, mapping, sequence or alias. `start` and `end` are characters of the file's text.

    The end of a block collection is the end of the last thing in it, not the next token; an empty
    value lies right behind its colon or dash. `style` is the quote or block mark of a scalar, "" for a
    plain one; "{" and "[" for flow collections. `text` is a scalar's value, an alias's name.
    """

    kind: Kind
    document: Document = field(repr=False)
    start: int
    end: int
    style: str = ""
    text: str = ""
    tag: str = ""
    anchor: str = ""
    keys: list["Node"] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)
    parent: "Node | None" = field(default=None, repr=False)
    step: Step = 0

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def source(self) -> str:
        """The characters as they stand in the file."""
        return self.document.text.content[self.start : self.end]

    @property
    def is_flow(self) -> bool:
        return self.style in ("{", "[")

    @property
    def is_mapping(self) -> bool:
        return self.kind is Kind.MAPPING

    @property
    def is_sequence(self) -> bool:
        return self.kind is Kind.SEQUENCE

    @property
    def is_scalar(self) -> bool:
        return self.kind is Kind.SCALAR

    @property
    def is_plain(self) -> bool:
        return self.is_scalar and not self.style and self.tag in ("", "!")

    @property
    def is_null(self) -> bool:
        return self.is_plain and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def is_true(self) -> bool:
        """Whether Kubernetes, which reads YAML 1.1, takes it for true."""
        return self.is_plain and self.text.lower() in ("true", "yes", "on")

    @property
    def is_false(self) -> bool:
        """Whether Kubernetes, which reads YAML 1.1, takes it for false."""
        return self.is_plain and self.text.lower() in ("false", "no", "off")

    @property
    def is_text(self) -> bool:
        """Whether YAML 1.1 takes it for a text: quoted, or like nothing else."""
        return self.is_scalar and (bool(self.style) or is_string(self.text))

    @property
    def path(self) -> tuple[Step, ...]:
        """The steps from the file to this node; the first is the number of the document."""
        steps: list[Step] = []
        node = self
        while node.parent is not None:
            steps.append(node.step)
            node = node.parent
        return (self.document.number, *reversed(steps))

    def get(self, *path: Step) -> "Node | None":
        """What stands at the end of the path, or None; aliases and `<<` are not followed."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            node = node._child(step)
        return node

    def _child(self, step: Step) -> "Node | None":
        if isinstance(step, int):
            return self.items[step] if self.is_sequence and step < len(self.items) else None
        if not self.is_mapping:
            return None
        return next((v for k, v in zip(self.keys, self.items, strict=True) if k.text == step), None)

    def key(self, name: str) -> "Node | None":
        """The node of a mapping's key itself."""
        return next((key for key in self.keys if key.text == name), None)

    def entries(self) -> Iterator[tuple["Node", "Node"]]:
        """The pairs of a mapping; nothing for what isn't one."""
        if self.is_mapping:
            yield from zip(self.keys, self.items, strict=True)

    def string(self, *path: Step) -> str:
        """The text of the scalar at the path; nothing where there is none."""
        node = self.get(*path)
        return node.text if node is not None and node.is_scalar else ""

    def each(self, *path: Step) -> list["Node"]:
        """The items of the sequence at the path."""
        node = self.get(*path)
        return node.items if node is not None and node.is_sequence else []

    def ancestors(self) -> Iterator["Node"]:
        """This node, then what holds it, up to the root."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent
