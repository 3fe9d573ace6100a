"""Writes objects and branches; never a file of the working tree, never a commit that a person made."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.git.history import changed_paths, entries
from bot.git.process import GitError, answer, decoded, output

_FILE = 0o100644


@dataclass(frozen=True, slots=True)
class Author:
    """In whose name commits are made."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def at(self, seconds: int) -> dict[str, str]:
        """The environment in which git takes this name and this time, in seconds since 1970."""
        values = {"NAME": self.name, "EMAIL": self.email, "DATE": f"@{seconds} +0000"}
        return {
            f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in values.items()
        }


def commit(
    root: Path, parent: str, files: Mapping[str, bytes], message: str, author: Author, seconds: int
) -> str:
    """The hash of a commit on `parent` that differs from it by these files, each with the mode that it
    has there. The same arguments make the same commit, on every machine. Raises GitError, also where
    a file can't be kept beside the others."""
    before = entries(root, parent, files)
    lines = b""
    for path, data in sorted(files.items()):
        mode = before[path].mode if path in before else _FILE
        lines += b"%o %s\t%s\0" % (mode, _blob(root, data), path.encode("utf-8", "surrogateescape"))
    with tempfile.TemporaryDirectory(prefix="suture-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        output(root, ("read-tree", parent), index)
        output(root, ("update-index", "-z", "--add", "--index-info"), index, lines)
        tree = decoded(output(root, ("write-tree",), index)).strip()
    arguments = ("commit-tree", tree, "-p", parent)
    made = decoded(output(root, arguments, author.at(seconds), message.encode())).strip()
    if (
        entries(root, made, files).keys() != files.keys()
        or set(changed_paths(root, parent, made)) - files.keys()
    ):
        raise GitError(
            f"git can't keep all of {', '.join(sorted(files))}: one is another's folder, or no name"
        )
    return made


def _blob(root: Path, data: bytes) -> bytes:
    return output(root, ("hash-object", "-w", "--no-filters", "--stdin"), given=data).strip()


def move_branch(root: Path, name: str, commit: str, before: str) -> None:
    """Let the branch stand at `commit`, if it stands at `before` (empty: if there is none). Raises
    GitError where somebody was faster."""
    nothing = "0" * len(commit)
    try:
        answer(root, "update-ref", "-m", "suture", f"refs/heads/{name}", commit, before or nothing)
    except GitError as error:
        other = _in_the_way(root, name)
        if not other:
            raise
        words = f"the branch {other} is in the way of {name}: rename it (`git branch -m {other} …`)"
        raise GitError(words) from error


def _in_the_way(root: Path, name: str) -> str:
    """The branch that has to go before one of this name can be: no name is another's folder."""
    above = [f"refs/heads/{parent}" for parent in PurePosixPath(name).parents if parent.name]
    listed = answer(root, "for-each-ref", "--format=%(refname)", *above, f"refs/heads/{name}/").split("\n")
    below = f"refs/heads/{name}/"
    other = next((ref for ref in listed if ref in above or ref.startswith(below)), "")
    return other.removeprefix("refs/heads/")


def delete_branch(root: Path, name: str, before: str) -> None:
    """Take the branch away, if it stands at `before`. Raises GitError where somebody was faster."""
    answer(root, "update-ref", "-d", f"refs/heads/{name}", before)


def initialise(root: Path, message: str) -> None:
    """Make a folder of ours a repository with one commit, by nobody and at no particular time."""
    output(root, ("init", "--quiet", "--initial-branch=main", "--object-format=sha1"))
    output(root, ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "add", "--all", "--force"))
    nobody = Author("Suture", "suture@localhost").at(1_767_225_600)
    output(root, ("commit", "--quiet", "--no-gpg-sign", "--message", message), nobody)
