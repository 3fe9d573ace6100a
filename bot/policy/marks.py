"""Marks of other tools that count as ignores: `# nosec B614`, `# noqa: S301`, `# nosemgrep`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.policy.comments import Comment, comments_with
from fixers.engine import Hit
from fixers.repository import Repository
from fixers.text import Unreadable

_MARKS = {
    "nosec": re.compile(r"#\s*nosec\b:?\s*(?P<ids>B\d{3}(?:\s*[,\s]\s*B\d{3})*)?", re.I),
    "noqa": re.compile(r"#\s*noqa:\s*(?P<ids>[A-Z]+\d+(?:\s*[,\s]\s*[A-Z]+\d+)*)", re.I),
    "nosemgrep": re.compile(r"(?:#|//)\s*nosemgrep\b(?::\s*(?P<ids>[\w.,\s-]+))?"),
}
"""What each looks like (bandit.readthedocs.io, docs.astral.sh/ruff, semgrep.dev: "Ignoring"); a plain
`# noqa` says nothing of security."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one comment says to another tool; without `references`, to all of its rules."""

    path: str
    comment: Comment
    text: str
    references: frozenset[str]

    @property
    def line(self) -> int:
        return self.comment.line

    def covers(self, hit: Hit) -> bool:
        """Whether it speaks of the hit: it stands on one of its lines, or alone above the first."""
        comment = self.comment
        is_on = not comment.is_alone and hit.line <= comment.line <= hit.end_line
        is_above = comment.is_alone and "nosemgrep" in self.text and comment.first == hit.line
        is_meant = not self.references or not self.references.isdisjoint(hit.rule.references)
        return hit.path == self.path and (is_on or is_above) and is_meant


def marks(repo: Repository, path: str) -> tuple[Mark, ...]:
    """The marks in the comments of a file; nothing where it can't be read."""
    try:
        data = repo.read(path)
    except Unreadable:
        return ()
    return tuple(_found(path, data))


def _found(path: str, data: bytes) -> Iterator[Mark]:
    for word, pattern in _MARKS.items():
        for comment in comments_with(word, path, data):
            if said := pattern.search(comment.text):
                ids = re.split(r"[,\s]+", (said["ids"] or "").strip())
                references = frozenset(one for id in ids if id for one in _references(word, id))
                yield Mark(path, comment, said[0].strip(), references)


def _references(word: str, id: str) -> tuple[str, ...]:
    """How our rules name the other tool's; ruff has Bandit's numbers under its own letter."""
    match word:
        case "nosec":
            return (f"bandit:{id.upper()}",)
        case "noqa":
            number = id.upper().removeprefix("S")
            return (f"ruff:{id.upper()}", f"bandit:B{number}")
        case _:
            return (f"semgrep:{id}",)
