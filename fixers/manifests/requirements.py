"""Requirements files: what pip reads in them, and how a line is put in."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fixers.manifests.order import place_for
from fixers.manifests.pin import Pin, parse_requirement
from fixers.rule import Edit, Span
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.repository import Repository

MAX_LINES = 20_000
MAX_INCLUDES = 50
_COMMENT = re.compile(r"(?<!\S)#.*")
_INCLUDE = re.compile(r"(?:--?(r|c)|--(requirement|constraint))(?:\s+|=|(?<=-[rc]))(\S.*)")
_OPTIONS = re.compile(r"\s--?[A-Za-z]")
_ELSEWHERE = re.compile(r"[./~]|[A-Za-z]:\\|[\w+]+://|\S*/|\S+\.(?:whl|zip|tgz|tar\.\w+)(?:[\[#;\s]|$)")
_TOOLS = ("uv pip compile", "uv export", "pip-compile", "poetry export")
_GENERATED = re.compile(r"^#.*\b(?:auto-?generated|generated (?:by|with))\b", re.M | re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: its span without the last line ending, its first line's number, its text
    without comment and continuations, and the requirement if it is one."""

    span: Span
    number: int
    text: str
    requirement: Requirement | None


def lines(text: Text) -> Iterator[Line]:
    """The lines as pip joins them. Raises Unreadable at the first that pip wouldn't take."""
    if len(text.line_starts) > MAX_LINES:
        raise Unreadable(f"has more than {MAX_LINES:,} lines")
    parts: list[str] = []
    first = 1
    for number in range(1, len(text.line_starts) + 1):
        start, end = text.line_span(number)
        raw = text.content[start:end]
        first = first if parts else number
        if raw.endswith("\\") and not raw.lstrip().startswith("#") and number < len(text.line_starts):
            parts.append(raw[:-1])
            continue
        joined = _COMMENT.sub("", "".join([*parts, raw])).strip()
        parts = []
        yield Line(Span(text.line_span(first)[0], end), first, joined, _requirement(joined, first))


def _requirement(line: str, number: int) -> Requirement | None:
    if not line or line.startswith("-") or (_ELSEWHERE.match(line) and " @ " not in line):
        return None
    return parse_requirement(_OPTIONS.split(line, maxsplit=1)[0], number)


def read(repo: "Repository", path: str) -> tuple[Pin, ...]:
    """What a requirements file and those that it includes say; constraints narrow it down.

    Includes outside the repository, from the network and absent ones are passed over. Raises
    Unreadable, naming the included file if the fault lies there.
    """
    pins: list[Pin] = []
    constraints: list[Pin] = []
    seen: set[str] = set()
    total = 0
    waiting = [(path, False)]
    while waiting and len(seen) < MAX_INCLUDES:
        current, constrains = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for line in _lines_of(repo, current, path):
            total += 1
            if total > MAX_LINES:
                raise Unreadable(f"has more than {MAX_LINES:,} lines with all that it includes")
            if line.requirement is not None:
                (constraints if constrains else pins).append(Pin.of(line.requirement, current, line.number))
            elif included := _included(repo, current, line.text):
                waiting.append((included[0], constrains or included[1]))
    return _narrowed(pins, constraints)


def _lines_of(repo: "Repository", path: str, root: str) -> Iterator[Line]:
    try:
        yield from lines(Text.decode(repo.read(path)))
    except Unreadable as error:
        if path == root:
            raise
        raise Unreadable(f"includes `{path}`, whose line {error.line} {error.reason}") from error


def _included(repo: "Repository", path: str, line: str) -> tuple[str, bool] | None:
    found = _INCLUDE.fullmatch(line)
    if not found:
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[3].strip("\"'")))
    return (target, (found[1] or found[2]).startswith("c")) if target in repo else None


def _narrowed(pins: list[Pin], constraints: list[Pin]) -> tuple[Pin, ...]:
    narrow: dict[str, Pin] = {}
    for constraint in constraints:
        if not constraint.marker:
            narrow.setdefault(constraint.name, constraint)
    required = {pin.name for pin in pins}
    narrowed = [pin.within(narrow[pin.name]) if pin.name in narrow else pin for pin in pins]
    return (*narrowed, *(pin for pin in constraints if pin.name not in required))


def has_hashes(text: Text) -> bool:
    return "--hash" in text.content


def generated_by(text: Text) -> str:
    """The command that wrote the file, as its head comment tells; empty for one kept by hand."""
    head = re.match(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z))*", text.content[:4_000])
    words = head.group() if head else ""
    if not _GENERATED.search(words):
        return ""
    return next((tool for tool in _TOOLS if tool in words), "the tool that wrote it")


def named_in_head(text: Text, name: str) -> bool:
    """Whether the comment that a generated file begins with names its source."""
    return re.search(rf"^#.*(?<![\w./-]){re.escape(name)}(?![\w.-])", text.content[:4_000], re.M) is not None


def add(text: Text, requirement: str) -> tuple[Edit, ...]:
    """Put a requirement where the order of the file asks for it. Raises Unreadable."""
    listed = [line for line in lines(text) if line.requirement is not None]
    names = [line.requirement.name for line in listed if line.requirement is not None]
    behind = place_for(canonicalize_name(Requirement(requirement).name), names)
    if behind < 0 and listed:
        start = listed[0].span.start
        return (Edit(Span(start, start), requirement + text.newline),)
    place = listed[behind].span.end if listed else len(text.content)
    if not listed and (not text.content or text.content.endswith(("\n", "\r"))):
        return (Edit(Span(place, place), requirement + text.newline),)
    return (Edit(Span(place, place), text.newline + requirement),)
