"""GitHub's published bounds on what is sent, and how a text is brought within one."""

from bot.github.problems import Refused

LONGEST_TITLE = 256
LONGEST_BODY = 65_536
"""Characters of a pull request's, an issue's or a comment's text."""
LONGEST_OUTPUT = 65_535
"""Characters of a check run's summary, and of its text."""
ANNOTATIONS = 50
"""In one request."""
_CUT = "\n\n… the rest doesn't fit here."


def within(text: str, longest: int, name: str) -> str:
    """The text as it is. Raises Refused where GitHub would: to cut it might cut a marker."""
    if len(text) > longest:
        raise Refused(f"the {name} has {len(text):,} characters; GitHub takes {longest:,}")
    return text


def cut(text: str, longest: int = LONGEST_OUTPUT) -> str:
    """The whole text, or as many of its lines as there is room for, with a word about the rest; a fenced
    block doesn't swallow that word."""
    if len(text) <= longest:
        return text
    kept = text[: longest - len(_CUT) - 10]
    kept = kept[: kept.rfind("\n")] if "\n" in kept else kept
    fence = ""
    for line in kept.splitlines():
        mark = line.lstrip()
        if fence and mark.rstrip() == fence:
            fence = ""
        elif not fence and mark.startswith(("```", "~~~")):
            fence = mark[: len(mark) - len(mark.lstrip(mark[0]))]
    return f"{kept}\n{fence[:8]}{_CUT}" if fence else f"{kept}{_CUT}"
