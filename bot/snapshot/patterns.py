"""Patterns as in a `.gitignore`, bounded in what a match may cost."""

from collections.abc import Callable, Iterable

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError


class BadPattern(ValueError):
    """A pattern that can't be read, or would take too long to match."""


def is_costly(pattern: str) -> bool:
    """Whether matching may take long on a path made for it: many wildcards beside each other."""
    parts = pattern.split("/")
    deep = sum(part == "**" for part in parts)
    return len(pattern) > 500 or deep > 3 or any(part.count("*") > 3 for part in parts if part != "**")


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Says of a path whether the patterns match it or a folder above it. Raises BadPattern."""
    lines = list(patterns)
    costly = [line for line in lines if is_costly(line)]
    if costly:
        raise BadPattern("a pattern with too many wildcards")
    try:
        return GitIgnoreSpec.from_lines(lines).match_file
    except GitIgnorePatternError as error:
        raise BadPattern("a pattern that can't be read") from error
