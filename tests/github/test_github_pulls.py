"""Pull requests: which are ours, how they are opened and edited, and once only."""

import httpx
import pytest
from github_bench import API, NAME, OTHER, REPO, SHA, Bench, Reply, bench, no, ok

from bot.github import Conflict, FileChange, Missing, Problem, RateLimited, Refused, Unavailable

__all__ = ["bench"]
PULLS, BRANCH = f"{REPO}/pulls", "suture/untrusted-model/a-1"
HERE = {"id": 5, "full_name": NAME}
THERE = {"id": 6, "full_name": "eve/service"}
ALREADY = no(
    422,
    "Validation Failed",
    [{"resource": "PullRequest", "message": f"A pull request already exists for acme:{BRANCH}."}],
)
NO_DRAFTS = no(422, "Draft pull requests are not supported in this repository.")
VALIDATION = no(
    422,
    "Validation Failed",
    [{"resource": "PullRequest", "code": "custom", "message": f"No commits between main and {BRANCH}"}],
)


def pull(
    number: int, branch: str = BRANCH, user: str | None = "suture[bot]", repo: object = HERE, **more: object
) -> dict[str, object]:
    found: dict[str, object] = {
        "number": number,
        "node_id": f"PR_{number}",
        "state": "open",
        "title": "Fix",
        "body": None,
        "draft": False,
        "created_at": "2026-01-01T00:00:00Z",
        "closed_at": None,
        "merged_at": None,
        "head": {"ref": branch, "sha": SHA, "repo": repo},
        "base": {"ref": "main", "sha": OTHER, "repo": HERE},
        "user": None if user is None else {"login": user},
        "html_url": f"https://github.com/acme/service/pull/{number}",
    }
    return found | more


def test_ours_are_from_our_branches_in_this_repository_by_this_app(bench: Bench) -> None:
    merged = {"state": "closed", "merged_at": "2026-01-02T00:00:00Z", "closed_at": "2026-01-02T00:00:00Z"}
    listed = [
        pull(9, draft=True),
        pull(8, user="ann"),
        pull(7, branch="topic"),
        pull(6, repo=THERE),
        pull(5, repo=None),
        pull(4, user=None),
        pull(3, body="B\r\n", **merged),
    ]
    bench.on("GET", PULLS, listed)
    nine, three = bench.repo.pull_requests("all")
    assert (nine.number, nine.branch, nine.state, nine.is_draft, nine.is_merged) == (
        9,
        BRANCH,
        "open",
        True,
        False,
    )
    assert (nine.head, nine.base, nine.base_commit, nine.user_login) == (SHA, "main", OTHER, "suture[bot]")
    assert (nine.created_at, nine.closed_at, nine.mergeable, nine.body) == (1_767_225_600, 0, None, "")
    assert (three.number, three.state, three.is_merged, three.body) == (3, "closed", True, "B\r\n")
    assert three.closed_at == 1_767_312_000
    asked = bench.sent("GET", PULLS)[0].url.params
    assert dict(asked) == {"per_page": "100", "state": "all", "sort": "created", "direction": "desc"}


def test_in_a_crowd_older_ones_are_searched_for_by_their_author(bench: Bench) -> None:
    strangers = ok([pull(5000, user="ann")] * 100, link=f'<{API}{PULLS}?page=2>; rel="next"')
    bench.on("GET", PULLS, strangers)
    issue = {
        "state": "closed",
        "title": "t",
        "updated_at": "2025-01-01T00:00:00Z",
        "pull_request": {"url": "x"},
    }
    found = [issue | {"number": number} for number in (6000, 17, 18)]
    bench.on("GET", "/search/issues", {"total_count": 3, "incomplete_results": False, "items": found})
    bench.on("GET", f"{PULLS}/17", pull(17))
    bench.on("GET", f"{PULLS}/18", pull(18, branch="topic"))
    assert [one.number for one in bench.repo.pull_requests("closed")] == [17]
    assert len(bench.sent("GET", PULLS)) == 20
    (searched,) = bench.sent("GET", "/search/issues")
    words = "repo:acme/service is:pr author:app/suture created:<=2026-01-01 state:closed"
    assert searched.url.params["q"] == words


def test_what_happened_lately_costs_one_request(bench: Bench) -> None:
    listed = [pull(9, updated_at=f"2026-01-0{day}T00:00:00Z") | {"number": day} for day in (5, 4, 1)]
    bench.on("GET", PULLS, ok(listed, link=f'<{API}{PULLS}?page=2>; rel="next"'))
    since = 1_767_225_600 + 3600
    assert [one.number for one in bench.repo.pull_requests("closed", since=since)] == [5, 4]
    (asked,) = bench.sent("GET", PULLS)
    assert asked.url.params["sort"] == "updated"


def test_one_pull_request_with_whether_it_can_be_merged(bench: Bench) -> None:
    bench.on(
        "GET", f"{PULLS}/3", pull(3, repo=THERE, mergeable=False), pull(3, repo=None), pull(3, mergeable=None)
    )
    found = bench.repo.pull_request(3)
    assert (found.mergeable, found.is_from_fork, found.head_repository) == (False, True, "eve/service")
    gone = bench.repo.pull_request(3)
    assert (gone.mergeable, gone.is_from_fork, gone.head_repository) == (None, True, "")
    assert not bench.repo.pull_request(3).is_from_fork


def test_a_state_that_is_none_is_not_guessed_at(bench: Bench) -> None:
    bench.on("GET", f"{PULLS}/3", pull(3, state="frozen"))
    with pytest.raises(Unavailable, match="no usable state"):
        bench.repo.pull_request(3)


def test_a_pull_request_is_opened_so_that_people_can_not_push_by_accident(bench: Bench) -> None:
    bench.on("POST", PULLS, ok({"number": 12}, 201))
    assert bench.repo.open_pull_request(BRANCH, "main", "Fix ü", "Body", is_draft=True) == 12
    assert bench.bodies("POST", PULLS) == [
        {
            "head": BRANCH,
            "base": "main",
            "title": "Fix ü",
            "body": "Body",
            "draft": True,
            "maintainer_can_modify": False,
        }
    ]


def test_after_a_lost_answer_the_one_that_is_open_is_found(bench: Bench) -> None:
    bench.on("POST", PULLS, httpx.RemoteProtocolError("gone"), ALREADY)
    bench.on(
        "GET",
        PULLS,
        [pull(13, base={"ref": "other", "sha": OTHER, "repo": HERE}), pull(12), pull(11, repo=THERE)],
    )
    with pytest.raises(Unavailable):
        bench.repo.open_pull_request(BRANCH, "main", "Fix", "Body")
    assert bench.repo.open_pull_request(BRANCH, "main", "Fix", "Body") == 12
    asked = bench.sent("GET", PULLS)[0].url.params
    assert dict(asked) == {"per_page": "100", "head": f"acme:{BRANCH}", "state": "open"}


def test_one_that_github_says_exists_and_does_not_show_is_waited_for(bench: Bench) -> None:
    bench.on("POST", PULLS, ALREADY)
    bench.on("GET", PULLS, [])
    with pytest.raises(Unavailable, match="doesn't show it yet"):
        bench.repo.open_pull_request(BRANCH, "main", "Fix", "Body")


def test_where_drafts_are_not_to_be_had_it_is_a_plain_one(bench: Bench) -> None:
    bench.on("POST", PULLS, NO_DRAFTS, ok({"number": 12}, 201))
    assert bench.repo.open_pull_request(BRANCH, "main", "Fix", "Body", is_draft=True) == 12
    assert [one["draft"] for one in bench.bodies("POST", PULLS)] == [True, False]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (VALIDATION, Conflict),
        (NO_DRAFTS, Conflict),
        (no(403, "Resource not accessible by integration"), Refused),
        (no(404), Missing),
        (no(403, "You have exceeded a secondary rate limit", retry_after="60"), RateLimited),
        (no(502), Unavailable),
        (httpx.ReadTimeout("x"), Unavailable),
        (httpx.Response(201, content=b'{"numb'), Unavailable),
    ],
    ids=repr,
)
def test_a_pull_request_that_can_not_be_opened(bench: Bench, answer: Reply, kind: type[Problem]) -> None:
    bench.on("POST", PULLS, answer)
    with pytest.raises(Problem) as caught:
        bench.repo.open_pull_request(BRANCH, "main", "Fix", "Body")
    assert isinstance(caught.value, kind)
    assert len(bench.sent("POST", PULLS)) == 1


@pytest.mark.parametrize(("title", "body"), [("t" * 257, "b"), ("t", "b" * 65_537)])
def test_what_github_would_not_take_is_not_sent(bench: Bench, title: str, body: str) -> None:
    with pytest.raises(Refused, match="GitHub takes"):
        bench.repo.open_pull_request(BRANCH, "main", title, body)
    with pytest.raises(Refused, match="GitHub takes"):
        bench.repo.edit_pull_request(3, title, body)
    assert bench.sent() == []


def test_what_just_fits_is_sent(bench: Bench) -> None:
    bench.on("POST", PULLS, ok({"number": 12}, 201))
    bench.repo.open_pull_request(BRANCH, "main", "t" * 256, "ü" * 65_536)
    assert len(bench.bodies("POST", PULLS)[0]["body"]) == 65_536


def test_a_pull_request_is_edited_in_what_is_given(bench: Bench) -> None:
    bench.on("PATCH", f"{PULLS}/3", {})
    bench.repo.edit_pull_request(3)
    bench.repo.edit_pull_request(3, body="")
    bench.repo.edit_pull_request(3, title="T", state="closed")
    assert bench.bodies("PATCH", f"{PULLS}/3") == [{"body": ""}, {"title": "T", "state": "closed"}]


@pytest.mark.parametrize(
    ("answer", "kind"), [(no(422), Conflict), (no(404), Missing), (no(500), Unavailable)]
)
def test_a_pull_request_that_can_not_be_edited(
    bench: Bench, answer: httpx.Response, kind: type[Problem]
) -> None:
    bench.on("PATCH", f"{PULLS}/3", answer)
    with pytest.raises(kind):
        bench.repo.edit_pull_request(3, title="T")


def test_a_draft_is_made_ready_by_graphql_and_only_a_draft(bench: Bench) -> None:
    bench.on("GET", f"{PULLS}/3", pull(3, draft=True), pull(3))
    bench.on(
        "POST", "/graphql", {"data": {"markPullRequestReadyForReview": {"pullRequest": {"isDraft": False}}}}
    )
    bench.repo.mark_ready(3)
    bench.repo.mark_ready(3)
    (asked,) = bench.bodies("POST", "/graphql")
    assert asked["variables"] == {"id": "PR_3"}
    assert "markPullRequestReadyForReview(input: {pullRequestId: $id})" in asked["query"]


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}], RateLimited),
        ([{"type": "NOT_FOUND"}], Missing),
        ([{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}], Refused),
        ([{"type": "UNPROCESSABLE"}], Conflict),
        ([{"message": "Something went wrong"}], Unavailable),
    ],
)
def test_graphql_fails_with_200(bench: Bench, errors: list[object], kind: type[Problem]) -> None:
    bench.on("GET", f"{PULLS}/3", pull(3, draft=True))
    bench.on("POST", "/graphql", {"data": None, "errors": errors})
    with pytest.raises(Problem) as caught:
        bench.repo.mark_ready(3)
    assert type(caught.value) is kind


def test_who_closed_it(bench: Bench) -> None:
    issue = {"number": 3, "state": "closed", "title": "t", "updated_at": "2026-01-01T00:00:00Z"}
    bench.on("GET", f"{REPO}/issues/3", issue | {"closed_by": {"login": "ann"}}, issue | {"closed_by": None})
    assert bench.repo.closed_by(3) == "ann"
    assert bench.repo.closed_by(3) == ""


def test_what_it_changes(bench: Bench) -> None:
    path = f"{PULLS}/3/files"
    first = {"filename": "b.py", "previous_filename": "a.py", "status": "renamed", "patch": "@@ -1 +1 @@"}
    bench.on("GET", path, [{"filename": "x.bin", "status": "added"}], query={"page": "2"})
    bench.on("GET", path, ok([first], link=f'<{API}{path}?page=2>; rel="next"'))
    assert bench.repo.changes(3) == (
        FileChange("b.py", "a.py", "renamed", "@@ -1 +1 @@"),
        FileChange("x.bin", "x.bin", "added", ""),
    )


def test_a_suggestion_is_made_once(bench: Bench) -> None:
    path = f"{PULLS}/3/comments"
    bench.on("GET", path, [])
    bench.on("POST", path, ok({"id": 70}, 201))
    text = "```suggestion\nx = 1\n```"
    assert bench.repo.suggest_once(3, SHA, "a.py", (4, 6), text, "k1") == 70
    assert bench.repo.suggest_once(3, SHA, "a.py", (4, 4), text, "k2") == 70
    several, single = bench.bodies("POST", path)
    assert {
        name: several[name] for name in ("commit_id", "path", "start_line", "start_side", "line", "side")
    } == {
        "commit_id": SHA,
        "path": "a.py",
        "start_line": 4,
        "start_side": "RIGHT",
        "line": 6,
        "side": "RIGHT",
    }
    assert "start_line" not in single
    theirs = {
        "id": 1,
        "body": several["body"],
        "user": {"login": "eve"},
        "created_at": "2026-01-01T00:00:00Z",
    }
    bench.on("GET", path, [theirs, theirs | {"id": 71, "user": {"login": "suture[bot]"}}])
    assert bench.repo.suggest_once(3, SHA, "a.py", (4, 6), text, "k1") == 71
    assert several["body"].startswith("```suggestion")
    assert len(bench.sent("POST", path)) == 2


def test_a_suggestion_beside_the_diff_is_a_conflict(bench: Bench) -> None:
    bench.on("GET", f"{PULLS}/3/comments", [])
    bench.on("POST", f"{PULLS}/3/comments", no(422, "Validation Failed", ["line must be part of the diff"]))
    with pytest.raises(Conflict, match="part of the diff"):
        bench.repo.suggest_once(3, SHA, "a.py", (4, 6), "x", "k")
