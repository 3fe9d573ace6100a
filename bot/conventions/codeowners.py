"""Whom GitHub's CODEOWNERS file names for the files of a change."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.conventions.reading import text_of
from bot.snapshot.patterns import BadPattern, matcher
from fixers.repository import Repository

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
MAX_REVIEWERS = 15
"""As many as GitHub lets be asked for a review."""
MAX_LINES = 10_000

_TOKEN = re.compile(r"(?:\\.|[^\s\\])+")
_LOGIN = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:_[A-Za-z0-9]{1,39})?"
_OWNER = re.compile(rf"@{_LOGIN}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{{0,99}})?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_LINE_END = "\0"
"""No path holds it: it ties a last `*` to the last part of a path."""


@dataclass(frozen=True, slots=True)
class _Line:
    pattern: str
    owners: tuple[str, ...]


def owners(repo: Repository, paths: Iterable[str]) -> tuple[str, ...]:
    """The users (`@octocat`) and teams (`@org/team`) that own the files, in order of appearance.

    As GitHub reads it: the first file of `.github/`, the root and `docs/` counts, the last matching line
    decides, also one without owners, and a line that it can't read is passed over. Addresses of e-mail
    are nobody's login and left out.
    https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
    """
    place = next((place for place in PLACES if place in repo), None)
    waiting = list(dict.fromkeys(paths))
    if place is None or not waiting:
        return ()
    decided = _decided(text_of(repo, place).split("\n"), waiting)
    named: dict[str, str] = {}
    for owner in (owner for path in waiting for owner in decided.get(path, ()) if owner.startswith("@")):
        named.setdefault(owner.lower(), owner)
    return tuple(named.values())[:MAX_REVIEWERS]


def _decided(lines: list[str], paths: list[str]) -> dict[str, tuple[str, ...]]:
    """The owners of each path by the last line that matches it; of an endless file, none."""
    found: dict[str, tuple[str, ...]] = {}
    if len(lines) > MAX_LINES:
        return found
    for line in reversed(lines):
        waiting = [path for path in paths if path not in found]
        read = _read(line) if waiting else None
        matches = _matcher(read.pattern) if read else None
        if read and matches:
            found.update((path, read.owners) for path in waiting if matches(path))
    return found


def _read(line: str) -> _Line | None:
    """The pattern of a line and its owners; nothing for a comment, or where GitHub finds an error."""
    tokens = _TOKEN.findall(re.split(r"(?:^|(?<=\s))#", line, maxsplit=1)[0])
    if not tokens:
        return None
    pattern, *owners = tokens
    is_understood = not pattern.startswith(("!", "\\#", "@")) and not re.search(r"[\[\]]|\*{3}", pattern)
    is_valid = all(_OWNER.fullmatch(owner) or _EMAIL.fullmatch(owner) for owner in owners)
    return _Line(pattern, tuple(owners)) if is_understood and is_valid else None


def _matcher(pattern: str) -> Callable[[str], bool] | None:
    """Says of a path whether the pattern matches it: as in a .gitignore, but that `docs/*` goes no deeper."""
    is_shallow = pattern.endswith("/*")
    try:
        matches = matcher([pattern + _LINE_END if is_shallow else pattern])
    except BadPattern:
        return None
    return (lambda path: matches(path + _LINE_END)) if is_shallow else matches
