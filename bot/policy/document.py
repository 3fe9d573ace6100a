"""Reads a YAML file as plain data that knows its lines: bounded, without aliases or tags of its own."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from fixers.text import Text, Unreadable

MAX_BYTES = 64_000
MAX_DEPTH = 20
_NAMES = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
_CORE = frozenset(f"tag:yaml.org,2002:{name}" for name in _NAMES)

Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a configuration or an ignore that a person should know.

    `key` is the setting (`paths.exclude`), where there is one; `allowed` says what may stand there.
    """

    path: str
    line: int
    message: str
    key: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.path}:{self.line}: {key}{self.message}{allowed}"


class ConfigurationError(Exception):
    """Everything that is wrong with the configuration, at once; as text, one line for each."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = tuple(sorted(errors, key=lambda one: (one.path, one.line, one.key)))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, with the line of every entry; empty entries (`paths:`) are left out."""

    path: str
    data: Mapping[str, Any]
    lines: Mapping[Where, int] = field(repr=False)

    def problem(self, where: Where, message: str, allowed: str = "") -> Problem:
        return Problem(self.path, self.line_of(where), message, named(where), allowed)

    def line_of(self, where: Where) -> int:
        known = (where[:length] for length in range(len(where), 0, -1))
        return next((self.lines[prefix] for prefix in known if prefix in self.lines), 1)


def named(where: Where) -> str:
    """The place as a person would write it: `ignores[2].until`, positions counted from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in where)
    return "".join(steps).removeprefix(".")


def read_document(path: str, data: bytes) -> Document:
    """Raises ConfigurationError."""
    text = _text(path, data)
    _hold_bounds(path, text)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    lines: dict[Where, int] = {}
    problems: list[Problem] = []
    plain = _plain(node, (), path, lines, problems) if node is not None else None
    if plain is None:
        plain = {}
    if not isinstance(plain, dict):
        problems.append(Problem(path, 1, "isn't a mapping of settings", allowed="`version: 1` and so on"))
    if problems:
        raise ConfigurationError(problems)
    return Document(path, plain, lines)


def plain_yaml(data: bytes) -> Any:
    """The data of any small YAML file without aliases, or None where it isn't such a file."""
    try:
        text = _text("", data)
        _hold_bounds("", text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return None if node is None else _plain(node, (), "", {}, [])
    except ConfigurationError:
        return None


def _text(path: str, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _error(path, 1, f"has {len(data):,} bytes", allowed=f"{MAX_BYTES:,} bytes")
    try:
        return Text.decode(data).content
    except Unreadable as error:
        raise _error(path, max(error.line, 1), error.reason) from error


def _error(path: str, line: int, message: str, allowed: str = "") -> ConfigurationError:
    return ConfigurationError([Problem(path, line, message, allowed=allowed)])


def _hold_bounds(path: str, text: str) -> None:
    """Raises ConfigurationError for what isn't YAML, and for what grows when it is read."""
    depth = 0
    anchors: set[str] = set()
    try:
        for number, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
            line = event.start_mark.line + 1 if event.start_mark else 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                raise _error(path, line, "an alias (`*name`) isn't read here: write it out")
            anchor = event.anchor if isinstance(event, yaml.NodeEvent) else None
            if anchor in anchors:
                raise _error(path, line, f"the anchor `&{anchor}` stands here again")
            anchors |= {anchor} if anchor else set()
            if depth > MAX_DEPTH:
                raise _error(path, line, "is nested too deeply", allowed=f"{MAX_DEPTH} levels")
            if isinstance(event, yaml.DocumentStartEvent) and number > 1:
                raise _error(path, line, "a second document (`---`) isn't read here")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        is_tab = "'\\t'" in str(error.problem)
        words = "holds a tab where YAML wants spaces" if is_tab else f"isn't valid YAML: {error.problem}"
        raise _error(path, line, words) from error
    except yaml.YAMLError as error:
        raise _error(path, 1, "holds a character that YAML doesn't allow") from error


def _plain(node: yaml.Node, where: Where, path: str, lines: dict[Where, int], problems: list[Problem]) -> Any:
    if node.tag not in _CORE:
        line = node.start_mark.line + 1
        problems.append(Problem(path, line, f"the tag {node.tag!r} isn't read here", named(where)))
        return None
    if isinstance(node, yaml.MappingNode):
        entries = dict(_entries(node, where, path, lines, problems))
        plain = {key: _plain(value, (*where, key), path, lines, problems) for key, value in entries.items()}
        return {key: value for key, value in plain.items() if value is not None}
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[*where, number] = item.start_mark.line + 1
        return [_plain(item, (*where, n), path, lines, problems) for n, item in enumerate(node.value)]
    return _scalar(node)


def _entries(
    node: yaml.MappingNode, where: Where, path: str, lines: dict[Where, int], problems: list[Problem]
) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(path, line, "a key must be text", named(where)))
        elif (*where, key.value) in lines:
            first = lines[*where, key.value]
            words = f"stands here again; line {first} has it already"
            problems.append(Problem(path, line, words, named((*where, key.value))))
        else:
            lines[*where, key.value] = line
            yield key.value, value


def _scalar(node: yaml.Node) -> Any:
    """The scalar as JSON could carry it; what can't be read as its type stays the text it is."""
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except (ValueError, KeyError, IndexError, AttributeError, yaml.YAMLError):
        return node.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    is_plain = value is None or isinstance(value, bool | int | str)
    return value if is_plain or (isinstance(value, float) and math.isfinite(value)) else node.value
