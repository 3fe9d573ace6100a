"""pyproject.toml: the dependencies of PEP 621, PEP 735, Poetry, PDM and uv."""

from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import Requirement

from fixers.manifests import toml
from fixers.manifests.order import place_for
from fixers.manifests.pin import Pin, parse_requirement
from fixers.manifests.tables import add_to_table, table_pins
from fixers.rule import Edit
from fixers.text import Text, Unreadable

MAX_CHARACTERS = 400_000
_PROJECT = ("project", "dependencies")
_GROUPS = (
    ("project", "optional-dependencies"),
    ("dependency-groups",),
    ("tool", "pdm", "dev-dependencies"),
)
_POETRY = ("tool", "poetry", "dependencies")


def read(text: Text, path: str) -> tuple[Pin, ...]:
    """Every package that the file names, with its group. Raises Unreadable."""
    if len(text.content) > MAX_CHARACTERS:
        raise Unreadable(f"has over {MAX_CHARACTERS:,} characters, more than anyone writes by hand")
    data = toml.load(text)
    lines = toml.Lines(text)
    pins = []
    for keys, group in _lists(data):
        for position, item in enumerate(_value(data, keys)):
            if isinstance(item, str):
                line = lines.of_item(keys, position)
                pins.append(Pin.of(parse_requirement(item, line), path, line, group))
    for keys, group in _tables(data):
        for name, value in toml.table(data, *keys).items():
            if name.lower() != "python":
                pins += table_pins(name, value, path, lines.of_key((*keys, name)), group)
    return tuple(pins)


def is_manifest(text: Text) -> bool:
    """Whether the file speaks of packages at all, and not only of tools. Raises Unreadable."""
    data = toml.load(text)
    return "project" in data or bool(toml.table(data, *_POETRY)) or "dependency-groups" in data


def refuses(text: Text) -> str:
    """Why no package is added to the file, or nothing. Raises Unreadable."""
    data = toml.load(text)
    if _is_poetry(data):
        return ""
    if "dependencies" in _value(toml.table(data, "project"), ("dynamic",)):
        return "declares its dependencies as dynamic, so they are kept elsewhere"
    return "" if "project" in data else "lists no dependencies of a project"


def _lists(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    yield _PROJECT, ""
    for keys in (
        ("project", "optional-dependencies"),
        ("dependency-groups",),
        ("tool", "pdm", "dev-dependencies"),
    ):
        for group in toml.table(data, *keys):
            yield (*keys, group), group
    yield ("tool", "uv", "dev-dependencies"), "dev"
    yield ("tool", "uv", "override-dependencies"), "override"


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    yield _POETRY, ""
    yield ("tool", "poetry", "dev-dependencies"), "dev"
    for group in toml.table(data, "tool", "poetry", "group"):
        yield ("tool", "poetry", "group", group, "dependencies"), group


def _value(data: Mapping[str, Any], keys: tuple[str, ...]) -> list[Any]:
    value = toml.table(data, *keys[:-1]).get(keys[-1])
    return value if isinstance(value, list) else []


def add(text: Text, requirement: Requirement) -> tuple[Edit, ...]:
    """Put a requirement into what the project needs to run. Raises Unreadable where it can't be."""
    data = toml.load(text)
    if _is_poetry(data):
        return (add_to_table(text, _POETRY, requirement, caret=True),)
    found = list(toml.entries(text.content))
    entry = next((entry for entry in found if entry.path == _PROJECT and entry.value), None)
    if entry is None or entry.value is None:
        return (_new_list(text, found, requirement),)
    array = toml.array_at(text.content, entry.value.start)
    written = [text.content[item.start : item.end] for item in array.items]
    names = [parse_requirement(str(item), 0).name for item in _value(data, _PROJECT)]
    if text.content[array.span.start] != "[" or len(names) != len(array.items):
        raise Unreadable("writes its dependencies in a form that isn't edited")
    after = place_for(requirement.name, names)
    quotes = written[max(after, 0)] if written else '"'
    return toml.insert_item(text, array, toml.quoted(str(requirement), quotes), after)


def _is_poetry(data: Mapping[str, Any]) -> bool:
    """Whether Poetry's own table counts: once `[project]` lists dependencies, that list does."""
    return bool(toml.table(data, *_POETRY)) and "dependencies" not in toml.table(data, "project")


def _new_list(text: Text, found: list[toml.Entry], requirement: Requirement) -> Edit:
    heads = [entry for entry in found if entry.path == ("project",) and entry.value is None]
    in_project = heads + [entry for entry in found if entry.table == ("project",)]
    if not heads:
        raise Unreadable("writes its `project` in a form that isn't edited")
    return toml.insert_line(text, in_project[-1], f"dependencies = [{toml.quoted(str(requirement))}]")
