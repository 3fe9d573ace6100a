"""Text from a repository, made harmless before a person or a terminal reads it."""

import re
import unicodedata
from collections.abc import Iterable

from fixers.engine import mask

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


# As their issuers make them. A digit sets a key of the first kind apart from words between dashes.
_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-(?=[\w-]*[0-9])[\w-]{20,}|hf_[A-Za-z0-9]{24,}|gsk_[A-Za-z0-9]{40,}"
    r"|(?:xai|pplx)-[A-Za-z0-9]{40,}|nvapi-[\w-]{40,}|r8_[A-Za-z0-9]{30,}|lsv2_(?:pt|sk)_\w{32,}"
    r"|AIza[\w-]{35}|A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,}"
    r"|glpat-[\w-]{20,}|xox[abprs]-[\w-]{20,})",
    re.A,
)
_SHORTEST_PIECE = 6
"""A shorter line of a secret gives nothing away, and may be a bracket that stands everywhere."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without `secrets`, not even a line of one, and without what looks like an issued key."""
    pieces = {line.strip() for secret in secrets for line in secret.splitlines()}
    known = sorted((piece for piece in pieces if len(piece) >= _SHORTEST_PIECE), key=len, reverse=True)
    return _KEY.sub("•••", mask(text, known))


def code(text: str) -> str:
    """A Markdown code span, also inside a table: no mention, link or markup in it comes alive."""
    shown = one_line(text).replace("|", "\\|") or " "
    ticks = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


_LONGEST = 600


def shortened(text: str) -> str:
    """The text, cut where nobody reads on: a name in it may be as long as a file."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_ALIVE = re.compile(r"[@#<>\[\]*~\\|`&]|(?<!\w)_|_(?!\w)|://|www\.", re.I)


def sentence(text: str) -> str:
    """A sentence of ours as Markdown, names from the code between its backticks, also inside a table.

    Where something outside of the backticks could come alive, a name or a person's words broke out
    of their place: then all of it is shown as code.
    """
    shown = one_line(shortened(text))
    return code(shown) if _ALIVE.search(_SPAN.sub("", shown)) else shown.replace("|", "\\|")


def fenced(text: str, language: str) -> str:
    """A Markdown code block that no line of the text can end."""
    shown = visible(text)
    tildes = "~" * max(3, 1 + max((len(run) for run in re.findall("~+", shown)), default=0))
    return f"{tildes}{language}\n{shown.rstrip(chr(10))}\n{tildes}"
