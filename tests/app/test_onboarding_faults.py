"""A first contact under faults: killed, answers lost, and still one pull request on one branch."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from emulator import faults
from emulator.world import GitHub
from onboarding_rig import FILES, install, state_of
from story import NAME, opened

from bot.events import Job, Kind
from bot.github import App
from bot.jobs import TryAgain
from bot.ledger import Onboarding
from bot.onboarding import BRANCH, PATH, configuration
from bot.settings import Settings
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

WRITES = [
    ("POST", "/repos/*/git/blobs"),
    ("POST", "/repos/*/git/trees"),
    ("POST", "/repos/*/git/commits"),
    ("POST", "/repos/*/git/refs"),
    ("POST", "/repos/*/pulls"),
]


def stands_once(github: GitHub) -> None:
    (request,) = github.pull_requests(NAME)
    assert (request["state"], request["head"]["ref"]) == ("open", BRANCH)
    assert github.files(NAME, BRANCH)[PATH].decode() == configuration()
    assert [name for name in github.branches(NAME) if name.startswith("suture/")] == [BRANCH]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("fault", [faults.lost_answer(), faults.status(502), faults.secondary_limit(60)])
def test_a_write_whose_answer_is_lost_is_done_once(
    github: GitHub,
    worker: Worker,
    look: Callable[[], None],
    method: str,
    path: str,
    fault: faults.Fault,
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    github.fault(fault, method, path, nth=1, times=1)
    for _ in range(3):
        try:
            look()
            break
        except TryAgain:
            continue
    look()
    stands_once(github)


class Killed(BaseException):
    """The process ends, wherever it is."""


def dying(settings: Settings, last: int) -> App:
    """An App whose process ends behind its write of that number."""
    writes = 0

    def kill(method: str, route: str, status: int, remaining: int | None) -> None:
        nonlocal writes
        writes += method != "GET" and "access_tokens" not in route
        if writes == last:
            raise Killed

    return App(settings, kill, pace=0.0)


@pytest.mark.parametrize("last", range(1, len(WRITES) + 1))
def test_a_process_that_ends_behind_any_write_is_finished_by_the_next(
    github: GitHub,
    settings: Settings,
    worker: Worker,
    look: Callable[[], None],
    last: int,
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    job = Job(Kind.PUSH, github.installation_id, NAME, commit=github.head(NAME, "main") or "")
    with dying(settings, last) as app, pytest.raises(Killed):
        replace(worker, app=app).do(job)
    github.push(NAME, {"README.md": "moved on\n"}, by="bob")
    look()
    look()
    stands_once(github)
    assert state_of(worker) is Onboarding.OPEN


@pytest.mark.parametrize("last", [1, 2, 3])
def test_an_end_that_is_broken_off_is_finished_too(
    github: GitHub,
    settings: Settings,
    worker: Worker,
    look: Callable[[], None],
    last: int,
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.push(NAME, {PATH: ""}, by="bob")
    job = Job(Kind.PUSH, github.installation_id, NAME, commit=github.head(NAME, "main") or "")
    with dying(settings, last) as app, pytest.raises(Killed):
        replace(worker, app=app).do(job)
    look()
    assert number not in opened(github)
    assert (BRANCH in github.branches(NAME), state_of(worker)) == (False, Onboarding.CONFIGURED)
    assert len(github.comments(NAME, number)) == 1


def test_a_branch_that_was_left_goes_when_nobody_needs_it(
    github: GitHub, settings: Settings, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    job = Job(Kind.PUSH, github.installation_id, NAME, commit=github.head(NAME, "main") or "")
    with dying(settings, last=4) as app, pytest.raises(Killed):
        replace(worker, app=app).do(job)
    assert BRANCH in github.branches(NAME)
    github.push(NAME, {PATH: ""}, by="bob")
    look()
    assert BRANCH not in github.branches(NAME)
    assert BRANCH not in {one["head"]["ref"] for one in github.pull_requests(NAME)}
