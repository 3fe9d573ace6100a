"""Tables that name a package by a key, as Poetry and Pipenv write them."""

from collections.abc import Iterator
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from fixers.manifests import toml
from fixers.manifests.order import place_for
from fixers.manifests.pin import Pin
from fixers.manifests.versions import exact_version, poetry_specifier
from fixers.rule import Edit
from fixers.text import Text, Unreadable

_CONDITIONS = ("optional", "python", "markers", "platform")


def table_pins(name: str, value: Any, path: str, line: int, group: str) -> Iterator[Pin]:
    """Poetry and Pipenv name a package by a key; its value is a version, a table or a list of tables."""
    for one in value if isinstance(value, list) else [value]:
        given = one if isinstance(one, dict) else {"version": one}
        version, extras = given.get("version"), given.get("extras")
        specifier = poetry_specifier(version) if isinstance(version, str) else SpecifierSet()
        conditions = [str(given[key]) for key in _CONDITIONS if given.get(key)]
        names = frozenset(map(str, extras)) if isinstance(extras, list) else frozenset()
        yield Pin(
            canonicalize_name(name),
            specifier,
            exact_version(specifier),
            path,
            line,
            names,
            " and ".join(conditions),
            group,
        )


def add_to_table(text: Text, path: toml.Path, requirement: Requirement, *, caret: bool) -> Edit:
    """Put a requirement into a table of its own. Raises Unreadable where there is none."""
    found = list(toml.entries(text.content))
    header = next((entry for entry in found if entry.path == path and entry.value is None), None)
    if header is None:
        raise Unreadable(f"has no `[{'.'.join(path)}]` of its own")
    listed = [entry for entry in found if entry.table == path and entry.path[len(path)].lower() != "python"]
    python = [entry for entry in found if entry.table == path and entry not in listed]
    after = place_for(requirement.name, [entry.path[len(path)] for entry in listed])
    behind = listed[after] if after >= 0 else (python or [header])[0]
    values = [text.content[entry.value.start : entry.value.end] for entry in listed if entry.value]
    line = f"{requirement.name} = {_table_value(requirement, caret=caret and _likes_caret(values))}"
    return toml.insert_line(text, behind, line)


def _likes_caret(values: list[str]) -> bool:
    return any("^" in value for value in values) or not any(">=" in value for value in values)


def _table_value(requirement: Requirement, *, caret: bool) -> str:
    parts = list(requirement.specifier)
    version = str(requirement.specifier) or "*"
    if caret and len(parts) == 1 and parts[0].operator == ">=":
        version = "^" + parts[0].version
    if not requirement.extras:
        return toml.quoted(version)
    extras = ", ".join(map(toml.quoted, sorted(requirement.extras)))
    return f"{{extras = [{extras}], version = {toml.quoted(version)}}}"


def read_pipfile(text: Text, path: str) -> tuple[Pin, ...]:
    """What a Pipfile names. Raises Unreadable."""
    data, lines = toml.load(text), toml.Lines(text)
    pins: list[Pin] = []
    for section, group in (("packages", ""), ("dev-packages", "dev")):
        for name, value in toml.table(data, section).items():
            pins += table_pins(name, value, path, lines.of_key((section, name)), group)
    return tuple(pins)


def add_to_pipfile(text: Text, requirement: Requirement) -> tuple[Edit, ...]:
    """Put a requirement under `[packages]`. Raises Unreadable where that isn't there."""
    return (add_to_table(text, ("packages",), requirement, caret=False),)
