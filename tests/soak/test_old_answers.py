"""GitHub's answers are behind, or a person undoes what we did: no finding and nobody's word gets lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from emulator import faults
from emulator.world import GitHub
from soak_app import push_job, settings_of, worker
from soak_repository import YAML, Repository

from bot.jobs import TryAgain
from bot.published import read_marker

pytest_plugins = ["emulator.plugin"]

NAME = "acme/service"


@pytest.fixture
def look(github: GitHub, tmp_path: Path) -> Iterator[Callable[[], None]]:
    with worker(settings_of(github, tmp_path)) as made:
        yield lambda: made.do(push_job(github, NAME))


@pytest.fixture
def repository(github: GitHub, look: Callable[[], None]) -> Repository:
    """With one open pull request."""
    made = Repository(github, NAME, Random(1))
    look()
    made.check()
    return made


def lag(github: GitHub) -> None:
    """GitHub's list is once more what it was at first: empty."""
    github.fault(faults.STALE, "GET", f"/repos/{NAME}/pulls")


def test_what_is_not_listed_yet_is_updated(
    github: GitHub, look: Callable[[], None], repository: Repository
) -> None:
    repository.spoil_with(YAML)
    lag(github)
    look()
    repository.check()
    (request,) = repository.ours()
    marker = read_marker(request["body"])
    assert marker is not None
    assert marker.head == request["head"]["sha"]


def test_what_is_not_listed_yet_is_closed_as_ours(
    github: GitHub, look: Callable[[], None], repository: Repository
) -> None:
    repository.mend()
    lag(github)
    look()
    repository.check()
    repository.spoil_with(YAML)
    look()
    repository.check()


def test_what_is_not_listed_yet_and_was_approved_is_left_alone(
    github: GitHub, look: Callable[[], None], repository: Repository
) -> None:
    (request,) = repository.ours()
    github.review(NAME, request["number"], "APPROVE", by="ann")
    repository.spoil_with(YAML)
    lag(github)
    look()
    assert repository.ours()[0]["head"]["sha"] == request["head"]["sha"]


def test_a_file_that_is_named_and_not_given_yet_is_asked_for_again(
    github: GitHub, look: Callable[[], None]
) -> None:
    repository = Repository(github, NAME, Random(1))
    github.fault(faults.status(404), "GET", "/repos/*/git/blobs/*", nth=2)
    with pytest.raises(TryAgain):
        look()
    look()
    repository.check()


def test_a_push_that_the_branch_does_not_show_yet_is_looked_at(
    github: GitHub, look: Callable[[], None], repository: Repository
) -> None:
    repository.spoil_with(YAML)
    github.fault(faults.STALE, "GET", f"/repos/{NAME}/git/matching-refs/heads/main")
    look()
    repository.check()


def test_what_a_person_opened_again_and_closed_stays_closed(
    github: GitHub, look: Callable[[], None], repository: Repository
) -> None:
    """We closed it, as nothing was left; it was opened again as something was; then a person said no."""
    (request,) = repository.ours()
    number, branch, head = request["number"], request["head"]["ref"], request["head"]["sha"]
    weak = github.head(NAME, "main") or ""
    repository.mend()
    look()
    github.point(NAME, "main", weak, by="bob", is_forced=True)
    github.point(NAME, branch, head, by="bob")
    github.reopen(NAME, number, by="bob")
    look()
    assert [one["number"] for one in repository.ours("open")] == [number]
    github.close(NAME, number, by="bob")
    look()
    repository.chat()
    look()
    assert repository.ours("open") == []
