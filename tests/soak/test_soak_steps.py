"""A run that ends behind any of its requests is finished by the next one, which leaves nothing to a third."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import pytest
from emulator.world import GitHub
from soak_app import push_job, settings_of, worker
from soak_repository import YAML, Repository
from soak_seeds import RUNS

from bot.github import App
from bot.work import Worker

pytest_plugins = ["emulator.plugin"]

Look = Callable[[], None]


class Died(BaseException):
    """The process ends, wherever it is."""


@pytest.fixture
def working(github: GitHub, tmp_path: Path) -> Iterator[Worker]:
    with worker(settings_of(github, tmp_path)) as made:
        yield made


def look(working: Worker, repository: Repository) -> None:
    working.do(push_job(repository.github, repository.name))


def opens(repository: Repository, look: Look) -> None:
    """Nothing was looked at yet."""


def updates(repository: Repository, look: Look) -> None:
    look()
    repository.check()
    repository.spoil_with(YAML)


def closes(repository: Repository, look: Look) -> None:
    look()
    repository.check()
    repository.mend()


def merges(repository: Repository, look: Look) -> None:
    look()
    repository.check()
    repository.merge()


def dying(nth: int) -> Callable[[str, str, int, int | None], None]:
    """The end of a process behind its nth request; in the short form, behind its nth write."""
    left = nth

    def on_call(method: str, route: str, status: int, remaining: int | None) -> None:
        nonlocal left
        left -= bool(RUNS) or (method != "GET" and "access_tokens" not in route)
        if not left:
            raise Died

    return on_call


@pytest.mark.parametrize("prepare", [opens, updates, closes, merges] if RUNS else [updates, closes])
def test_every_step(
    github: GitHub, tmp_path: Path, working: Worker, prepare: Callable[[Repository, Look], None]
) -> None:
    for nth in count(1):
        repository = Repository(github, f"acme/{prepare.__name__}{nth}", Random(nth))
        prepare(repository, partial(look, working, repository))
        job = push_job(github, repository.name)
        with App(settings_of(github, tmp_path), dying(nth), pace=0.0) as app:
            try:
                replace(working, app=app).do(job)
            except Died:
                print(f"{prepare.__name__}: died behind {nth}")
            else:
                break
        working.do(job)
        repository.check()
        github.forget_calls()
        working.do(job)
        written = {route for method, route in github.calls() if method != "GET"}
        assert written <= {"/graphql", "/app/installations/{installation}/access_tokens"}, written
    assert nth > 1
