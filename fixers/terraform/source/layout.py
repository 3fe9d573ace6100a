"""Decides where new lines go in a block, so that `terraform fmt` stays as content as it was.

A new attribute joins the first aligned run of one-line attributes whose longest name is at least as
long as its own; otherwise it stands in a paragraph of its own. A new block goes last, after a blank line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fixers.engine import splice
from fixers.rule import Edit, Span
from fixers.terraform.source.fmt import misplaced
from fixers.terraform.source.literal import write

_META = frozenset({"count", "for_each", "provider", "providers", "depends_on", "source", "version"})
_REST_OF_LINE = re.compile(r"(?:[ \t]*/\*(?:(?!\*/)[^\n])*\*/)*[ \t]*(?:(?:#|//)[^\n]*)?\r?(?=\n)")


@dataclass(frozen=True, slots=True)
class Item:
    """An attribute (`equals` is the column of its `=`, counted from its name) or a block in a block."""

    name: str
    span: Span
    equals: int | None


@dataclass(frozen=True)
class Body:
    """What stands between the braces of a block, and the text around it.

    `inside` runs from behind the opening to before the closing brace, `whole` over the block of the
    file's top level; both in characters of `content`.
    """

    content: str
    newline: str
    inside: Span
    whole: Span
    items: tuple[Item, ...]

    @property
    def is_one_line(self) -> bool:
        return "\n" not in self.content[self.inside.start : self.inside.end]

    @cached_property
    def indent(self) -> str:
        """The blanks before the line of the closing brace; of the opening one if they share a line."""
        return self._blanks(self.inside.end)

    @cached_property
    def inner_indent(self) -> str:
        own = [self._blanks(item.span.start) for item in self.items if self._starts_line(item.span.start)]
        return own[0] if own else self.indent + ("\t" if "\t" in self.indent else "  ")

    @property
    def step(self) -> str:
        """What one level of nesting adds to the indentation."""
        return self.inner_indent.removeprefix(self.indent) or "  "

    def _line_start(self, offset: int) -> int:
        return self.content.rfind("\n", 0, offset) + 1

    def _blanks(self, offset: int) -> str:
        found = re.compile(r"[ \t]*").match(self.content, self._line_start(offset))
        return found.group() if found else ""

    def _starts_line(self, offset: int) -> bool:
        return not self.content[self._line_start(offset) : offset].strip(" \t")

    def next_line(self, offset: int) -> int | None:
        """Where the next line begins, if nothing but a comment of its own stands in between."""
        found = _REST_OF_LINE.match(self.content, offset)
        return found.end() + 1 if found and found.end() < self.inside.end else None

    @property
    def last_line(self) -> int | None:
        """Where the line of the closing brace begins, if nothing stands before the brace."""
        start = self._line_start(self.inside.end)
        return start if self._starts_line(self.inside.end) and start >= self.inside.start else None

    def is_blank_line(self, offset: int) -> bool:
        """Whether the line that begins at `offset` is empty."""
        return not self.content[offset : self.content.find("\n", offset)].strip()

    def runs(self) -> list[list[Item]]:
        """The attributes of one line each that stand on consecutive lines, in order."""
        runs: list[list[Item]] = []
        previous = -1
        for item in self.items:
            text = self.content[item.span.start : item.span.end]
            if item.equals is None or "\n" in text or not self._starts_line(item.span.start):
                previous = -1
                continue
            start = self._line_start(item.span.start)
            if start != previous:
                runs.append([])
            runs[-1].append(item)
            previous = self.content.find("\n", item.span.end) + 1
        return [run for run in runs if any(item.name not in _META for item in run)]


def add_attributes(body: Body, values: Mapping[str, object], before: Sequence[Edit] = ()) -> Edit | None:
    """An insertion of attributes that keeps `fmt` content once the edits `before` are made as well.

    None where a comment stands in the way.
    """
    options = list(_one_line(body, values) if body.is_one_line else _places(body, values))
    for edit in options:
        if not _disturbs(body, [*before, edit]):
            return edit
    return options[0] if options else None


def add_block(body: Body, name: str, values: Mapping[str, object]) -> Edit | None:
    """An insertion of a nested block; None where a comment stands in the way."""
    inner = body.inner_indent + body.step
    lines = [f"{body.inner_indent}{name} {{", *_aligned(inner, values), f"{body.inner_indent}}}"]
    if body.is_one_line:
        return next(_expanded(body, lines), None)
    position = body.last_line
    if position is None:
        return None
    before = body.content[body.inside.start : position]
    if before.strip() and not re.search(r"\n[ \t\r]*\n[ \t]*\Z", before):
        lines = ["", *lines]
    return Edit(Span(position, position), body.newline.join([*lines, ""]))


def realigned(body: Body, edits: Sequence[Edit]) -> list[Edit]:
    """The edits, and those of blanks around them that `fmt` asks for now and didn't before."""
    if not _disturbs(body, edits):
        return list(edits)
    gaps = []
    for gap in misplaced(_around(body, edits)):
        start, end = _original(body, edits, gap.start), _original(body, edits, gap.end)
        if start is None or end is None:
            return list(edits)
        gaps.append(Edit(Span(start, end), " " * gap.wanted))
    return [*edits, *gaps]


def _original(body: Body, edits: Sequence[Edit], place: int) -> int | None:
    """Where a character of the block after the edits stood in the file before; None for a new one."""
    offset = body.whole.start + place
    for edit in sorted(edits, key=lambda edit: edit.span):
        if offset <= edit.span.start:
            break
        if offset < edit.span.start + len(edit.text):
            return None
        offset += edit.span.end - edit.span.start - len(edit.text)
    return offset


def _around(body: Body, edits: Sequence[Edit]) -> str:
    start, end = body.whole.start, body.whole.end
    moved = [Edit(Span(e.span.start - start, e.span.end - start), e.text) for e in edits]
    return splice(body.content[start:end], moved)


def _disturbs(body: Body, edits: Sequence[Edit]) -> bool:
    """Whether the block was clean before the edits and isn't after them."""
    if misplaced(body.content[body.whole.start : body.whole.end]):
        return False
    return bool(misplaced(_around(body, edits)))


def _aligned(indent: str, values: Mapping[str, object], column: int = 0) -> list[str]:
    width = max(column, *(len(name) for name in values)) if values else 0
    return [f"{indent}{name.ljust(width)} = {write(value)}" for name, value in values.items()]


def _places(body: Body, values: Mapping[str, object]) -> Iterator[Edit]:
    """Insertions of attributes into a block of several lines, the best first."""
    runs = body.runs()
    longest = max(len(name) for name in values)
    for run in runs:
        if max(len(item.name) for item in run) >= longest:
            column = (run[-1].equals or 1) - 1
            position = body.next_line(run[-1].span.end)
            if position is not None:
                lines = _aligned(body.inner_indent, values, column)
                yield Edit(Span(position, position), body.newline.join([*lines, ""]))
            break
    yield from _paragraphs(body, _aligned(body.inner_indent, values), _run_before_blocks(body, runs))


def _run_before_blocks(body: Body, runs: list[list[Item]]) -> list[Item]:
    """The run that a new paragraph follows: the last before anything that takes several lines."""
    taller = [
        item.span.start
        for item in body.items
        if item.equals is None or "\n" in body.content[item.span.start : item.span.end]
    ]
    end = min(taller, default=body.inside.end)
    return next((run for run in reversed(runs) if run[-1].span.start < end), runs[0] if runs else [])


def _paragraphs(body: Body, lines: list[str], run: list[Item]) -> Iterator[Edit]:
    """The lines as a paragraph behind `run`, at the top of the block, and at its end."""
    after = body.next_line(run[-1].span.end) if run else None
    for position in (after, body.next_line(body.inside.start), body.last_line):
        if position is None:
            continue
        is_first = not body.content[body.inside.start : position].strip() or position == body.next_line(
            body.inside.start
        )
        is_last = position == body.last_line
        before = [] if is_first or body.is_blank_line(body.content.rfind("\n", 0, position - 1) + 1) else [""]
        behind = [] if is_last or body.is_blank_line(position) else [""]
        yield Edit(Span(position, position), body.newline.join([*before, *lines, *behind, ""]))


def _one_line(body: Body, values: Mapping[str, object]) -> Iterator[Edit]:
    yield from _expanded(body, _aligned(body.inner_indent, values))
    yield from _expanded(body, ["", *_aligned(body.inner_indent, values)])


def _expanded(body: Body, lines: list[str]) -> Iterator[Edit]:
    """A block of one line broken into several, with `lines` behind what it holds."""
    held = body.content[body.inside.start : body.inside.end].strip(" \t")
    item = body.items[0] if body.items else None
    if held != (body.content[item.span.start : item.span.end] if item else ""):
        return
    rows = [body.inner_indent + held] if held else []
    text = body.newline.join(["", *rows, *lines, body.indent])
    yield Edit(body.inside, text)
