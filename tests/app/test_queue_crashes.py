"""Workers that are killed in the middle: what they had begun is done by whoever comes next."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_postgres import Server, postgres
from worker_process import Worker, worker


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        yield server


def add(to: Worker, *numbers: int) -> None:
    for number in numbers:
        to.say(f"add d-{number} {number} {number + 1}")
    assert {outcome for _, outcome in to.hear("added", len(numbers))} == {"queued"}


def begun(by: Worker, count: int) -> set[int]:
    return {int(number) for (number,) in by.hear("begun", count)}


def told(by: Worker, count: int) -> Counter[str]:
    heard = by.hear("told", count)
    assert {outcome for _, outcome in heard} == {"done"}
    return Counter(name for name, _ in heard)


def test_killed_in_the_middle_and_begun_again(tmp_path: Path) -> None:
    """Three jobs are in the middle and two wait in the queue; after the restart all five are done."""
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with worker(url) as first:
        add(first, 1, 3, 5, 7, 9)
        begun(first, 3)
        first.kill()
    with worker(url) as second:
        second.say("go")
        assert told(second, 5) == Counter(f"d-{number}" for number in (1, 3, 5, 7, 9))
        second.say("add d-1 1 2")
        assert second.hear("added") == [["d-1", "duplicate"]]


def test_killed_again_and_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with worker(url) as first:
        add(first, 1)
        begun(first, 1)
        first.kill()
    for _ in range(3):
        with worker(url) as another:
            assert begun(another, 1) == {1}
            another.kill()
    with worker(url) as last:
        last.say("go")
        assert told(last, 1) == Counter(["d-1"])


def test_a_job_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    """It would kill for ever otherwise; what else waits is done."""
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with worker(url, deaths=1) as first:
        add(first, 1)
        begun(first, 1)
        first.kill()
    with worker(url, deaths=1) as second:
        begun(second, 1)
        second.kill()
    with worker(url, deaths=1) as third:
        assert third.hear("told") == [["d-1", "failed"]]
        add(third, 2)
        assert told(third, 1) == Counter(["d-2"])
        third.say("add d-1 1 2")
        assert third.hear("added") == [["d-1", "queued"]]


def test_killed_as_soon_as_it_was_accepted(tmp_path: Path) -> None:
    """What was answered with "queued" is on disk."""
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with worker(url) as first:
        add(first, 2)
        first.kill()
    with worker(url) as second:
        second.say("add d-2 2 3")
        assert second.hear("added") == [["d-2", "duplicate"]]


def test_of_two_workers_on_one_postgresql_one_is_killed(server: Server) -> None:
    """Each has three jobs in the middle; the survivor does its own, and then the other's."""
    url = server.new_database()
    numbers = (1, 3, 5, 7, 9, 11)
    with worker(url) as first, worker(url) as second:
        add(first, *numbers)
        of_first, of_second = begun(first, 3), begun(second, 3)
        assert of_first | of_second == set(numbers)
        first.kill()
        second.say("go")
        assert told(second, 6) == Counter(f"d-{number}" for number in numbers)


def test_a_worker_that_lives_keeps_its_jobs(server: Server) -> None:
    """The other one looks for deaths, and finds none."""
    url = server.new_database()
    with worker(url) as first:
        add(first, 1, 3, 5)
        begun(first, 3)
        with worker(url) as second:
            second.say("look")
            assert second.hear("looked") == [["0", "3"]]
            first.say("go")
            assert told(first, 3) == Counter(["d-1", "d-3", "d-5"])


def test_a_killed_worker_begins_again_on_postgresql(server: Server) -> None:
    url = server.new_database()
    with worker(url) as first:
        add(first, 1)
        begun(first, 1)
        first.kill()
    with worker(url) as second:
        second.say("go")
        assert told(second, 1) == Counter(["d-1"])
