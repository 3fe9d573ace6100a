"""Fixtures for tests that name them: put `pytest_plugins = ["emulator.plugin"]` into the test's module."""

from collections.abc import Iterator

import pytest

from emulator.packages import NotReady
from emulator.world import GitHub, Running


@pytest.fixture(scope="session")
def running_github() -> Iterator[Running]:
    """One for each worker, on ports of its own. Without Node or npm it fails and says what to do."""
    try:
        running = Running()
    except NotReady as problem:
        pytest.fail(str(problem), pytrace=False)
    yield running
    running.close()


@pytest.fixture
def github(running_github: Running) -> Iterator[GitHub]:
    """A GitHub with people, an organisation and an installed App, and nothing else in it."""
    running_github.github.reset()
    yield running_github.github
    running_github.github.forgive()
    running_github.github.listen(None)
