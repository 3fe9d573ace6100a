"""The fields that we use of GitHub's payloads, each with its bounds (docs.github.com: "Webhook events
and payloads"); whatever else a payload holds is passed over."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class MalformedPayload(Exception):
    """Not what GitHub sends; the message is a sentence without any of the payload in it."""


Number = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}(?:[0-9a-f]{24})?\z")]
Ref = Annotated[str, StringConstraints(max_length=1024, pattern=r"^[^\x00-\x20\x7f]+\z")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\[\]-]{1,100}\z")]
FullName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}\z")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}\z")]
ExternalId = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\z")]
Body = Annotated[str, StringConstraints(max_length=1_000_000)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Identified(Part):
    id: Number


class User(Part):
    login: Login
    type: Word = "User"

    @property
    def is_bot(self) -> bool:
        return self.type == "Bot"


class Repository(Part):
    id: Number
    full_name: FullName
    default_branch: Ref | None = None


class Payload(Part):
    """What every payload may hold. An Action's has no installation."""

    action: Word = "done"
    installation: Identified | None = None
    repository: Repository | None = None
    sender: User | None = None


class InRepository(Payload):
    repository: Repository


class Push(InRepository):
    ref: Ref
    after: Sha
    deleted: bool = False


class Head(Part):
    ref: Ref
    sha: Sha
    repo: Identified | None = None


class Base(Part):
    ref: Ref


class PullRequest(Part):
    number: Number
    head: Head
    base: Base
    user: User | None = None


class From(Part):
    from_: Body | None = Field(None, alias="from")


class Changes(Part):
    body: From | None = None
    base: object = None
    default_branch: object = None


class PullRequestEvent(InRepository):
    pull_request: PullRequest
    changes: Changes = Changes()


class Review(Part):
    id: Number
    state: Word


class ReviewEvent(PullRequestEvent):
    review: Review


class MergeGroup(Part):
    head_sha: Sha
    base_ref: Ref


class MergeGroupEvent(InRepository):
    merge_group: MergeGroup


class Numbered(Part):
    number: Number


class CheckSuite(Part):
    head_sha: Sha
    head_branch: Ref | None = None
    pull_requests: Annotated[tuple[Numbered, ...], Field(max_length=1000)] = ()


class CheckSuiteEvent(InRepository):
    check_suite: CheckSuite


class CheckRun(Part):
    id: Number
    head_sha: Sha
    external_id: ExternalId | None = None
    pull_requests: Annotated[tuple[Numbered, ...], Field(max_length=1000)] = ()


class RequestedAction(Part):
    identifier: ExternalId | None = None


class CheckRunEvent(InRepository):
    check_run: CheckRun
    requested_action: RequestedAction | None = None


class Branch(Part):
    name: Ref


class StatusEvent(InRepository):
    sha: Sha
    state: Word
    branches: Annotated[tuple[Branch, ...], Field(max_length=1000)] = ()


class Issue(Part):
    number: Number
    user: User | None = None
    body: Body | None = None


class IssueEvent(InRepository):
    issue: Issue
    changes: Changes = Changes()


class Comment(Part):
    id: Number
    body: Body | None = None


class IssueCommentEvent(InRepository):
    issue: Numbered
    comment: Comment


class InstallationEvent(Payload):
    installation: Identified


class RepositoryEvent(InRepository):
    changes: Changes = Changes()
