"""Pull requests, checks, comments and webhooks as GitHub has them, each over HTTP."""

from collections.abc import Iterator

import pytest

from emulator.acting import Refused
from emulator.app_client import AppClient, app_client
from emulator.world import GitHub

pytest_plugins = ["emulator.plugin"]

REPO = "acme/service"


@pytest.fixture
def app(github: GitHub) -> Iterator[AppClient]:
    github.seed(REPO, {"app.py": "a\nb\nc\nd\ne\n", "other.py": "other\n"})
    with app_client(github) as client:
        yield client


def test_a_pull_request_follows_its_branch(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "A\nb\nc\nd\ne\n"})
    before = github.head(REPO, "suture/x")
    after = github.push(REPO, {"new.py": "n\n"}, branch="suture/x", by="bob")
    pull = app.get(f"/repos/{REPO}/pulls/{number}")
    assert pull["head"]["sha"] == after
    assert (pull["commits"], pull["changed_files"], pull["additions"], pull["deletions"]) == (2, 2, 2, 1)
    (told,) = github.delivered("pull_request", "synchronize")
    assert (told.payload["before"], told.payload["after"]) == (before, after)
    assert told.payload["sender"]["login"] == "bob"
    commits = app.get(f"/repos/{REPO}/pulls/{number}/commits")
    assert [one["sha"] for one in commits] == [before, after]


def test_files_of_a_pull_request_carry_patches(app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "A\nb\nc\nd\ne\n", "new.py": "n\n"})
    files = app.get(f"/repos/{REPO}/pulls/{number}/files")
    assert [(one["filename"], one["status"]) for one in files] == [
        ("app.py", "modified"),
        ("new.py", "added"),
    ]
    assert files[0]["patch"] == "@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d"
    diff = app.ask("GET", f"/repos/{REPO}/pulls/{number}", accept="application/vnd.github.diff").text
    assert diff.startswith("diff --git a/app.py b/app.py\n--- a/app.py\n+++ b/app.py\n@@ -1,4 +1,4 @@\n")


def test_a_second_pull_request_of_the_same_branch_is_refused(app: AppClient) -> None:
    app.propose(REPO, "suture/x", {"app.py": "x\n"})
    again = app.ask("POST", f"/repos/{REPO}/pulls", {"head": "suture/x", "base": "main", "title": "Again"})
    assert again.status_code == 422
    assert again.json()["errors"][0]["message"] == "A pull request already exists for acme:suture/x."


@pytest.mark.parametrize(
    ("head", "base", "words"),
    [
        ("none", "main", "head is invalid"),
        ("main2", "none", "base is invalid"),
        ("main2", "main", "No commits between main and main2"),
    ],
)
def test_pull_requests_of_nothing_are_refused(
    github: GitHub, app: AppClient, head: str, base: str, words: str
) -> None:
    sha = github.head(REPO, "main")
    app.post(f"/repos/{REPO}/git/refs", {"ref": "refs/heads/main2", "sha": sha})
    refused = app.ask("POST", f"/repos/{REPO}/pulls", {"head": head, "base": base, "title": "T"})
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (422, words)
    assert "none" not in github.branches(REPO)


def test_drafts_become_ready_by_graphql_alone(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"}, draft=True)
    path = f"/repos/{REPO}/pulls/{number}"
    assert app.ask("PATCH", path, {"draft": False}).status_code == 422
    assert app.get(path)["draft"] is True
    call = "markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } }"
    query = f"mutation($id: ID!) {{ {call} }}"
    said = app.post("/graphql", {"query": query, "variables": {"id": app.get(path)["node_id"]}})
    assert said["data"]["markPullRequestReadyForReview"]["pullRequest"]["isDraft"] is False
    assert app.get(path)["draft"] is False
    (told,) = github.delivered("pull_request", "ready_for_review")
    assert told.payload["sender"]["login"] == github.bot
    missing = app.post("/graphql", {"query": query, "variables": {"id": "PR_none"}})
    assert missing["errors"][0]["type"] == "NOT_FOUND"


def test_drafts_can_be_switched_off(github: GitHub, app: AppClient) -> None:
    github.behaviour.has_drafts = False
    app.propose(REPO, "suture/plain", {"app.py": "x\n"})
    app.ask("PATCH", f"/repos/{REPO}/pulls/1", {"state": "closed"})
    refused = app.ask(
        "POST", f"/repos/{REPO}/pulls", {"head": "suture/plain", "base": "main", "title": "T", "draft": True}
    )
    assert "Draft pull requests are not supported" in refused.json()["message"]


def test_mergeable_is_computed_and_conflicts_are_not_merged(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "A\nb\nc\nd\ne\n"})
    github.push(REPO, {"app.py": "a\nb\nc\nd\nE\n"})
    path = f"/repos/{REPO}/pulls/{number}"
    assert (app.get(path)["mergeable"], app.get(path)["mergeable_state"]) == (True, "clean")
    github.push(REPO, {"app.py": "another\nb\nc\nd\nE\n"})
    assert (app.get(path)["mergeable"], app.get(path)["mergeable_state"]) == (False, "dirty")
    with pytest.raises(Refused, match="405"):
        github.merge(REPO, number)
    github.behaviour.is_mergeable_lazy = True
    assert [app.get(path)["mergeable"] for _ in range(2)] == [None, False]


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_a_merge_joins_both_sides(github: GitHub, app: AppClient, method: str, parents: int) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "A\nb\nc\nd\ne\n"})
    head = github.head(REPO, "suture/x")
    github.push(REPO, {"app.py": "a\nb\nc\nd\nE\n", "late.py": "late\n"})
    merged = github.merge(REPO, number, by="bob", method=method)
    assert github.head(REPO, "main") == merged
    assert github.files(REPO)["app.py"] == b"A\nb\nc\nd\nE\n"
    assert github.files(REPO)["late.py"] == b"late\n"
    shown = app.get(f"/repos/{REPO}/commits/{merged}")
    assert (len(shown["parents"]), shown["commit"]["verification"]["verified"]) == (parents, True)
    pull = app.get(f"/repos/{REPO}/pulls/{number}")
    assert (pull["merged"], pull["merge_commit_sha"], pull["head"]["sha"]) == (True, merged, head)
    told = github.delivered("pull_request", "closed")[-1].payload["pull_request"]
    assert (told["merged"], told["merge_commit_sha"], told["merged_by"]["login"]) == (True, merged, "bob")
    assert github.delivered("push")[-1].payload["after"] == merged


def test_update_branch_is_a_merge_by_github(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "A\nb\nc\nd\ne\n"})
    before = github.head(REPO, "suture/x")
    base = github.push(REPO, {"late.py": "late\n"})
    github.update_branch(REPO, number, by="bob")
    pull = app.get(f"/repos/{REPO}/pulls/{number}")
    merge = app.get(f"/repos/{REPO}/commits/{pull['head']['sha']}")
    assert [one["sha"] for one in merge["parents"]] == [before, base]
    assert (merge["author"]["login"], merge["committer"]["login"]) == ("bob", "web-flow")
    assert merge["commit"]["message"] == "Merge branch 'main' into suture/x"
    assert github.files(REPO, "suture/x")["late.py"] == b"late\n"
    assert pull["changed_files"] == 1
    with pytest.raises(Refused, match="no new commits"):
        github.update_branch(REPO, number)


def test_closed_reopened_and_closed_by_its_branch(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    github.close(REPO, number, by="bob")
    assert app.get(f"/repos/{REPO}/issues/{number}")["closed_by"]["login"] == "bob"
    github.reopen(REPO, number)
    assert app.ask("DELETE", f"/repos/{REPO}/git/refs/heads/suture/x").status_code == 204
    assert app.get(f"/repos/{REPO}/pulls/{number}")["state"] == "closed"
    with pytest.raises(Refused, match="has been deleted"):
        github.reopen(REPO, number)
    told = [(one.action, one.payload["sender"]["login"]) for one in github.delivered("pull_request")]
    assert told[1:] == [("closed", "bob"), ("reopened", "ann"), ("closed", github.bot)]
    assert github.delivered("delete")[0].payload["ref"] == "suture/x"
    assert github.delivered("push")[-1].payload["deleted"] is True


def test_reviews_and_whom_one_may_ask_for_them(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    asked = f"/repos/{REPO}/pulls/{number}/requested_reviewers"
    assert app.ask("POST", asked, {"reviewers": ["bob"]}).status_code in {200, 201}
    refused = app.ask("POST", asked, {"reviewers": ["eve"]})
    assert (refused.status_code, "collaborators" in refused.json()["message"]) == (422, True)
    github.review(REPO, number, "APPROVE", by="bob")
    reviews = app.get(f"/repos/{REPO}/pulls/{number}/reviews")
    assert [(one["user"]["login"], one["state"]) for one in reviews] == [("bob", "APPROVED")]
    (told,) = github.delivered("pull_request_review", "submitted")
    assert told.payload["pull_request"]["head"]["sha"] == github.head(REPO, "suture/x")
    assert told.payload["review"]["state"] == "approved"


def test_a_forks_commits_are_seen_from_its_parent(github: GitHub, app: AppClient) -> None:
    fork = github.fork(REPO, by="eve")
    assert github.head(fork, "main") == github.head(REPO, "main")
    github.push(REPO, {"late.py": "late\n"})
    tip = github.push(fork, {"app.py": "evil\n"}, branch="patch", by="eve")
    number = github.open_pull_request(REPO, "eve:patch", by="eve")
    pull = app.get(f"/repos/{REPO}/pulls/{number}")
    assert (pull["head"]["repo"]["full_name"], pull["head"]["sha"]) == (fork, tip)
    assert app.get(f"/repos/{REPO}/compare/main...eve:patch")["ahead_by"] == 1
    assert [one["filename"] for one in app.get(f"/repos/{REPO}/pulls/{number}/files")] == ["app.py"]
    later = github.push(fork, {"more.py": "m\n"}, branch="patch", by="eve")
    assert app.get(f"/repos/{REPO}/git/commits/{later}")["sha"] == later
    assert app.get(f"/repos/{REPO}/pulls/{number}")["changed_files"] == 2
    run = app.post(
        f"/repos/{REPO}/check-runs", {"name": "Suture", "head_sha": later, "external_id": str(number)}
    )
    assert run["pull_requests"] == []


def test_check_runs_keep_githubs_limits(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    sha = github.head(REPO, "suture/x")
    note = {"path": "app.py", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "m"}
    output = {"title": "T", "summary": "S", "annotations": [note] * 50}
    button = {"label": "Ignore", "description": "Says how", "identifier": "ignore"}
    runs = f"/repos/{REPO}/check-runs"
    whole = {"name": "Suture", "head_sha": sha, "output": output, "actions": [button] * 3}
    run = app.post(runs, whole)
    assert (run["app"]["slug"], run["pull_requests"][0]["number"]) == ("suture", number)
    for wrong in (
        {"output": output | {"annotations": [note] * 51}},
        {"output": output | {"summary": "x" * 65_536}},
        {"actions": [button] * 4},
        {"actions": [button | {"label": "x" * 21}]},
        {"output": output | {"annotations": [note | {"start_line": 0}]}},
    ):
        assert app.ask("POST", runs, whole | wrong).status_code == 422
    more = {"output": output, "status": "completed", "conclusion": "neutral"}
    assert app.ask("PATCH", f"{runs}/{run['id']}", more).json()["output"]["annotations_count"] == 100
    assert len(app.get(f"{runs}/{run['id']}/annotations?per_page=100")) == 100
    (shown,) = github.check_runs(REPO, str(sha))
    assert (shown["conclusion"], len(shown["annotations"]), len(shown["actions"])) == ("neutral", 100, 3)


def test_a_button_on_a_check_run_is_pressed(github: GitHub, app: AppClient) -> None:
    button = {"label": "Ignore", "description": "Says how", "identifier": "ignore"}
    sha = github.head(REPO, "main")
    run = app.post(
        f"/repos/{REPO}/check-runs", {"name": "S", "head_sha": sha, "external_id": "7", "actions": [button]}
    )
    with pytest.raises(Refused):
        github.press(REPO, run["id"], "explain")
    github.press(REPO, run["id"], "ignore", by="bob")
    (told,) = github.delivered("check_run", "requested_action")
    assert told.payload["requested_action"] == {"identifier": "ignore"}
    assert (told.payload["check_run"]["external_id"], told.payload["sender"]["login"]) == ("7", "bob")
    github.ask_again(REPO, run["id"])
    assert len(github.delivered("check_run", "rerequested")) == 1


def test_other_checks_and_statuses_end(github: GitHub, app: AppClient) -> None:
    app.propose(REPO, "suture/x", {"app.py": "x\n"})
    sha = github.head(REPO, "suture/x")
    assert sha is not None
    github.finish_check(REPO, sha, "failure", check="tests")
    (told,) = github.delivered("check_suite", "completed")
    suite = told.payload["check_suite"]
    assert (suite["head_branch"], suite["conclusion"]) == (
        "suture/x",
        "failure",
    )
    runs = app.get(f"/repos/{REPO}/commits/{sha}/check-runs")["check_runs"]
    assert [(one["name"], one["app"]["slug"]) for one in runs] == [("tests", "github-actions")]
    assert app.get(f"/repos/{REPO}/commits/{sha}/check-runs?app_id={github.app_id}")["total_count"] == 0
    github.set_status(REPO, sha, "pending")
    github.set_status(REPO, sha, "success")
    combined = app.get(f"/repos/{REPO}/commits/{sha}/status")
    assert (combined["state"], combined["total_count"]) == ("success", 1)
    assert github.delivered("status")[-1].payload["branches"][0]["name"] == "suture/x"


def test_edits_say_what_was_there_before(github: GitHub, app: AppClient) -> None:
    issue = app.post(f"/repos/{REPO}/issues", {"title": "Suture", "body": "- [ ] open it"})
    github.edit_issue(REPO, issue["number"], body="- [x] open it", by="bob")
    (told,) = github.delivered("issues", "edited")
    assert told.payload["changes"] == {"body": {"from": "- [ ] open it"}}
    assert (told.payload["issue"]["body"], told.payload["sender"]["login"]) == ("- [x] open it", "bob")
    assert app.ask("POST", f"/repos/{REPO}/issues", {"title": "x", "body": "x" * 65_537}).status_code == 422


def test_an_edit_of_a_pull_request_says_what_it_changed(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    path = f"/repos/{REPO}/pulls/{number}"
    app.ask("PATCH", path, {"title": "Fix", "body": "Body"})
    assert github.delivered("pull_request", "edited") == []
    app.ask("PATCH", path, {"title": "Better", "body": "Body"})
    github.push(REPO, {"b": "b"}, branch="release")
    app.ask("PATCH", path, {"base": "release"})
    title, base = (one.payload["changes"] for one in github.delivered("pull_request", "edited"))
    assert title == {"title": {"from": "Fix"}}
    assert base["base"]["ref"] == {"from": "main"}


def test_pull_requests_are_issues_too(github: GitHub, app: AppClient) -> None:
    issue = app.post(f"/repos/{REPO}/issues", {"title": "Suture"})["number"]
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    listed = app.get(f"/repos/{REPO}/issues")
    assert [(one["number"], "pull_request" in one) for one in listed] == [(number, True), (issue, False)]
    first = app.ask("GET", f"/repos/{REPO}/issues?per_page=1&state=all")
    assert app.get(first.links["next"]["url"])[0]["number"] == issue
    assert app.ask("PATCH", f"/repos/{REPO}/issues/{number}", {"state": "closed"}).status_code == 200
    assert app.get(f"/repos/{REPO}/issues/{number}")["closed_by"]["login"] == github.bot
    assert app.ask("POST", f"/repos/{REPO}/issues/{number}/reactions", {"content": "+1"}).status_code == 201
    assert [one["number"] for one in github.issues(REPO)] == [issue]


def test_comments_of_pull_requests_say_so_and_take_reactions(github: GitHub, app: AppClient) -> None:
    number = app.propose(REPO, "suture/x", {"app.py": "x\n"})
    comment = github.comment(REPO, number, "/suture explain", by="bob")
    (told,) = github.delivered("issue_comment", "created")
    assert "pull_request" in told.payload["issue"]
    path = f"/repos/{REPO}/issues/comments/{comment}/reactions"
    made = app.ask("POST", path, {"content": "eyes"})
    assert (made.status_code, made.json()["user"]["login"]) == (201, github.bot)
    assert app.ask("POST", path, {"content": "eyes"}).status_code == 200
    assert app.ask("POST", path, {"content": "wow"}).status_code == 422
    assert [one["content"] for one in app.get(path)] == ["eyes"]
    assert app.ask("DELETE", f"{path}/{made.json()['id']}").status_code == 204
    assert app.get(path) == []
