"""The buttons of a check run: what they answer, and the pull requests that they open."""

from collections.abc import Callable
from typing import Any

import pytest
from emulator.world import GitHub
from story import CONFIGURED, CORS, FIXED, LOAD, NAME

from bot.events import Job, Kind
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

Press = Callable[..., None]


@pytest.fixture
def press(github: GitHub, worker: Worker) -> Press:
    """Do what a button on the check run of a pull request starts."""

    def done(number: int, button: str, by: str = "bob") -> None:
        head = github.pull_request(NAME, number)["head"]["sha"]
        about = {"commit": head, "number": number, "sender": by, "words": (button, str(number))}
        worker.do(Job(Kind.CHECK_ACTION, github.installation_id, NAME, **about))

    return done


@pytest.fixture
def number(github: GitHub) -> int:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    github.push(NAME, {"more.py": LOAD, "chat.py": CORS}, branch="change", by="bob")
    return github.open_pull_request(NAME, "change", by="bob")


def stacked(github: GitHub) -> list[dict[str, Any]]:
    return [one for one in github.pull_requests(NAME) if one["head"]["ref"].startswith("suture-fix/")]


def test_a_fix_goes_into_the_branch(github: GitHub, press: Press, number: int) -> None:
    press(number, "fix")
    press(number, "fix")
    made = stacked(github)
    assert [one["base"]["ref"] for one in made] == ["change", "change"]
    files = [github.files(NAME, one["head"]["ref"]) for one in made]
    assert sum(some["more.py"].decode() == FIXED for some in files) == 1
    assert all(some["app.py"].decode() == LOAD for some in files), "what was there before stays"
    (comment,) = github.comments(NAME, number)
    assert all(f"#{one['number']}" in comment["body"] for one in made)


def test_a_branch_that_a_run_left_behind_is_taken_up(github: GitHub, press: Press, number: int) -> None:
    press(number, "fix")
    for one in stacked(github):
        github.close(NAME, one["number"], by="ann")
    press(number, "fix")
    assert len([one for one in stacked(github) if one["state"] == "open"]) == 2


def test_who_may_not_write_opens_nothing(github: GitHub, press: Press, number: int) -> None:
    press(number, "fix", by="eve")
    assert stacked(github) == []


def test_nothing_goes_into_a_fork(github: GitHub, press: Press) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    fork = github.fork(NAME, by="eve")
    github.push(fork, {"more.py": LOAD}, by="eve")
    number = github.open_pull_request(NAME, "eve:main", by="eve")
    press(number, "fix", by="ann")
    assert stacked(github) == []


def test_how_to_ignore(github: GitHub, press: Press, number: int) -> None:
    press(number, "ignore")
    press(number, "ignore")
    (comment,) = github.comments(NAME, number)
    assert "# suture: ignore[python/unsafe-yaml-load] WHY" in comment["body"]
    assert '- rule: python/unsafe-yaml-load\n    paths: ["/more.py"]' in comment["body"]
    assert "app.py" not in comment["body"]


def test_explain(github: GitHub, press: Press, number: int) -> None:
    press(number, "explain")
    (comment,) = github.comments(NAME, number)
    assert "There is a fix" in comment["body"]
    assert "<details><summary>Stop CORS from sharing credentials" in comment["body"]


def test_a_button_on_what_has_moved_on_does_nothing(github: GitHub, worker: Worker, number: int) -> None:
    words = ("fix", str(number))
    job = Job(Kind.CHECK_ACTION, github.installation_id, NAME, commit="f" * 40, sender="bob", words=words)
    worker.do(job)
    assert (stacked(github), github.comments(NAME, number)) == ([], [])
