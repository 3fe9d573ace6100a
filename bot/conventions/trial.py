"""A command with which a reviewer tries a change."""

import posixpath
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from bot.escaping import one_line

MAX_CHARACTERS = 300
"""A longer command isn't one that anybody copies."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A command for a shell at the repository's root, and the file that shows that it is used there.

    Both hold names from the repository: quoted for a shell, not yet for Markdown.
    """

    command: str
    source: str


def trial(source: str, *steps: Sequence[str], folder: str = "") -> Trial | None:
    """The steps, each a command's words, one after the other in `folder`; None where a name in them
    can't be shown as it is, or is endless."""
    entered = [("cd", operand(folder)), *steps] if folder else steps
    command = " && ".join(shlex.join(words) for words in entered)
    is_shown = one_line(command) == command and one_line(source) == source
    return Trial(command, source) if is_shown and len(command) <= MAX_CHARACTERS else None


def operand(path: str, start: str = "") -> str:
    """A path as an operand of a command run in `start`: never empty, never taken for an option."""
    name = posixpath.relpath(path or ".", start or ".") if start else path or "."
    return f"./{name}" if name.startswith("-") else name
