"""Blocks of Terraform and their attributes: what they say, and edits that make them say otherwise."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from fixers.rule import Changes, Edit, Intent, Refusal, Span
from fixers.terraform.source import layout, literal
from fixers.terraform.source.attribute import Attribute
from fixers.terraform.source.literal import NOT_LITERAL
from fixers.terraform.source.syntax import Syntax

GENERATED = "the file says that it is generated: change what writes it"
_CROWDED = "a comment stands where the new lines belong: move it to a line of its own"
_META = frozenset({"for_each", "count", "provider", "depends_on"})
_REPEATED = re.compile(r"\beach\.value[.\[]|\blookup\(\s*each\.value\b|\bvar\.[\w.-]+\[count\.index\]")
_VARIABLE = re.compile(r"var\.[\w-]+(?:\.[\w-]+|\[[^\]]*\])*")
_ENOUGH_VARIABLES = 3
_ADDRESS = re.compile(r"(?<![\w.-])(?:data\.[\w-]+\.[\w-]+|[a-z][\w-]*\.[\w-]+)")


@dataclass(frozen=True, eq=False)
class Source:
    """The file that a block stands in, as far as blocks need it."""

    syntax: Syntax
    newline: str
    is_generated: bool


@dataclass(frozen=True, eq=False)
class Block:
    """A block such as `resource "aws_instance" "gpu" { … }`, or one nested in it.

    `path` is where its data stands: keyword, labels, and a number where several blocks share them.
    """

    source: Source
    node: Node
    path: tuple[str | int, ...]
    parent: "Block | None" = None

    @cached_property
    def keyword(self) -> str:
        return self.source.syntax.text(self.node.children[0])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        syntax = self.source.syntax
        nodes = [child for child in self.node.children[1:] if child.type in {"string_lit", "identifier"}]
        return tuple(
            literal.unquote(syntax.text(node)) if node.type == "string_lit" else syntax.text(node)
            for node in nodes
        )

    @property
    def type(self) -> str:
        """A resource's type (`aws_instance`); the keyword of every other block."""
        return self.labels[0] if self.keyword in {"resource", "data"} and self.labels else self.keyword

    @property
    def name(self) -> str:
        """The last label, or nothing."""
        return self.labels[-1] if self.labels else ""

    @cached_property
    def address(self) -> str:
        """`aws_instance.gpu`, `data.aws_ami.x`, `module.x`, `var.x`: that of the outermost block."""
        if self.parent is not None:
            return self.parent.address
        prefix = {"resource": (), "variable": ("var",)}.get(self.keyword, (self.keyword,))
        return ".".join((*prefix, *self.labels))

    @cached_property
    def span(self) -> Span:
        """The header: from the keyword to the opening brace."""
        brace = next(child for child in self.node.children if child.type == "block_start")
        return self.source.syntax.span(self.node.children[0], brace)

    @cached_property
    def whole(self) -> Span:
        return self.source.syntax.span(self.node)

    @property
    def text(self) -> str:
        """The block as it stands in the file, comments included."""
        return self.source.syntax.content[self.whole.start : self.whole.end]

    @cached_property
    def references(self) -> frozenset[str]:
        """The addresses that its text speaks of, in expressions as in comments: `aws_vpc.main`, `var.x`."""
        return frozenset(_ADDRESS.findall(self.text))

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """The attributes that stand directly in this block, by name."""
        syntax = self.source.syntax
        found = [Attribute(self, syntax.text(n.children[0]), n) for n in self._items if n.type == "attribute"]
        return {attribute.name: attribute for attribute in found}

    @cached_property
    def _items(self) -> list[Node]:
        return self.source.syntax.items(self.node)

    def attribute(self, name: str) -> Attribute | None:
        return self.attributes.get(name)

    def value(self, name: str) -> object:
        """The literal of an attribute; None where it is absent or null; NOT_LITERAL for all else."""
        attribute = self.attribute(name)
        return None if attribute is None else attribute.literal

    def blocks(self, name: str) -> list["Block"]:
        """The blocks of this keyword that stand directly in this one; not what `dynamic` makes."""
        syntax = self.source.syntax
        nodes = [n for n in self._items if n.type == "block" and syntax.text(n.children[0]) == name]
        return [Block(self.source, node, path, self) for node, path in paths(self.source, nodes, self.path)]

    def has_dynamic(self, name: str) -> bool:
        """Whether a `dynamic` block may make blocks of this keyword."""
        return any(block.labels[:1] == (name,) for block in self.blocks("dynamic"))

    def span_of(self, name: str) -> Span:
        """Where to point for an attribute or block: at it, or at the header where it is absent."""
        if attribute := self.attribute(name):
            return attribute.span
        return next((block.span for block in self.blocks(name)), self.span)

    @property
    def root(self) -> "Block":
        """The block of the file's top level that this one stands in."""
        return self if self.parent is None else self.parent.root

    @cached_property
    def body(self) -> layout.Body:
        syntax = self.source.syntax
        start = next(child for child in self.node.children if child.type == "block_start")
        end = next(child for child in reversed(self.node.children) if child.type == "block_end")
        inside = Span(syntax.span(start).end, syntax.span(end).start)
        return layout.Body(
            syntax.content, self.source.newline, inside, self.root.whole, tuple(map(self._item, self._items))
        )

    def _item(self, node: Node) -> layout.Item:
        syntax = self.source.syntax
        name, second = node.children[0], node.children[1]
        if node.type == "block":
            return layout.Item(syntax.text(name), syntax.span(node), None)
        expression = next(child for child in node.children if child.type == "expression")
        equals = syntax.span(second).start - syntax.span(name).start
        return layout.Item(syntax.text(name), syntax.span(name, expression), equals)

    def refusal(self, name: str) -> Refusal | None:
        """Why nothing called `name` may be changed in this block, whatever it holds."""
        if self.source.is_generated:
            return Refusal(GENERATED)
        if self.has_dynamic(name):
            return Refusal(f"a `dynamic` block makes `{name}`: change what it repeats")
        outermost = self.path[len(self.root.path)] if self.parent else name
        if self.root.ignores_changes_of(str(outermost)):
            return Refusal(
                f"`lifecycle.ignore_changes` names `{outermost}`: Terraform would not apply the change"
            )
        if self.root.is_configurable and not self.attribute(name) and not self.blocks(name):
            return Refusal(
                f"its settings come from variables: add one for `{name}`, with the safe value as its default"
            )
        return None

    @cached_property
    def is_configurable(self) -> bool:
        """Whether callers decide most of it: a value that is added fixed would leave them no way out.

        What the block has fixed itself may still be fixed otherwise.
        """
        if self.attributes.keys() & {"for_each", "count"} and _REPEATED.search(self.text):
            return True
        decided = [bool(_VARIABLE.fullmatch(a.text)) for a in self.attributes.values() if a.name not in _META]
        return sum(decided) >= _ENOUGH_VARIABLES and 2 * sum(decided) > len(decided)

    def ignores_changes_of(self, name: str) -> bool:
        """Whether `lifecycle` tells Terraform to leave this attribute or block as it is."""
        syntax = self.source.syntax
        for lifecycle in self.blocks("lifecycle"):
            ignored = lifecycle.attribute("ignore_changes")
            if ignored is None:
                continue
            text = syntax.content[ignored.value_span.start : ignored.value_span.end]
            listed = [syntax.content[e.span.start : e.span.end] for e in ignored.elements] or [text]
            if {entry.strip('" ').split(".")[0].split("[")[0] for entry in listed} & {name, "all"}:
                return True
        return False

    def set(self, name: str, value: object) -> Changes:
        """Give the attribute this literal value, in the place of another literal or as a new line."""
        return self.update({name: value})

    def update(self, values: Mapping[str, object]) -> Changes:
        """Give several attributes literal values at once; those that have theirs already are left alone."""
        wanted = {name: value for name, value in values.items() if not self._holds(name, value)}
        for name in wanted:
            attribute = self.attribute(name)
            if refusal := self.refusal(name):
                return (refusal,)
            if attribute is not None and attribute.literal is NOT_LITERAL:
                return (Refusal(attribute.why_unknown()),)
        edits = list(self._replacements(wanted))
        added = {name: value for name, value in wanted.items() if name not in self.attributes}
        if added:
            edit = layout.add_attributes(self.body, added, edits)
            if edit is None:
                return (Refusal(_CROWDED),)
            edits.append(Edit(edit.span, edit.text, intents=_intents(self.path, added)))
        return tuple(layout.realigned(self.body, edits))

    def _holds(self, name: str, value: object) -> bool:
        attribute = self.attribute(name)
        return attribute is not None and (type(attribute.literal), attribute.literal) == (type(value), value)

    def _replacements(self, values: Mapping[str, object]) -> Iterator[Edit]:
        for name, value in values.items():
            if attribute := self.attribute(name):
                intents = _intents(self.path, {name: value})
                yield Edit(attribute.value_span, literal.write(value), intents=intents)

    def add_block(self, name: str, values: Mapping[str, object]) -> Changes:
        """Add a nested block that holds these attributes, of which there is at least one."""
        if refusal := self.refusal(name):
            return (refusal,)
        if self.blocks(name) or self.attribute(name):
            return (Refusal(f"there is a `{name}` already: change that one"),)
        edit = layout.add_block(self.body, name, values)
        if edit is None:
            return (Refusal(_CROWDED),)
        return (Edit(edit.span, edit.text, intents=_intents((*self.path, name), values)),)

    def ensure_block(self, name: str, values: Mapping[str, object]) -> Changes:
        """Make the one nested block of this keyword hold these attributes, adding it if there is none."""
        if refusal := self.refusal(name):
            return (refusal,)
        match self.blocks(name):
            case []:
                return self.add_block(name, values)
            case [block]:
                return block.update(values)
        return (Refusal(f"several `{name}` blocks stand here where one is allowed"),)


def _intents(path: tuple[str | int, ...], values: Mapping[str, object]) -> tuple[Intent, ...]:
    """What the attributes of the block at `path` mean; a list stands as a tuple, as edits are hashed."""
    return tuple(
        Intent((*path, name), tuple(value) if isinstance(value, list) else value)
        for name, value in values.items()
    )


def paths(
    source: Source, nodes: Sequence[Node], above: tuple[str | int, ...]
) -> Iterator[tuple[Node, tuple[str | int, ...]]]:
    """Each block with where its data stands below `above`: several of one header are numbered."""
    blocks = [Block(source, node, ()) for node in nodes]
    headers = [(block.keyword, *block.labels) for block in blocks]
    several = {header for header, count in Counter(headers).items() if count > 1}
    seen: Counter[tuple[str, ...]] = Counter()
    for node, header in zip(nodes, headers, strict=True):
        yield node, (*above, *header, *((seen[header],) if header in several else ()))
        seen[header] += 1
