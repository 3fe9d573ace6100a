"""The story of a repository on a GitHub that others wrote: pushes in, pull requests out, people respected."""

import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from emulator import faults
from emulator.world import GitHub
from real_server import served
from story import CONFIGURED, CORS, FIXED, LOAD, NAME, NOW, branch_of, opened

from bot.app import create_app
from bot.cli.serving import _service_of
from bot.events import Job, Kind
from bot.github import App
from bot.jobs import Ending, Hopeless, Jobs, Outcome, Pace, Pauses, TryAgain
from bot.metrics import Metrics
from bot.settings import Settings
from bot.work import KEPT, Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]


def test_a_signed_push_ends_in_a_pull_request(github: GitHub, settings: Settings, worker: Worker) -> None:
    endings: queue.Queue[Ending] = queue.Queue()

    def tell(ending: Ending) -> None:
        worker.tell(ending)
        endings.put(ending)

    pauses = Pauses(settings.database_url)
    jobs = Jobs(settings.database_url, worker.do, pauses, tell=tell, pace=Pace(poll=0.05))
    jobs.launch()
    try:
        app = create_app(settings, jobs.accept, is_ready=jobs.is_ready, metrics=Metrics(), depth=dict)
        with served(app) as client:
            github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
            github.listen(str(client.base_url.join("/webhooks/github")))
            github.push(NAME, {"README.md": "Hello\n"}, by="bob")
            ending = endings.get(timeout=120)
            while ending.job.kind is not Kind.PUSH:
                ending = endings.get(timeout=120)
    finally:
        jobs.destroy()
    assert (ending.outcome, ending.reason) == (Outcome.DONE, "")
    (number,) = opened(github)
    request = github.pull_request(NAME, number)
    assert request["title"] == "Read YAML with a loader that builds plain data"
    assert "**Who notices:**" in request["body"]
    assert github.files(NAME, branch_of(github, number))["app.py"].decode() == FIXED
    commit = github.show_commit(NAME, branch_of(github, number))
    assert commit["commit"]["verification"]["verified"] is True


def test_nothing_opens_before_the_repository_has_a_configuration(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD})
    look()
    assert github.pull_requests(NAME) == []
    (repository,) = worker.ledger.reachable()
    assert [life.rule for life in worker.ledger.lives(repository.id)] == ["python/unsafe-yaml-load"]


def test_an_empty_configuration_lets_one_open(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS, ".suture.yml": ""})
    look()
    assert len(opened(github)) == 1, "the limit of a first contact"


def test_the_first_start_makes_what_it_needs(settings: Settings) -> None:
    fresh = replace(
        settings, data=settings.data / "new", database_url=f"sqlite:///{settings.data}/new/s.sqlite"
    )
    assert list(_service_of(fresh, Metrics()).rescans()) == []


def test_what_was_uninstalled_is_forgotten_after_its_time(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (repository,) = worker.ledger.reachable()
    worker.do(Job(Kind.INSTALLATION, github.installation_id, words=("deleted",)))
    assert list(worker.rescans()) == []
    assert len(worker.ledger.lives(repository.id)) == 1
    later = replace(worker, now=lambda: NOW + KEPT.total_seconds() + 1)
    assert list(later.rescans()) == []
    assert worker.ledger.lives(repository.id) == ()


def test_a_repository_that_is_gone_is_not_looked_at_again(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (rescan,) = worker.rescans()
    github.delete_repository(NAME)
    with pytest.raises(Hopeless):
        worker.do(rescan.job)
    assert list(worker.rescans()) == []


@pytest.mark.parametrize("path", ["/repos/*/commits", "/repos/*/git/trees/*", "/repos/*/pulls"])
def test_what_is_missing_in_a_repository_does_not_end_the_looks_at_it(
    github: GitHub, worker: Worker, look: Callable[[], None], path: str
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (rescan,) = worker.rescans()
    github.fault(faults.status(404), "GET", path)
    with pytest.raises((Hopeless, TryAgain)):
        worker.do(rescan.job)
    assert [one.repository for one in worker.rescans()] == [NAME]


def test_an_opening_that_was_not_written_down_is_told_by_the_next_look(
    github: GitHub, settings: Settings, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})

    def kill(method: str, route: str, status: int, remaining: int | None) -> None:
        if method == "POST" and route.endswith("/pulls"):
            raise Killed

    job = Job(Kind.PUSH, github.installation_id, NAME, commit=github.head(NAME, "main") or "")
    with App(settings, kill, pace=0.0) as dying, pytest.raises(Killed):
        replace(worker, app=dying).do(job)
    look()
    (repository,) = worker.ledger.reachable()
    assert [what for what, _, _ in worker.ledger.events(repository.id, opened(github)[0])] == ["open"]


def test_an_unchanged_repository_is_left_alone(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    before = (github.branches(NAME), github.pull_requests(NAME))
    github.forget_calls()
    look()
    assert (github.branches(NAME), github.pull_requests(NAME)) == before
    assert {method for method, route in github.calls() if "access_tokens" not in route} == {"GET"}


def test_another_finding_updates_the_pull_request_that_is_open(
    github: GitHub, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.push(NAME, {"more.py": LOAD}, by="bob")
    look()
    look()
    assert opened(github) == [number]
    files = github.files(NAME, branch_of(github, number))
    assert (files["app.py"].decode(), files["more.py"].decode()) == (FIXED, FIXED)
    comments = [one["body"] for one in github.comments(NAME, number)]
    assert sum("its findings changed" in body for body in comments) == 1


def test_what_a_person_closed_does_not_come_back(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.close(NAME, number, by="ann")
    github.push(NAME, {"app.py": "# moved\n" + LOAD}, by="bob")
    look()
    assert opened(github) == []


def test_a_commit_of_a_person_is_never_overwritten(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    branch = branch_of(github, number)
    theirs = github.push(NAME, {"notes.md": "mine\n"}, by="bob", branch=branch)
    github.push(NAME, {"more.py": LOAD}, by="bob")
    look()
    look()
    assert github.head(NAME, branch) == theirs
    comments = [one["body"] for one in github.comments(NAME, number)]
    assert sum("a person has pushed to it" in body for body in comments) == 1


def test_an_approved_pull_request_is_not_pushed_to(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.review(NAME, number, "APPROVE", by="ann")
    before = github.head(NAME, branch_of(github, number))
    github.push(NAME, {"more.py": LOAD}, by="bob")
    look()
    assert github.head(NAME, branch_of(github, number)) == before


def test_what_is_fixed_elsewhere_is_told_and_closed(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    branch = branch_of(github, number)
    github.push(NAME, {"app.py": FIXED}, by="bob")
    look()
    look()
    assert opened(github) == []
    assert branch not in github.branches(NAME)
    comments = [one["body"] for one in github.comments(NAME, number)]
    assert sum("nothing is left to fix" in body for body in comments) == 1
    github.push(NAME, {"app.py": LOAD}, by="bob")
    look()
    assert len(opened(github)) == 1, "we had closed it, nobody said no"


def test_a_merge_ends_it_and_a_revert_is_left_to_a_person(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.merge(NAME, number, by="ann")
    look()
    assert opened(github) == []
    (repository,) = worker.ledger.reachable()
    (row,) = worker.ledger.pull_requests(repository.id)
    assert (row.number, row.state) == (number, "merged")
    assert [what for what, _, _ in worker.ledger.events(repository.id, number)] == ["open", "merged"]
    github.push(NAME, {"app.py": LOAD}, by="bob")
    look()
    assert opened(github) == []


def test_a_branch_that_github_updated_is_still_ours(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.push(NAME, {"README.md": "more\n"}, by="bob")
    github.update_branch(NAME, number, by="bob")
    github.push(NAME, {"more.py": LOAD}, by="bob")
    look()
    assert github.files(NAME, branch_of(github, number))["more.py"].decode() == FIXED


def test_what_conflicts_is_rebuilt_once_even_if_it_says_the_same(
    github: GitHub, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    look()
    (number,) = opened(github)
    github.push(NAME, {"app.py": LOAD.replace("UnsafeLoader", "Loader")}, by="bob")
    look()
    assert github.pull_request(NAME, number)["mergeable"] is True
    github.forget_calls()
    look()
    assert {method for method, route in github.calls() if "access_tokens" not in route} == {"GET"}


def test_an_executable_file_stays_executable(github: GitHub, look: Callable[[], None]) -> None:
    github.seed(NAME, {"run.py": ("100755", LOAD), **CONFIGURED})
    look()
    (number,) = opened(github)
    assert github.modes(NAME, branch_of(github, number))["run.py"] == "100755"


WRITES = [
    ("POST", "/repos/*/git/blobs"),
    ("POST", "/repos/*/git/trees"),
    ("POST", "/repos/*/git/commits"),
    ("POST", "/repos/*/git/refs"),
    ("POST", "/repos/*/pulls"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("fault", ["lost", "unavailable", "limited"])
def test_a_write_whose_answer_is_lost_is_done_once(
    github: GitHub, look: Callable[[], None], method: str, path: str, fault: str
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    made = {
        "lost": faults.lost_answer(),
        "unavailable": faults.status(502),
        "limited": faults.secondary_limit(60),
    }[fault]
    github.fault(made, method, path, nth=1, times=1)
    for _ in range(3):
        try:
            look()
            break
        except TryAgain:
            continue
    look()
    (number,) = opened(github)
    assert github.files(NAME, branch_of(github, number))["app.py"].decode() == FIXED
    assert len(github.pull_requests(NAME)) == 1
    assert len([name for name in github.branches(NAME) if name.startswith("suture/")]) == 1


class Killed(BaseException):
    """The process ends, wherever it is."""


@pytest.mark.parametrize("last", range(1, 6))
@pytest.mark.parametrize("is_update", [False, True])
def test_a_process_that_ends_behind_any_write_is_finished_by_the_next(
    github: GitHub, settings: Settings, worker: Worker, look: Callable[[], None], last: int, is_update: bool
) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    if is_update:
        look()
        github.push(NAME, {"more.py": LOAD}, by="bob")
    writes = 0

    def kill(method: str, route: str, status: int, remaining: int | None) -> None:
        nonlocal writes
        writes += method != "GET" and not route.endswith(("/access_tokens", "/graphql"))
        if writes == last:
            raise Killed

    job = Job(Kind.PUSH, github.installation_id, NAME, commit=github.head(NAME, "main") or "")
    with App(settings, kill, pace=0.0) as dying, pytest.raises(Killed):
        replace(worker, app=dying).do(job)
    look()
    look()
    (number,) = opened(github)
    assert len(github.pull_requests(NAME)) == 1
    assert len([name for name in github.branches(NAME) if name.startswith("suture/")]) == 1
    files = github.files(NAME, branch_of(github, number))
    fixed = {path for path, data in files.items() if data.decode() == FIXED}
    assert fixed == ({"app.py", "more.py"} if is_update else {"app.py"})
    kinds = [one["body"].split("\n")[0] for one in github.comments(NAME, number)]
    assert len(kinds) == len(set(kinds))


def test_a_superseded_push_ends_at_once(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    worker.do(Job(Kind.PUSH, github.installation_id, NAME, ref="main", commit="f" * 40))
    assert github.pull_requests(NAME) == []


def test_a_warm_push_reads_what_changed(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, {**{f"m{n}.py": f"import yaml\nx = {n}\n" for n in range(30)}, **CONFIGURED})
    look()
    github.push(NAME, {"m1.py": LOAD}, by="bob")
    github.forget_calls()
    look()
    blobs = sum(count for (_, route), count in github.calls().items() if "/git/blobs/" in route)
    assert blobs <= 2


def test_the_calls_are_as_many_as_the_readme_says(github: GitHub, look: Callable[[], None]) -> None:
    def counted() -> int:
        github.forget_calls()
        look()
        return sum(github.calls().values())

    github.seed(NAME, {"app.py": LOAD, "other.py": "import yaml\n", **CONFIGURED})
    opens, unchanged = counted(), counted()
    github.push(NAME, {"other.py": "import yaml, os\n"}, by="bob")
    warm = counted()
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    words = f"opens a pull request {opens}, the same again {unchanged}, a push of one file {warm}."
    assert words in " ".join(readme.split())
