"""Drafts until the repository's own checks have passed; what they fail is closed and stays closed."""

from collections.abc import Callable

import pytest
from emulator.world import GitHub
from story import CONFIGURED, LOAD, NAME, branch_of, opened

from bot.events import Job, Kind
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

Checked = Callable[..., None]


@pytest.fixture
def number(github: GitHub, look: Callable[[], None]) -> int:
    """A draft, in a repository whose default branch has a check that passes."""
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    github.finish_check(NAME, github.head(NAME, "main") or "")
    look()
    (number,) = opened(github)
    return number


@pytest.fixture
def checked(github: GitHub, worker: Worker, number: int) -> Checked:
    """Do what the end of a check on our branch starts."""

    def done(conclusion: str, check: str = "tests") -> None:
        branch = branch_of(github, number)
        head = github.head(NAME, branch) or ""
        github.finish_check(NAME, head, conclusion, check=check)
        worker.do(Job(Kind.CHECKS, github.installation_id, NAME, ref=branch, commit=head))

    return done


def test_green_makes_it_ready(github: GitHub, number: int, checked: Checked) -> None:
    assert github.pull_request(NAME, number)["draft"] is True
    assert "a draft until its checks have passed" in github.issues(NAME)[0]["body"]
    checked("success")
    assert github.pull_request(NAME, number)["draft"] is False


def test_red_is_closed_and_listed(
    github: GitHub, number: int, checked: Checked, look: Callable[[], None]
) -> None:
    branch = branch_of(github, number)
    checked("failure", "unit|tests @all")
    assert opened(github) == []
    (comment,) = github.comments(NAME, number)
    assert "`unit tests all` failed on it, and passes without it" in comment["body"]
    look()
    look()
    assert opened(github) == [], "it is proposed again when somebody asks"
    assert branch not in github.branches(NAME)
    (issue,) = github.issues(NAME)
    assert "Open the next one now" in issue["body"]


def test_a_check_that_fails_without_it_too_says_nothing(
    github: GitHub, number: int, checked: Checked
) -> None:
    github.finish_check(NAME, github.head(NAME, "main") or "", "failure", check="nightly")
    checked("failure", "nightly")
    assert opened(github) == [number]


def test_one_that_is_still_running_is_waited_for(github: GitHub, number: int, checked: Checked) -> None:
    github.set_status(NAME, github.head(NAME, branch_of(github, number)) or "", "pending", by="bob")
    checked("success")
    assert github.pull_request(NAME, number)["draft"] is True


def test_a_repository_without_checks_gets_no_draft(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    assert github.pull_request(NAME, number)["draft"] is False


def test_where_drafts_are_not_to_be_had_it_is_plain(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    github.finish_check(NAME, github.head(NAME, "main") or "")
    github.behaviour.has_drafts = False
    look()
    (number,) = opened(github)
    assert github.pull_request(NAME, number)["draft"] is False


def test_at_once_means_at_once(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, ".suture.yml": "open: {when: at-once}\n"})
    github.finish_check(NAME, github.head(NAME, "main") or "")
    look()
    (number,) = opened(github)
    assert github.pull_request(NAME, number)["draft"] is False


def test_a_draft_that_a_person_has_pushed_to_is_left_alone(
    github: GitHub, number: int, checked: Checked
) -> None:
    github.push(NAME, {"notes.md": "mine\n"}, branch=branch_of(github, number), by="bob")
    checked("failure")
    assert opened(github) == [number]
