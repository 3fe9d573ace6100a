"""Check runs within GitHub's limits, in batches that a restart takes up again."""

import gzip
from base64 import b64decode

import httpx
import pytest
from github_bench import API, REPO, SHA, Bench, Reply, bench, no, ok

from bot.github import (
    Annotation,
    CheckAction,
    CheckFacts,
    CheckRun,
    Conflict,
    Missing,
    Output,
    Problem,
    Refused,
    Unavailable,
)
from bot.github.limits import cut

__all__ = ["bench"]
RUNS, OF_COMMIT = f"{REPO}/check-runs", f"{REPO}/commits/{SHA}/check-runs"


def run(
    number: int = 1,
    external_id: str | None = "12",
    status: str = "in_progress",
    count: int = 0,
    **more: object,
) -> dict[str, object]:
    output = {"title": None, "annotations_count": count}
    found = {"id": number, "name": "Suture", "status": status, "conclusion": None, "external_id": external_id}
    return found | {"output": output, "app": {"slug": "suture"}} | more


def listed(*runs: dict[str, object], link: str = "") -> httpx.Response:
    return ok({"total_count": len(runs), "check_runs": list(runs)}, link=link)


def test_a_run_begins_with_the_number_that_forks_lack(bench: Bench) -> None:
    bench.on("GET", OF_COMMIT, listed(run(9, "13"), run(8, None), run(7, name="Suture 2")))
    bench.on("POST", RUNS, ok({"id": 1}, 201))
    made = bench.repo.create_check_run(SHA, "Suture", "12", details_url="https://x.example")
    assert made == CheckRun(1, "Suture", "12")
    data = {"name": "Suture", "head_sha": SHA, "external_id": "12", "status": "in_progress"}
    assert bench.bodies("POST", RUNS) == [data | {"details_url": "https://x.example"}]
    asked = bench.sent("GET", OF_COMMIT)[0].url.params
    assert dict(asked) == {"per_page": "100", "filter": "all", "app_id": "4242"}


def test_a_run_that_a_lost_answer_began_is_taken_up_again(bench: Bench) -> None:
    bench.on("GET", OF_COMMIT, listed(), listed(run(5, count=50)))
    bench.on("POST", RUNS, httpx.ReadError("reset"))
    with pytest.raises(Unavailable):
        bench.repo.create_check_run(SHA, "Suture", "12")
    assert bench.repo.create_check_run(SHA, "Suture", "12") == CheckRun(5, "Suture", "12", 50)
    assert len(bench.sent("POST", RUNS)) == 1


def test_asked_for_again_a_completed_run_stays_and_a_begun_one_goes_on(bench: Bench) -> None:
    done, begun = run(5, status="completed"), run(6, status="queued")
    bench.on("GET", OF_COMMIT, listed(done), listed(done), listed(done, begun))
    bench.on("POST", RUNS, ok({"id": 6}, 201))
    assert bench.repo.create_check_run(SHA, "Suture", "12") == CheckRun(5, "Suture", "12", is_completed=True)
    assert bench.repo.create_check_run(SHA, "Suture", "12", anew=True).id == 6
    assert bench.repo.create_check_run(SHA, "Suture", "12", anew=True).id == 6
    assert len(bench.sent("POST", RUNS)) == 1


def test_what_a_run_says_already_is_known(bench: Bench) -> None:
    said = {"title": "2 findings", "summary": "Summary", "annotations_count": 1}
    bench.on("GET", OF_COMMIT, listed(run(5, status="completed") | {"output": said}))
    found = bench.repo.create_check_run(SHA, "Suture", "12")
    assert found.has_said(Output("2 findings", "Summary"))
    assert not found.has_said(Output("2 findings", "Another"))


def annotations(count: int) -> list[Annotation]:
    return [Annotation("a.py", n, n + 1, "warning", f"message {n}", "title") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "there", "batches"),
    [
        (0, 0, [0]),
        (1, 0, [1]),
        (50, 0, [50]),
        (51, 0, [50, 1]),
        (150, 0, [50, 50, 50]),
        (120, 50, [50, 20]),
        (50, 50, [0]),
    ],
)
def test_annotations_go_out_by_fifty_behind_those_that_are_there(
    bench: Bench, count: int, there: int, batches: list[int]
) -> None:
    bench.on("PATCH", f"{RUNS}/1", {})
    output = Output("2 findings", "Summary", "Text", annotations(count))
    bench.repo.update_check_run(
        CheckRun(1, "Suture", "12", there),
        output,
        "neutral",
        [CheckAction("Fix", "Open a pull request", "fix")],
    )
    bodies = bench.bodies("PATCH", f"{RUNS}/1")
    assert [len(one["output"]["annotations"]) for one in bodies] == batches
    assert [one["status"] for one in bodies] == ["in_progress"] * (len(batches) - 1) + ["completed"]
    assert ["conclusion" in one for one in bodies] == [False] * (len(batches) - 1) + [True]
    sent = [one["message"] for body in bodies for one in body["output"]["annotations"]]
    assert sent == [f"message {n}" for n in range(there + 1, count + 1)]
    assert bodies[-1]["actions"] == [
        {"label": "Fix", "description": "Open a pull request", "identifier": "fix"}
    ]
    assert (bodies[-1]["output"]["summary"], bodies[-1]["output"]["text"]) == ("Summary", "Text")


def test_a_run_without_a_conclusion_goes_on(bench: Bench) -> None:
    bench.on("PATCH", f"{RUNS}/1", {})
    bench.repo.update_check_run(CheckRun(1, "Suture", "12"), Output("Reading", "…"))
    (body,) = bench.bodies("PATCH", f"{RUNS}/1")
    assert body == {
        "status": "in_progress",
        "output": {"title": "Reading", "summary": "…", "annotations": []},
    }


def test_an_annotation_is_brought_within_github_s_limits(bench: Bench) -> None:
    bench.on("PATCH", f"{RUNS}/1", {})
    large = Annotation("a.py", 0, -5, "failure", "ü" * 40_000, "t" * 300, "d" * 70_000)
    bench.repo.update_check_run(
        CheckRun(1, "Suture", "12"), Output("t" * 300, "S", annotations=[large]), "failure"
    )
    (body,) = bench.bodies("PATCH", f"{RUNS}/1")
    (sent,) = body["output"]["annotations"]
    assert (sent["start_line"], sent["end_line"], sent["annotation_level"]) == (1, 1, "failure")
    assert len(sent["message"].encode()) == 64 * 1024
    assert (len(sent["title"]), len(sent["raw_details"]), len(body["output"]["title"])) == (255, 65_536, 256)


@pytest.mark.parametrize("count", [65_535, 65_536, 1_000_000])
def test_summary_and_text_are_cut_at_github_s_limit(bench: Bench, count: int) -> None:
    bench.on("PATCH", f"{RUNS}/1", {})
    text = "line of text\n" * (count // 13) + "x" * (count % 13)
    bench.repo.update_check_run(CheckRun(1, "Suture", "12"), Output("T", text, text), "success")
    (body,) = bench.bodies("PATCH", f"{RUNS}/1")
    for sent in (body["output"]["summary"], body["output"]["text"]):
        assert len(sent) <= 65_535
        assert (sent == text) == (count <= 65_535)
        assert count <= 65_535 or sent.endswith("line of text\n\n… the rest doesn't fit here.")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("```diff\n" + "+ x\n" * 50, "+ x\n```\n\n… the rest doesn't fit here."),
        ("````\n```\n" + "+ x\n" * 50, "+ x\n````\n\n… the rest doesn't fit here."),
        ("~~~\na\n~~~\n" + "b\n" * 90, "b\n\n… the rest doesn't fit here."),
        ("x" * 200, "x\n\n… the rest doesn't fit here."),
    ],
)
def test_a_cut_text_closes_its_block(text: str, end: str) -> None:
    made = cut(text, 100)
    assert len(made) <= 100
    assert made.endswith(end)


@pytest.mark.parametrize(
    ("label", "description", "identifier"),
    [
        ("x" * 21, "d", "i"),
        ("l", "x" * 41, "i"),
        ("l", "d", "x" * 21),
        ("", "d", "i"),
        ("l", "", "i"),
        ("l", "d", ""),
    ],
)
def test_a_button_that_github_would_not_show(label: str, description: str, identifier: str) -> None:
    CheckAction("x" * 20, "x" * 40, "x" * 20)
    with pytest.raises(ValueError, match="a label of 20"):
        CheckAction(label, description, identifier)


def test_three_buttons_are_all(bench: Bench) -> None:
    with pytest.raises(ValueError, match="three buttons"):
        bench.repo.update_check_run(
            CheckRun(1, "Suture", "12"), Output("T", "S"), "neutral", [CheckAction("a", "b", "c")] * 4
        )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(404), Missing),
        (no(403), Refused),
        (no(422, "Invalid request."), Conflict),
        (httpx.ReadTimeout("x"), Unavailable),
    ],
    ids=repr,
)
def test_a_run_that_can_not_be_told(bench: Bench, answer: Reply, kind: type[Problem]) -> None:
    bench.on("PATCH", f"{RUNS}/1", answer)
    bench.on("POST", RUNS, answer)
    bench.on("GET", OF_COMMIT, listed())
    with pytest.raises(kind):
        bench.repo.update_check_run(
            CheckRun(1, "Suture", "12"), Output("T", "S", annotations=annotations(60)), "neutral"
        )
    with pytest.raises(kind):
        bench.repo.create_check_run(SHA, "Suture", "12")
    assert len(bench.sent("PATCH")) == len(bench.sent("POST")) == 1


def test_what_everybody_says_of_a_commit(bench: Bench) -> None:
    said = [
        "success",
        "failure",
        "timed_out",
        "cancelled",
        "action_required",
        "neutral",
        "skipped",
        "stale",
        None,
    ]
    runs = [
        run(n, name=f"c{n}", status="completed", conclusion=one, app={"slug": "ci"})
        for n, one in enumerate(said)
    ]
    bench.on("GET", OF_COMMIT, listed(run(99, name="late", app=None)), query={"page": "2"})
    bench.on("GET", OF_COMMIT, listed(*runs, link=f'<{API}{OF_COMMIT}?page=2>; rel="next"'))
    states = [{"context": one, "state": one} for one in ("success", "pending", "failure", "error")]
    bench.on(
        "GET", f"{REPO}/commits/{SHA}/status", {"state": "failure", "statuses": states, "total_count": 4}
    )
    found = bench.repo.checks(SHA)
    words = [
        "success",
        *["failure"] * 4,
        *["neutral"] * 4,
        "pending",
        "success",
        "pending",
        "failure",
        "failure",
    ]
    assert [one.state for one in found] == words
    assert found[0] == CheckFacts("c0", "success", "ci")
    assert found[9] == CheckFacts("late", "pending", "")
    assert found[-1] == CheckFacts("error", "failure", "")


def test_findings_for_those_who_may_write(bench: Bench) -> None:
    bench.on("POST", f"{REPO}/code-scanning/sarifs", ok({"id": "x"}, 202))
    bench.repo.upload_sarif(SHA, "refs/heads/main", b'{"runs": []}')
    (body,) = bench.bodies("POST", f"{REPO}/code-scanning/sarifs")
    assert gzip.decompress(b64decode(body.pop("sarif"))) == b'{"runs": []}'
    assert body == {"commit_sha": SHA, "ref": "refs/heads/main", "tool_name": "Suture"}
