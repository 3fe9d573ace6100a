"""The client over real HTTP, against a GitHub that we did not write: also where answers get lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from emulator import faults
from emulator.acting import Files
from emulator.setup import PERMISSIONS
from emulator.world import GitHub

from bot.github import (
    Annotation,
    App,
    CheckAction,
    Conflict,
    Installation,
    Missing,
    Output,
    RateLimited,
    Suspended,
    Unavailable,
)
from bot.settings import Settings
from bot.snapshot import Limits

pytest_plugins = ["emulator.plugin"]

REPO, BRANCH = "acme/service", "suture/untrusted-model/a-1"
FIRST: Files = {"app.py": "import torch\n", "run.sh": ("100755", "#!/bin/sh\n"), "docs/ä b.md": "é\r\n"}


def app_for(github: GitHub, below: str = "") -> App:
    address = f"{github.base_url}{below}"
    config = Settings(github.app_id, github.private_key, ("x",), Path("unused"), "", api_url=address)
    return App(config, pace=0.0, seconds=5.0, sleep=lambda _: None)


@pytest.fixture(params=["", "/api/v3"], ids=["github.com", "Enterprise Server"])
def app(github: GitHub, request: pytest.FixtureRequest) -> Iterator[App]:
    github.seed(REPO, FIRST)
    github.behaviour.has_fractions = not request.param
    with app_for(github, request.param) as made:
        yield made


@pytest.fixture
def repo(github: GitHub) -> Iterator[Installation]:
    github.seed(REPO, FIRST)
    with app_for(github) as made:
        yield made.installation(github.installation_id, REPO, PERMISSIONS)


def fixed(repo: Installation) -> str:
    head = repo.head("main")
    assert head
    return repo.commit_files(head, {"app.py": (0o100644, b"import numpy\n")}, "Fix")


def proposed(repo: Installation) -> int:
    sha = repo.head(BRANCH) or fixed(repo)
    repo.create_branch(BRANCH, sha)
    return repo.open_pull_request(BRANCH, "main", "Fix", "Body")


def test_reading(app: App, github: GitHub) -> None:
    assert app.login == github.bot
    assert [one.account for one in app.installations()] == ["acme"]
    assert [one.full_name for one in app.repositories(github.installation_id)] == [REPO]
    repo = app.installation(github.installation_id, REPO, PERMISSIONS)
    head = repo.head(repo.facts().default_branch)
    assert head
    tree = repo.tree(head)
    files = {entry.path: (entry.mode, repo.blob(entry.oid, entry.size)) for entry in tree.entries}
    assert files == {
        "app.py": (0o100644, b"import torch\n"),
        "docs/ä b.md": (0o100644, "é\r\n".encode()),
        "run.sh": (0o100755, b"#!/bin/sh\n"),
    }
    assert {path: (mode, content) for path, mode, content in repo.tarball(head, Limits())} == files
    assert repo.head("none") is None
    assert repo.commit(head).sha == head
    assert [one.parents for one in repo.commits(head, 9)] == [()]


def test_a_cut_tree_is_the_same_tree(repo: Installation, github: GitHub) -> None:
    sha = github.push(REPO, {f"a/{n}/b/{m}.py": "x" for n in range(3) for m in range(3)})
    whole = repo.tree(sha)
    github.behaviour.tree_limit = 4
    assert repo.tree(sha) == whole


def test_a_commit_and_its_pull_request(app: App, github: GitHub) -> None:
    repo = app.installation(github.installation_id, REPO, PERMISSIONS)
    head = repo.head("main")
    assert head
    assert repo.commit_files(head, {"app.py": (0o100644, b"import torch\n")}, "Nothing") == head
    changed = {"new/日本.txt": (0o100755, b"\x00\xff"), "docs/ä b.md": (0o100644, "ü\r\n".encode())}
    sha = repo.commit_files(head, changed, "Fix\n\nWhy")
    made = repo.commit(sha)
    assert (made.is_verified, made.author_login, made.message) == (True, github.bot, "Fix\n\nWhy")
    assert set(repo.compare(head, sha).files) == set(changed)
    repo.create_branch(BRANCH, sha)
    number = repo.open_pull_request(BRANCH, "main", "Fix", "Body", is_draft=True)
    (ours,) = repo.pull_requests()
    assert (ours.number, ours.head, ours.is_draft, ours.body) == (number, sha, True, "Body")
    repo.mark_ready(number)
    repo.edit_pull_request(number, "Fixed", "New body")
    github.review(REPO, number, by="ann")
    facts = repo.pull_request(number)
    assert (facts.is_draft, facts.title, facts.body) == (False, "Fixed", "New body")
    assert repo.approvals(number) == ("ann",)
    assert [one.path for one in repo.changes(number)] == sorted(changed)
    github.close(REPO, number, by="ann")
    assert repo.closed_by(number) == "ann"
    assert [one.number for one in repo.pull_requests("closed")] == [number]
    repo.delete_branch(BRANCH, before=sha)
    assert repo.branches("suture/") == {}


def test_a_check_run_of_many_annotations(repo: Installation, github: GitHub) -> None:
    sha = fixed(repo)
    run = repo.create_check_run(sha, "Suture", "7")
    notes = [Annotation("app.py", n, n, "warning", f"m{n}") for n in range(1, 121)]
    output = Output("120 findings", "S" * 70_000, annotations=notes)
    github.fault(faults.lost_answer(), "PATCH", "*/check-runs/*", nth=2)
    with pytest.raises(Unavailable):
        repo.update_check_run(run, output, "neutral", [CheckAction("Ignore", "How to ignore it", "ignore")])
    again = repo.create_check_run(sha, "Suture", "7")
    assert (again.id, again.annotations) == (run.id, 100)
    repo.update_check_run(again, output, "neutral", [CheckAction("Ignore", "How to ignore it", "ignore")])
    assert repo.create_check_run(sha, "Suture", "7").annotations == 120
    assert [(one.name, one.state) for one in repo.checks(sha)] == [("Suture", "neutral")]


WRITES: dict[str, tuple[str, str, Callable[[Installation], object]]] = {
    "blob": ("POST", "*/git/blobs", fixed),
    "tree": ("POST", "*/git/trees", fixed),
    "commit": ("POST", "*/git/commits", fixed),
    "branch": ("POST", "*/git/refs", proposed),
    "pull request": ("POST", "*/pulls", proposed),
    "comment": ("POST", "*/comments", lambda repo: repo.comment_once(proposed(repo), "told", "Text")),
    "issue": ("POST", "*/issues", lambda repo: repo.open_issue_once("Suture", "B <!-- m -->", "<!-- m -->")),
    "check run": (
        "POST",
        "*/check-runs",
        lambda repo: repo.create_check_run(repo.head("main") or "", "Suture", "1"),
    ),
}


@pytest.mark.parametrize("fault", ["lost", "truncated", "reset", "500", "409"])
@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_is_done_again_is_done_once(
    repo: Installation, github: GitHub, write: str, fault: str
) -> None:
    scripted = {
        "lost": faults.lost_answer(),
        "truncated": faults.truncated(),
        "reset": faults.reset(),
        "500": faults.status(500, is_done=True),
        "409": faults.status(409),
    }
    method, path, act = WRITES[write]
    head = github.head(REPO, "main") or ""
    github.fault(scripted[fault], method, path)
    with pytest.raises((Unavailable, Conflict)):
        act(repo)
    act(repo)
    act(repo)
    (main, *ours) = sorted(github.branches(REPO))
    assert main == "main"
    assert len(ours) == len(repo.pull_requests()) == (write in ("branch", "pull request", "comment"))
    assert len(repo.issues()) == (write == "issue")
    for pull in repo.pull_requests():
        assert len(repo.comments(pull.number)) == (write == "comment")
    if write == "check run":
        assert len(github.check_runs(REPO, head)) == 1


def test_limits_and_ended_tokens_on_the_way(repo: Installation, github: GitHub) -> None:
    github.fault(faults.secondary_limit(1), "POST", "*/git/refs")
    github.expire_tokens()
    assert proposed(repo) == 1
    github.fault(faults.primary_limit(900), "GET", "*/pulls*")
    with pytest.raises(RateLimited):
        repo.pull_requests()
    github.fault(faults.EXPIRED, "GET", "*/pulls*")
    assert len(repo.pull_requests()) == 1


def test_renamed_suspended_uninstalled(repo: Installation, github: GitHub) -> None:
    head = repo.head("main")
    github.rename(REPO, "other")
    assert repo.head("main") == head
    assert repo.full_name == "acme/other"
    repo.create_branch(BRANCH, fixed(repo))
    github.suspend()
    with pytest.raises(Suspended):
        repo.head("main")
    github.suspend(is_suspended=False)
    assert repo.head("main") == head
    github.uninstall()
    with pytest.raises(Missing):
        repo.head("main")


def test_deliveries_and_the_manifest(app: App, github: GitHub) -> None:
    github.push(REPO, {"b.py": "x\n"})
    failed = app.failed_deliveries(0)
    assert [one.event for one in failed if one.event == "push"] in ([], ["push"])
    made = App.convert_manifest(github.base_url, github.new_manifest_code())
    assert (made.app_id, made.private_key) == (github.app_id, github.private_key)
