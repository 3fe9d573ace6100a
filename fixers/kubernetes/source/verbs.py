"""The edits: set, merge and take away, each spliced into the author's own layout."""

from collections.abc import Iterator, Mapping
from typing import Any

from fixers.kubernetes.source import layout
from fixers.kubernetes.source.node import Kind, Node, Step
from fixers.rule import REMOVED, Change, Changes, Edit, Intent, Refusal, Span

_LANDMARKS = ("imagePullPolicy", "image", "name", "serviceAccountName", "restartPolicy")
"""Keys after whose line a new one reads well, the best first."""


def set_value(node: Node, path: tuple[str, ...], value: object) -> Changes:
    """Make `path` below a mapping hold `value`, adding what is missing on the way."""
    for key in reversed(path):
        value = {key: value}
    assert isinstance(value, dict)
    return merge(node, value)


def merge(node: Node, wanted: Mapping[str, Any]) -> Changes:
    """Make a mapping hold all that `wanted` holds: keys are added, scalars replaced, lists added to.

    No changes at all where it holds everything already.
    """
    reason = obstacle(node)
    return (Refusal(reason),) if reason else tuple(_merged(node, wanted))


def replace(node: Node, value: object) -> Changes:
    """Write a scalar in the place of another, or where nothing stands yet."""
    reason = obstacle(node) or _scalar_obstacle(node)
    if reason:
        return (Refusal(reason),)
    text = layout.scalar(value) if node.source else f" {layout.scalar(value)}"
    return (Edit(node.span, text, intents=(Intent(node.path, value),)),)


def append(sequence: Node, value: str) -> Changes:
    """Add a text to the end of a list."""
    reason = obstacle(sequence)
    return (Refusal(reason),) if reason else tuple(_appended(sequence, [value]))


def swap(mapping: Node, key: str, entries: dict[str, Any]) -> Changes:
    """Write `entries` in the place of a one-line entry of a block mapping."""
    reason, name, value = obstacle(mapping), mapping.key(key), mapping.get(key)
    if name is None or value is None or mapping.is_flow:
        reason = reason or "the entry is written in a way that can't be replaced alone"
    if reason or name is None or value is None:
        return (Refusal(reason),)
    if _scalar_obstacle(value) or not _same_line(mapping, name.start, value.end - 1):
        return (Refusal("the value isn't a single text on the line of its key"),)
    lines = layout.block(entries, layout.column(mapping), mapping)
    text = _newline_at(mapping, name.start).join(lines).lstrip(" ")
    if not layout.ends_its_line(value):
        return (Refusal("a comment stands behind the value, and only a person can tell what it is for"),)
    intents = (Intent((*mapping.path, key), REMOVED), *_meaning(mapping.path, entries))
    return (Edit(Span(name.start, value.end), text, intents=intents),)


def _merged(node: Node, wanted: Mapping[str, Any]) -> Iterator[Change]:
    if not node.is_mapping:
        yield Refusal("something else than a mapping stands here")
        return
    if any(key.text == "<<" for key in node.keys):
        yield Refusal("the mapping takes keys from another one by `<<`, so what it holds isn't certain")
        return
    missing: dict[str, object] = {}
    for key, value in wanted.items():
        child = node.get(key)
        if child is None:
            missing[key] = value
        else:
            yield from _brought(child, value)
    if missing:
        yield _added(node, missing)


def _brought(child: Node, value: object) -> Iterator[Change]:
    """Edits that make what stands there hold `value`."""
    if child.kind is Kind.ALIAS or (child.anchor and child.anchor in child.document.aliased):
        yield Refusal("the value is shared by an alias, so the edit would reach further than this place")
    elif isinstance(value, dict) and child.is_mapping and child.items:
        yield from _merged(child, value)
    elif isinstance(value, list) and child.is_sequence and child.items:
        held = {item.text for item in child.items if item.is_text}
        yield from _appended(child, [item for item in value if item not in held])
    elif isinstance(value, dict | list):
        yield from _filled(child, value)
    elif not _holds(child, value):
        yield from replace(child, value)


def _holds(node: Node, value: object) -> bool:
    if isinstance(value, str):
        return node.is_text and node.text == value
    if isinstance(value, bool):
        return node.is_true if value else node.is_false
    return node.is_plain and node.text == layout.scalar(value)


def _added(mapping: Node, entries: dict[str, object]) -> Change:
    intents = _meaning(mapping.path, entries)
    if mapping.is_flow:
        return _added_in_flow(mapping, entries, intents)
    lines = layout.block(entries, layout.column(mapping), mapping)
    newline = _newline_at(mapping, mapping.start)
    landmark = _landmark(mapping)
    if landmark is None and _begins_its_line(mapping) and mapping.parent is not None:
        landmark = _opening_key(mapping)
    if landmark is None:
        pad = " " * layout.column(mapping)
        text = newline.join(lines).removeprefix(pad) + newline + pad
        return Edit(Span(mapping.start, mapping.start), text, intents=intents)
    end = _line_end(landmark, landmark.start)
    return Edit(Span(end, end), "".join(newline + line for line in lines), intents=intents)


def _meaning(path: tuple[Step, ...], value: object) -> tuple[Intent, ...]:
    """One intent for each scalar that comes in: what lies on the way to it comes with it."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return (Intent(path, value),)
    return tuple(intent for step, item in pairs for intent in _meaning((*path, step), item))


def _landmark(mapping: Node) -> Node | None:
    """A key of the mapping that shares one line with its value: no comment is split behind it."""
    single = [
        key
        for key, value in mapping.entries()
        if value.style not in ("|", ">")
        and (value.is_flow or value.kind in (Kind.SCALAR, Kind.ALIAS))
        and _same_line(mapping, key.start, max(value.end - 1, key.start))
        and not (value.is_null and not value.text and _is_followed_deeper(mapping, key))
    ]
    named = {key.text: key for key in single}
    return next((named[name] for name in _LANDMARKS if name in named), single[-1] if single else None)


def _is_followed_deeper(mapping: Node, key: Node) -> bool:
    """Whether a comment below an empty value stands where its content would."""
    text = mapping.document.text
    line = text.line_at(key.start) + 1
    if line > len(text.line_starts):
        return False
    start, end = text.line_span(line)
    content = text.content[start:end]
    return content.lstrip().startswith("#") and len(content) - len(content.lstrip()) > layout.column(key)


def _opening_key(mapping: Node) -> Node | None:
    """The key that the mapping is the value of, if it ends the line that it stands on."""
    parent = mapping.parent
    if parent is None or not parent.is_mapping or parent.is_flow:
        return None
    return parent.key(str(mapping.step))


def _begins_its_line(node: Node) -> bool:
    text = node.document.text
    return len(text.indent_at(node.start)) == layout.column(node)


def _added_in_flow(mapping: Node, entries: dict[str, object], intents: tuple[Intent, ...]) -> Change:
    quoted = layout.has_quoted_keys(mapping)
    inner = layout.flow(entries, quoted)[1:-1]
    if not mapping.items:
        place = Span(mapping.end - 1, mapping.end - 1)
        return Edit(place, inner, intents=intents)
    last, value = mapping.keys[-1], mapping.items[-1]
    end = max(last.end, value.end)
    own_line = layout.column(last) == len(mapping.document.text.indent_at(last.start))
    if own_line and not _same_line(mapping, mapping.start, last.start):
        separator = f",{_newline_at(mapping, mapping.start)}{mapping.document.text.indent_at(last.start)}"
    else:
        separator = ", "
    return Edit(Span(end, end), separator + inner, intents=intents)


def _appended(sequence: Node, values: list[str]) -> Iterator[Change]:
    if not values:
        return
    last = sequence.items[-1] if sequence.items else None
    path, size = sequence.path, len(sequence.items)
    intents = tuple(Intent((*path, size + number), value) for number, value in enumerate(values))
    if last is None or not last.is_scalar or not layout.is_one_line(last) or last.is_null:
        yield Refusal("the list doesn't end with a text on a line of its own")
        return
    written = [layout.scalar(value, last.style == '"') for value in values]
    if sequence.is_flow:
        yield Edit(Span(last.end, last.end), "".join(f", {value}" for value in written), intents=intents)
        return
    newline, pad = _newline_at(sequence, last.start), " " * layout.column(sequence)
    gap = " " * (layout.column(last) - layout.column(sequence) - 1)
    end = _line_end(last, last.start)
    text = "".join(f"{newline}{pad}-{gap}{value}" for value in written)
    yield Edit(Span(end, end), text, intents=intents)


def _filled(child: Node, value: dict[str, object] | list[object]) -> Iterator[Change]:
    """Put a mapping or a list where nothing stands: an empty value, `null`, `{}` or `[]`."""
    alike = child.is_mapping if isinstance(value, dict) else child.is_sequence
    parent, empty = child.parent, child.is_null or (alike and not child.items)
    if parent is None or not parent.is_mapping or not empty or child.anchor or child.tag:
        yield Refusal("something else stands where the new value belongs")
        return
    intents = _meaning(child.path, value)
    if parent.is_flow or not layout.is_one_line(child):
        yield Edit(child.span, layout.flow(value, layout.has_quoted_keys(parent)), intents=intents)
        return
    content = child.document.text.content
    key = parent.key(str(child.step))
    assert key is not None
    colon = content.index(":", key.end) + 1
    lines = layout.block({key.text: value}, layout.column(parent), parent)[1:]
    end = _line_end(child, colon)
    text = "".join(_newline_at(child, key.start) + line for line in lines)
    if child.end > colon and not content[child.end : end].strip():
        yield Edit(Span(colon, end), text, intents=intents)
        return
    if child.end > colon:
        yield Edit(Span(colon, child.end), "")
    yield Edit(Span(end, end), text, intents=intents)


def obstacle(node: Node) -> str:
    """Why nothing at or below the node may be edited, or nothing."""
    if node.document.obstacle:
        return node.document.obstacle
    if node.kind is Kind.ALIAS:
        return "an alias stands here: the value belongs to the place that it names"
    if any(outer.anchor and outer.anchor in node.document.aliased for outer in node.ancestors()):
        return "the block is shared by an alias, so the edit would reach further than this place"
    return ""


def _scalar_obstacle(node: Node) -> str:
    if not node.is_scalar:
        return "something else than a single value stands here"
    if node.anchor or node.tag:
        return "the value carries an anchor or a tag"
    if "{{" in node.text or "${" in node.text or node.text.startswith("$("):
        return "the value is filled in by a template: change it where the value comes from"
    behind_mark = node.document.text.content[node.start - 1 : node.start] in (":", "-")
    is_written = bool(node.source) or behind_mark
    return "" if is_written and layout.is_one_line(node) else "the value isn't written on one line"


def _same_line(node: Node, one: int, two: int) -> bool:
    text = node.document.text
    return text.line_at(one) == text.line_at(two)


def _line_end(node: Node, offset: int) -> int:
    text = node.document.text
    return text.line_span(text.line_at(offset))[1]


def _newline_at(node: Node, offset: int) -> str:
    """The ending of this line, or of the file's first one where the file ends with it."""
    text, end = node.document.text, _line_end(node, offset)
    if text.content.startswith("\r\n", end):
        return "\r\n"
    return "\n" if text.content.startswith("\n", end) else text.newline
