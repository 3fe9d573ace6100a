"""Deliveries that come many times, in any order, many at once: each is done once, and the newest counts."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from emulator.deliveries import Delivery
from emulator.world import GitHub
from soak_app import Running, running
from soak_deliveries import asked
from soak_ledger import outcomes_of
from soak_repository import Repository
from soak_seeds import RUNS, seeds

from bot.jobs import Outcome

pytest_plugins = ["emulator.plugin"]

CLIENTS = 16
REPOSITORIES, PUSHES = (50, 20) if RUNS else (10, 10)


def bring(app: Running, deliveries: Sequence[Delivery]) -> Counter[str]:
    """All at once, as far as so many clients can; what the App said."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return Counter(pool.map(app.post, deliveries))


def push(repositories: Sequence[Repository], times: int) -> None:
    """To one after another, so many times."""
    for _ in range(times):
        for repository in repositories:
            repository.push_something()


def test_the_same_delivery_a_hundred_times(github: GitHub, tmp_path: Path) -> None:
    with running(github, tmp_path) as app:
        repository = Repository(github, "acme/service", Random(1))
        repository.chat()
        (delivery,) = github.delivered("push")
        assert bring(app, [delivery] * 100) == {"queued": 1, "duplicate": 99}
        app.drain()
        assert bring(app, [delivery] * 10) == {"duplicate": 10}
        repository.check()
        assert app.told.empty()
    assert github.calls()["POST", "/repos/{owner}/{repo}/pulls"] == 1
    assert outcomes_of(app.settings.database_url) == {delivery.guid: ("done", "")}


@pytest.mark.parametrize("seed", seeds(2))
def test_deliveries_out_of_order(github: GitHub, tmp_path: Path, seed: int) -> None:
    """A second round comes with what the first one has opened."""
    random = Random(seed)
    with running(github, tmp_path) as app:
        repository = Repository(github, "acme/service", random)
        for _ in range(2):
            before = len(github.deliveries)
            acts = [repository.spoil, repository.spoil, repository.mend, repository.undo, repository.chat]
            for act in random.choices(acts, k=6):
                act()
            shuffled = list(github.deliveries[before:])
            random.shuffle(shuffled)
            for delivery in shuffled:
                app.post(delivery)
            app.drain()
            repository.check()
        assert not app.failed()


def test_many_deliveries_of_many_repositories(github: GitHub, tmp_path: Path) -> None:
    """Half of them come all at once, while the others happen as the App works."""
    with running(github, tmp_path) as app:
        repositories = [
            Repository(github, f"acme/r{number}", Random(number)) for number in range(REPOSITORIES)
        ]
        push(repositories, PUSHES // 2)
        missed = github.delivered("push")
        app.listen()
        begun = monotonic()
        with ThreadPoolExecutor(1) as people:
            meanwhile = people.submit(push, repositories, PUSHES // 2)
            bring(app, missed)
            meanwhile.result()
        app.drain()
        seconds = monotonic() - begun
        for repository in repositories:
            repository.check()
        owed = app.taken | asked(github)
        assert len(owed) >= REPOSITORIES * PUSHES
        assert {app.ended[one].outcome for one in owed} == {Outcome.DONE}
        assert app.told.empty()
    assert set(outcomes_of(app.settings.database_url)) == owed
    print(f"{len(owed)} deliveries of {REPOSITORIES} repositories in {seconds:.0f} s")
