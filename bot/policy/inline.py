"""Ignores in the code: `# suture: ignore[rule-id] reason`."""

import re
from dataclasses import dataclass

from bot.policy.comments import Comment, comments_with
from fixers.engine import Hit
from fixers.repository import Repository
from fixers.text import Unreadable

MARK = "suture: ignore"
_IGNORE = re.compile(r"(?:^|[\s#/])suture: ignore(?:\[(?P<rules>[^\]]*)\](?P<reason>.*))?", re.S)


@dataclass(frozen=True, slots=True)
class InlineIgnore:
    """What one comment says: which rules, and why; `fault` is the reason why it doesn't count."""

    path: str
    comment: Comment
    rules: tuple[str, ...]
    reason: str
    fault: str

    @property
    def line(self) -> int:
        return self.comment.line

    @property
    def words(self) -> tuple[str, tuple[str, ...], str]:
        """What it says, wherever the line has moved to."""
        return self.path, self.rules, self.reason

    def covers(self, hit: Hit) -> bool:
        """Whether it speaks of the hit: by its first line, or by its last where a formatter put it."""
        comment = self.comment
        is_here = comment.first <= hit.line <= comment.last
        is_behind = not comment.is_alone and hit.end_line == comment.line
        is_meant = hit.path == self.path and hit.rule.id in self.rules
        return not self.fault and is_meant and (is_here or is_behind)


def inline_ignores(repo: Repository, path: str) -> tuple[InlineIgnore, ...]:
    """What the comments of a file say; nothing where it can't be read."""
    try:
        data = repo.read(path)
    except Unreadable:
        return ()
    said = (_read(path, comment) for comment in comments_with(MARK, path, data))
    return tuple(ignore for ignore in said if ignore is not None)


def _read(path: str, comment: Comment) -> InlineIgnore | None:
    said = _IGNORE.search(comment.text)
    if said is None:
        return None
    names = (name.strip() for name in (said["rules"] or "").split(","))
    rules = tuple(dict.fromkeys(name for name in names if name))
    reason = (said["reason"] or "").strip(" \t\r-–—:")
    return InlineIgnore(path, comment, rules, reason, _fault(rules, reason))


def _fault(rules: tuple[str, ...], reason: str) -> str:
    if not rules:
        return "names no rule, so it doesn't count: write `suture: ignore[rule-id] reason`"
    if any("*" in rule for rule in rules):
        return "names a pattern, so it doesn't count: name the rules one by one"
    if not reason:
        return "gives no reason, so it doesn't count: write it after the bracket"
    return ""
