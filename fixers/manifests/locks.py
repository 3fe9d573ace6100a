"""Lock files: the one version of each package that gets installed."""

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from fixers.manifests import toml
from fixers.manifests.pin import Pin
from fixers.text import Text, Unreadable

COMMANDS = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "Pipfile.lock": "pipenv lock",
    "pylock.toml": "the tool that wrote it",
}
"""The names of lock files, and what writes each anew."""

_NAME = re.compile(r"^name[ \t]*=[ \t]*[\"']([^\"'\r\n]+)|^ {8}\"([^\"\r\n]+)\": \{", re.M)


def read(text: Text, path: str) -> tuple[Pin, ...]:
    """Each package with its version; one for each version where there are several. Raises Unreadable."""
    lines: dict[str, int] = {}
    for found in _NAME.finditer(text.content):
        lines.setdefault(canonicalize_name(found[1] or found[2]), text.line_at(found.start()))
    pins = []
    for name, version in _versions(text, posixpath.basename(path)):
        name = canonicalize_name(name)
        try:
            exact = Version(version)
            pins.append(Pin(name, SpecifierSet(f"=={exact}"), exact, path, lines.get(name, 0)))
        except (InvalidVersion, ValueError):
            continue
    return tuple(pins)


def _versions(text: Text, name: str) -> Iterator[tuple[str, str]]:
    if name == "Pipfile.lock":
        data = read_json(text)
        sections = (toml.table(data, section) for section in ("default", "develop"))
        listed = [{"name": key, "version": one.get("version")} for section in sections
                  for key, one in section.items() if isinstance(one, dict)]  # fmt: skip
    else:
        listed = _packages(toml.load(text))
    for package in listed:
        values = package.get("name"), package.get("version")
        if isinstance(values[0], str) and isinstance(values[1], str):
            yield values[0], values[1].removeprefix("==")


def _packages(data: dict[str, Any]) -> list[dict[str, Any]]:
    value = data.get("package", data.get("packages"))
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def has_member(text: Text, folder: str) -> bool:
    """Whether a workspace's `uv.lock` locks the project in `folder`, relative to the lock."""
    for package in _packages(toml.load(text)):
        source = toml.table(package, "source")
        if folder in (source.get("editable"), source.get("virtual")):
            return True
    return False


def read_json(text: Text) -> Any:
    """The data of a JSON text. Raises Unreadable."""
    try:
        return json.loads(text.content)
    except json.JSONDecodeError as error:
        raise Unreadable("isn't JSON", error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("isn't JSON that can be read") from error
