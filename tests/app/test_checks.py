"""The check on pull requests and merge queues: what they introduce, nothing that was there before."""

from collections.abc import Callable
from typing import Any

import pytest
from emulator import faults
from emulator.world import GitHub
from story import CONFIGURED, CORS, FIXED, LOAD, NAME

from bot.events import Job, Kind
from bot.jobs import Ending, Outcome, TryAgain
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

Check = Callable[..., list[dict[str, Any]]]
PUBLIC = {"README.md": "Hello\n"}


@pytest.fixture
def check(github: GitHub, worker: Worker) -> Check:
    """Do what a pull request's event starts; the completed runs on its head."""

    def done(number: int, **more: Any) -> list[dict[str, Any]]:
        head = github.pull_request(NAME, number)["head"]["sha"]
        job = {"number": number, "commit": head, "ref": "main"} | more
        worker.do(Job(Kind.PULL_REQUEST, github.installation_id, NAME, **job))
        return [run for run in github.check_runs(NAME, head) if run["status"] == "completed"]

    return done


def proposed(github: GitHub, files: dict[str, Any], by: str = "bob") -> int:
    github.push(NAME, files, branch="change", by=by)
    return github.open_pull_request(NAME, "change", by=by)


def review_comments(github: GitHub, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = github.read(f"/repos/{NAME}/pulls/{number}/comments")
    return found


def test_what_was_there_before_is_not_spoken_of(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    (run,) = check(proposed(github, {"app.py": "# moved\n\n" + LOAD, "notes.md": "x\n"}))
    assert (run["name"], run["conclusion"], run["output"]["title"]) == ("Suture", "success", "Nothing new")
    assert (run["annotations"], run["actions"]) == ([], [])


def test_a_new_finding_is_shown_beside_its_line_and_suggested(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    number = proposed(github, {"more.py": LOAD})
    (run,) = check(number)
    assert (run["conclusion"], run["external_id"]) == ("neutral", str(number))
    assert run["output"]["title"] == "1 new finding: 1 high"
    assert "app.py" not in run["output"]["summary"]
    assert "+    return yaml.safe_load(stream)" in run["output"]["summary"]
    (annotation,) = run["annotations"]
    assert (annotation["path"], annotation["start_line"], annotation["annotation_level"]) == (
        "more.py",
        5,
        "warning",
    )
    assert [action["identifier"] for action in run["actions"]] == ["fix", "ignore", "explain"]
    (comment,) = review_comments(github, number)
    assert (comment["path"], comment["line"]) == ("more.py", 5)
    assert "```suggestion\n    return yaml.safe_load(stream)\n```" in comment["body"]


def test_it_is_said_once(github: GitHub, check: Check) -> None:
    github.seed(NAME, {**PUBLIC, **CONFIGURED})
    number = proposed(github, {"more.py": LOAD})
    first = check(number)
    assert check(number) == first
    assert len(review_comments(github, number)) == 1


def test_a_person_who_asks_again_gets_another_run(github: GitHub, worker: Worker, check: Check) -> None:
    github.seed(NAME, {**PUBLIC, **CONFIGURED})
    number = proposed(github, {"more.py": LOAD})
    (run,) = check(number)
    head = run["head_sha"]
    worker.do(Job(Kind.CHECK_AGAIN, github.installation_id, NAME, commit=head, number=number))
    assert len(github.check_runs(NAME, head)) == 2
    worker.do(Job(Kind.CHECK_AGAIN, github.installation_id, NAME, commit=head))
    runs = github.check_runs(NAME, head)
    assert {(run["external_id"], run["conclusion"]) for run in runs} == {(str(number), "neutral")}
    assert len(runs) == 3, "a fork's number is known by its earlier run"


def test_a_fork_is_checked_and_gets_no_button_and_no_comment(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    fork = github.fork(NAME, by="eve")
    github.push(fork, {"more.py": LOAD, ".suture.yml": "rules: {'python/*': {enabled: false}}\n"}, by="eve")
    number = github.open_pull_request(NAME, "eve:main", by="eve")
    runs = {run["name"]: run for run in check(number)}
    assert runs["Suture"]["output"]["title"] == "1 new finding: 1 high", "its configuration lifts nothing"
    assert [action["identifier"] for action in runs["Suture"]["actions"]] == ["ignore", "explain"]
    assert review_comments(github, number) == []


def test_an_ignore_that_comes_along_is_shown_and_lifts_nothing(github: GitHub, check: Check) -> None:
    github.seed(NAME, {**PUBLIC, **CONFIGURED})
    ignored = LOAD.replace("    return", "    # suture: ignore[python/unsafe-yaml-load] ours\n    return")
    (run,) = check(proposed(github, {"more.py": ignored}))
    assert run["output"]["title"] == "1 new finding: 1 high"
    assert "counts once it is merged" in run["output"]["summary"]


def test_the_base_says_what_fails(github: GitHub, check: Check) -> None:
    github.seed(NAME, {".suture.yml": "check: {fail: high, annotations: 0, suggestions: 0}\n"})
    number = proposed(github, {"more.py": LOAD})
    (run,) = check(number)
    assert (run["conclusion"], run["annotations"]) == ("failure", [])
    assert review_comments(github, number) == []


def test_a_renamed_file_introduces_nothing(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD + "\n# a\n# b\n# c\n", **CONFIGURED})
    (run,) = check(proposed(github, {"app.py": None, "service.py": LOAD + "\n# a\n# b\n# c\n# d\n"}))
    assert run["output"]["title"] == "Nothing new"


def test_what_it_closes_is_told(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    (run,) = check(proposed(github, {"app.py": FIXED}))
    assert "closes 1 finding that was there before" in run["output"]["summary"]


def test_a_file_that_can_not_be_read_is_told(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    (run,) = check(proposed(github, {"app.py": "import yaml\nyaml.load(\n"}))
    assert "**Not looked at:**" in run["output"]["summary"]
    assert "app.py" in run["output"]["summary"]


def test_a_superseded_commit_is_left_to_the_newer_one(github: GitHub, worker: Worker, check: Check) -> None:
    github.seed(NAME, {**PUBLIC, **CONFIGURED})
    number = proposed(github, {"more.py": LOAD})
    before = github.head(NAME, "change")
    github.push(NAME, {"more.py": FIXED}, branch="change", by="bob")
    assert check(number, commit=before) == []
    assert github.check_runs(NAME, before or "") == []


def test_a_merge_queue_gets_the_same_check(github: GitHub, worker: Worker) -> None:
    github.seed(NAME, {"app.py": LOAD, **CONFIGURED})
    queued = github.push(NAME, {"more.py": LOAD}, branch="gh-readonly-queue/main/pr-1", by="bob")
    worker.do(Job(Kind.MERGE_GROUP, github.installation_id, NAME, ref="main", commit=queued))
    (run,) = github.check_runs(NAME, queued)
    assert (run["status"], run["conclusion"]) == ("completed", "neutral")
    assert run["output"]["title"] == "1 new finding: 1 high"
    assert run["actions"] == [], "there is nowhere to answer"


def test_a_configuration_is_validated_before_it_is_merged(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, **PUBLIC})
    runs = {run["name"]: run for run in check(proposed(github, {".suture.yml": "limits:\n  open: many\n"}))}
    broken = runs["Suture configuration"]
    assert (broken["conclusion"], broken["output"]["title"]) == ("failure", "1 error")
    assert [(one["path"], one["start_line"]) for one in broken["annotations"]] == [(".suture.yml", 2)]
    assert runs["Suture"]["conclusion"] == "success", "the base has none, so the defaults hold"


def test_a_configuration_tells_what_it_would_open(github: GitHub, check: Check) -> None:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS})
    runs = {run["name"]: run for run in check(proposed(github, {".suture.yml": "limits: {open: 1}\n"}))}
    valid = runs["Suture configuration"]
    assert (valid["conclusion"], valid["output"]["title"]) == (
        "success",
        "Valid: 1 pull request would open",
    )


def test_a_broken_base_is_told_and_blocks_nobody(github: GitHub, check: Check) -> None:
    github.seed(NAME, {".suture.yml": "limits: 7\n"})
    (run,) = check(proposed(github, {"more.py": LOAD}))
    assert (run["conclusion"], run["output"]["title"]) == ("neutral", "This could not be checked")
    assert "limits" in run["output"]["summary"]


@pytest.mark.parametrize(("fail", "conclusion"), [("never", "neutral"), ("high", "failure")])
def test_a_job_that_failed_ends_its_check(
    github: GitHub, worker: Worker, check: Check, fail: str, conclusion: str
) -> None:
    github.seed(NAME, {".suture.yml": f"check: {{fail: {fail}}}\n"})
    number = proposed(github, {"more.py": LOAD})
    head = github.pull_request(NAME, number)["head"]["sha"]
    job = Job(Kind.PULL_REQUEST, github.installation_id, NAME, ref="main", commit=head, number=number)
    worker.tell(Ending(job, "d-1", 1, 5, Outcome.FAILED, "GitHub was <b>away</b> @all"))
    (run,) = github.check_runs(NAME, head)
    assert (run["status"], run["conclusion"]) == ("completed", conclusion)
    assert "`GitHub was <b>away</b> @all`" in run["output"]["summary"]


def test_a_paused_repository_keeps_nobody_waiting(github: GitHub, worker: Worker, check: Check) -> None:
    github.seed(NAME, {".suture.yml": "check: {fail: low}\n"})
    number = proposed(github, {"more.py": LOAD})
    head = github.pull_request(NAME, number)["head"]["sha"]
    job = Job(Kind.PULL_REQUEST, github.installation_id, NAME, ref="main", commit=head, number=number)
    worker.tell(Ending(job, "d-1", 1, 1, Outcome.PAUSED, "paused: everything"))
    (run,) = github.check_runs(NAME, head)
    assert (run["status"], run["conclusion"]) == ("completed", "neutral")
    assert {one["conclusion"] for one in check(number)} == {"neutral", "failure"}, "resumed, it is done"


WRITES = [
    ("POST", "/repos/*/check-runs"),
    ("PATCH", "/repos/*/check-runs/*"),
    ("POST", "/repos/*/pulls/*/comments"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("fault", [faults.lost_answer(), faults.status(502), faults.secondary_limit(60)])
def test_a_check_whose_answer_is_lost_is_said_once(
    github: GitHub, check: Check, method: str, path: str, fault: faults.Fault
) -> None:
    github.seed(NAME, {**PUBLIC, **CONFIGURED})
    number = proposed(github, {"more.py": LOAD})
    github.fault(fault, method, path, nth=1, times=1)
    for _ in range(3):
        try:
            runs = check(number)
            break
        except TryAgain:
            continue
    assert len(runs) == 1
    assert len(runs[0]["annotations"]) == 1
    assert len(review_comments(github, number)) == 1


def test_what_is_only_reported_fails_nothing(github: GitHub, check: Check) -> None:
    github.seed(NAME, {".suture.yml": "check: {fail: low}\n"})
    (run,) = check(proposed(github, {"examples/more.py": LOAD}))
    assert (run["conclusion"], run["output"]["title"]) == ("neutral", "1 new finding: 1 high")
