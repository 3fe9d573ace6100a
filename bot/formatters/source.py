"""Source text for formatters that know one line ending and no bytes."""

import re
from collections.abc import Callable

from bot.formatters.child import CannotRun
from fixers.text import Text, Unreadable


def in_text(data: bytes, change: Callable[[str], str]) -> bytes:
    """`change` made to the text in `data`; the first line's ending is given to all. Raises CannotRun."""
    try:
        text = Text.decode(data, coding_cookie=True)
    except Unreadable as error:
        raise CannotRun(error.reason) from error
    changed = change(re.sub(r"\r\n?", "\n", text.content))
    newline = "\r\n" if text.newline == "\r\n" else "\n"
    try:
        return text.encode(changed.replace("\n", newline))
    except UnicodeEncodeError as error:
        raise CannotRun(f"its answer can't be written as {text.encoding}") from error
