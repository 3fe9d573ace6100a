"""The App is killed in the middle of its work, again and again: in the end all is as if it hadn't been."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from emulator import faults
from emulator.world import GitHub
from own_postgres import Server, postgres
from soak_deliveries import asked
from soak_ledger import outcomes_of, pull_requests_of
from soak_machine import Death, Machine, When, machine
from soak_repository import Repository
from soak_seeds import RUNS, seeds

pytest_plugins = ["emulator.plugin"]

STAGES, MOST_DEATHS, REPOSITORIES = (4, 3, (1, 1, 2)) if RUNS else (2, 1, (1,))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        yield server


def death(random: Random) -> Death:
    """Mostly in the middle of a request: of any, or of a write, as there are fewer of these."""
    when = random.choices([When.BEFORE, When.BEHIND, When.TOLD], weights=[3, 3, 1])[0]
    if when is When.TOLD:
        return Death(when, random.randint(1, 2))
    method, most = random.choice([("*", 20), (faults.WRITES, 6), (faults.WRITES, 6)])
    return Death(when, random.randint(1, most), method)


def die_and_live(machine: Machine, random: Random) -> None:
    """From some stage on the App dies, once or more. After each stage all is as it should be."""
    names = [f"acme/r{number}" for number in range(random.choice(REPOSITORIES))]
    repositories = [Repository(machine.github, name, random) for name in names]
    stages = random.randint(STAGES // 2, STAGES)
    first, stage = random.randrange(stages), 0
    machine.start()
    while stage < stages or not machine.deaths:
        print(f"stage {stage}")
        if stage == first:
            machine.plan([death(random) for _ in range(random.randint(1, MOST_DEATHS))])
        for repository in repositories:
            repository.act() if stage else repository.chat()
        machine.drain()
        for repository in repositories:
            repository.check()
        stage += 1
    machine.finish()
    outcomes = outcomes_of(machine.url)
    queued = asked(machine.github)
    assert {one: outcomes[one] for one in queued} == dict.fromkeys(queued, ("done", ""))
    for repository in repositories:
        repository.check()
        known = pull_requests_of(machine.url, repository.name)
        assert {one["number"] for one in repository.ours()} <= set(known)


@pytest.mark.parametrize("seed", seeds(2))
def test_killed_at_any_step_of_publishing(github: GitHub, tmp_path: Path, seed: int) -> None:
    with machine(github, tmp_path) as on_sqlite:
        die_and_live(on_sqlite, Random(seed))


@pytest.mark.parametrize("seed", seeds(1)[: RUNS // 4 or 1])
def test_the_same_on_postgresql(github: GitHub, tmp_path: Path, server: Server, seed: int) -> None:
    """The next process is another worker: it takes over what the dead one had begun."""
    with machine(github, tmp_path, server.new_database()) as on_postgresql:
        die_and_live(on_postgresql, Random(seed))
