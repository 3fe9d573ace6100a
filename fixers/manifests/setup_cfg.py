"""setup.cfg: the packages of `install_requires` and of the extras."""

import configparser
from collections.abc import Mapping

from fixers.manifests.pin import Pin, parse_requirement
from fixers.text import Text, Unreadable


def read(text: Text, path: str) -> tuple[Pin, ...]:
    """Every package that the file names itself; `file:` is passed over. Raises Unreadable."""
    parser = parsed(text)
    given = [("", parser.get("options", "install_requires", fallback=""))]
    if parser.has_section("options.extras_require"):
        given += parser.items("options.extras_require")
    lines = {line.strip(): number for number, line in enumerate(text.content.splitlines(), 1)}
    return tuple(pin for group, value in given for pin in _pins(group, value, path, lines))


def parsed(text: Text) -> configparser.RawConfigParser:
    """The sections of an INI file. Raises Unreadable."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text.content)
    except (configparser.Error, ValueError, AttributeError) as error:
        raise Unreadable("isn't an INI file", getattr(error, "lineno", 0) or 0) from error
    return parser


def _pins(group: str, value: str, path: str, lines: Mapping[str, int]) -> list[Pin]:
    if value.strip().startswith("file:"):
        return []
    items = [item.strip() for item in (value.splitlines() if "\n" in value else value.split(";"))]
    found = [(item, lines.get(item, 0)) for item in items if item and not item.startswith("#")]
    return [Pin.of(parse_requirement(item, line), path, line, group) for item, line in found]
