"""Writes commits and branches through the git data API: done twice, each ends as if done once."""

from base64 import b64encode
from collections.abc import Mapping

from bot.github import shapes
from bot.github.access import Access
from bot.github.objects import blob_hash, head_of
from bot.github.problems import Conflict, Refused, Unavailable

_RUNNABLE = 0o100
_ABSENT = "reference does not exist"


class Branches:
    """Writing, for an Installation. Each method raises Problem."""

    _access: Access

    def commit_files(self, parent: str, files: Mapping[str, tuple[int, bytes]], message: str) -> str:
        """The hash of a commit on `parent` that differs from it by these files (mode, content); `parent`
        itself where it has them already.

        Nobody is named as author or committer: so GitHub signs it and shows it as verified.
        """
        base = self._access.get(shapes.GitCommit, "/git/commits/{sha}", sha=parent).tree.sha
        entries = [
            {
                "path": _encodable(path),
                "mode": "100755" if mode & _RUNNABLE else "100644",
                "type": "blob",
                "sha": self._blob(content, len(base)),
            }
            for path, (mode, content) in sorted(files.items())
        ]
        asked = {"base_tree": base, "tree": entries}
        tree = self._access.write("POST", "/git/trees", asked).read(shapes.Sha).sha
        if tree == base:
            return parent
        commit = {"message": message, "tree": tree, "parents": [parent]}
        return self._access.write("POST", "/git/commits", commit).read(shapes.Sha).sha

    def _blob(self, data: bytes, length: int) -> str:
        """What git makes of it is known beforehand: another answer means that it didn't arrive whole."""
        content = {"content": b64encode(data).decode(), "encoding": "base64"}
        made = self._access.write("POST", "/git/blobs", content).read(shapes.Sha).sha
        if made != blob_hash(data, length):
            raise Unavailable("GitHub keeps something else than the blob that was sent")
        return made

    def create_branch(self, name: str, sha: str) -> None:
        """Let a new branch stand at `sha`. Raises Conflict where it stands elsewhere."""
        data = {"ref": f"refs/heads/{name}", "sha": sha}
        try:
            self._access.write("POST", "/git/refs", data, is_told=True)
        except Conflict as problem:
            _agree(self._access, name, sha, problem)

    def move_branch(self, name: str, sha: str, before: str = "") -> None:
        """Let a branch stand at `sha`, wherever it stood; with `before`, only if it stood there (or there
        already). Raises Conflict where somebody was faster, as far as one can see: GitHub has no
        compare-and-set for branches over REST."""
        if before and head_of(self._access, name) not in (before, sha):
            raise Conflict(f"somebody moved {name} meanwhile")
        try:
            data = {"sha": sha, "force": True}
            self._access.write("PATCH", "/git/refs/heads/{branch}", data, is_told=True, branch=name)
        except Conflict as problem:
            if not problem.says(_ABSENT):
                raise
        else:
            return
        self.create_branch(name, sha)

    def delete_branch(self, name: str, before: str = "") -> None:
        """Take a branch away; with `before`, only if it stands there. Raises Conflict where it doesn't."""
        if before and head_of(self._access, name) not in (before, None):
            raise Conflict(f"somebody moved {name} meanwhile")
        try:
            self._access.write("DELETE", "/git/refs/heads/{branch}", is_told=True, branch=name)
        except Conflict as problem:
            if not problem.says(_ABSENT):
                raise


def _agree(access: Access, name: str, sha: str, problem: Conflict) -> None:
    """Nothing, if the branch stands where it should: an earlier try was done and its answer got lost."""
    stands = head_of(access, name)
    if stands is None and problem.says("already exists"):
        raise Unavailable(f"GitHub says that {name} exists and doesn't show it yet")
    if stands != sha:
        raise problem


def _encodable(path: str) -> str:
    if path != path.encode("utf-8", "replace").decode():
        raise Refused("a file's name isn't UTF-8, which GitHub's API can't say: rename it")
    return path
