"""The history of a repository on GitHub, each question asked once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from bot.forge.blobs import Blobs
from bot.git import Entry
from bot.github import Comparison, Installation, Missing
from bot.published import GITHUB, Made

_LARGEST = 5_000_000
_WEB_FLOW = "web-flow"
"""The login under which GitHub commits what is done on its pages."""


class ForgeHistory:
    """Answers `bot.published.History` from GitHub's comparisons, trees and blobs. Raises github.Problem.

    A comparison begins where two histories part: it tells what differs between a commit and an ancestor.
    """

    def __init__(self, repository: Installation, blobs: Blobs) -> None:
        self._repository = repository
        self._blobs = blobs
        self._compare = cache(repository.compare)
        self._tree = cache(self._entries)

    def merge_base(self, one: str, two: str) -> str:
        if one == two:
            return one
        try:
            return self._comparison(one, two).merge_base
        except Missing:
            return ""

    def beyond(self, commit: str, base: str) -> Sequence[Made]:
        found = self._comparison(base, commit)
        made = [
            Made(
                one.sha,
                one.parents,
                one.author_login or one.author_email,
                GITHUB if one.committer_login == _WEB_FLOW else one.committer_login or one.committer_email,
            )
            for one in found.ahead
        ]
        # a branch with more commits than are listed isn't ours alone: an unknown one stands for the rest
        return made if found.has_all_commits else [*made, Made("", (), "", "")]

    def changed_paths(self, ancestor: str, commit: str) -> Sequence[str]:
        if ancestor == commit:
            return ()
        found = self._comparison(ancestor, commit)
        if found.has_all_files:
            return found.files
        one, two = self._tree(ancestor), self._tree(commit)
        return sorted(path for path in {*one, *two} if one.get(path) != two.get(path))

    def contents(self, commit: str, paths: Iterable[str]) -> Mapping[str, bytes]:
        tree = self._tree(commit)
        return {path: self._content(tree[path].oid) for path in paths if path in tree}

    def _comparison(self, base: str, head: str) -> Comparison:
        return self._compare(base, head)

    def _entries(self, commit: str) -> dict[str, Entry]:
        return {entry.path: entry for entry in self._repository.tree(commit).entries}

    def _content(self, oid: str) -> bytes:
        known = self._blobs.get(oid)
        if known is None:
            known = self._repository.blob(oid, _LARGEST)
            self._blobs.put(oid, known)
        return known

    def modes(self, commit: str) -> Mapping[str, int]:
        """The mode of each file of a commit."""
        return {path: entry.mode for path, entry in self._tree(commit).items()}
