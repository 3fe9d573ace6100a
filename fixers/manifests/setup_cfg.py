"""setup.cfg: the packages of `install_requires` and of the extras."""

import configparser
import re

from fixers.manifests.pin import Pin, parse_requirement
from fixers.text import Text, Unreadable


def read(text: Text, path: str) -> tuple[Pin, ...]:
    """Every package that the file names itself; `file:` is passed over. Raises Unreadable."""
    parser = parsed(text)
    given = [("", parser.get("options", "install_requires", fallback=""))]
    if parser.has_section("options.extras_require"):
        given += parser.items("options.extras_require")
    return tuple(pin for group, value in given for pin in _pins(text, path, group, value))


def parsed(text: Text) -> configparser.RawConfigParser:
    """The sections of an INI file. Raises Unreadable."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text.content)
    except (configparser.Error, ValueError, AttributeError) as error:
        raise Unreadable("isn't an INI file", getattr(error, "lineno", 0) or 0) from error
    return parser


def _pins(text: Text, path: str, group: str, value: str) -> list[Pin]:
    if value.strip().startswith("file:"):
        return []
    items = [item.strip() for item in value.splitlines()] if "\n" in value else value.split(";")
    pins = []
    for item in items:
        if item and not item.startswith("#"):
            line = _line_of(text, item)
            pins.append(Pin.of(parse_requirement(item, line), path, line, group))
    return pins


def _line_of(text: Text, item: str) -> int:
    found = re.search(rf"(?m)^(?:[ \t]+|.*[=;][ \t]*){re.escape(item)}", text.content)
    return text.line_at(found.end()) if found else 0
