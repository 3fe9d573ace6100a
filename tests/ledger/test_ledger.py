"""The ledger remembers lives of findings, pull requests and ends of jobs, and forgets on time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from own_postgres import Server, postgres

from bot.ledger import FindingLife, Ledger, PullRequestRow, Scan
from bot.ledger.tables import metadata

REPOSITORY, INSTALLATION = 7, 3
SCAN = Scan("c" * 40, files=10, read=4, findings=1, skipped=0)
FINDING = FindingLife("f1", "python/x", "high", "a.py", 3, "main", "fixed", "in suture/a/b-1")
PULL = PullRequestRow(5, "suture/a/b-1", "Fix it", "open", opened=100)


class Clock:
    now = 100

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    running: Server = request.getfixturevalue("server")
    return running.new_database()


@pytest.fixture
def ledger(url: str, clock: Clock) -> Iterator[Ledger]:
    made = Ledger(url, clock)
    made.migrate()
    made.installed(INSTALLATION, "octo")
    made.repository(REPOSITORY, INSTALLATION, "octo/service", is_private=True)
    yield made
    made.close()


def test_the_migrations_make_what_the_tables_say(url: str, ledger: Ledger) -> None:
    ledger.migrate()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_finding_lives_ends_and_comes_back_as_another_life(ledger: Ledger, clock: Clock) -> None:
    ledger.scanned(REPOSITORY, SCAN, [FINDING])
    clock.now = 200
    ledger.scanned(REPOSITORY, SCAN, [replace(FINDING, line=9, status="withheld")])
    clock.now = 300
    ledger.scanned(REPOSITORY, SCAN, [])
    clock.now = 400
    ledger.scanned(REPOSITORY, SCAN, [FINDING])
    first, second = ledger.lives(REPOSITORY)
    assert (first.first_seen, first.last_seen, first.ended) == (100, 200, 300)
    assert (first.line, first.status) == (9, "withheld")
    assert (second.first_seen, second.last_seen, second.ended) == (400, 400, None)


def test_a_scan_that_is_recorded_again_changes_no_life(ledger: Ledger) -> None:
    ledger.scanned(REPOSITORY, SCAN, [FINDING])
    ledger.scanned(REPOSITORY, SCAN, [FINDING])
    assert len(ledger.lives(REPOSITORY)) == 1


def test_more_lives_end_at_once_than_a_statement_has_variables(ledger: Ledger) -> None:
    many = [replace(FINDING, fingerprint=str(number)) for number in range(1_234)]
    ledger.scanned(REPOSITORY, SCAN, many)
    ledger.scanned(REPOSITORY, SCAN, many[:1])
    assert sum(life.ended is None for life in ledger.lives(REPOSITORY)) == 1


@pytest.mark.parametrize("text", ["a\0b", "\udcff", "x" * 10_000])
def test_any_name_can_be_kept(ledger: Ledger, text: str) -> None:
    ledger.scanned(REPOSITORY, SCAN, [replace(FINDING, path=text)])
    (life,) = ledger.lives(REPOSITORY)
    assert 0 < len(life.path) <= 2_000


def test_a_pull_request_keeps_the_day_it_opened(ledger: Ledger) -> None:
    ledger.pull_request(REPOSITORY, PULL)
    ledger.pull_request(REPOSITORY, replace(PULL, state="merged", opened=999, ended=150))
    assert ledger.pull_requests(REPOSITORY) == (replace(PULL, state="merged", ended=150),)


def test_pull_requests_are_counted_by_what_became_of_them(ledger: Ledger) -> None:
    for number, state in enumerate(("open", "merged", "merged"), 1):
        ledger.pull_request(REPOSITORY, replace(PULL, number=number, state=state))
    assert ledger.outcomes() == {"open": 1, "merged": 2}


def test_what_opened_in_the_other_repositories_of_an_installation_is_counted(ledger: Ledger) -> None:
    ledger.installed(99, "other")
    for repository, installation in ((20, INSTALLATION), (21, INSTALLATION), (22, 99)):
        ledger.repository(repository, installation, f"octo/r{repository}", is_private=True)
        ledger.pull_request(repository, PULL)
    ledger.pull_request(REPOSITORY, PULL)
    assert ledger.opened_since(REPOSITORY, 100) == 2
    assert ledger.opened_since(REPOSITORY, 101) == 0


def test_branches_that_are_looked_after_are_kept(ledger: Ledger) -> None:
    assert ledger.named(REPOSITORY) == ()
    ledger.names(REPOSITORY, ("release/*", "next"))
    ledger.repository(REPOSITORY, INSTALLATION, "octo/renamed", is_private=True)
    assert ledger.named(REPOSITORY) == ("release/*", "next")


def test_an_event_is_told_once_however_often_its_step_runs(ledger: Ledger) -> None:
    for what in ("opened", "opened", "updated", "updated", "opened"):
        ledger.event(REPOSITORY, 5, what, "why")
    assert [what for what, _, _ in ledger.events(REPOSITORY, 5)] == ["opened", "updated", "opened"]


def test_a_job_that_cannot_succeed_is_listed_with_its_reason(ledger: Ledger) -> None:
    ledger.began("d1", "push", INSTALLATION, REPOSITORY, "c" * 40)
    ledger.began("d2", "push", INSTALLATION, REPOSITORY, "d" * 40)
    ledger.ended("d1", "failed", "the App was suspended")
    ledger.ended("d2", "done")
    assert [(end.id, end.reason) for end in ledger.failures(REPOSITORY)] == [("d1", "the App was suspended")]


def test_a_repository_keeps_its_history_under_a_new_name(ledger: Ledger) -> None:
    ledger.scanned(REPOSITORY, SCAN, [FINDING])
    ledger.repository(REPOSITORY, INSTALLATION, "octo/renamed", is_private=False)
    assert len(ledger.lives(REPOSITORY)) == 1


def test_what_was_uninstalled_is_deleted_after_its_time_and_nothing_else(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.installed(4, "other")
    ledger.repository(8, 4, "other/x", is_private=True)
    for repository, installation in ((REPOSITORY, INSTALLATION), (8, 4)):
        ledger.scanned(repository, SCAN, [FINDING])
        ledger.began(f"d{repository}", "push", installation, repository, "")
        ledger.ended(f"d{repository}", "failed", "x")
    ledger.uninstalled(INSTALLATION)
    assert ledger.forget(before=100) == 0
    assert ledger.forget(before=101) == 1
    assert (ledger.lives(REPOSITORY), ledger.failures(REPOSITORY)) == ((), ())
    assert (len(ledger.lives(8)), len(ledger.failures(8))) == (1, 1)


def test_one_that_is_installed_again_is_not_forgotten(ledger: Ledger) -> None:
    ledger.uninstalled(INSTALLATION)
    ledger.installed(INSTALLATION, "octo")
    assert ledger.forget(before=10_000) == 0
