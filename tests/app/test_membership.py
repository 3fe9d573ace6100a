"""Who installed the App and what it reaches: followed through events in any order, held against GitHub."""

import queue
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from emulator import faults
from emulator.world import GitHub
from onboarding_rig import FILES, soon, state_of
from real_server import served
from story import CONFIGURED, LOAD, NAME, NOW

from bot.app import create_app
from bot.events import Job, Kind
from bot.jobs import Ending, Jobs, Outcome, Pace, Pauses, TryAgain
from bot.ledger import Onboarding
from bot.metrics import Metrics
from bot.onboarding import BRANCH
from bot.settings import Settings
from bot.work import Worker
from bot.work.membership import Soon

pytest_plugins = ["emulator.plugin", "app_fixtures"]

OTHER = "acme/other"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def tell(github: GitHub, worker: Worker, kind: Kind, what: str, name: str = "") -> None:
    """The job that an event of this kind starts."""
    id = github.read(f"/repos/{name}")["id"] if name else 0
    worker.do(Job(kind, github.installation_id, name, id, sender="ann", words=(what,)))


def reached(worker: Worker) -> dict[str, set[str]]:
    """Account → names."""
    return {one.account: {each.name for each in one.repositories} for one in worker.ledger.listing(BRANCH)}


def every(worker: Worker) -> dict[str, timedelta]:
    return {one.repository: one.every for one in worker.rescans() if not isinstance(one, Soon)}


def test_an_installation_is_its_accounts_and_reaches_what_github_lists(
    github: GitHub, worker: Worker
) -> None:
    github.seed(NAME, FILES)
    github.seed(OTHER, FILES, is_private=True)
    tell(github, worker, Kind.INSTALLATION, "created")
    assert reached(worker) == {"acme": {NAME, OTHER}}
    (installation,) = worker.ledger.listing(BRANCH)
    assert {one.name: one.is_private for one in installation.repositories} == {NAME: False, OTHER: True}


def test_each_is_looked_at_as_often_as_it_is_critical(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, {**CONFIGURED, "compass.yml": "fields: {tier: 1}\n"})
    github.seed(OTHER, {".suture.yml": "criticality: low\n"})
    tell(github, worker, Kind.INSTALLATION, "created")
    assert every(worker) == {NAME: DAY, OTHER: DAY}
    for rescan in list(worker.rescans()):
        worker.do(rescan.job)
    assert every(worker) == {NAME: 6 * HOUR, OTHER: 7 * DAY}
    assert soon(worker) == []


def test_repositories_come_and_go(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    github.seed(OTHER, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    for rescan in list(worker.rescans()):
        worker.do(rescan.job)
    assert state_of(worker, NAME) is Onboarding.WAITING
    github.choose("acme", {NAME})
    tell(github, worker, Kind.REPOSITORIES, "removed")
    assert reached(worker) == {"acme": {NAME}}
    assert soon(worker) == [NAME], "it is the only one now, and may be asked"
    worker.do(next(iter(worker.rescans())).job)
    assert state_of(worker, NAME) is Onboarding.OPEN
    github.choose("acme", None)
    tell(github, worker, Kind.REPOSITORIES, "added")
    assert (set(every(worker)), soon(worker)) == ({NAME, OTHER}, [OTHER]), "it came back"


def test_what_is_added_to_a_selection_is_known_at_once(github: GitHub, worker: Worker) -> None:
    """A token that was made before the addition may not know of it."""
    github.seed(NAME, FILES)
    github.seed(OTHER, FILES)
    github.choose("acme", {NAME})
    tell(github, worker, Kind.REPOSITORIES, "removed")
    assert reached(worker) == {"acme": {NAME}}
    github.choose("acme", {NAME, OTHER})
    tell(github, worker, Kind.REPOSITORIES, "added")
    assert reached(worker) == {"acme": {NAME, OTHER}}


def test_events_in_the_wrong_order_end_in_what_is(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    github.choose("acme", set())
    github.choose("acme", None)
    tell(github, worker, Kind.REPOSITORIES, "added")
    tell(github, worker, Kind.REPOSITORIES, "removed")
    assert reached(worker) == {"acme": {NAME}}
    github.uninstall()
    tell(github, worker, Kind.INSTALLATION, "deleted")
    tell(github, worker, Kind.INSTALLATION, "created")
    tell(github, worker, Kind.INSTALLATION, "new_permissions_accepted")
    assert (reached(worker), every(worker)) == ({}, {})


def test_an_archived_repository_and_a_fork_are_known_and_left_in_peace(
    github: GitHub, worker: Worker
) -> None:
    github.seed(NAME, FILES)
    github.seed("eve/theirs", FILES)
    github.request("PATCH", f"/repos/{NAME}", {"archived": True})
    tell(github, worker, Kind.INSTALLATION, "created")
    fork = github.fork(NAME, by="ann")
    worker.ledger.repository(99, github.installation_id, fork, is_private=False, is_fork=True)
    assert (every(worker), reached(worker)) == ({}, {"acme": {NAME, fork}})
    github.request("PATCH", f"/repos/{NAME}", {"archived": False})
    tell(github, worker, Kind.REPOSITORY, "unarchived", NAME)
    assert soon(worker) == [NAME]


def test_a_new_name_and_a_new_face_are_followed(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    (before,) = worker.ledger.reachable()
    github.rename(NAME, "renamed")
    github.request("PATCH", "/repos/acme/renamed", {"private": True})
    job = Job(Kind.REPOSITORY, github.installation_id, NAME, before.id, words=("renamed",))
    worker.do(job)
    assert soon(worker) == []
    worker.do(replace(job, words=("privatized",)))
    assert soon(worker) == ["acme/renamed"]
    (installation,) = worker.ledger.listing(BRANCH)
    (after,) = installation.repositories
    assert (after.id, after.name, after.is_private) == (before.id, "acme/renamed", True)


def test_another_default_branch_is_looked_at(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, {"app.py": LOAD})
    tell(github, worker, Kind.INSTALLATION, "created")
    (rescan,) = worker.rescans()
    worker.do(rescan.job)
    github.push(NAME, FILES, branch="next", by="bob")
    github.request("PATCH", f"/repos/{NAME}", {"default_branch": "next"})
    tell(github, worker, Kind.REPOSITORY, "edited", NAME)
    assert soon(worker) == [NAME]
    worker.do(rescan.job)
    (request,) = github.pull_requests(NAME)
    assert request["base"]["ref"] == "next"


@pytest.fixture
def two_accounts(github: GitHub) -> Iterator[GitHub]:
    github.reset(replace(github.setup, installations={"acme": 9001, "eve": 9002}))
    yield github
    github.reset()


@pytest.mark.parametrize("old_is_told_last", [False, True])
def test_a_transferred_repository_keeps_its_history_under_its_new_owner(
    two_accounts: GitHub, worker: Worker, old_is_told_last: bool
) -> None:
    github = two_accounts
    github.seed(NAME, CONFIGURED | {"app.py": LOAD})
    tell(github, worker, Kind.INSTALLATION, "created")
    (rescan,) = worker.rescans()
    worker.do(rescan.job)
    lives = worker.ledger.lives(rescan.repository_id)
    github.transfer(NAME, "eve")
    told = [
        Job(Kind.REPOSITORY, 9001, NAME, rescan.repository_id, words=("transferred",)),
        Job(Kind.REPOSITORIES, 9001, words=("removed",)),
        Job(Kind.REPOSITORY, 9002, "eve/service", rescan.repository_id, words=("transferred",)),
    ]
    for job in (told[2], *told[:2]) if old_is_told_last else told:
        worker.do(job)
    assert reached(worker) == {"acme": set(), "eve": {"eve/service"}}
    after, besides = worker.rescans()
    assert (after.installation, after.repository_id) == (9002, rescan.repository_id)
    assert (isinstance(besides, Soon), besides.installation) == (True, 9002)
    assert len(lives) == 1
    assert worker.ledger.lives(after.repository_id) == lives


def test_an_event_of_what_is_not_reached_any_more_is_no_failure(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES, is_private=True)
    tell(github, worker, Kind.INSTALLATION, "created")
    github.choose("acme", set())
    tell(github, worker, Kind.REPOSITORY, "renamed", NAME)
    assert reached(worker) == {"acme": set()}


def test_a_deleted_repository_has_left(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    (repository,) = worker.ledger.reachable()
    github.delete_repository(NAME)
    worker.do(Job(Kind.REPOSITORY, github.installation_id, NAME, repository.id, words=("deleted",)))
    assert reached(worker) == {"acme": set()}


def test_a_suspended_installation_rests_until_it_is_resumed(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    github.suspend()
    tell(github, worker, Kind.INSTALLATION, "suspend")
    (installation,) = worker.ledger.listing(BRANCH)
    assert (installation.is_suspended, every(worker)) == (True, {})
    github.seed(OTHER, FILES)
    github.suspend(is_suspended=False)
    tell(github, worker, Kind.INSTALLATION, "unsuspend")
    assert set(every(worker)) == {NAME, OTHER}, "what came meanwhile is known too"


def test_a_missed_event_is_made_up_for_by_the_next_rescan_of_a_day(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    github.seed(OTHER, FILES)
    (rescan,) = worker.rescans()
    worker.do(rescan.job)
    assert set(every(worker)) == {NAME}
    later = NOW + 25 * 3600
    worker.ledger.now = lambda: later
    worker.do(rescan.job)
    assert set(every(worker)) == {NAME, OTHER}


@pytest.mark.parametrize("path", ["/app/installations/*", "/installation/repositories"])
def test_an_outage_while_it_compares_is_tried_again(github: GitHub, worker: Worker, path: str) -> None:
    github.seed(NAME, FILES)
    github.fault(faults.status(502), "GET", path, nth=1, times=9)
    with pytest.raises(TryAgain):
        tell(github, worker, Kind.INSTALLATION, "created")
    github.forgive()
    tell(github, worker, Kind.INSTALLATION, "created")
    assert reached(worker) == {"acme": {NAME}}


def test_from_the_webhook_of_an_installation_to_the_first_question(
    github: GitHub, settings: Settings, worker: Worker
) -> None:
    """Nobody pushes: the queue asks for what came, within its first round."""
    endings: queue.Queue[Ending] = queue.Queue()
    pace = Pace(poll=0.05, look_around=0.2)
    pauses = Pauses(settings.database_url)
    jobs = Jobs(settings.database_url, worker.do, pauses, tell=endings.put, rescans=worker.rescans, pace=pace)
    jobs.launch()
    try:
        app = create_app(settings, jobs.accept, is_ready=jobs.is_ready, metrics=Metrics(), depth=dict)
        with served(app) as client:
            github.seed(NAME, FILES)
            github.listen(str(client.base_url.join("/webhooks/github")))
            github.install("acme")
            done = [endings.get(timeout=120)]
            while done[-1].job.kind is not Kind.RESCAN:
                done.append(endings.get(timeout=120))
    finally:
        jobs.destroy()
    assert {one.outcome for one in done} == {Outcome.DONE}
    assert [one["head"]["ref"] for one in github.pull_requests(NAME, "open")] == [BRANCH]


def test_what_is_asked_for_once_is_done_once(github: GitHub, worker: Worker) -> None:
    """However often the queue asks, and again when it is asked for again."""
    github.seed(NAME, FILES)
    tell(github, worker, Kind.INSTALLATION, "created")
    (repository,) = worker.ledger.reachable()
    names = []
    for moment in (NOW, NOW + 3):
        worker.ledger.now = lambda moment=moment: moment  # type: ignore[misc]
        worker.ledger.due(repository.id)
        names += [
            one.delivery(NOW + minute * 60.0) for minute in range(200) for one in list(worker.rescans())[1:]
        ]
    assert len(set(names)) == 2
