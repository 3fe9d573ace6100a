"""Check runs: what Suture says of a commit, in batches that can be taken up again; what others say."""

import gzip
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.github import shapes
from bot.github.access import Access
from bot.github.limits import ANNOTATIONS, LONGEST_TITLE, cut
from bot.github.values import CheckFacts

Level = Literal["notice", "warning", "failure"]
Conclusion = Literal["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"]

_LONGEST_MESSAGE = 64 * 1024
_FAILED = frozenset({"failure", "error", "timed_out", "action_required", "startup_failure", "cancelled"})
_PASSED = frozenset({"success"})


@dataclass(frozen=True, slots=True)
class Annotation:
    """Lines (from 1) of a file. Columns are told only within one line."""

    path: str
    start_line: int
    end_line: int
    level: Level
    message: str
    title: str = ""
    details: str = ""

    def as_data(self) -> dict[str, object]:
        start = max(self.start_line, 1)
        data: dict[str, object] = {
            "path": self.path,
            "start_line": start,
            "end_line": max(self.end_line, start),
            "annotation_level": self.level,
            "message": _bytes(self.message, _LONGEST_MESSAGE),
        }
        if self.title:
            data["title"] = self.title[:255]
        if self.details:
            data["raw_details"] = _bytes(self.details, _LONGEST_MESSAGE)
        return data


@dataclass(frozen=True, slots=True)
class CheckAction:
    """A button of a check run. Raises ValueError for what GitHub wouldn't show."""

    label: str
    description: str
    identifier: str

    def __post_init__(self) -> None:
        if not (
            0 < len(self.label) <= 20 and 0 < len(self.description) <= 40 and 0 < len(self.identifier) <= 20
        ):
            raise ValueError(
                "a button has a label of 20, a description of 40, an identifier of 20 characters"
            )

    def as_data(self) -> dict[str, str]:
        return {"label": self.label, "description": self.description, "identifier": self.identifier}


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check run of ours, with how many annotations GitHub has of it, and its title and summary."""

    id: int
    name: str
    external_id: str
    annotations: int = 0
    is_completed: bool = False
    title: str = ""
    summary: str = ""

    def has_said(self, output: "Output") -> bool:
        """Whether it says the same already."""
        return (self.title, self.summary) == (output.title[:LONGEST_TITLE], cut(output.summary))


@dataclass(frozen=True, slots=True)
class Output:
    """`title` is one line; `summary` and `text` are Markdown, cut where they are too long."""

    title: str
    summary: str
    text: str = ""
    annotations: Sequence[Annotation] = field(default=())

    def as_data(self, annotations: Sequence[Annotation]) -> dict[str, object]:
        data: dict[str, object] = {
            "title": self.title[:LONGEST_TITLE],
            "summary": cut(self.summary),
            "annotations": [one.as_data() for one in annotations],
        }
        return data | ({"text": cut(self.text)} if self.text else {})


class Checks:
    """For an Installation. Each method raises Problem."""

    _access: Access
    _app_id: int

    def create_check_run(
        self, sha: str, name: str, external_id: str, *, anew: bool = False, details_url: str = ""
    ) -> CheckRun:
        """A check run in progress. One of ours with this name and `external_id` is taken up again, after
        a lost answer or a restart; `anew` leaves completed ones as they are (somebody asked again, and
        annotations can't be taken back)."""
        for run in self.check_runs(sha):
            is_it = run.external_id == external_id and run.name == name
            if is_it and not (anew and run.is_completed):
                return run
        data = {"name": name, "head_sha": sha, "external_id": external_id, "status": "in_progress"}
        data |= {"details_url": details_url} if details_url else {}
        made = self._access.write("POST", "/check-runs", data, is_told=True).read(shapes.Id)
        return CheckRun(made.id, name, external_id)

    def check_runs(self, sha: str) -> tuple[CheckRun, ...]:
        """Ours on a commit, the newest first."""
        query: dict[str, str | int] = {"filter": "all", "app_id": self._app_id}
        pages = self._access.pages(shapes.CheckRuns, "/commits/{sha}/check-runs", query, sha=sha)
        found = [run for page in pages for run in page.check_runs]
        return tuple(map(_ours, sorted(found, key=lambda run: -run.id)))

    def update_check_run(
        self,
        run: CheckRun,
        output: Output,
        conclusion: Conclusion | None = None,
        actions: Sequence[CheckAction] = (),
    ) -> None:
        """Say this; with a conclusion the run is completed. Annotations go out fifty at a time, behind
        those that GitHub has: their order must be the same at every try."""
        if len(actions) > 3:
            raise ValueError("a check run has three buttons at most")
        rest = output.annotations[run.annotations :]
        batches = [rest[at : at + ANNOTATIONS] for at in range(0, len(rest), ANNOTATIONS)] or [()]
        for number, batch in enumerate(batches, 1):
            data: dict[str, object] = {"output": output.as_data(batch)}
            if number < len(batches) or conclusion is None:
                data["status"] = "in_progress"
            else:
                data |= {"status": "completed", "conclusion": conclusion}
                data["actions"] = [one.as_data() for one in actions]
            self._access.write("PATCH", "/check-runs/{run}", data, is_told=number == 1, run=run.id)

    def checks(self, sha: str) -> tuple[CheckFacts, ...]:
        """What everybody's check runs and commit statuses say of a commit, ours included."""
        found: list[CheckFacts] = []
        route = "/commits/{sha}/check-runs"
        for page in self._access.pages(shapes.CheckRuns, route, {"filter": "latest"}, sha=sha):
            found += map(_check, page.check_runs)
        for combined in self._access.pages(shapes.CombinedStatus, "/commits/{sha}/status", sha=sha):
            found += (CheckFacts(one.context, _word(one.state), "") for one in combined.statuses)
        return tuple(found)

    def upload_sarif(self, sha: str, ref: str, sarif: bytes) -> None:
        """Give findings to code scanning, where only those who may write see them. `ref` is in full:
        `refs/heads/main`. GitHub takes 10 MB, packed."""
        packed = b64encode(gzip.compress(sarif, mtime=0)).decode()
        data = {"commit_sha": sha, "ref": ref, "sarif": packed, "tool_name": "Suture"}
        self._access.write("POST", "/code-scanning/sarifs", data)


def _ours(run: shapes.CheckRun) -> CheckRun:
    output = run.output or shapes.CheckOutput()
    return CheckRun(
        run.id,
        run.name,
        run.external_id or "",
        output.annotations_count,
        run.status == "completed",
        output.title or "",
        output.summary or "",
    )


def _check(run: shapes.CheckRun) -> CheckFacts:
    state = "pending" if run.status != "completed" else _word(run.conclusion or "neutral")
    return CheckFacts(run.name, state, run.app.slug if run.app else "")


def _word(said: str) -> str:
    if said == "pending":
        return said
    return "success" if said in _PASSED else "failure" if said in _FAILED else "neutral"


def _bytes(text: str, most: int) -> str:
    """At most so many bytes of it."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
