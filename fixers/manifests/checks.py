"""Proof for the files that no language claims: they parse as before, and differ only by additions."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fixers.manifests import locks, requirements, setup_cfg, toml
from fixers.manifests.pin import parse_requirement
from fixers.rule import Check, Verdict
from fixers.text import Text, Unreadable

_REQUIREMENTS = re.compile(
    r"(?:.*/)?(?:[^/]*(?:requirements|constraints)[^/]*|requirements/[^/]+)\.(?:txt|in)"
)
_TOML = re.compile(r"(?:.*/)?(?:[^/]+\.toml|Pipfile|(?:uv|poetry|pdm)\.lock)")
_JSON = re.compile(r"(?:.*/)?(?:[^/]+\.(?:json|ipynb)|Pipfile\.lock)")
_INI = re.compile(r"(?:.*/)?[^/]+\.(?:cfg|ini)")
_ENV = re.compile(r"(?:.*/)?(?:\.env(?:\.[^/]+)?|[^/]+\.env)")
_SETTING = re.compile(
    r"[ \t]*(?:#[^\r\n]*|(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*"
    r"(\"(?:[^\"\\]|\\.)*\"[^\r\n]*|'[^']*'[^\r\n]*|[^\r\n]*))?(?:\r\n|\r|\n|\Z)",
    re.S,
)


def verify(path: str, before: bytes | None, after: bytes) -> Iterator[Check]:
    """Checks of a requirements, TOML, JSON, INI or env file; `before` is None for a new file.

    A file of another kind, and one that was broken before, answers that it wasn't checked.
    """
    if not any(kind.fullmatch(path) for kind in (_REQUIREMENTS, _TOML, _JSON, _INI, _ENV)):
        yield Check("parses", Verdict.NOT_CHECKED, "no parser for files of this kind")
        return
    old: Any = None
    try:
        old = None if before is None else data_of(path, Text.decode(before))
    except Unreadable as error:
        yield Check("parses", Verdict.NOT_CHECKED, f"it didn't before: {_words(error)}")
        return
    try:
        text = Text.decode(after)
        new = data_of(path, text)
    except Unreadable as error:
        yield Check("parses", Verdict.FAILED, _words(error))
        return
    yield Check("parses", Verdict.PASSED)
    added = [()] if before is None else additions(old, new)
    if added is None:
        yield Check("only adds", Verdict.FAILED, "an entry that was there is changed or gone")
        return
    yield Check("only adds", Verdict.PASSED, f"{len(added)} new" if before is not None else "a new file")
    if _is_of_packages(path):
        yield _requirements(path, new)


def _words(error: Unreadable) -> str:
    return f"line {error.line} {error.reason}" if error.line else error.reason


def data_of(path: str, text: Text) -> Any:
    """What the text means, by the kind of file that its name tells. Raises Unreadable."""
    if _REQUIREMENTS.fullmatch(path):
        return [line.text for line in requirements.lines(text) if line.text]
    if _TOML.fullmatch(path):
        return toml.load(text)
    if _JSON.fullmatch(path):
        return locks.read_json(text)
    if _INI.fullmatch(path):
        parser = setup_cfg.parsed(text)
        return {name: dict(parser.items(name)) for name in parser.sections()} | {"": dict(parser.defaults())}
    return _settings(text)


def _settings(text: Text) -> list[str]:
    """The names and values of an env file, in order."""
    settings, position = [], 0
    while position < len(text.content):
        found = _SETTING.match(text.content, position)
        if found is None:
            raise Unreadable("isn't a setting of the form NAME=value", text.line_at(position))
        if found[1]:
            settings.append(f"{found[1]}={found[2]}")
        position = found.end()
    return settings


Where = tuple[str | int, ...]


def additions(before: Any, after: Any) -> list[Where] | None:
    """Where `after` has more than `before`; None if anything of `before` is changed, gone or moved."""
    try:
        return list(_additions(before, after, ()))
    except (_Changed, RecursionError):
        return None


class _Changed(Exception):
    """Something that was there isn't any more."""


def _additions(before: Any, after: Any, at: Where) -> Iterator[Where]:
    if isinstance(before, dict) and isinstance(after, dict):
        if not before.keys() <= after.keys():
            raise _Changed
        for key, value in after.items():
            if key in before:
                yield from _additions(before[key], value, (*at, key))
            else:
                yield (*at, key)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _more_items(before, after, at)
    elif type(before) is not type(after) or repr(before) != repr(after):
        raise _Changed


def _more_items(before: list[Any], after: list[Any], at: Where) -> Iterator[Where]:
    waiting = iter(before)
    nothing = object()
    expected = next(waiting, nothing)
    for position, item in enumerate(after):
        more = None if expected is nothing else additions(expected, item)
        if more is None:
            yield (*at, position)
        else:
            yield from ((*at, position, *where) for where in more)
            expected = next(waiting, nothing)
    if expected is not nothing:
        raise _Changed


def _is_of_packages(path: str) -> bool:
    return posixpath.basename(path) == "pyproject.toml" or _REQUIREMENTS.fullmatch(path) is not None


def _requirements(path: str, data: Any) -> Check:
    """Whether each requirement reads as one; those of a requirements file were read with it."""
    listed = toml.table(data, "project").get("dependencies", []) if isinstance(data, Mapping) else []
    try:
        for item in listed:
            parse_requirement(str(item), 0)
    except Unreadable:
        return Check("requirements", Verdict.FAILED, "one of `project.dependencies` isn't a requirement")
    return Check("requirements", Verdict.PASSED)
