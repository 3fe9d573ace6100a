"""The data of a Terraform file as python-hcl2 loads it, block by block, and what edits make of it."""

import copy
import json
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from fixers.rule import REMOVED, Intent
from fixers.terraform.source.literal import unquote
from fixers.terraform.source.tokens import tokens

if TYPE_CHECKING:
    from fixers.terraform.source.block import Block
    from fixers.terraform.source.file import TerraformFile


_PLAIN = re.compile(r'"(?!<<)(?:[$]{2}\{|%%\{|\\.|[$%](?!\{)|[^$%\\])*"', re.S)
"""A quoted text in which nothing is interpolated."""


class Unloadable(Exception):
    """python-hcl2 can't read a block, or sees another one than tree-sitter does."""


def data_of(file: "TerraformFile", loaded: Collection[str]) -> dict[str, Any]:
    """Everything in the file by path; blocks whose text isn't in `loaded` stand as their text.

    Raises Unloadable.
    """
    data: dict[str, Any] = {}
    for block in file.blocks:
        text = file.text.content[block.whole.start : block.whole.end]
        value = load(block, text) if text in loaded else {"text": text}
        _put(data, block.path, value)
    return data


def _put(data: dict[Any, Any], path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value


def load(block: "Block", text: str) -> dict[str, Any]:
    """The body of one top-level block. Raises Unloadable."""
    import hcl2  # takes a third of a second: only a fix needs it

    try:
        document = hcl2.loads(_with_plain_heredocs(text) + "\n")
    except Exception as error:  # whatever a parser of Python raises on a text, it didn't read it
        raise Unloadable(f"python-hcl2 stops in `{block.address}`: {type(error).__name__}") from error
    entries = _entries(document)
    if set(entries) != {block.keyword} or len(entries[block.keyword]) != 1:
        raise Unloadable(f"python-hcl2 sees other blocks than tree-sitter in `{block.address}`")
    labels, body = entries[block.keyword][0]
    if labels != block.labels:
        raise Unloadable(f"python-hcl2 reads other labels than tree-sitter in `{block.address}`")
    return _body(body)


def _with_plain_heredocs(text: str) -> str:
    """The text without the blanks behind end markers of heredocs, which python-hcl2 overlooks."""
    pieces = []
    end = 0
    for token in tokens(text):
        if token.kind == "close heredoc":
            pieces += [text[end : token.start], text[token.start : token.end].rstrip()]
            end = token.end
    return "".join((*pieces, text[end:]))


def _entries(body: dict[str, Any]) -> dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]]:
    """The nested blocks of a body by keyword, each with its labels."""
    return {
        _name(key): [_unlabelled(entry) for entry in value]
        for key, value in body.items()
        if _is_blocks(value)
    }


def _is_blocks(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_block(entry) for entry in value)


def _is_block(entry: object) -> bool:
    while isinstance(entry, dict):
        if "__is_block__" in entry:
            return True
        entry = next(iter(entry.values())) if len(entry) == 1 else None
    return False


def _unlabelled(entry: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    labels: list[str] = []
    while "__is_block__" not in entry:
        label, entry = next(iter(entry.items()))
        labels.append(_name(label))
    return tuple(labels), entry


def _name(key: str) -> str:
    return unquote(key) if key.startswith('"') else key


def _body(body: dict[str, Any]) -> dict[str, Any]:
    data = {
        _name(key): _value(value)
        for key, value in body.items()
        if not key.startswith("__") and not _is_blocks(value)
    }
    for keyword, entries in _entries(body).items():
        headers = [labels for labels, _ in entries]
        for number, (labels, inner) in enumerate(entries):
            several = (headers[:number].count(labels),) if headers.count(labels) > 1 else ()
            _put(data, (keyword, *labels, *several), _body(inner))
    return data


def _value(value: object) -> object:
    """A literal as Python has it; an expression as its text, marked so that no literal equals it."""
    if isinstance(value, list):
        return [_value(entry) for entry in value]
    if isinstance(value, dict):
        return {"object": [[str(key), _value(entry)] for key, entry in value.items()]}
    if not isinstance(value, str):
        return value
    return unquote(value) if _PLAIN.fullmatch(value) else {"expression": value}


def intended(data: dict[str, Any], intents: Sequence[Intent]) -> dict[str, Any]:
    """The data after the intents, blocks on their way added.

    Raises LookupError, TypeError or AttributeError for a path that leads nowhere.
    """
    changed = copy.deepcopy(data)
    for intent in intents:
        place: Any = changed
        for step in intent.path[:-1]:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        last = intent.path[-1]
        if intent.value is REMOVED:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(intent.value)
        else:
            place[last] = intent.value
    return changed


def as_text(data: object) -> str:
    """One text for equal data: tells true from 1, and doesn't mind the order of attributes."""
    return json.dumps(data, sort_keys=True, default=repr)
