"""Lock files: the one version of each package that gets installed."""

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from fixers.manifests import toml
from fixers.manifests.pin import Pin
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.repository import Repository

COMMANDS = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "Pipfile.lock": "pipenv lock",
    "pylock.toml": "the tool that wrote it",
}
"""The names of lock files, and what writes each anew."""

_NAME = re.compile(r"^name[ \t]*=[ \t]*[\"']([^\"'\r\n]+)|^ {8}\"([^\"\r\n]+)\": \{", re.M)


@dataclass(frozen=True, slots=True)
class Lock:
    """Each package with its version, once for each version; the workspace's members; what is wrong."""

    pins: tuple[Pin, ...] = ()
    members: frozenset[str] = frozenset()
    problem: str = ""


def lock(repo: "Repository", path: str) -> Lock:
    """What a lock file says; a workspace of many members reads its lock once."""
    return repo.fact(_lock, path)


def _lock(repo: "Repository", path: str) -> Lock:
    try:
        text = Text.decode(repo.read(path))
        data = read_json(text) if path.endswith("Pipfile.lock") else toml.load(text)
    except Unreadable as error:
        return Lock(problem=f"`{path}` {error.reason}")
    return Lock(tuple(_pins(text, data, path)), frozenset(_members(data)))


def _pins(text: Text, data: Any, path: str) -> Iterator[Pin]:
    lines: dict[str, int] = {}
    for found in _NAME.finditer(text.content):
        lines.setdefault(canonicalize_name(found[1] or found[2]), text.line_at(found.start()))
    for name, version in _versions(data, posixpath.basename(path)):
        name = canonicalize_name(name)
        try:
            exact = Version(version)
        except (InvalidVersion, ValueError):
            continue
        yield Pin(name, SpecifierSet(f"=={exact}"), exact, path, lines.get(name, 0))


def _versions(data: Any, name: str) -> Iterator[tuple[str, str]]:
    if name == "Pipfile.lock":
        sections = (toml.table(data, section) for section in ("default", "develop"))
        listed = [{"name": key, "version": one.get("version")} for section in sections
                  for key, one in section.items() if isinstance(one, dict)]  # fmt: skip
    else:
        listed = _packages(data)
    for package in listed:
        values = package.get("name"), package.get("version")
        if isinstance(values[0], str) and isinstance(values[1], str):
            yield values[0], values[1].removeprefix("==")


def _packages(data: Any) -> list[dict[str, Any]]:
    value = data.get("package", data.get("packages")) if isinstance(data, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _members(data: Any) -> Iterator[str]:
    """The folders of a workspace that a `uv.lock` locks, relative to itself."""
    for package in _packages(data):
        source = toml.table(package, "source")
        for kind in ("editable", "virtual"):
            if isinstance(source.get(kind), str):
                yield source[kind]


def read_json(text: Text) -> Any:
    """The data of a JSON text. Raises Unreadable."""
    try:
        return json.loads(text.content)
    except json.JSONDecodeError as error:
        raise Unreadable("isn't JSON", error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("isn't JSON that can be read") from error
