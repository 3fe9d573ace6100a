"""Asks git, in ways that run nothing of the repository and never wait for a person; writes branches."""

from bot.git.blame import blame
from bot.git.blobs import Blobs
from bot.git.history import (
    Commit,
    Head,
    beyond,
    changed_paths,
    commit_time,
    contents,
    entries,
    full_name,
    heads,
    is_ancestor,
    merge_base,
    messages,
    origin,
)
from bot.git.process import GitError, NotARepository
from bot.git.reading import Entry, changed_since, commit_of, root_of, store_of, tree, working_tree
from bot.git.writing import Author, commit, delete_branch, initialise, move_branch

__all__ = [
    "Author",
    "Blobs",
    "Commit",
    "Entry",
    "GitError",
    "Head",
    "NotARepository",
    "beyond",
    "blame",
    "changed_paths",
    "changed_since",
    "commit",
    "commit_of",
    "commit_time",
    "contents",
    "delete_branch",
    "entries",
    "full_name",
    "heads",
    "initialise",
    "is_ancestor",
    "merge_base",
    "messages",
    "move_branch",
    "origin",
    "root_of",
    "store_of",
    "tree",
    "working_tree",
]
