"""The files of a repository at a commit, read from GitHub: those alone that somebody asks for."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.forge.blobs import Blobs, name_of
from bot.git import Entry
from bot.github import Installation, Missing, Oversized, Unavailable
from bot.snapshot import Limits, Snapshot, snapshot_of_tree
from fixers.repository import MAX_FILE_BYTES
from fixers.rule import Rule
from fixers.text import Unreadable

MANY = 60
"""From so many unknown files on, one archive costs less than asking for each."""


def snapshot_of(
    repository: Installation, commit: str, name: str, blobs: Blobs, rules: Sequence[Rule]
) -> Snapshot:
    """The files of a commit. Raises github.Problem: an outage ends the reading, at any file.

    What is known by its name isn't asked for again. An archive may lack files (`export-ignore`) and
    alter others (`export-subst`): each is checked against the tree, and asked for if it isn't the same.
    """
    tree = repository.tree(commit)
    if tree.truncated:
        raise Oversized("the repository has more files than GitHub lists: it isn't looked at")
    wanted = {entry.path: entry for entry in tree.entries if _may_be_read(entry, rules)}
    unknown = {path: entry for path, entry in wanted.items() if entry.oid not in blobs}
    if len(unknown) > MANY:
        _fill(repository, commit, unknown, blobs)

    def content(entry: Entry) -> bytes:
        return _content(repository, entry, blobs)

    return snapshot_of_tree(Path(name), commit, tree.entries, content)


def _may_be_read(entry: Entry, rules: Iterable[Rule]) -> bool:
    is_file = entry.mode & 0o170000 == 0o100000
    return is_file and entry.size <= MAX_FILE_BYTES and any(r.file_type.claims(entry.path) for r in rules)


def _fill(repository: Installation, commit: str, unknown: dict[str, Entry], blobs: Blobs) -> None:
    for path, _, data in repository.tarball(commit, Limits()):
        entry = unknown.get(path)
        if entry and name_of(data, entry.oid) == entry.oid:
            blobs.put(entry.oid, data)


def _content(repository: Installation, entry: Entry, blobs: Blobs) -> bytes:
    known = blobs.get(entry.oid)
    if known is not None:
        return known
    if entry.size > MAX_FILE_BYTES:
        raise Unreadable(f"has {entry.size:,} bytes, over the limit of {MAX_FILE_BYTES:,}")
    try:
        data = repository.blob(entry.oid, MAX_FILE_BYTES)
    except Oversized as error:
        raise Unreadable(f"GitHub doesn't give it: {error.message}") from error
    except Missing as error:  # its tree names it: one of the two is behind, or the repository went meanwhile
        raise Unavailable("GitHub names a file and doesn't give it", status=error.status) from error
    blobs.put(entry.oid, data)
    return data
