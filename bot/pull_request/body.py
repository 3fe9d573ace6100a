"""A body that can be read at a glance: sections in their order, folded until it is short enough."""

import re
from collections.abc import Sequence

from bot.escaping import masked
from bot.pull_request.diff import folded
from bot.pull_request.sections import HEADINGS, SECTIONS, Content, Level
from bot.pull_request.words import in_prose
from bot.templates import rendered

MAX_VISIBLE_LINES = 60
MAX_CHARACTERS = 65_536
"""Of a body on GitHub: https://docs.github.com/en/rest/pulls/pulls"""
_LINE = 120
"""About what GitHub shows in one line."""
_FENCED = re.compile(r"^(~~~+)diff\n(.*?)^\1$", re.M | re.S)

_LESS = ("limits", "left", "trial")
_LEAST = (*_LESS, "rollback")
LEVELS = (
    Level(10, 40, 40, 400),
    Level(8, 40, 25, 400),
    Level(6, 40, 25, 300, ("limits",)),
    Level(6, 40, 25, 300, ("limits", "left")),
    Level(4, 30, 25, 300, _LESS),
    Level(4, 30, 25, 200, _LEAST),
    Level(4, 30, 16, 200, _LEAST),
    Level(3, 20, 12, 100, _LEAST),
    Level(3, 20, 8, 60, (*_LEAST, "notices")),
    Level(1, 5, 3, 20, (*_LEAST, "notices")),
)
"""From all that is wanted to what is needed; a small change stays in sight longest."""


def body(content: Content, order: Sequence[str], room: int = MAX_CHARACTERS) -> str:
    """The Markdown of a pull request in at most `room` characters, secrets masked."""
    text = ""
    for level in LEVELS:
        text = masked(_arranged(content, order, level), content.background.secrets)
        if len(text) <= room and visible_lines(text) <= MAX_VISIBLE_LINES:
            return text
    return text


def _arranged(content: Content, order: Sequence[str], level: Level) -> str:
    made = {name: SECTIONS[name](content, level) for name in order}
    for name in level.folded:
        if made.get(name) and not made[name].startswith("<details>"):
            inside = re.sub(rf"^\*\*{HEADINGS[name]}:?\*\*\s*", "", made[name])
            made[name] = folded(HEADINGS[name], inside)
    closing = in_prose(content.texts["closing"]) if "closing" in content.texts else ""
    sections = [made[name] for name in order if made[name]]
    return rendered("pull_request.md", sections=sections, closing=closing)


def visible_lines(text: str) -> int:
    """About how many lines a reader sees on GitHub before opening anything: prose wraps, code does not, and
    of a link only its name is seen."""
    shown = re.sub(r"<details><summary>(.*?)</summary>.*?</details>", r"\1", text, flags=re.S)
    shown = re.sub(r"^\[//\]: # \(.*\)$", "", shown, flags=re.M)
    code = [match[2] for match in _FENCED.finditer(shown)]
    prose = re.sub(r"\]\(https://[^)\s]*\)", "]", _FENCED.sub("", shown))
    lines = [line for line in prose.split("\n") if line.strip()]
    return sum(text.count("\n") for text in code) + sum(1 + len(line) // _LINE for line in lines)
