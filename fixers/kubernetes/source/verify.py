"""The language's proof: the file parses twice alike, its data changed as meant, its schema is content."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from fixers.kubernetes.source import layout, schema
from fixers.kubernetes.source.node import Document, Kind, Node
from fixers.rule import REMOVED, Check, Edit, Intent, Verdict

Documents = Sequence[Document]
_KINDS = {Kind.SCALAR: "scalar", Kind.SEQUENCE: "sequence", Kind.MAPPING: "mapping"}
"""What ruamel.yaml calls the kinds of nodes."""
_NULLS = [("plain", text) for text in ("", "~", "null", "Null", "NULL")]


def checks(before: Documents | None, after: Documents, edits: Sequence[Edit]) -> Iterator[Check]:
    """Every check of a file that `edits` made from `before` (None: the file is new)."""
    touched = {intent.path[0] for edit in edits for intent in edit.intents}
    mine = [d for d in after if before is None or d.number in touched]
    yield _parses(mine)
    if before is not None:
        yield _data(before, after, edits)
    yield schema.check(before, mine)


def _parses(documents: Documents) -> Check:
    """Whether ruamel.yaml, an independent parser, sees in the edited documents what libyaml saw."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    for document in documents:
        try:
            node = YAML(typ="safe", pure=True).compose(document.source)
            agrees = same(node, document.root)
        except (YAMLError, RecursionError, ValueError) as error:
            return Check("parses", Verdict.FAILED, f"ruamel.yaml stops: {type(error).__name__}")
        if not agrees:
            return Check("parses", Verdict.FAILED, "libyaml and ruamel.yaml read different values")
    return Check("parses", Verdict.PASSED, "libyaml and ruamel.yaml read the same values")


def same(theirs: Any, ours: Node | None) -> bool:
    """Whether a node of ruamel.yaml holds what ours does."""
    if theirs is None or ours is None:
        return theirs is ours or (theirs is None and ours is not None and ours.is_null)
    if ours.kind is Kind.ALIAS:
        return True
    if theirs.id != _KINDS[ours.kind]:
        return False
    if ours.is_scalar:
        return bool(theirs.value == ours.text)
    if len(theirs.value) != len(ours.items):
        return False
    if ours.is_sequence:
        return all(map(same, theirs.value, ours.items))
    pairs = zip(theirs.value, ours.keys, ours.items, strict=True)
    return all(key.value == k.text and same(value, v) for (key, value), k, v in pairs)


def _data(before: Documents, after: Documents, edits: Sequence[Edit]) -> Check:
    intents = [intent for edit in edits for intent in edit.intents]
    try:
        expected = {d.number: plain(d.root) for d in before}
        for intent in _in_order(intents):
            _apply(expected, intent)
    except (KeyError, IndexError, TypeError) as error:
        return Check(
            "data", Verdict.FAILED, f"an edit means a place that isn't there ({type(error).__name__})"
        )
    if expected != {d.number: plain(d.root) for d in after}:
        return Check("data", Verdict.FAILED, "differs by more than what was meant")
    return Check("data", Verdict.PASSED, "as before but for what was meant")


def plain(node: Node | None) -> object:
    """The data in a form that compares: the text of a scalar and whether it is a string, not its type."""
    if node is None:
        return None
    value: object
    if node.is_mapping:
        value = {key.text: plain(item) for key, item in node.entries()}
    elif node.is_sequence:
        value = [plain(item) for item in node.items]
    elif node.kind is Kind.ALIAS:
        value = ("alias", node.text)
    elif node.tag not in ("", "!"):
        value = ("tagged", node.tag, node.text)
    else:
        value = ("string" if node.is_text else "plain", node.text)
    return value if not node.anchor else ("anchor", node.anchor, value)


def meant(value: object) -> object:
    """The value of an intent in the form of `plain`."""
    return ("string", value) if isinstance(value, str) else ("plain", layout.scalar(value))


def _in_order(intents: Sequence[Intent]) -> list[Intent]:
    """Removals last and from the end, so that no position moves under another."""
    kept = [intent for intent in intents if intent.value is not REMOVED]
    removed = [intent for intent in intents if intent.value is REMOVED]
    return kept + sorted(removed, key=_position, reverse=True)


def _position(intent: Intent) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in intent.path]


def _apply(data: Any, intent: Intent) -> None:
    for step, following in pairwise(intent.path):
        data = _inside(data)
        if _lacks(data, step):
            _put(data, step, [] if isinstance(following, int) else {})
        data = data[step]
    data, last = _inside(data), intent.path[-1]
    if intent.value is REMOVED:
        del data[last]
    else:
        _put(data, last, meant(intent.value))


def _lacks(data: Any, step: str | int) -> bool:
    """Whether nothing, or an empty value, is where the way to an intent leads on."""
    missing = step >= len(data) if isinstance(data, list) and isinstance(step, int) else step not in data
    return missing or data[step] in _NULLS


def _put(data: Any, step: str | int, value: object) -> None:
    if isinstance(data, list) and step == len(data):
        data.append(value)
    else:
        data[step] = value


def _inside(data: Any) -> Any:
    return data[2] if isinstance(data, tuple) and data[0] == "anchor" else data
