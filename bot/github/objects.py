"""Reads what a repository holds: where branches stand, commits, trees, blobs, how two commits compare."""

import hashlib
from collections.abc import Iterator

from bot.git import Entry
from bot.github import shapes
from bot.github.access import PER_PAGE, Access
from bot.github.problems import Conflict, Missing, Oversized, Refused, Unavailable
from bot.github.values import CommitFacts, Comparison, RepositoryFacts, Tree
from bot.github.wire import RAW

_HEADS = "refs/heads/"
_MOST_TREES = 2_000
_MOST_ENTRIES = 500_000
_MOST_FILES = 300
"""A comparison lists no more (docs.github.com: "Compare two commits")."""


class Objects:
    """Reading, for an Installation. Each method raises Problem."""

    _access: Access

    def facts(self) -> RepositoryFacts:
        """As it is now: a repository that was renamed has another name here than it was asked for by."""
        return self._access.repository().facts()

    def head(self, branch: str) -> str | None:
        """The commit of a branch; None where there is no such branch, or nothing at all yet. (A repository
        that is gone for us is Missing: it must not look like one whose branches were deleted.)"""
        return head_of(self._access, branch)

    def branches(self, prefix: str) -> dict[str, str]:
        """The commits of the branches whose names begin with `prefix` (`suture/`)."""
        found = _refs(self._access, prefix.rstrip("/"), 20)
        return {name: sha for name, sha in found.items() if name.startswith(prefix)}

    def commit(self, sha: str) -> CommitFacts:
        return self.commits(sha, 1)[0]

    def commits(self, sha: str, count: int) -> tuple[CommitFacts, ...]:
        """At most so many commits from this one on, the newest first. (The list tells as much of a commit
        as asking for it alone, which would bring its diff too.)"""
        size = min(count, PER_PAGE)
        query: dict[str, str | int] = {"sha": sha, "per_page": size}
        found: list[CommitFacts] = []
        for page in self._access.pages(list[shapes.Commit], "/commits", query, most=-(-count // size)):
            found += (commit.facts() for commit in page)
        if not found or not found[0].sha.startswith(sha):
            raise Missing(f"GitHub knows no commit {sha[:12]} there")
        return tuple(found[:count])

    def tree(self, sha: str) -> Tree:
        """The files of a commit, or of a tree. What GitHub cuts off is asked for folder by folder."""
        walk = _Walk(self._access)
        walk.take(sha, "")
        return Tree(tuple(sorted(walk.entries, key=lambda entry: entry.path)), walk.truncated)

    def blob(self, oid: str, limit: int) -> bytes:
        """A blob of at most `limit` bytes, whose hash is what it was asked by. Raises Oversized."""
        for _ in range(2):
            try:
                body = self._access.get_raw("/git/blobs/{oid}", RAW, limit, oid=oid)
            except Refused as problem:
                if problem.says("too_large", "too large"):
                    raise Oversized("GitHub gives no blob of more than 100 MB") from problem
                raise
            if blob_hash(body, len(oid)) == oid:
                return body
        raise Unavailable("GitHub's answer isn't the blob that was asked for")

    def compare(self, base: str, head: str) -> Comparison:
        """How `head` differs from `base`; commits or branches."""
        route, query = "/compare/{base}...{head}", {"per_page": PER_PAGE}
        pages: list[shapes.Comparison] = []
        try:
            pages += self._access.pages(shapes.Comparison, route, query, base=base, head=head)
        except Missing as problem:
            if not problem.says("common ancestor"):
                raise
            return Comparison("", (), 0, ())
        first = pages[0]
        ahead = {commit.sha: commit.facts() for page in pages for commit in page.commits}
        listed = first.files or []
        names = dict.fromkeys(
            name for file in listed for name in (file.previous_filename, file.filename) if name
        )
        return Comparison(
            first.merge_base_commit.sha,
            tuple(reversed(ahead.values())),
            first.behind_by,
            tuple(names),
            has_all_files=len(listed) < _MOST_FILES,
            has_all_commits=len(ahead) >= first.total_commits,
            changes=tuple(one.facts() for one in listed),
        )


def head_of(access: Access, branch: str) -> str | None:
    """Asked as a prefix: a branch that is not there is an empty list then, and 404 means one thing only.
    GitHub lists by name, the branch itself first."""
    return _refs(access, branch, 1).get(branch)


def _refs(access: Access, prefix: str, most: int) -> dict[str, str]:
    route = "/git/matching-refs/heads/{prefix}"
    try:
        pages = list(access.pages(list[shapes.Ref], route, most=most, prefix=prefix))
    except Conflict as problem:
        if problem.says("empty"):
            return {}
        raise
    return {ref.ref.removeprefix(_HEADS): ref.object.sha for page in pages for ref in page}


class _Walk:
    """Collects the entries of a tree, recursively where GitHub lists all of it, else level by level."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._asked = 0
        self.entries: list[Entry] = []
        self.truncated = False

    def take(self, sha: str, folder: str) -> None:
        waiting = [(sha, folder)]
        while waiting:
            tree, below = waiting.pop()
            if self._asked >= _MOST_TREES or len(self.entries) >= _MOST_ENTRIES:
                self.truncated = True
                return
            whole = self._ask(tree, {"recursive": 1})
            if not whole.truncated:
                self._keep(whole, below)
                continue
            level = self._ask(tree, None)
            self.truncated |= level.truncated
            self._keep(level, below)
            waiting += ((one.sha, f"{below}{one.path}/") for one in level.tree if one.type == "tree")

    def _ask(self, sha: str, query: dict[str, str | int] | None) -> shapes.Tree:
        self._asked += 1
        return self._access.get(shapes.Tree, "/git/trees/{sha}", query, sha=sha)

    def _keep(self, tree: shapes.Tree, below: str) -> None:
        self.entries += _entries(tree, below)


def _entries(tree: shapes.Tree, below: str) -> Iterator[Entry]:
    for one in tree.tree:
        if one.type != "tree":
            size = 0 if one.type == "commit" else one.size
            yield Entry(f"{below}{one.path}", int(one.mode, 8), one.sha, size)


def blob_hash(data: bytes, length: int = 40) -> str:
    """What git calls a blob of these bytes; `length` tells the repository's kind of hash."""
    made = hashlib.sha256() if length == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()
