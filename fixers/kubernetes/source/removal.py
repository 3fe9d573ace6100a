"""Takes items out of a list, with the line or the comma that they leave behind."""

from collections.abc import Iterator

from fixers.kubernetes.source import layout
from fixers.kubernetes.source.node import Node
from fixers.kubernetes.source.verbs import obstacle
from fixers.rule import REMOVED, Changes, Edit, Intent, Refusal, Span


def remove_items(sequence: Node, first: int, count: int = 1) -> Changes:
    """Take `count` items that stand one behind another out of a list, from position `first` on.

    A list that is left empty goes with its key: to Kubernetes an empty list and none are the same.
    """
    reason = obstacle(sequence)
    if reason:
        return (Refusal(reason),)
    taken = sequence.items[first : first + count]
    if len(taken) == len(sequence.items):
        return _without_key(sequence)
    if any(not item.is_scalar or not layout.is_one_line(item) or item.anchor for item in taken):
        return (Refusal("the item isn't a single text on one line"),)
    spans = list(_flow_spans(sequence, first, count) if sequence.is_flow else _block_spans(taken))
    intents = tuple(Intent((*sequence.path, first + number), REMOVED) for number in range(count))
    if any(span.end <= span.start for span in spans) or _holds_comment(sequence, spans):
        return (Refusal("the list is written in a way that no single item can be cut out of"),)
    return tuple(Edit(span, "", intents=intents if n == 0 else ()) for n, span in enumerate(spans))


def _without_key(sequence: Node) -> Changes:
    """Cut the key of a list, and all of its lines."""
    mapping = sequence.parent
    key = mapping.key(str(sequence.step)) if mapping is not None and mapping.is_mapping else None
    if mapping is None or key is None or mapping.is_flow or len(mapping.items) == 1 or sequence.anchor:
        return (Refusal("nothing would be left of the list that it stands in"),)
    if not _begins_line(key):
        return (Refusal("the list opens its block, so taking it out would move the next key"),)
    span = _whole_lines(key, key.start, sequence.end)
    content = key.document.text.content[key.start : sequence.end]
    if "#" in content.replace(sequence.source, "", 1) or _has_comment_line(content):
        return (Refusal("a comment stands in the list, and only a person can tell what it is for"),)
    return (Edit(span, "", intents=(Intent(sequence.path, REMOVED),)),)


def _has_comment_line(content: str) -> bool:
    return any(line.lstrip().startswith("#") for line in content.splitlines())


def _block_spans(taken: list[Node]) -> Iterator[Span]:
    for item in taken:
        content = item.document.text.content
        line = item.document.text.line_span(item.document.text.line_at(item.start))[0]
        if content[line : item.start].strip() == "-":
            yield _whole_lines(item, item.start, item.end)
        else:
            yield Span(item.start, item.start)


def _flow_spans(sequence: Node, first: int, count: int) -> Iterator[Span]:
    """On one line the items with a comma; on lines of their own those lines, and a comma before the last."""
    items, last = sequence.items, first + count
    if all(map(_is_alone, items[first:last])):
        for item in items[first:last]:
            yield _whole_lines(item, item.start, item.end)
        if last == len(items) and not _comma_after(items[-1]):
            comma = _comma_after(items[first - 1])
            yield Span(comma - 1, comma)
    elif last < len(items):
        yield Span(items[first].start, items[last].start)
    else:
        yield Span(items[first - 1].end, items[-1].end)


def _is_alone(item: Node) -> bool:
    """Whether nothing but its comma and a comment shares the item's line."""
    text = item.document.text
    end = text.line_span(text.line_at(item.start))[1]
    rest = text.content[max(item.end, _comma_after(item)) : end].strip()
    return _begins_line(item) and (not rest or rest.startswith("#"))


def _comma_after(item: Node) -> int:
    """Where the comma behind an item ends, or 0."""
    content, at = item.document.text.content, item.end
    while at < len(content) and content[at] in " \t":
        at += 1
    return at + 1 if content.startswith(",", at) else 0


def _begins_line(node: Node) -> bool:
    text = node.document.text
    return not text.content[text.line_span(text.line_at(node.start))[0] : node.start].strip()


def _whole_lines(node: Node, start: int, end: int) -> Span:
    """The lines of these characters with their endings; at the end of a file without one, the one before."""
    text = node.document.text
    first, last = text.line_at(start), text.line_at(max(start, end - 1))
    if last < len(text.line_starts):
        return Span(text.line_starts[first - 1], text.line_starts[last])
    return Span(text.line_span(first - 1)[1], text.line_span(last)[1])


def _holds_comment(sequence: Node, spans: list[Span]) -> bool:
    """Whether a span on a shared line would take a comment along."""
    content = sequence.document.text.content
    lone = [s for s in spans if "\n" in content[s.start : s.end] and sequence.is_flow]
    return any("#" in content[s.start : s.end] for s in lone if content[s.start : s.end].count("\n") > 1)
