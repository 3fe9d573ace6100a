"""The App on an emulated GitHub, job by job: no queue, no waiting, a clock that stands still.

A module that uses these says `pytest_plugins = ["emulator.plugin", "app_fixtures"]`, and imports neither.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from emulator.world import GitHub
from story import NAME, NOW

from bot.events import Job, Kind
from bot.github import App
from bot.jobs import Pauses
from bot.ledger import Ledger
from bot.settings import Settings
from bot.work import Worker
from fixers import all_rules


@pytest.fixture
def settings(github: GitHub, tmp_path: Path) -> Settings:
    return Settings(
        github.app_id,
        github.private_key,
        (github.webhook_secret,),
        tmp_path,
        f"sqlite:///{tmp_path / 'suture.sqlite'}",
        api_url=github.base_url,
    )


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    ledger = Ledger(settings.database_url, lambda: NOW)
    ledger.migrate()
    pauses = Pauses(settings.database_url)
    pauses.prepare()
    with App(settings, pace=0.0, sleep=lambda seconds: None) as app, closing(pauses):
        yield Worker(app, ledger, settings.data / "blobs", all_rules(), pauses, lambda: NOW)
    ledger.close()


@pytest.fixture
def look(github: GitHub, worker: Worker) -> Callable[[], None]:
    """Do what a push to the default branch starts."""

    def done() -> None:
        commit = github.head(NAME, "main") or ""
        worker.do(Job(Kind.PUSH, github.installation_id, NAME, ref="main", commit=commit))

    return done
