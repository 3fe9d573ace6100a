"""Where requests go: redirects, pages, names, Enterprise Server; and that a token goes nowhere else."""

import pytest
from github_bench import API, NAME, REPO, SHA, TOKEN, Bench, app_settings, bench, no, ok, token

from bot.github import App, Missing, Refused, Unavailable

__all__ = ["bench"]
FACTS = {"id": 5, "full_name": NAME, "default_branch": "main", "private": True}
REFS = f"{REPO}/git/refs"


def test_every_call_is_told_by_its_route(bench: Bench) -> None:
    bench.on("GET", REPO, ok(FACTS, x_ratelimit_remaining="4999"))
    bench.on("GET", f"{REPO}/git/matching-refs/heads/suture/a", ok([], x_ratelimit_remaining="many"))
    bench.repo.facts()
    assert bench.repo.head("suture/a") is None
    place = "/repos/{owner}/{repo}"
    assert bench.calls == [
        ("POST", "/app/installations/{installation}/access_tokens", 201, None),
        ("GET", place, 200, 4999),
        ("GET", f"{place}/git/matching-refs/heads/{{prefix}}", 200, None),
    ]


def test_requests_say_who_we_are_and_which_version_we_speak(bench: Bench) -> None:
    bench.on("GET", REPO, FACTS)
    bench.repo.facts()
    (asked,) = bench.sent("GET", REPO)
    assert asked.headers["user-agent"] == "Suture"
    assert asked.headers["accept"] == "application/vnd.github+json"
    assert asked.headers["x-github-api-version"] == "2022-11-28"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_renamed_repository_is_followed_and_its_new_name_told(
    bench: Bench, status: int, method: str
) -> None:
    there = f"{API}/repositories/5"
    bench.on(
        "GET",
        f"{REPO}/git/matching-refs/heads/x",
        no(status, "Moved", location=f"{there}/git/matching-refs/heads/x"),
    )
    bench.on("GET", f"{there}/git/matching-refs/heads/x", [{"ref": "refs/heads/x", "object": {"sha": SHA}}])
    bench.on("PATCH", f"{REPO}/git/refs/heads/x", no(status, "Moved", location=f"{there}/git/refs/heads/x"))
    bench.on("PATCH", f"{there}/git/refs/heads/x", {})
    bench.on("GET", there, FACTS | {"full_name": "globex/renamed"})
    bench.on(
        "GET",
        "/repos/globex/renamed/git/matching-refs/heads/x",
        [{"ref": "refs/heads/x", "object": {"sha": SHA}}],
    )
    assert bench.repo.full_name == NAME
    if method == "GET":
        assert bench.repo.head("x") == bench.repo.head("x") == SHA
        assert len(bench.sent("GET", f"{REPO}/git/matching-refs/heads/x")) == 1
    else:
        bench.repo.move_branch("x", SHA)
        (moved,) = bench.sent("PATCH", "/repositories/5/git/refs/heads/x")
        assert moved.content == bench.sent("PATCH", f"{REPO}/git/refs/heads/x")[0].content
        assert moved.headers["authorization"] == f"Bearer {TOKEN}"
    assert bench.repo.full_name == "globex/renamed"
    assert bench.repo.head("x") == SHA
    assert {route for _, route, _, _ in bench.calls if "refs/heads" in route} <= {
        "/repos/{owner}/{repo}/git/matching-refs/heads/{prefix}",
        "/repos/{owner}/{repo}/git/refs/heads/{branch}",
    }


def test_a_token_goes_nowhere_else_and_a_write_neither(bench: Bench) -> None:
    bench.on("GET", REPO, no(302, location="https://elsewhere.example/facts"))
    bench.on("GET", "https://elsewhere.example/facts", FACTS)
    assert bench.repo.facts().id == 5
    (asked,) = bench.sent("GET", "/facts")
    assert "authorization" not in asked.headers
    bench.on("POST", REFS, no(307, location="https://elsewhere.example/refs"))
    with pytest.raises(Unavailable, match="another place"):
        bench.repo.create_branch("x", SHA)


@pytest.mark.parametrize(
    "place", ["http://api.github.com/x", "ftp://x.example/x", "https://[", "file:///etc/passwd"]
)
def test_some_places_are_not_followed(bench: Bench, place: str) -> None:
    bench.on("GET", REPO, no(302, location=place))
    with pytest.raises(Unavailable) as caught:
        bench.repo.facts()
    assert place not in caught.value.message


def test_redirects_in_a_circle_end(bench: Bench) -> None:
    bench.on("GET", REPO, no(302, location=f"{API}{REPO}"))
    with pytest.raises(Unavailable, match="circles"):
        bench.repo.facts()


def test_a_redirect_to_nowhere_is_no_answer(bench: Bench) -> None:
    bench.on("GET", REPO, no(301))
    with pytest.raises(Unavailable, match="301"):
        bench.repo.facts()


def test_pages_are_followed_as_far_as_they_are_linked_on_github(bench: Bench) -> None:
    path = f"{REPO}/issues/3/comments"
    comment = {"id": 1, "body": "b", "user": {"login": "ann"}, "created_at": "2026-01-01T00:00:00Z"}
    last = f'<{API}{path}?page=1>; rel="prev", <{API}{path}?page=1>; rel="first"'
    bench.on("GET", path, ok([comment | {"id": 3}], link=last), query={"page": "3"})
    more = f'<{API}{path}?page=3>; rel="next"; title="x"'
    bench.on("GET", path, ok([comment | {"id": 2}], link=more), query={"page": "2"})
    link = f'<{API}{path}?page=9>; rel="last", <{API}{path}?page=2>; rel="next"'
    bench.on("GET", path, ok([comment], link=link), query={"per_page": "100"})
    assert [one.id for one in bench.repo.comments(3)] == [1, 2, 3]
    assert [str(one.url.query, "ascii") for one in bench.sent("GET", path)] == [
        "per_page=100",
        "page=2",
        "page=3",
    ]


@pytest.mark.parametrize(
    "link", ["<https://evil.example/x>; rel=next", "<https://evil.example/x", "rel=next", "<>"]
)
def test_a_link_that_leads_elsewhere_is_none(bench: Bench, link: str) -> None:
    bench.on("GET", f"{REPO}/issues/3/comments", ok([], link=link))
    assert bench.repo.comments(3) == ()
    assert len(bench.sent("GET")) == 2  # and who we are


def test_pages_that_never_end_are_left(bench: Bench) -> None:
    path = f"{REPO}/issues/3/comments"
    bench.on("GET", path, ok([], link=f'<{API}{path}>; rel="next"'))
    assert bench.repo.comments(3) == ()
    assert len(bench.sent("GET", path)) == 10


@pytest.mark.parametrize(
    "name", ["", "acme", "acme/", "/x", "acme/x/y", "acme/..", "../x", "acme/a b", "a/b?c", "a/é"]
)
def test_what_is_no_repository_s_name_is_not_asked_for(bench: Bench, name: str) -> None:
    with pytest.raises(Missing):
        bench.app.installation(7, name, {})
    assert bench.sent() == []


@pytest.mark.parametrize("name", ["acme/.github", "acme/-", "a_b/c.d", "acme/..."])
def test_odd_names_of_repositories_are_names(bench: Bench, name: str) -> None:
    assert bench.app.installation(7, name, {}).full_name == name


def test_a_branch_s_name_is_quoted(bench: Bench) -> None:
    bench.router.route(method="GET").mock(return_value=ok([]))
    bench.repo.head("fix/#1 50%/ü?x=1&y")
    (asked,) = bench.sent("GET")
    path = f"{REPO}/git/matching-refs/heads/fix/%231%2050%25/%C3%BC%3Fx%3D1%26y"
    assert asked.url.raw_path == f"{path}?per_page=100".encode()


@pytest.mark.parametrize("name", ["", "a//b", "../../issues", "a/./b", "/a"])
def test_a_name_that_leads_out_of_its_place_is_refused(bench: Bench, name: str) -> None:
    with pytest.raises(Refused):
        bench.repo.head(name)
    assert bench.sent() == []


def test_enterprise_server_has_another_address(bench: Bench) -> None:
    api = "https://github.example.com/api/v3"
    bench.on("POST", f"{api}/app/installations/7/access_tokens", token())
    bench.on("GET", f"{api}{REPO}", FACTS)
    bench.on("GET", f"{api}{REPO}/issues/3/comments", ok([], link=f'<{api}{REPO}/next>; rel="next"'))
    bench.on("GET", f"{api}{REPO}/next", [])
    bench.on("GET", f"{api}/app", {"slug": "suture"})
    bench.on("GET", f"{api}{REPO}/pulls/3", open_draft())
    bench.on("POST", "https://github.example.com/api/graphql", {"data": {}})
    with App(app_settings(api), pace=0) as app:
        repo = app.installation(7, NAME, {})
        assert repo.facts().full_name == NAME
        assert repo.comments(3) == ()
        repo.mark_ready(3)
    assert len(bench.sent("POST", "/api/graphql")) == 1


def open_draft() -> dict[str, object]:
    end = {"ref": "x", "sha": SHA, "repo": {"id": 5, "full_name": NAME}}
    more = {"created_at": "2026-01-01T00:00:00Z", "draft": True, "node_id": "PR_1"}
    return {"number": 3, "state": "open", "title": "t", "head": end, "base": end, **more}
