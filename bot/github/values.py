"""What GitHub tells, as plain values. Times are seconds since the epoch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.git import Entry


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    id: int
    full_name: str
    default_branch: str
    is_private: bool
    is_archived: bool
    is_fork: bool
    html_url: str
    language: str = ""
    """What most of it is written in, as GitHub sees it."""


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    id: int
    account: str
    is_organisation: bool
    is_suspended: bool
    has_all_repositories: bool
    permissions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """`time` is the committer's. A login is empty where GitHub knows nobody by the address."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    time: int
    author_email: str
    committer_email: str
    author_login: str
    committer_login: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit, ordered by path; `truncated`: there are more than could be listed."""

    entries: tuple[Entry, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `head` has beyond `base`: its commits, the newest first, and the paths that they change since
    `merge_base` (empty where the two share no history). A renamed file is there under both names.

    GitHub lists 300 files at most, and we read a bounded number of commits: `has_all_files` and
    `has_all_commits` tell whether these are all.
    """

    merge_base: str
    ahead: tuple[CommitFacts, ...]
    behind_by: int
    files: tuple[str, ...]
    has_all_files: bool = True
    has_all_commits: bool = True
    changes: "tuple[FileChange, ...]" = ()
    """The files with their hunks, as far as GitHub shows them."""


@dataclass(frozen=True, slots=True)
class PullRequestFacts:
    """`head` is a commit, `branch` its branch (in `head_repository`: empty for a deleted fork), `base` a
    branch and `base_commit` where that stood. `mergeable` is None where GitHub hasn't found out, or where
    it was read from a list."""

    number: int
    branch: str
    state: str
    """open or closed"""
    is_merged: bool
    title: str
    body: str
    is_draft: bool
    created_at: int
    closed_at: int
    """0 while it is open."""
    head: str
    base: str
    base_commit: str
    user_login: str
    head_repository: str
    is_from_fork: bool
    html_url: str
    mergeable: bool | None = None
    is_by_member: bool = False
    """Its author belongs to the repository or its organisation."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of a pull request: `status` is added, removed, modified, renamed, … ; `patch` are its hunks,
    empty where GitHub shows none (binary, or too large)."""

    path: str
    before: str
    """Its path before a rename, else the same."""
    status: str
    patch: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CommentFacts:
    id: int
    body: str
    user_login: str
    created_at: int
    is_ours: bool


@dataclass(frozen=True, slots=True)
class IssueFacts:
    number: int
    state: str
    title: str
    body: str
    user_login: str
    updated_at: int
    html_url: str


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What a check run or a commit status of somebody says of a commit: `state` is pending, success,
    failure or neutral."""

    name: str
    state: str
    app: str
    """The slug of the App behind it; empty for a commit status."""


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One attempt to deliver a webhook: `id` names the attempt, `guid` the delivery."""

    id: int
    guid: str
    event: str
    action: str
    delivered_at: float
    is_delivered: bool
    status: str
    installation: int
    repository_id: int


@dataclass(frozen=True, slots=True)
class Credentials:
    """What GitHub hands out once for a manifest's code."""

    app_id: int
    slug: str
    name: str
    html_url: str
    owner: str
    client_id: str
    client_secret: str = field(repr=False)
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
