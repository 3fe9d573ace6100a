"""GitHub fails in every way that it knows, at random: all ends well or is told, and nothing is doubled."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from emulator import faults
from emulator.faults import WRITES, Fault
from emulator.world import GitHub
from soak_app import running
from soak_deliveries import asked
from soak_ledger import outcomes_of
from soak_repository import Repository
from soak_seeds import seeds

pytest_plugins = ["emulator.plugin"]

STAGES = 3
AT = 60
"""One of the first so many requests that match meets a fault."""

CHANGING = ("/repos/*/pulls*", "/repos/*/issues*", "/repos/*/git/matching-refs/heads/*")
"""What may be read as it was before; objects never change."""

FAULTS: tuple[tuple[str, Callable[[], Fault]], ...] = (
    ("*", lambda: faults.status(500)),
    ("*", lambda: faults.status(502)),
    ("*", lambda: faults.status(503, headers={"Retry-After": "1"})),
    ("*", faults.hang),
    ("*", faults.reset),
    ("*", faults.truncated),
    ("*", faults.secondary_limit),
    ("*", lambda: faults.secondary_limit(None)),
    ("*", lambda: faults.secondary_limit(60, 429)),
    ("*", faults.primary_limit),
    ("*", lambda: faults.status(404)),
    ("*", lambda: faults.EXPIRED),
    ("GET", lambda: faults.STALE),
    (WRITES, faults.lost_answer),
    (WRITES, lambda: faults.hang(is_done=True)),
    (WRITES, lambda: faults.status(502, is_done=True)),
    (WRITES, lambda: faults.status(409)),
    (WRITES, faults.exists_already),
)


def script(github: GitHub, random: Random) -> None:
    """Up to eight faults; where fewer requests match, one of the first is met."""
    for number in random.choices(range(len(FAULTS)), k=random.randint(1, 8)):
        method, made = FAULTS[number]
        nth = random.randint(1, AT if method == "*" else AT // 4)
        path = random.choice(CHANGING) if made() is faults.STALE else "*"
        print(f"{method} {path} {nth}: {made()}"[:150])
        github.fault(made(), method, path, nth=nth)


@pytest.fixture
def only_news(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is logged as an error: a failure that is told is none, and a defect is told as one."""
    queue = logging.getLogger("dbos")
    queue.addHandler(caplog.handler)
    yield
    queue.removeHandler(caplog.handler)
    assert not [
        record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR
    ]


@pytest.mark.usefixtures("only_news")
@pytest.mark.parametrize("seed", seeds(3))
def test_faults_at_random(github: GitHub, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    with running(github, tmp_path) as app:
        repository = Repository(github, "acme/service", random)
        app.listen()
        script(github, random)
        repository.chat()
        for _ in range(STAGES):
            app.drain()
            repository.check_nothing_doubled()
            if not app.failed():
                repository.check()
            repository.act()
        app.drain()
        told = outcomes_of(app.settings.database_url)
        for delivery in asked(github):
            outcome, reason = told[delivery]
            assert (outcome, reason) == ("done", "") or (outcome == "failed" and reason)
        github.forgive()
        app.ask_again()
        repository.chat()
        app.drain()
        assert not app.failed()
        repository.check()
