"""Who wrote a line: what is asked, in how many requests, and what becomes of answers with holes in them."""

from email.utils import formatdate
from typing import Any

import httpx
import pytest
from emulator.own.queries import SCHEMA
from github_bench import API, NAME, NOW, OTHER, REPO, SHA, Bench, Reply, bench, no, ok
from graphql import OperationDefinitionNode, parse, validate

from bot.github import Missing, Oversized, Problem, RateLimited, Refused, Unavailable

__all__ = ["bench"]
GRAPH = "/graphql"


def blamed(*ranges: tuple[int, int, str]) -> dict[str, Any]:
    listed = [{"startingLine": a, "endingLine": b, "commit": {"oid": oid}} for a, b, oid in ranges]
    return {"blame": {"ranges": listed}}


def answer(*files: object, errors: object = None) -> dict[str, object]:
    found = {f"file{number}": file for number, file in enumerate(files)}
    return {"data": {"repository": found}} | ({} if errors is None else {"errors": errors})


def refused(kind: str = "", message: str = "") -> dict[str, object]:
    return {"data": {"repository": None}, "errors": [{"type": kind, "message": message, "path": ["x"]}]}


def test_the_commit_of_each_line_is_told(bench: Bench) -> None:
    one, two = blamed((1, 3, SHA), (4, 4, OTHER), (5, 90, SHA)), blamed((1, 7, OTHER))
    bench.on("POST", GRAPH, answer(one, two))
    found = bench.repo.blame(SHA, {"b.py": [8, 7], "a.py": [90, 4, 4, 91, 3, 5, 1]})
    assert found == {
        ("a.py", 1): SHA,
        ("a.py", 3): SHA,
        ("a.py", 4): OTHER,
        ("a.py", 5): SHA,
        ("a.py", 90): SHA,
        ("b.py", 7): OTHER,
    }


def test_paths_are_variables_of_a_query_that_github_s_schema_takes(bench: Bench) -> None:
    bench.on("POST", GRAPH, answer(None, None))
    odd = 'a") { x } #.py'
    bench.repo.blame(SHA, {"ä b.py": [1], odd: [1]})
    (asked,) = bench.bodies("POST", GRAPH)
    values = {"path0": odd, "path1": "ä b.py"}
    assert asked["variables"] == {"owner": "acme", "name": "service", "commit": SHA} | values
    assert odd not in asked["query"]
    document = parse(asked["query"])
    assert validate(SCHEMA, document) == []
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    declared = {one.variable.name.value for one in operation.variable_definitions or ()}
    assert declared == asked["variables"].keys()


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (20, [20]), (21, [20, 1]), (99, [20] * 3)])
def test_twenty_files_share_a_request_and_sixty_are_asked_for(
    bench: Bench, count: int, sizes: list[int]
) -> None:
    bench.on("POST", GRAPH, answer(*[blamed((1, 1, SHA))] * 20))
    paths = [f"{number:03}.py" for number in range(count)]
    found = bench.repo.blame(SHA, {path: [1] for path in reversed(paths)})
    assert list(found) == [(path, 1) for path in paths[:60]]
    asked = [len(one["variables"]) - 3 for one in bench.bodies("POST", GRAPH)]
    assert asked == sizes


def test_a_name_that_is_not_utf_8_is_not_asked_for(bench: Bench) -> None:
    bench.on("POST", GRAPH, answer(blamed((1, 1, SHA))))
    assert bench.repo.blame(SHA, {"\udcff.py": [1], "a.py": [1]}) == {("a.py", 1): SHA}
    assert bench.bodies("POST", GRAPH)[0]["variables"]["path0"] == "a.py"


@pytest.mark.parametrize("hole", [None, {}, {"blame": None}, {"blame": {"ranges": []}}, blamed((2, 2, SHA))])
@pytest.mark.parametrize("kind", ["NOT_FOUND", "FORBIDDEN", "RESOURCE_LIMITS_EXCEEDED", ""])
def test_a_file_that_github_can_not_answer_for_is_left_out(bench: Bench, hole: object, kind: str) -> None:
    errors = [{"type": kind, "path": ["repository", "file0", "blame"], "message": "no"}]
    bench.on("POST", GRAPH, answer(hole, blamed((1, 1, SHA)), errors=errors))
    assert bench.repo.blame(SHA, {"a.py": [1], "b.py": [1]}) == {("b.py", 1): SHA}


def test_a_field_that_is_not_there_is_a_hole_and_one_more_is_none_of_ours(bench: Bench) -> None:
    bench.on("POST", GRAPH, {"data": {"repository": {"file1": blamed((1, 1, SHA)), "file2": {}}}})
    assert bench.repo.blame(SHA, {"a.py": [1], "b.py": [1]}) == {("b.py", 1): SHA}


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refused("NOT_FOUND", "Could not resolve to a Repository"), Missing, "NOT_FOUND: Could not resolve"),
        (refused("FORBIDDEN"), Refused, "answered FORBIDDEN$"),
        (refused("", "Something went wrong"), Unavailable, "an error: Something went wrong"),
        ({"errors": [{"message": "Parse error", "locations": []}]}, Unavailable, "Parse error"),
        ({"data": None}, Unavailable, "no repository"),
        ({"data": {"repository": None}}, Unavailable, "no repository"),
        ({}, Unavailable, "no repository"),
        ([], Unavailable, "no usable content"),
        ({"data": {"repository": []}}, Unavailable, r"no usable data\.repository"),
        (answer({"blame": {"ranges": {}}}), Unavailable, "no usable data.*ranges"),
        (answer(blamed((1, 1, "HEAD"))), Unavailable, "no usable data.*oid"),
        (answer(blamed((1, 1, SHA + "\n"))), Unavailable, "no usable data.*oid"),
        (answer(blamed((1, 1, f"{SHA}](https://evil.example)"))), Unavailable, "no usable data.*oid"),
        ({"errors": "no"}, Unavailable, "no usable errors"),
        (httpx.Response(200, content=b'{"data": {"repo'), Unavailable, "broke off"),
        (httpx.Response(200, html="<html>Down</html>"), Unavailable, "text/html"),
        (no(403, "Resource not accessible by integration"), Refused, "403"),
        (no(404), Missing, "404"),
        (no(403, "You have exceeded a secondary rate limit", retry_after="70"), RateLimited, "403"),
        (httpx.ReadTimeout("ten seconds"), Unavailable, "in time"),
    ],
)
def test_what_can_not_be_answered_at_all(bench: Bench, reply: Reply, kind: type[Problem], words: str) -> None:
    bench.on("POST", GRAPH, reply)
    with pytest.raises(Problem, match=words) as caught:
        bench.repo.blame(SHA, {"a.py": [1]})
    assert type(caught.value) is kind or isinstance(reply, httpx.ReadTimeout)
    assert len(bench.sent("POST", GRAPH)) == 1


def test_ranges_that_make_no_sense_cost_nothing(bench: Bench) -> None:
    ranges = ((9, 3, OTHER), (-5, 0, OTHER), (1, 10**18, SHA), (10**30, 10**31, OTHER))
    bench.on("POST", GRAPH, answer(blamed(*ranges)))
    assert bench.repo.blame(SHA, {"a.py": [4, 3]}) == {("a.py", 3): SHA, ("a.py", 4): SHA}


def test_an_answer_without_end_is_not_read_to_its_end(bench: Bench) -> None:
    bench.on("POST", GRAPH, httpx.Response(200, content=b'{"data":' + b" " * 8_000_000 + b"null}"))
    with pytest.raises(Oversized, match="8,000,000"):
        bench.repo.blame(SHA, {"a.py": [1]})


@pytest.mark.parametrize(
    ("error", "headers", "seconds"),
    [
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"}, {}, 60),
        ({"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "already exceeded"}, {}, 60),
        ({"message": "You have exceeded a secondary rate limit"}, {"retry_after": "77"}, 77),
        (
            {"type": "RATE_LIMITED"},
            {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOW) + 600 + 1800)},
            1800,
        ),
        ({"type": "RATE_LIMITED"}, {"x_ratelimit_remaining": "7", "x_ratelimit_reset": "1"}, 60),
    ],
)
@pytest.mark.parametrize("data", [None, {"repository": None}, {"repository": {"file0": None}}])
def test_a_limit_says_when_to_come_back_whatever_else_is_told(
    bench: Bench, error: object, headers: dict[str, str], seconds: int, data: object
) -> None:
    errors = [{"type": "NOT_FOUND", "message": "first"}, error]
    ahead = formatdate(NOW + 600, usegmt=True)
    bench.on("POST", GRAPH, ok({"data": data, "errors": errors}, 200, date=ahead, **headers))
    with pytest.raises(RateLimited) as caught:
        bench.repo.blame(SHA, {"a.py": [1]})
    assert caught.value.retry_at == NOW + seconds


@pytest.mark.parametrize("fault", [no(502), httpx.ReadError("reset")], ids=repr)
def test_to_ask_is_to_read_and_is_tried_again(bench: Bench, fault: Reply) -> None:
    bench.on("POST", GRAPH, fault, fault, answer(blamed((1, 1, SHA))))
    assert bench.repo.blame(SHA, {"a.py": [1]}) == {("a.py", 1): SHA}
    assert bench.sleeps == [0.5, 1.5]


@pytest.mark.parametrize("fault", [no(502), httpx.ReadError("reset")], ids=repr)
def test_to_have_something_done_is_not_and_is_tried_once(bench: Bench, fault: Reply) -> None:
    end = {"ref": "suture/x", "sha": SHA, "repo": {"id": 5, "full_name": NAME}}
    draft = {"number": 3, "state": "open", "title": "t", "draft": True, "node_id": "PR_3"}
    bench.on(
        "GET", f"{REPO}/pulls/3", draft | {"created_at": "2026-01-01T00:00:00Z", "head": end, "base": end}
    )
    bench.on("POST", GRAPH, fault)
    with pytest.raises(Unavailable):
        bench.repo.mark_ready(3)
    assert len(bench.sent("POST", GRAPH)) == 1


def test_the_second_request_s_problem_is_the_whole_s(bench: Bench) -> None:
    bench.on("POST", GRAPH, answer(*[blamed((1, 1, SHA))] * 20), refused("FORBIDDEN"))
    with pytest.raises(Refused):
        bench.repo.blame(SHA, {f"{number:03}.py": [1] for number in range(21)})


def test_a_renamed_repository_is_asked_for_by_its_new_name(bench: Bench) -> None:
    there = f"{API}/repositories/5"
    refs = "/git/matching-refs/heads/x"
    bench.on("GET", f"{REPO}{refs}", no(301, "Moved", location=f"{there}{refs}"))
    bench.on("GET", f"{there}{refs}", [])
    bench.on("GET", there, {"id": 5, "full_name": "globex/renamed", "private": True})
    bench.on("POST", GRAPH, answer(blamed((1, 1, SHA))))
    assert bench.repo.head("x") is None
    assert bench.repo.blame(SHA, {"a.py": [1]}) == {("a.py", 1): SHA}
    (asked,) = bench.bodies("POST", GRAPH)
    assert (asked["variables"]["owner"], asked["variables"]["name"]) == ("globex", "renamed")
    assert NAME not in asked["query"]
    assert ("POST", "/graphql", 200, None) in bench.calls


def test_words_of_github_are_short_and_without_tokens(bench: Bench) -> None:
    said = "see ghs_averysecrettokenthatnobodymaysee\x1b[31m\n" + "x" * 1000
    bench.on("POST", GRAPH, refused("T" * 1000, said))
    with pytest.raises(Unavailable) as caught:
        bench.repo.blame(SHA, {"a.py": [1]})
    assert "ghs_" not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 400
