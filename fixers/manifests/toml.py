"""Where things stand in a TOML text that `tomllib` has accepted, and how an entry is put in."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fixers.rule import Edit, Span
from fixers.text import Text, Unreadable

_STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*"""(?:"{0,2})'
    r"|'''(?:[^']|'(?!''))*'''(?:'{0,2})"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'[^'\r\n]*'"
)
_PART = r"""[A-Za-z0-9_-]+|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'"""
_KEY = re.compile(rf"(?:{_PART})(?:[ \t]*\.[ \t]*(?:{_PART}))*", re.S)
_PARTS = re.compile(_PART, re.S)
_HEADER = re.compile(rf"\[(\[?)[ \t]*({_KEY.pattern})[ \t]*\]\]?", re.S)
_TEXT = re.compile(_STRING, re.S)
_SCALAR = re.compile(r"[^\r\n#]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_TOKEN = re.compile(rf"(?P<string>{_STRING})|(?P<comment>#[^\r\n]*)|[\[\]{{}},]|[^\"'#\[\]{{}},\s]+", re.S)
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")

MAX_KEY_PARTS = 200
"""The parser's time grows with the square of a dotted key's parts."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A header (`[a.b]`, of which `value` is None) or a key with its value; `path` from the root."""

    path: Path
    start: int
    end: int
    value: Span | None = None
    table: Path = ()


@dataclass(frozen=True, slots=True)
class Array:
    """The brackets of an array, its items, and where the comma behind each ends (0: it has none)."""

    span: Span
    items: tuple[Span, ...]
    commas: tuple[int, ...]


def load(text: Text) -> dict[str, Any]:
    """The data of a TOML text. Raises Unreadable."""
    for number, line in enumerate(text.content.split("\n"), 1):
        if line.count(".") > MAX_KEY_PARTS and max(map(_dots, line.split("="))) > MAX_KEY_PARTS:
            raise Unreadable("has a key of too many parts", number)
    try:
        return tomllib.loads(text.content)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise Unreadable("isn't TOML", int(found[1]) if found else 0) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("isn't TOML that can be read") from error


def _dots(text: str) -> int:
    return text.count(".")


def table(data: Any, *keys: str) -> dict[str, Any]:
    """The table below `keys`; empty where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def entries(content: str) -> Iterator[Entry]:
    """The headers and keys of a valid text in order; tables of an array have a `*` in their path."""
    position, current = 0, Path()
    while True:
        position = _end(_BLANK, content, position)
        if header := _HEADER.match(content, position):
            current = (*_keys(header[2]), *(["*"] if header[1] else []))
            yield Entry(current, *header.span())
            position = header.end()
        elif key := _KEY.match(content, position):
            value = _end(_EQUALS, content, key.end())
            position = _value_end(content, value)
            yield Entry((*current, *_keys(key[0])), key.start(), position, Span(value, position), current)
        else:
            return


def _end(pattern: re.Pattern[str], content: str, position: int) -> int:
    found = pattern.match(content, position)
    return found.end() if found else position


def _keys(text: str) -> Path:
    parts = _PARTS.findall(text)
    return tuple(next(iter(tomllib.loads(f"{part}=0"))) if part[0] in "\"'" else part for part in parts)


def _value_end(content: str, start: int) -> int:
    if content[start : start + 1] in ("[", "{"):
        return array_at(content, start).span.end
    if found := _TEXT.match(content, start):
        return found.end()
    return start + len(content[start : _end(_SCALAR, content, start)].rstrip())


def array_at(content: str, start: int) -> Array:
    """The array, or the inline table, that begins at `start`."""
    depth, begun, end = 0, -1, start
    items: list[Span] = []
    commas: list[int] = []
    for token in _TOKEN.finditer(content, start):
        if token["comment"]:
            continue
        mark = token[0]
        closes = mark in ("]", "}")
        depth -= closes
        if (closes and depth == 0) or (mark == "," and depth == 1):
            if begun >= 0:
                items.append(Span(begun, end))
                commas.append(0 if closes else token.end())
            if closes:
                return Array(Span(start, token.end()), tuple(items), tuple(commas))
            begun = -1
        elif depth >= 1 and begun < 0:
            begun = token.start()
        depth += mark in ("[", "{")
        end = token.end()
    raise Unreadable("isn't TOML that can be read")


def insert_item(text: Text, array: Array, item: str, after: int) -> tuple[Edit, ...]:
    """Put `item` behind the item numbered `after` (-1: before the first), in the array's own layout."""
    content, newline = text.content, text.newline
    if not array.items:
        return (_only_item(text, array, item),)
    first = array.items[0]
    is_multiline = "\n" in content[array.span.start : array.items[-1].start]
    if after < 0:
        gap = newline + _column(text, array, first.start) if is_multiline else " "
        return (Edit(Span(first.start, first.start), f"{item},{gap}"),)
    neighbour, comma = array.items[after], array.commas[after]
    anchor = comma or neighbour.end
    gap = newline + _column(text, array, neighbour.start) if is_multiline else " "
    if comma:
        rest = _REST.match(content, anchor) if is_multiline else None
        place = rest.end() if rest else anchor
        return (Edit(Span(place, place), f"{gap}{item},"),)
    rest = _REST.match(content, anchor) if is_multiline else None
    if rest and rest.end() > anchor:
        return (Edit(Span(anchor, anchor), ","), Edit(Span(rest.end(), rest.end()), f"{gap}{item}"))
    return (Edit(Span(anchor, anchor), f",{gap}{item}"),)


def _only_item(text: Text, array: Array, item: str) -> Edit:
    place = array.span.start + 1
    if "\n" not in text.content[place : array.span.end]:
        return Edit(Span(place, place), item)
    rest = _REST.match(text.content, place)
    place = rest.end() if rest else place
    indent = text.indent_at(array.span.end - 1) + "    "
    return Edit(Span(place, place), f"{text.newline}{indent}{item},")


def _column(text: Text, array: Array, offset: int) -> str:
    """The blanks before the items of the line of `offset`; on the line of the bracket, the first item's."""
    start, _ = text.line_span(text.line_at(offset))
    if start > array.span.start:
        return text.indent_at(offset)
    return re.sub(r"\S", " ", text.content[start : array.items[0].start])


def insert_line(text: Text, behind: Entry, line: str) -> Edit:
    """Put a line of its own under the one on which an entry or a header ends."""
    rest = _REST.match(text.content, behind.end)
    place = rest.end() if rest else behind.end
    return Edit(Span(place, place), text.newline + text.indent_at(behind.start) + line)


def quoted(value: str, like: str = '"') -> str:
    """A TOML string, in the quotes of `like` where they allow it."""
    if like.startswith("'") and "'" not in value:
        return f"'{value}'"
    if '"' in value and "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Lines:
    """The line on which an entry, or an item of an array, stands."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._arrays: dict[Path, Array] = {}
        self._keys: dict[Path, int] = {}
        for entry in entries(text.content):
            for length in range(1, len(entry.path) + 1):
                self._keys.setdefault(entry.path[:length], entry.start)
            if entry.value and text.content[entry.value.start] == "[":
                self._arrays[entry.path] = array_at(text.content, entry.value.start)

    def of_item(self, keys: Path, position: int) -> int:
        array = self._arrays.get(keys)
        return self._text.line_at(array.items[position].start) if array else self.of_key(keys)

    def of_key(self, keys: Path) -> int:
        return self._text.line_at(self._keys[keys]) if keys in self._keys else 0
