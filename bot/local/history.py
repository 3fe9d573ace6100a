"""The history of a local repository, as the lifecycle asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import git
from bot.published import Made


@dataclass(frozen=True, slots=True)
class GitHistory:
    """Answers `bot.published.History` from git. Raises git.GitError."""

    root: Path

    def merge_base(self, one: str, two: str) -> str:
        return git.merge_base(self.root, one, two) if one and two else ""

    def beyond(self, commit: str, base: str) -> Sequence[Made]:
        commits = git.beyond(self.root, commit, base)
        return [Made(one.hash, one.parents, one.author, one.committer) for one in commits]

    def changed_paths(self, ancestor: str, commit: str) -> Sequence[str]:
        return git.changed_paths(self.root, ancestor, commit)

    def contents(self, commit: str, paths: Iterable[str]) -> Mapping[str, bytes]:
        return git.contents(self.root, commit, paths)
