"""The fields of GitHub's answers that we use, and how they become values."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from bot.github.values import (
    CommentFacts,
    CommitFacts,
    FileChange,
    IssueFacts,
    PullRequestFacts,
    RepositoryFacts,
)

_OBJECT = "^([0-9a-f]{40}|[0-9a-f]{64})$"


class Named(BaseModel):
    login: str = ""


class Sha(BaseModel):
    sha: str = Field(pattern=_OBJECT)


class Ref(BaseModel):
    ref: str
    object: Sha


class Repository(BaseModel):
    id: int
    full_name: str
    default_branch: str = ""
    private: bool
    archived: bool = False
    fork: bool = False
    html_url: str = ""
    language: str | None = None

    def facts(self) -> RepositoryFacts:
        return RepositoryFacts(
            self.id,
            self.full_name,
            self.default_branch,
            self.private,
            self.archived,
            self.fork,
            self.html_url,
            self.language or "",
        )


class Repositories(BaseModel):
    repositories: list[Repository]


class Person(BaseModel):
    email: str | None = None
    date: AwareDatetime | None = None


class Verification(BaseModel):
    verified: bool = False


class InnerCommit(BaseModel):
    author: Person | None = None
    committer: Person | None = None
    message: str
    tree: Sha
    verification: Verification | None = None


class Commit(BaseModel):
    sha: str
    commit: InnerCommit
    author: Named | None = None
    committer: Named | None = None
    parents: list[Sha]

    def facts(self) -> CommitFacts:
        inner = self.commit
        author, committer = inner.author or Person(), inner.committer or Person()
        return CommitFacts(
            self.sha,
            inner.tree.sha,
            tuple(parent.sha for parent in self.parents),
            inner.message,
            seconds(committer.date or author.date),
            author.email or "",
            committer.email or "",
            (self.author or Named()).login,
            (self.committer or Named()).login,
            bool(inner.verification and inner.verification.verified),
        )


class TreeEntry(BaseModel):
    path: str
    mode: str = Field(pattern="^[0-7]{5,6}$")
    type: str
    sha: str
    size: int = -1


class Tree(BaseModel):
    sha: str
    tree: list[TreeEntry]
    truncated: bool = False


class GitCommit(BaseModel):
    sha: str
    tree: Sha


class ChangedFile(BaseModel):
    filename: str
    previous_filename: str | None = None
    status: str = "modified"
    patch: str | None = None

    def facts(self) -> FileChange:
        return FileChange(
            self.filename, self.previous_filename or self.filename, self.status, self.patch or ""
        )


class Comparison(BaseModel):
    merge_base_commit: Sha
    behind_by: int
    total_commits: int
    commits: list[Commit]
    files: list[ChangedFile] | None = None


class OfPullRequest(BaseModel):
    id: int
    full_name: str


class End(BaseModel):
    ref: str
    sha: str
    repo: OfPullRequest | None = None


class PullRequest(BaseModel):
    number: int
    node_id: str = ""
    state: Literal["open", "closed"]
    title: str
    body: str | None = None
    draft: bool = False
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    merged_at: AwareDatetime | None = None
    head: End
    base: End
    user: Named | None = None
    html_url: str = ""
    mergeable: bool | None = None
    author_association: str = ""

    @property
    def is_from_fork(self) -> bool:
        return self.head.repo is None or self.base.repo is None or self.head.repo.id != self.base.repo.id

    def facts(self) -> PullRequestFacts:
        return PullRequestFacts(
            self.number,
            self.head.ref,
            self.state,
            self.merged_at is not None,
            self.title,
            self.body or "",
            self.draft,
            seconds(self.created_at),
            seconds(self.closed_at),
            self.head.sha,
            self.base.ref,
            self.base.sha,
            (self.user or Named()).login,
            self.head.repo.full_name if self.head.repo else "",
            self.is_from_fork,
            self.html_url,
            self.mergeable,
            self.author_association in ("OWNER", "MEMBER", "COLLABORATOR"),
        )


class Review(BaseModel):
    user: Named | None = None
    state: str


class Comment(BaseModel):
    id: int
    body: str | None = None
    user: Named | None = None
    created_at: AwareDatetime

    def facts(self, us: str) -> CommentFacts:
        login = (self.user or Named()).login
        return CommentFacts(self.id, self.body or "", login, seconds(self.created_at), login == us)


class Issue(BaseModel):
    number: int
    state: str
    title: str
    body: str | None = None
    user: Named | None = None
    updated_at: AwareDatetime
    html_url: str = ""
    closed_by: Named | None = None
    pull_request: dict[str, object] | None = None

    def facts(self) -> IssueFacts:
        login = (self.user or Named()).login
        updated = seconds(self.updated_at)
        return IssueFacts(self.number, self.state, self.title, self.body or "", login, updated, self.html_url)


class Issues(BaseModel):
    items: list[Issue]


class Numbered(BaseModel):
    number: int


class Id(BaseModel):
    id: int


class Slug(BaseModel):
    slug: str


class CheckOutput(BaseModel):
    annotations_count: int = 0
    title: str | None = None
    summary: str | None = None


class CheckRun(BaseModel):
    id: int
    name: str
    status: str
    conclusion: str | None = None
    external_id: str | None = None
    output: CheckOutput | None = None
    app: Slug | None = None


class CheckRuns(BaseModel):
    check_runs: list[CheckRun]


class Status(BaseModel):
    context: str
    state: str


class CombinedStatus(BaseModel):
    statuses: list[Status]


class Permission(BaseModel):
    permission: str


class GraphError(BaseModel):
    type: str = ""
    message: str = ""


class GraphAnswer(BaseModel):
    errors: list[GraphError] = Field(default_factory=list)


class Oid(BaseModel):
    oid: str = Field(pattern=_OBJECT)


class BlameRange(BaseModel):
    first: int = Field(alias="startingLine")
    last: int = Field(alias="endingLine")
    commit: Oid


class Blame(BaseModel):
    ranges: list[BlameRange] = Field(default_factory=list)


class Blamed(BaseModel):
    blame: Blame | None = None


class BlamedFiles(BaseModel):
    repository: dict[str, Blamed | None] | None = None


class BlameAnswer(GraphAnswer):
    data: BlamedFiles | None = None


def seconds(time: AwareDatetime | None) -> int:
    return int(time.timestamp()) if time else 0
