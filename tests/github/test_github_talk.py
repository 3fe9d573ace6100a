"""Comments, reviews and issues: said once, found again, and within GitHub's limits."""

import httpx
import pytest
from github_bench import API, REPO, Bench, Reply, bench, no, ok

from bot.github import Conflict, Missing, Problem, RateLimited, Refused, Unavailable

__all__ = ["bench"]
COMMENTS = f"{REPO}/issues/3/comments"
MARKER = "<!-- suture-comment closed -->"
BODY = f"Fixed elsewhere.\n\n{MARKER}"


def comment(number: int, body: str | None = BODY, user: str = "suture[bot]") -> dict[str, object]:
    made = "2026-01-01T00:00:00Z"
    return {"id": number, "body": body, "user": {"login": user}, "created_at": made}


def test_comments_and_whose_they_are(bench: Bench) -> None:
    bench.on("GET", COMMENTS, [comment(1), comment(2, None, "ann"), comment(3) | {"user": None}])
    one, two, three = bench.repo.comments(3)
    assert (one.id, one.body, one.user_login, one.created_at, one.is_ours) == (
        1,
        BODY,
        "suture[bot]",
        1_767_225_600,
        True,
    )
    assert (two.body, two.user_login, two.is_ours) == ("", "ann", False)
    assert (three.user_login, three.is_ours) == ("", False)


def test_the_first_comment_of_a_kind_is_made(bench: Bench) -> None:
    other = comment(2, "Something\n\n<!-- suture-comment changed -->")
    bench.on("GET", COMMENTS, [comment(1, user="eve"), other, comment(4, f"> {BODY}\n\nI quote")])
    bench.on("POST", COMMENTS, ok({"id": 9}, 201))
    assert bench.repo.comment_once(3, "closed", "Fixed elsewhere.") == 9
    assert bench.bodies("POST", COMMENTS) == [{"body": BODY}]


@pytest.mark.parametrize("body", [BODY, BODY.replace("\n", "\r\n")])
def test_a_comment_that_says_so_already_is_left_alone(bench: Bench, body: str) -> None:
    bench.on("GET", COMMENTS, [comment(1, body)])
    assert bench.repo.comment_once(3, "closed", "Fixed elsewhere.") == 1
    assert not [one for one in bench.sent() if one.method != "GET"]


def test_a_comment_that_says_something_else_is_edited(bench: Bench) -> None:
    bench.on("GET", COMMENTS, [comment(1, f"Old\n\n{MARKER}\n")])
    bench.on("PATCH", f"{REPO}/issues/comments/1", {})
    assert bench.repo.comment_once(3, "closed", "Fixed elsewhere.") == 1
    assert bench.bodies("PATCH", f"{REPO}/issues/comments/1") == [{"body": BODY}]


def test_what_a_lost_answer_doubled_is_taken_away(bench: Bench) -> None:
    bench.on("GET", COMMENTS, [comment(1), comment(2), comment(3)])
    bench.on("DELETE", f"{REPO}/issues/comments/2", httpx.Response(204))
    bench.on("DELETE", f"{REPO}/issues/comments/3", no(404))
    assert bench.repo.comment_once(3, "closed", "Fixed elsewhere.") == 1
    assert len(bench.sent("DELETE")) == 2


def test_a_comment_is_looked_for_on_every_page(bench: Bench) -> None:
    bench.on("GET", COMMENTS, [comment(7)], query={"page": "2"})
    bench.on("GET", COMMENTS, ok([comment(1, "x")], link=f'<{API}{COMMENTS}?page=2>; rel="next"'))
    assert bench.repo.comment_once(3, "closed", "Fixed elsewhere.") == 7


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(403, "Unable to create comment because issue is locked."), Refused),
        (no(410, "Gone"), Missing),
        (no(422, "Validation Failed", [{"message": "was submitted too quickly"}]), RateLimited),
        (httpx.ReadError("reset"), Unavailable),
    ],
    ids=repr,
)
def test_a_comment_that_can_not_be_made(bench: Bench, answer: Reply, kind: type[Problem]) -> None:
    bench.on("GET", COMMENTS, [])
    bench.on("POST", COMMENTS, answer)
    with pytest.raises(kind):
        bench.repo.comment_once(3, "closed", "x")
    assert len(bench.sent("POST", COMMENTS)) == 1


def test_a_comment_that_github_would_not_take_is_not_sent(bench: Bench) -> None:
    with pytest.raises(Refused, match="65,536"):
        bench.repo.comment_once(3, "closed", "x" * 65_536)
    assert bench.sent() == []


@pytest.mark.parametrize("kind", ["", "A", "a-->", "a b", "-a"])
def test_a_kind_is_a_plain_word(bench: Bench, kind: str) -> None:
    with pytest.raises(ValueError, match="kind of comment"):
        bench.repo.comment_once(3, kind, "x")


def test_one_comment_and_a_sign_for_it(bench: Bench) -> None:
    bench.on("GET", f"{REPO}/issues/comments/5", comment(5, "/suture explain", "ann"))
    bench.on("POST", f"{REPO}/issues/comments/5/reactions", ok({"id": 1}, 201), ok({"id": 1}, 200))
    assert bench.repo.comment(5).body == "/suture explain"
    bench.repo.react(5, "eyes")
    bench.repo.react(5, "eyes")
    assert bench.bodies("POST", f"{REPO}/issues/comments/5/reactions") == [{"content": "eyes"}] * 2


def test_who_approves_by_their_last_word(bench: Bench) -> None:
    path = f"{REPO}/pulls/3/reviews"
    said = [
        ("ann", "CHANGES_REQUESTED"),
        ("ann", "APPROVED"),
        ("ann", "COMMENTED"),
        ("bob", "APPROVED"),
        ("bob", "DISMISSED"),
        ("cid", "COMMENTED"),
        ("dan", "PENDING"),
        ("eve", "APPROVED"),
        ("eve", "CHANGES_REQUESTED"),
    ]
    reviews: list[dict[str, object]] = [{"user": {"login": who}, "state": state} for who, state in said]
    bench.on("GET", path, [{"user": None, "state": "APPROVED"}], query={"page": "2"})
    bench.on("GET", path, ok(reviews, link=f'<{API}{path}?page=2>; rel="next"'))
    assert bench.repo.approvals(3) == ("ann",)


def test_a_review_is_asked_of_people_and_teams(bench: Bench) -> None:
    path = f"{REPO}/pulls/3/requested_reviewers"
    bench.on("POST", path, ok({}, 201))
    assert bench.repo.request_review(3, ["@ann", "@acme/ml-team", "@ann", "bob"]) == ()
    assert bench.bodies("POST", path) == [{"reviewers": ["ann", "bob"], "team_reviewers": ["ml-team"]}]
    assert bench.repo.request_review(3, []) == ()
    assert len(bench.sent("POST", path)) == 1


def test_a_stranger_does_not_keep_the_others_from_being_asked(bench: Bench) -> None:
    path = f"{REPO}/pulls/3/requested_reviewers"
    words = "Reviews may only be requested from collaborators. One or more of the users or teams is not."
    bench.on("POST", path, no(422, words), ok({}, 201), no(422, words), no(403, "Must have admin rights"))
    assert bench.repo.request_review(3, ["@ann", "@eve", "@acme/x"]) == ("@eve", "@acme/x")
    assert [one["reviewers"] for one in bench.bodies("POST", path)] == [["ann", "eve"], ["ann"], ["eve"], []]


def test_a_single_stranger_is_asked_once(bench: Bench) -> None:
    path = f"{REPO}/pulls/3/requested_reviewers"
    bench.on("POST", path, no(422, "Reviews may only be requested from collaborators."))
    assert bench.repo.request_review(3, ["@eve"]) == ("@eve",)
    assert len(bench.sent("POST", path)) == 1


def test_no_more_than_fifteen_are_asked(bench: Bench) -> None:
    path = f"{REPO}/pulls/3/requested_reviewers"
    bench.on("POST", path, ok({}, 201))
    assert bench.repo.request_review(3, [f"@u{n}" for n in range(17)]) == ("@u15", "@u16")
    assert len(bench.bodies("POST", path)[0]["reviewers"]) == 15


def test_an_outage_is_no_refusal_of_a_review(bench: Bench) -> None:
    bench.on("POST", f"{REPO}/pulls/3/requested_reviewers", no(502))
    with pytest.raises(Unavailable):
        bench.repo.request_review(3, ["@ann"])


@pytest.mark.parametrize(
    ("answer", "permission"),
    [(ok({"permission": "write", "role_name": "maintain"}), "write"), (no(404), "none")],
)
def test_what_a_person_may_do(bench: Bench, answer: httpx.Response, permission: str) -> None:
    bench.on("GET", f"{REPO}/collaborators/ann/permission", answer)
    assert bench.repo.permission("ann") == permission


def issue(number: int, body: str | None, user: str = "suture[bot]", **more: object) -> dict[str, object]:
    found = {"number": number, "state": "open", "title": "Suture", "body": body, "html_url": "https://x"}
    return found | {"user": {"login": user}, "updated_at": "2026-01-01T00:00:00Z"} | more


def test_the_issue_is_opened_once(bench: Bench) -> None:
    listed = [
        issue(1, "x <!-- m -->", "eve"),
        issue(2, "x <!-- m -->", pull_request={"url": "x"}),
        issue(3, None),
    ]
    bench.on("GET", f"{REPO}/issues", listed, [*listed, issue(4, "b <!-- m -->", state="closed")])
    bench.on("POST", f"{REPO}/issues", ok({"number": 4}, 201))
    assert bench.repo.open_issue_once("Suture", "b <!-- m -->", "<!-- m -->") == 4
    assert bench.repo.open_issue_once("Suture", "b <!-- m -->", "<!-- m -->") == 4
    assert bench.bodies("POST", f"{REPO}/issues") == [{"title": "Suture", "body": "b <!-- m -->"}]
    asked = bench.sent("GET", f"{REPO}/issues")[0].url.params
    assert (asked["state"], asked["creator"]) == ("all", "suture[bot]")


def test_the_issue_is_read_and_edited_in_place(bench: Bench) -> None:
    bench.on("GET", f"{REPO}/issues/4", issue(4, "b\r\n- [x] open", state="closed"))
    bench.on("PATCH", f"{REPO}/issues/4", {})
    found = bench.repo.issue(4)
    assert (found.number, found.state, found.title, found.body) == (4, "closed", "Suture", "b\r\n- [x] open")
    assert (found.user_login, found.updated_at, found.html_url) == ("suture[bot]", 1_767_225_600, "https://x")
    bench.repo.edit_issue(4)
    bench.repo.edit_issue(4, body="c", state="open")
    bench.repo.edit_issue(4, title="T")
    assert bench.bodies("PATCH", f"{REPO}/issues/4") == [{"body": "c", "state": "open"}, {"title": "T"}]


@pytest.mark.parametrize(("title", "body"), [("t" * 257, "b"), ("t", "b" * 65_537)])
def test_an_issue_that_github_would_not_take_is_not_sent(bench: Bench, title: str, body: str) -> None:
    bench.on("GET", f"{REPO}/issues", [])
    with pytest.raises(Refused):
        bench.repo.open_issue_once(title, body, "<!-- m -->")
    with pytest.raises(Refused):
        bench.repo.edit_issue(4, title, body)
    assert not [one for one in bench.sent() if one.method != "GET"]


@pytest.mark.parametrize(
    ("answer", "kind"), [(no(410, "Issues are disabled for this repo"), Missing), (no(422), Conflict)]
)
def test_where_there_are_no_issues(bench: Bench, answer: httpx.Response, kind: type[Problem]) -> None:
    bench.on("GET", f"{REPO}/issues", [])
    bench.on("POST", f"{REPO}/issues", answer)
    with pytest.raises(kind):
        bench.repo.open_issue_once("Suture", "b", "<!-- m -->")
