"""A body that can be read at a glance: sections in their order, folded until it is short enough."""

import re
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from bot.escaping import masked, sentence
from bot.pull_request.diff import folded
from bot.pull_request.sections import HEADINGS, SECTIONS, Content, Level

MAX_VISIBLE_LINES = 60
MAX_CHARACTERS = 65_536
"""Of a body on GitHub: https://docs.github.com/en/rest/pulls/pulls"""
_LINE = 120
"""About what GitHub shows in one line."""

LEVELS = (
    Level(10, 40, 40, 400),
    Level(8, 40, 25, 400),
    Level(6, 40, 16, 400),
    Level(6, 40, 16, 300, ("limits",)),
    Level(4, 30, 12, 200, ("limits", "left")),
    Level(4, 30, 12, 200, ("limits", "left", "rollback")),
    Level(3, 20, 8, 100, ("limits", "left", "rollback", "trial")),
    Level(2, 20, 6, 60, ("limits", "left", "rollback", "trial", "notices")),
    Level(1, 5, 3, 20, ("limits", "left", "rollback", "trial", "notices")),
)
"""From all that is wanted to what is needed."""


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
            made[name] = folded(HEADINGS[name], made[name])
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(files("templates").joinpath("pull_request.md").read_text("utf-8"))
    closing = sentence(content.texts["closing"]) if "closing" in content.texts else ""
    return template.render(sections=[made[name] for name in order if made[name]], closing=closing)


def visible_lines(text: str) -> int:
    """About how many lines a reader sees on GitHub before opening anything."""
    shown = re.sub(r"<details><summary>(.*?)</summary>.*?</details>", r"\1", text, flags=re.S)
    shown = re.sub(r"<!--.*?-->\n?", "", shown, flags=re.S)
    return sum(1 + len(line) // _LINE for line in shown.split("\n") if line.strip())
