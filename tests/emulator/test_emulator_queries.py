"""GraphQL as GitHub speaks it: who wrote which lines, and what can't be answered beside what can."""

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.app_client import AppClient, app_client
from emulator.world import GitHub

pytest_plugins = ["emulator.plugin"]

REPO = "acme/service"
RANGES = "{ ... on Commit { blame(path: $path) { ranges { startingLine endingLine commit { oid } } } } }"
QUERY = f"""query($owner: String!, $name: String!, $at: String!, $path: String!) {{
  repository(owner: $owner, name: $name) {{ object(expression: $at) {RANGES} }} }}"""
VALUES = {"owner": "acme", "name": "service", "at": "main", "path": "app.py"}


@pytest.fixture
def app(github: GitHub) -> Iterator[AppClient]:
    github.seed(REPO, {"app.py": "a\nb\nc\nd\ne\n", "other.py": "other\n"})
    with app_client(github) as client:
        yield client


def ask(app: AppClient, query: str = QUERY, **values: object) -> Any:
    return app.post("/graphql", {"query": query, "variables": VALUES | values})


def ranges(commit: Any) -> list[tuple[int, int, str]]:
    listed = commit["blame"]["ranges"]
    return [(one["startingLine"], one["endingLine"], one["commit"]["oid"]) for one in listed]


def test_blame_names_the_commit_of_each_line(github: GitHub, app: AppClient) -> None:
    first = github.head(REPO, "main")
    second = github.push(REPO, {"app.py": "a\nB\nc\nd\ne\n"}, by="bob")
    third = github.push(REPO, {"app.py": "new\na\nB\nc\ne\n"}, by="bob")
    shown = ask(app)["data"]["repository"]["object"]
    assert ranges(shown) == [(1, 1, third), (2, 2, first), (3, 3, second), (4, 5, first)]
    before = ask(app, at=second)["data"]["repository"]["object"]
    assert ranges(before) == [(1, 1, first), (2, 2, second), (3, 5, first)]


def test_a_line_that_was_gone_for_a_while_is_new(github: GitHub, app: AppClient) -> None:
    github.push(REPO, {"app.py": "a\nc\n"})
    last = github.push(REPO, {"app.py": "a\nb\nc\n"})
    assert ranges(ask(app)["data"]["repository"]["object"])[1] == (2, 2, last)


def test_a_commit_of_a_range_tells_who_made_it(github: GitHub, app: AppClient) -> None:
    github.push(REPO, {"app.py": "B\n"}, by="bob")
    query = QUERY.replace("commit { oid }", "age commit { committedDate author { name user { login } } }")
    (only,) = ask(app, query)["data"]["repository"]["object"]["blame"]["ranges"]
    assert only["commit"]["author"] == {"name": "Bob", "user": {"login": "bob"}}
    assert only["commit"]["committedDate"].endswith("Z")


def test_several_files_are_asked_for_by_aliases_and_one_that_is_missing_is_null(
    github: GitHub, app: AppClient
) -> None:
    sha = github.head(REPO, "main")
    query = f"""query($owner: String!, $name: String!, $oid: GitObjectID!, $path: String!, $gone: String!) {{
      repository(owner: $owner, name: $name) {{
        one: object(oid: $oid) {RANGES}
        two: object(oid: $oid) {RANGES.replace("$path", "$gone")}
        three: object(oid: $oid) {RANGES.replace("$path", '"other.py"')} }} }}"""
    values = {"owner": "acme", "name": "service", "oid": sha, "path": "app.py", "gone": "gone.py"}
    said = app.post("/graphql", {"query": query, "variables": values})
    found = said["data"]["repository"]
    assert (ranges(found["one"]), ranges(found["three"])) == ([(1, 5, sha)], [(1, 1, sha)])
    assert found["two"] is None
    (error,) = said["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository", "two", "blame"])


def test_an_unknown_commit_is_null_and_no_error(app: AppClient) -> None:
    assert ask(app, at="f" * 40) == {"data": {"repository": {"object": None}}}


def test_a_renamed_repository_is_found_by_both_names(github: GitHub, app: AppClient) -> None:
    github.rename(REPO, "renamed")
    for name in ("service", "renamed"):
        assert ask(app, name=name)["data"]["repository"]["object"]["blame"]["ranges"]


@pytest.mark.parametrize("name", ["service", "none"])
def test_what_the_token_does_not_reach_is_not_there(github: GitHub, app: AppClient, name: str) -> None:
    github.seed("acme/other")
    app.new_token(repositories=["other"])
    said = ask(app, name=name)
    assert said["data"] == {"repository": None}
    assert [error["type"] for error in said["errors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (QUERY.replace("$path: String!", "$path: String!, $more: String"), "'$more' is never used"),
        (QUERY.replace(", $path: String!", ""), "'$path' is not defined"),
        (QUERY.replace("endingLine", "lastLine"), "Cannot query field 'lastLine'"),
        (QUERY.replace("$path: String!", "$path: Int!"), "expecting type 'String!'"),
        (QUERY[:-1], "Syntax Error"),
    ],
)
def test_what_is_no_query_is_not_answered(app: AppClient, query: str, words: str) -> None:
    said = ask(app, query)
    assert said["data"] is None
    assert words in said["errors"][0]["message"]


def test_a_variable_that_is_left_out_is_an_error(app: AppClient) -> None:
    said = app.post("/graphql", {"query": QUERY, "variables": {"owner": "acme"}})
    assert said["data"] is None
    assert "$name" in said["errors"][0]["message"]
