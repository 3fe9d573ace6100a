"""People do something while the App reads and mends: what they did counts, and nothing gets lost."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from emulator import faults
from emulator.hub import Seen
from emulator.wire import Data
from emulator.world import GitHub
from soak_app import push_job, settings_of, worker
from soak_repository import YAML, Repository
from soak_seeds import RUNS

from bot.jobs import TryAgain
from bot.work import Worker

pytest_plugins = ["emulator.plugin"]

LAST_LOOKS = 3
"""Requests with which the App makes sure, before it shows anything, that all is as it was. Behind these
GitHub can't be asked to change something only if nobody else did."""

Act = Callable[[Repository, int], None]
"""What somebody does to our pull request of that number, or beside it."""
Holds = Callable[[Repository, Data], None]
"""What must hold then, given the pull request as it was before."""


def merge(repository: Repository, number: int) -> None:
    repository.github.merge(repository.name, number, by="ann")


def close(repository: Repository, number: int) -> None:
    repository.github.close(repository.name, number, by="ann")


def push(repository: Repository, number: int) -> None:
    branch = repository.github.pull_request(repository.name, number)["head"]["ref"]
    repository.github.push(repository.name, {"theirs.md": "Mine\n"}, branch=branch, by="bob")


def approve(repository: Repository, number: int) -> None:
    repository.github.review(repository.name, number, "APPROVE", by="ann")


def spoil(repository: Repository, number: int) -> None:
    repository.spoil_with(YAML)


@pytest.fixture
def working(github: GitHub, tmp_path: Path) -> Iterator[Worker]:
    with worker(settings_of(github, tmp_path)) as made:
        yield made


def look(working: Worker, repository: Repository) -> None:
    """Until there is nothing to be tried again; each turn sees what is there then."""
    while True:
        try:
            return working.do(push_job(repository.github, repository.name))
        except TryAgain as reason:
            print(f"again: {reason}")


def is_shown(seen: Seen) -> bool:
    """Whether people see what a request does."""
    ending = seen.route.rpartition("/")[2]
    return seen.method in ("PATCH", "DELETE") or (
        seen.method == "POST" and ending in ("refs", "pulls", "comments")
    )


def begun(github: GitHub, working: Worker, name: str, prepare: str) -> tuple[Repository, int]:
    """A repository with a pull request of ours (its number), in which there is something to do."""
    repository = Repository(github, name, Random(1))
    look(working, repository)
    (request,) = repository.ours("open")
    if prepare == "updates":
        repository.spoil_with(YAML)
    else:
        repository.mend()
    github.forget_calls()
    return repository, request["number"]


def moments(github: GitHub, working: Worker, prepare: str) -> range:
    """The requests behind which somebody may act; in the short form, the last of them. They are counted
    in a second repository: the first one's files are read, the others' are known."""
    for name in ("acme/first", "acme/calm"):
        repository, _ = begun(github, working, name, prepare)
        look(working, repository)
    asked = [one for one in github.seen if one.who in ("app", "installation")]
    last = next(number for number, one in enumerate(asked) if is_shown(one)) - LAST_LOOKS
    return range(1 if RUNS else last, last + 1)


def it_stays_closed(repository: Repository, before: Data) -> None:
    """Neither it nor what it held comes back."""
    weak = repository.github.files(repository.name).get("yaml1.py") == YAML.bad.encode()
    for one in repository.ours("open"):
        held = repository.github.files(repository.name, one["head"]["ref"])
        assert not weak or held["yaml1.py"] == YAML.bad.encode()
    now = repository.github.pull_request(repository.name, before["number"])
    assert now["body"] == before["body"], "a person closed it: there is nothing to be said in it"


def their_commit_is_kept(repository: Repository, before: Data) -> None:
    (request,) = repository.ours("open")
    assert "theirs.md" in repository.github.files(repository.name, request["head"]["ref"])


def nothing_is_pushed(repository: Repository, before: Data) -> None:
    (request,) = repository.ours("open")
    assert request["head"]["sha"] == before["head"]["sha"]


def all_is_well(repository: Repository, before: Data) -> None:
    repository.check()


@pytest.mark.parametrize("prepare", ["updates", "closes"] if RUNS else ["updates"])
@pytest.mark.parametrize(
    ("act", "holds"),
    [
        (merge, all_is_well),
        (close, it_stays_closed),
        (push, their_commit_is_kept),
        (approve, nothing_is_pushed),
        (spoil, all_is_well),
    ],
)
def test_somebody_acts_meanwhile(
    github: GitHub, working: Worker, act: Act, holds: Holds, prepare: str
) -> None:
    for nth in moments(github, working, prepare):
        repository, number = begun(github, working, f"acme/r{nth}", prepare)
        before = github.pull_request(repository.name, number)
        github.forgive()
        github.fault(faults.meanwhile(partial(act, repository, number)), nth=nth)
        look(working, repository)
        look(working, repository)
        print(f"{act.__name__} behind request {nth} of a look that {prepare}")
        holds(repository, before)
