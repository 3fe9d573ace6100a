"""Branches that the configuration names besides the default one, each by its own configuration."""

from collections.abc import Callable

import pytest
from emulator.world import GitHub
from story import FIXED, LOAD, NAME, opened

from bot.events import Job, Kind
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

ROOMY = "limits: {open: 9, new_per_day: 9, installation_per_day: 99}\n"


@pytest.fixture
def push(github: GitHub, worker: Worker) -> Callable[..., None]:
    """A person's push to a branch, and what it starts."""

    def done(branch: str, files: dict[str, str], kind: Kind = Kind.BRANCH_PUSH) -> None:
        commit = github.push(NAME, files, branch=branch, by="bob")
        repository = github.read(f"/repos/{NAME}")["id"]
        worker.do(Job(kind, github.installation_id, NAME, repository, ref=branch, commit=commit))

    return done


@pytest.fixture
def looked_after(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, ".suture.yml": f"{ROOMY}branches: ['release/*']\n"})
    look()


def bases(github: GitHub) -> list[str]:
    return sorted(one["base"]["ref"] for one in github.pull_requests(NAME, "open"))


@pytest.mark.usefixtures("looked_after")
def test_a_push_to_a_named_branch_opens_into_it(github: GitHub, push: Callable[..., None]) -> None:
    push("release/1", {"notes.md": "x\n"})
    assert bases(github) == ["main", "release/1"]
    branches = {one["head"]["ref"] for one in github.pull_requests(NAME, "open")}
    assert len(branches) == 2
    push("release/1", {"more.py": LOAD})
    assert bases(github) == ["main", "release/1"], "it is updated"
    (ours,) = [one for one in github.pull_requests(NAME) if one["base"]["ref"] == "release/1"]
    assert github.files(NAME, ours["head"]["ref"])["more.py"].decode() == FIXED


@pytest.mark.usefixtures("looked_after")
def test_another_branch_costs_github_nothing(github: GitHub, push: Callable[..., None]) -> None:
    github.forget_calls()
    push("feature", {"notes.md": "x\n"})
    assert not github.calls()
    assert bases(github) == ["main"]


@pytest.mark.usefixtures("looked_after")
def test_looks_at_one_leave_the_other_s_alone(
    github: GitHub, push: Callable[..., None], look: Callable[[], None]
) -> None:
    push("release/1", {"notes.md": "x\n"})
    before = github.pull_requests(NAME)
    look()
    push("release/1", {"notes.md": "y\n"})
    assert [(one["number"], one["state"]) for one in github.pull_requests(NAME)] == [
        (one["number"], one["state"]) for one in before
    ]


@pytest.mark.usefixtures("looked_after")
def test_its_own_configuration_counts(github: GitHub, push: Callable[..., None]) -> None:
    push("release/2", {".suture.yml": "open: {safe: never, review: never}\n"})
    assert bases(github) == ["main"]


@pytest.mark.usefixtures("looked_after")
def test_a_no_on_the_default_branch_holds_there_too(
    github: GitHub, push: Callable[..., None], look: Callable[[], None]
) -> None:
    (number,) = opened(github)
    github.close(NAME, number, by="ann")
    push("release/1", {"notes.md": "x\n"})
    assert bases(github) == []


@pytest.mark.usefixtures("looked_after")
def test_a_rescan_looks_at_each(github: GitHub, worker: Worker) -> None:
    github.push(NAME, {"notes.md": "x\n"}, branch="release/1", by="bob")
    github.push(NAME, {"notes.md": "x\n"}, branch="feature", by="bob")
    repository = github.read(f"/repos/{NAME}")["id"]
    worker.do(Job(Kind.RESCAN, github.installation_id, NAME, repository))
    assert bases(github) == ["main", "release/1"]


@pytest.mark.usefixtures("looked_after")
def test_what_is_closed_there_stays_closed_there_alone(
    github: GitHub, worker: Worker, push: Callable[..., None], look: Callable[[], None]
) -> None:
    push("release/1", {"notes.md": "x\n"})
    (ours,) = [one for one in github.pull_requests(NAME) if one["base"]["ref"] == "release/1"]
    github.close(NAME, ours["number"], by="ann")
    repository = github.read(f"/repos/{NAME}")["id"]
    branch = ours["head"]["ref"]
    job = Job(
        Kind.PULL_REQUEST_CLOSED, github.installation_id, NAME, repository, ref=branch, into="release/1"
    )
    worker.do(job)
    look()
    assert bases(github) == ["main"]
