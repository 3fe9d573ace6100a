"""The example of a `.env` file that tells people which variables to set."""

import re
from typing import TYPE_CHECKING

from fixers.rule import Changes, Edit, Span
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_NAMES = (".env.example", ".env.sample", ".env.template", "env.example", "example.env")


def document_variable(file: "PythonFile", name: str) -> Changes:
    """A line for the variable at the end of the nearest example; nothing if there is none or it has one."""
    path = next(iter(file.repo.nearest(file.path, _NAMES)), None)
    if path is None:
        return ()
    try:
        text = Text.decode(file.repo.read(path))
    except Unreadable:
        return ()
    if re.search(rf"^[#\s]*(?:export\s+)?{re.escape(name)}\s*=", text.content, re.M):
        return ()
    end = len(text.content)
    gap = "" if not text.content or text.content.endswith(("\n", "\r")) else text.newline
    return (Edit(Span(end, end), f"{gap}{name}={text.newline}", path),)
