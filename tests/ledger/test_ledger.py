"""The ledger remembers lives of findings, pull requests and ends of jobs, and forgets on time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from own_postgres import Server, postgres

from bot.ledger import Contact, FindingLife, Ledger, Onboarding, PullRequestRow, Reached, Scan
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


DAY = 86_400
OWN = Reached(REPOSITORY, "octo/service", is_private=True)


def due(ledger: Ledger) -> set[int]:
    return {row.id for row in ledger.reachable() if row.due}


def test_what_came_back_is_due_until_it_is_looked_at(ledger: Ledger) -> None:
    assert due(ledger) == set(), "what is new is looked at anyway"
    ledger.repository(REPOSITORY, INSTALLATION, "octo/renamed", is_private=False)
    assert due(ledger) == set()
    ledger.left(REPOSITORY, INSTALLATION)
    assert ledger.reachable() == ()
    ledger.repository(REPOSITORY, INSTALLATION, "octo/renamed", is_private=False)
    assert due(ledger) == {REPOSITORY}
    ledger.looked(REPOSITORY)
    assert due(ledger) == set()


def test_a_list_brings_in_what_is_new_and_lets_go_what_is_not_there(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.reached(INSTALLATION, [OWN, Reached(8, "octo/new", is_private=False)])
    assert (len(ledger.reachable()), due(ledger)) == (2, set())
    ledger.reached(INSTALLATION, [Reached(8, "octo/newer", is_private=False)])
    assert [(row.id, row.name) for row in ledger.reachable()] == [(8, "octo/newer")]
    assert due(ledger) == {8}, "it is the only one now"


def test_a_list_that_was_cut_lets_nothing_go_and_settles_nothing(ledger: Ledger) -> None:
    ledger.reached(INSTALLATION, [Reached(8, "octo/new", is_private=False)], is_all=False)
    assert [row.id for row in ledger.reachable()] == [REPOSITORY, 8]
    assert not ledger.was_listed(INSTALLATION, since=0)


def test_what_was_listed_is_known_for_a_time(ledger: Ledger) -> None:
    assert not ledger.was_listed(INSTALLATION, since=0)
    ledger.reached(INSTALLATION, [OWN])
    assert ledger.was_listed(INSTALLATION, since=100)
    assert not ledger.was_listed(INSTALLATION, since=101)
    ledger.uninstalled(INSTALLATION)
    ledger.installed(INSTALLATION, "octo")
    assert not ledger.was_listed(INSTALLATION, since=0), "it may be another selection now"


@pytest.mark.parametrize("one", [replace(OWN, is_archived=True), replace(OWN, is_fork=True)])
def test_archived_repositories_and_forks_are_listed_and_not_looked_at(ledger: Ledger, one: Reached) -> None:
    ledger.reached(INSTALLATION, [one])
    assert ledger.reachable() == ()
    (installation,) = ledger.listing("suture/configure")
    (listed,) = installation.repositories
    assert (listed.is_archived, listed.is_fork) == (one.is_archived, one.is_fork)


def test_what_another_installation_reaches_now_is_not_lost_by_the_old_one(ledger: Ledger) -> None:
    ledger.installed(4, "other")
    ledger.repository(REPOSITORY, 4, "other/service", is_private=True)
    ledger.left(REPOSITORY, INSTALLATION)
    ledger.reached(INSTALLATION, [])
    (row,) = ledger.reachable()
    assert (row.id, row.installation, row.due) == (REPOSITORY, 4, 100)


def test_the_rating_of_a_repository_outlives_its_next_listing(ledger: Ledger) -> None:
    assert [row.criticality for row in ledger.reachable()] == ["medium"]
    ledger.rated(REPOSITORY, "critical")
    ledger.came_to(REPOSITORY, Onboarding.WAITING)
    ledger.repository(REPOSITORY, INSTALLATION, "octo/renamed", is_private=False)
    assert [row.criticality for row in ledger.reachable()] == ["critical"]
    assert ledger.contact(REPOSITORY).state is Onboarding.WAITING


def test_one_is_alone_only_where_all_are_known(ledger: Ledger) -> None:
    assert ledger.contact(REPOSITORY) == Contact(Onboarding.UNKNOWN)
    ledger.reached(INSTALLATION, [OWN])
    assert ledger.contact(REPOSITORY).is_alone
    ledger.reached(INSTALLATION, [OWN, Reached(8, "octo/fork", is_private=False, is_fork=True)])
    assert not ledger.contact(REPOSITORY).is_alone
    ledger.left(8, INSTALLATION)
    assert ledger.contact(REPOSITORY).is_alone
    assert ledger.contact(12345) == Contact(Onboarding.UNKNOWN)


def test_first_contacts_begin_up_to_a_number_in_a_day(ledger: Ledger, clock: Clock) -> None:
    clock.now = 10 * DAY
    ledger.installed(4, "other")
    ledger.repository(99, 4, "other/x", is_private=False)
    for id in (8, 9):
        ledger.repository(id, INSTALLATION, f"octo/{id}", is_private=False)

    def begins(id: int) -> bool:
        return ledger.propose(id, since=clock.now - DAY, most=2)

    assert [begins(id) for id in (REPOSITORY, 8, 9, 99)] == [True, True, False, True]
    assert begins(8), "it has begun and may go on"
    assert [ledger.contact(id).is_begun for id in (8, 9)] == [True, False]
    clock.now += DAY
    assert not begins(9)
    clock.now += 1
    assert begins(9)
    assert not begins(12345)


def test_the_last_place_of_a_day_goes_to_one(ledger: Ledger) -> None:
    ids = range(100, 116)
    for id in ids:
        ledger.repository(id, INSTALLATION, f"octo/{id}", is_private=False)
    with ThreadPoolExecutor(8) as threads:
        begun = list(threads.map(lambda id: ledger.propose(id, since=0, most=5), ids))
    assert sum(begun) == 5


def test_those_who_were_asked_for_first_are_awaited_first(ledger: Ledger, clock: Clock) -> None:
    for id in (8, 9, 10):
        ledger.repository(id, INSTALLATION, f"octo/{id}", is_private=False)
    for clock.now, id in ((101, 9), (102, REPOSITORY), (103, 8)):
        ledger.want(id)
        assert id in due(ledger)
    ledger.want(9)
    assert ledger.awaited(since=0, most=2) == {9, REPOSITORY}
    ledger.propose(9, since=0, most=2)
    assert ledger.awaited(since=0, most=2) == {REPOSITORY}
    ledger.came_to(REPOSITORY, Onboarding.NO_AI)
    assert ledger.awaited(since=0, most=2) == {8}
    ledger.left(8, INSTALLATION)
    assert ledger.awaited(since=0, most=9) == set()
    clock.now = 2 * DAY
    ledger.want(10)
    assert ledger.awaited(since=DAY, most=1) == {10}, "9 came to nothing yesterday"
    assert ledger.awaited(since=DAY, most=2) == {9, 10}
    ledger.repository(10, INSTALLATION, "octo/10", is_private=False, is_archived=True)
    assert ledger.awaited(since=DAY, most=1) == {9}


def test_the_list_of_an_organisation(ledger: Ledger) -> None:
    seen = [
        replace(FINDING, fingerprint=str(number), severity=severity, status=status)
        for number, (severity, status) in enumerate(
            [("high", "fixed"), ("high", "withheld"), ("low", "refused"), ("critical", "ignored")]
        )
    ]
    ledger.scanned(REPOSITORY, SCAN, [*seen, replace(FINDING, fingerprint="gone", severity="medium")])
    ledger.scanned(REPOSITORY, SCAN, seen)
    ledger.pull_request(REPOSITORY, PULL)
    ledger.pull_request(REPOSITORY, replace(PULL, number=6, state="merged"))
    ledger.pull_request(REPOSITORY, replace(PULL, number=7, branch="suture/configure"))
    ledger.repository(8, INSTALLATION, "octo/a", is_private=False)
    ledger.repository(9, INSTALLATION, "octo/left", is_private=False)
    ledger.left(9, INSTALLATION)
    ledger.installed(4, "gone")
    ledger.uninstalled(4)
    ledger.want(8)
    (installation,) = ledger.listing("suture/configure")
    assert (installation.id, installation.account, installation.is_suspended) == (3, "octo", False)
    first, second = installation.repositories
    assert (first.name, first.is_wanted, first.requests, first.findings) == ("octo/a", True, 0, {})
    assert (second.name, second.is_private, second.criticality) == ("octo/service", True, "medium")
    assert (second.requests, second.findings) == (1, {"high": 2, "low": 1})
