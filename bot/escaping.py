"""Text from a repository, made harmless before a person or a terminal reads it."""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text with what can't be seen written out: `\\x1b`, `\\u202e`. Tabs and line feeds stay.

    Terminal escapes, right-to-left marks and zero-width characters would show a reviewer something
    other than what is there (CVE-2021-42574).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in "\t\n" or unicodedata.category(character) not in _HIDDEN
        else _named(character)
        for character in text
    )


def _named(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def one_line(text: str) -> str:
    """`visible`, with line feeds and tabs written out too: a name that breaks no line."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def code(text: str) -> str:
    """A Markdown code span, also inside a table: no mention, link or markup in it comes alive."""
    shown = one_line(text).replace("|", "\\|")
    ticks = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fenced(text: str, language: str) -> str:
    """A Markdown code block that no line of the text can end."""
    shown = visible(text)
    tildes = "~" * max(3, 1 + max((len(run) for run in re.findall("~+", shown)), default=0))
    return f"{tildes}{language}\n{shown.rstrip(chr(10))}\n{tildes}"
