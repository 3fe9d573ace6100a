"""One thing to do, as a small value that a queue can keep: it holds no token and no text of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    PUSH = "push"
    """To the default branch: `ref` is its name, `commit` where it stands."""
    BRANCH_PUSH = "branch-push"
    """To another branch, which a configuration may name."""
    PULL_REQUEST = "pull-request"
    """Opened, moved or ready: `number`, `commit` is its head, `ref` the branch that it wants to go into."""
    MERGE_GROUP = "merge-group"
    """A queue asks for the check on `commit`; `ref` is the branch that it merges into."""
    PULL_REQUEST_CLOSED = "pull-request-closed"
    """One of ours, closed or merged by a person."""
    REVIEW = "review"
    """A person reviewed one of ours; `words` is the state, as `approved`."""
    CHECKS = "checks"
    """Other checks ended on `commit` of our branch `ref`."""
    CHECK_AGAIN = "check-again"
    """A person asked for the check on `commit` once more; `number` may be unknown (0)."""
    CHECK_ACTION = "check-action"
    """A button on the check run `subject`: `words` is its identifier, then the run's external id."""
    COMMENT = "comment"
    """Comment `subject` on `number`; `words` are its lines that begin with /suture."""
    ISSUE_EDITED = "issue-edited"
    """A person ticked a box in an issue of ours: `words` are its boxes now, `before` as they were."""
    INSTALLATION = "installation"
    """`words` is what happened: created, suspend, unsuspend, deleted, new_permissions_accepted, renamed."""
    REPOSITORIES = "repositories"
    """The installation reaches more or fewer repositories than before; `words` is added or removed."""
    REPOSITORY = "repository"
    """`words` is what happened: renamed, transferred, archived, deleted, publicized, …"""
    RESCAN = "rescan"
    """Nobody pushed: it is time to look again."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done, where. `repository` is empty where all of an installation is meant."""

    kind: Kind
    installation: int
    repository: str = ""
    repository_id: int = 0
    ref: str = ""
    commit: str = ""
    number: int = 0
    sender: str = ""
    subject: int = 0
    words: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    into: str = ""
    """The branch that the pull request goes into, where `ref` is its own."""

    @property
    def partition(self) -> str:
        """Jobs of one partition run one after another. By id: a repository may be renamed meanwhile."""
        if self.repository_id:
            return str(self.repository_id)
        return self.repository or f"installation-{self.installation}"

    def as_data(self) -> dict[str, Any]:
        """JSON's own types; what is empty is left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        data = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items() if v}
        return data | {"kind": self.kind.value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Job":
        """Reads `as_data` back; fields that an older or newer Suture wrote are passed over."""
        known = {field.name for field in fields(cls)}
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known}
        return cls(**{**values, "kind": Kind(data["kind"]), "installation": data.get("installation", 0)})
