"""The queue in one process: once, in order for a repository, again after a failure, held back by a pause."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

import dbos._queue
import pytest
from own_postgres import Server, postgres
from queue_rig import DEADLINE, QUICK, job, queue, settled

from bot.events import Job, Kind
from bot.jobs import (
    EVERYTHING,
    Accepted,
    Hopeless,
    InUse,
    Jobs,
    Outcome,
    Patience,
    Pauses,
    Rescan,
    TryAgain,
    installation_scope,
    repository_scope,
)
from bot.jobs.turns import forget


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        return server.new_database()
    return f"sqlite:///{tmp_path / 'folder' / 'suture.sqlite'}"


NAME = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


def test_the_same_delivery_a_hundred_times_is_one_job(url: str) -> None:
    done: list[Job] = []
    with queue(url, done.append) as rig:
        accepted = Counter(rig.jobs.add(NAME, job()) for _ in range(100))
        (ending,) = rig.endings(1)
        settled(NAME)
        accepted.update(rig.jobs.add(NAME, job()) for _ in range(100))
        assert rig.jobs.depth().waiting == rig.jobs.depth().running == 0
    assert accepted == {Accepted.QUEUED: 1, Accepted.DUPLICATE: 199}
    assert done == [job()]
    assert (ending.outcome, ending.delivery, ending.attempt, ending.tries) == (Outcome.DONE, NAME, 1, 1)


def test_from_many_threads_at_once_too(url: str) -> None:
    accepted: Queue[Accepted] = Queue()
    with queue(url, lambda job: None) as rig:
        threads = [
            threading.Thread(target=lambda: accepted.put(rig.jobs.add(NAME, job()))) for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rig.endings(1)
    assert Counter(accepted.get_nowait() for _ in threads)[Accepted.QUEUED] == 1


def test_a_thousand_deliveries_over_fifty_repositories(url: str) -> None:
    """Out of order and each of them twice: all are done once, and one at a time for a repository."""
    lock, running, most = threading.Lock(), Counter[int](), Counter[int]()
    done: Counter[int] = Counter()

    def work(job: Job) -> None:
        with lock:
            running[job.repository_id] += 1
            most[job.repository_id] = max(most[job.repository_id], running[job.repository_id])
            most[0] = max(most[0], running.total())
        with lock:
            running[job.repository_id] -= 1
            done[job.number] += 1

    with queue(url, work) as rig:
        numbers = [*range(1000), *range(1000)]
        Random(1).shuffle(numbers)
        for number in numbers:
            rig.jobs.add(f"d-{number}", job(number, number % 50 + 1))
        assert {ending.outcome for ending in rig.endings(1000)} == {Outcome.DONE}
    assert done == Counter(range(1000))
    assert {most[repository] for repository in range(1, 51)} == {1}
    assert most[0] <= QUICK.at_once


def test_repositories_do_not_wait_for_each_other(url: str) -> None:
    """Jobs of four repositories are in the middle at once; a fifth job of the first one waits."""
    together, begun = threading.Barrier(4, timeout=DEADLINE), Queue[int]()

    def work(job: Job) -> None:
        begun.put(job.number)
        if job.number <= 4:
            together.wait()

    with queue(url, work) as rig:
        for number, repository in ((1, 1), (5, 1), (2, 2), (3, 3), (4, 4)):
            rig.jobs.add(f"d-{number}", job(number, repository))
        rig.endings(5)
    assert sorted(begun.get_nowait() for _ in range(4)) == [1, 2, 3, 4]
    assert begun.get_nowait() == 5


def test_a_busy_repository_does_not_starve_another(url: str) -> None:
    done, all_are_queued = list[int](), threading.Event()

    def work(job: Job) -> None:
        all_are_queued.wait(DEADLINE)
        done.append(job.repository_id)

    with queue(url, work) as rig:
        for number in range(200):
            rig.jobs.add(f"d-busy-{number}", job(number, 1))
        rig.jobs.add("d-other", job(0, 2))
        all_are_queued.set()
        rig.endings(201)
    assert done.index(2) < 20


def test_a_failing_job_is_tried_again_and_told(url: str) -> None:
    tried: list[int] = []

    def work(job: Job) -> None:
        tried.append(job.number)
        if len(tried) < 3:
            raise TryAgain("GitHub answered 502")

    with queue(url, work) as rig:
        rig.jobs.add(NAME, job())
        first, second, third = rig.endings(3)
        settled(f"{NAME}~3")
        assert rig.jobs.add(NAME, job()) is Accepted.DUPLICATE
    assert [e.outcome for e in (first, second, third)] == [Outcome.AGAIN, Outcome.AGAIN, Outcome.DONE]
    assert (first.reason, second.tries, third.tries) == ("GitHub answered 502", 2, 3)


def test_it_is_tried_so_often_and_then_ends_told(url: str) -> None:
    def work(job: Job) -> None:
        raise TryAgain("GitHub answered 502", retry_at=time.time() - 60)

    with queue(url, work) as rig:
        rig.jobs.add(NAME, job())
        endings = rig.endings(4)
    assert [e.outcome for e in endings] == [Outcome.AGAIN] * 3 + [Outcome.FAILED]
    assert endings[-1].reason == "GitHub answered 502 (tried 4 times)"


def test_a_defect_ends_told_without_its_text(url: str) -> None:
    def work(job: Job) -> None:
        raise KeyError("ghs_secret")

    with queue(url, work) as rig:
        rig.jobs.add(NAME, job())
        endings = rig.endings(2)
    assert endings[-1].outcome is Outcome.FAILED
    assert "KeyError" in endings[-1].reason
    assert "ghs_secret" not in endings[-1].reason


def test_a_job_that_waits_lets_others_of_its_repository_pass(url: str) -> None:
    """A limit of GitHub's may last an hour: it holds no thread, and no place in the queue."""
    pace = replace(QUICK, patience=Patience(first=3600))

    def work(job: Job) -> None:
        if job.number == 1:
            raise TryAgain("a rate limit", retry_at=time.time() + 1800)

    with queue(url, work, pace=pace) as rig:
        rig.jobs.add("d-1", job(1))
        (waiting,) = rig.endings(1)
        rig.jobs.add("d-2", job(2))
        (done,) = rig.endings(1)
        assert rig.jobs.add("d-1", job(1)) is Accepted.DUPLICATE
        assert rig.jobs.depth().put_off >= 1
    assert (waiting.outcome, done.outcome, done.delivery) == (Outcome.AGAIN, Outcome.DONE, "d-2")


def test_a_redelivery_of_a_failed_one_is_a_new_attempt(url: str) -> None:
    tried: list[int] = []

    def work(job: Job) -> None:
        tried.append(job.number)
        if len(tried) < 3:
            raise Hopeless("the App may not write here")

    with queue(url, work) as rig:
        for attempt in (1, 2, 3):
            assert rig.jobs.add(NAME, job()) is Accepted.QUEUED
            (ending,) = rig.endings(1)
            assert ending.attempt == attempt
            settled(NAME if attempt == 1 else f"{NAME}#{attempt}")
        assert rig.jobs.add(NAME, job()) is Accepted.DUPLICATE
    assert ending.outcome is Outcome.DONE
    assert len(tried) == 3


def test_a_job_that_was_claimed_and_never_begun(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As happens when the database fails between the two: its repository would wait for ever."""
    begin: Any = vars(dbos._queue)["execute_dequeued_workflow"]
    failures = iter([ConnectionError()])

    def fail_once(*arguments: Any) -> Any:
        for failure in failures:
            raise failure
        return begin(*arguments)

    monkeypatch.setattr(dbos._queue, "execute_dequeued_workflow", fail_once)
    with queue(url, lambda job: None) as rig:
        rig.jobs.add(NAME, job())
        assert rig.endings(1)[0].outcome is Outcome.DONE


def test_a_ledger_that_does_not_answer_undoes_nothing(url: str) -> None:
    done: Queue[Job] = Queue()

    def tell(ending: object) -> None:
        raise ConnectionError

    jobs = Jobs(url, done.put, Pauses(url), tell=tell, pace=QUICK)
    jobs.launch()
    try:
        jobs.add(NAME, job())
        assert done.get(timeout=DEADLINE) == job()
        settled(NAME)
        assert jobs.add(NAME, job()) is Accepted.DUPLICATE
    finally:
        jobs.destroy()


@pytest.mark.parametrize(
    "scope", [EVERYTHING, installation_scope(7), repository_scope(1), repository_scope("O/R1")]
)
def test_a_pause_holds_jobs_back_and_loses_none(url: str, scope: str) -> None:
    done: list[int] = []
    with queue(url, lambda job: done.append(job.number)) as rig:
        rig.pauses.pause(scope, "octocat")
        assert [(pause.scope, pause.by) for pause in rig.pauses.all()] == [(scope, "octocat")]
        rig.jobs.add(NAME, job())
        (paused,) = rig.endings(1)
        settled(NAME)
        assert rig.jobs.add(NAME, job()) is Accepted.DUPLICATE
        assert rig.jobs.release() == 0
        assert done == []
        rig.pauses.resume(scope)
        assert rig.jobs.release() == 1
        (ending,) = rig.endings(1)
    assert (paused.outcome, paused.reason) == (Outcome.PAUSED, f"paused: {scope}")
    assert (ending.outcome, ending.tries, done) == (Outcome.DONE, 1, [1])


def test_a_pause_of_one_repository_is_no_pause_of_another(url: str) -> None:
    with queue(url, lambda job: None) as rig:
        rig.pauses.pause(repository_scope(1), "octocat")
        rig.jobs.add("d-1", job(1, 1))
        rig.jobs.add("d-2", job(2, 2))
        assert {e.delivery: e.outcome for e in rig.endings(2)} == {
            "d-1": Outcome.PAUSED,
            "d-2": Outcome.DONE,
        }
        rig.pauses.resume(repository_scope(1))


def test_paused_by_the_environment_and_begun_without(url: str) -> None:
    with queue(url, lambda job: None, is_paused=True) as rig:
        rig.jobs.add(NAME, job())
        assert rig.endings(1)[0].reason == "paused: everything"
        settled(NAME)
    with queue(url, lambda job: None) as rig:
        assert rig.endings(1)[0].outcome is Outcome.DONE


def test_rescans_once_in_a_period(url: str) -> None:
    due = [Rescan(7, f"o/r{number}", number, timedelta(days=7)) for number in (11, 12)]
    with queue(url, lambda job: None, rescans=lambda: due) as rig:
        ends = rig.endings(2)
        rig.jobs.look_around()
        assert rig.jobs.depth().waiting == 0
    assert {(e.job.kind, e.job.repository_id) for e in ends} == {(Kind.RESCAN, 11), (Kind.RESCAN, 12)}


def test_what_is_paused_is_looked_at_once_it_goes_on(url: str) -> None:
    due: list[Rescan] = []
    with queue(url, lambda job: None, rescans=lambda: due) as rig:
        rig.pauses.pause(repository_scope(11), "octocat")
        due += [Rescan(7, f"o/r{number}", number, timedelta(days=7)) for number in (11, 12)]
        rig.jobs.look_around()
        (first,) = rig.endings(1)
        assert rig.jobs.depth().put_off == 0, "nothing is parked"
        rig.pauses.resume(repository_scope(11))
        rig.jobs.look_around()
        (second,) = rig.endings(1)
    assert (first.job.repository_id, second.job.repository_id) == (12, 11)


def test_periods_follow_the_frequency_and_are_spread() -> None:
    often, rarely = Rescan(7, "o/r", 1, timedelta(hours=1)), Rescan(7, "o/r", 1, timedelta(days=7))
    week = [now * 3600.0 for now in range(24 * 7)]
    assert len({often.delivery(now) for now in week}) == 24 * 7
    assert len({rarely.delivery(now) for now in week}) == 2
    changes = Counter(
        next((now for now in week if rescan.delivery(now) != rescan.delivery(0)), week[-1])
        for rescan in (Rescan(7, "o/r", number, timedelta(days=7)) for number in range(1, 500))
    )
    assert max(changes.values()) < 25
    assert Rescan(7, "o/r", 1, timedelta(0)).delivery(0) == often.delivery(0)


def test_one_process_works_on_an_sqlite_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with queue(url, lambda job: None), pytest.raises(InUse, match="PostgreSQL"):
        Jobs(url, lambda job: None, Pauses(url)).launch()
    with queue(url, lambda job: None) as rig:
        assert rig.jobs.is_ready()
    assert not rig.jobs.is_ready()


def test_what_is_stored_is_json(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    with queue(url, lambda job: None) as rig:
        rig.jobs.add(NAME, job())
        rig.endings(1)
        settled(NAME)
        with closing(sqlite3.connect(tmp_path / "suture.sqlite")) as database:
            rows = database.execute("SELECT serialization FROM workflow_status").fetchall()
            inputs = database.execute("SELECT * FROM workflow_input").fetchall()
    assert rows == [("portable_json",)]
    assert '"repository":"o/r1"' in inputs[0][1]


def test_what_is_long_done_is_forgotten_and_what_waits_is_not(url: str) -> None:
    with queue(url, lambda job: None) as rig:
        rig.pauses.pause(repository_scope(2), "octocat")
        rig.jobs.add("d-1", job(1, 1))
        rig.jobs.add("d-2", job(2, 2))
        rig.endings(2)
        settled("d-1")
        settled("d-2")
        forget(time.time() + 34 * 86_400)
        assert rig.jobs.add("d-1", job(1, 1)) is Accepted.DUPLICATE
        forget(time.time() + 36 * 86_400)
        assert rig.jobs.add("d-1", job(1, 1)) is Accepted.QUEUED
        rig.pauses.resume(repository_scope(2))
        assert rig.jobs.release() == 1
        assert {ending.delivery for ending in rig.endings(2)} == {"d-1", "d-2"}


def test_patience_doubles_and_honours_what_github_asks() -> None:
    patience = Patience()
    assert [patience.wait(tries, 0) for tries in (1, 2, 3, 20, 10_000)] == [10, 20, 40, 3600, 3600]
    assert patience.wait(1, 1000, 1000 + 900) == 900
    assert patience.wait(1, 1000, 500) == 10
    assert patience.wait(1, 0, 1e12) == patience.most
