"""Commits and branches as they are written, and written again after an answer that got lost."""

from base64 import b64decode

import httpx
import pytest
from github_bench import OTHER, REPO, SHA, Bench, Reply, bench, no, ok

from bot.github import Conflict, Missing, Problem, RateLimited, Refused, Unavailable
from bot.github.access import Pace
from bot.github.objects import blob_hash

__all__ = ["bench"]
TREE, NEW, MADE = "1" * 40, "2" * 40, "3" * 40
REFS, BRANCH = f"{REPO}/git/refs", "suture/untrusted-model/a-1"
HEAD = f"{REPO}/git/matching-refs/heads/{BRANCH}"
EXISTS = no(422, "Reference already exists")
ABSENT = no(422, "Reference does not exist")


def stands(sha: str) -> httpx.Response:
    return ok([{"ref": f"refs/heads/{BRANCH}", "object": {"sha": sha}}])


def is_absent() -> httpx.Response:
    return ok([{"ref": f"refs/heads/{BRANCH}-2", "object": {"sha": OTHER}}])


def prepare(bench: Bench, *contents: bytes, tree: str = NEW, length: int = 40) -> None:
    bench.on("GET", f"{REPO}/git/commits/{SHA}", {"sha": SHA, "tree": {"sha": TREE[0] * length}})
    bench.on("POST", f"{REPO}/git/blobs", *(ok({"sha": blob_hash(one, length)}, 201) for one in contents))
    bench.on("POST", f"{REPO}/git/trees", ok({"sha": tree, "tree": []}, 201))
    bench.on("POST", f"{REPO}/git/commits", ok({"sha": MADE}, 201))


def test_a_commit_of_two_files_names_nobody(bench: Bench) -> None:
    text, binary = "é\r\n".encode(), b"\x00\xff"
    prepare(bench, text, binary)
    files = {"ü/日本 x.py": (0o100755, binary), "a.py": (0o100644, text)}
    assert bench.repo.commit_files(SHA, files, "Fix it\n\nAnd why: ü") == MADE
    blobs = bench.bodies("POST", f"{REPO}/git/blobs")
    assert [one["encoding"] for one in blobs] == ["base64", "base64"]
    assert [b64decode(one["content"]) for one in blobs] == [text, binary]
    entries = [
        {"path": "a.py", "mode": "100644", "type": "blob", "sha": blob_hash(text)},
        {"path": "ü/日本 x.py", "mode": "100755", "type": "blob", "sha": blob_hash(binary)},
    ]
    assert bench.bodies("POST", f"{REPO}/git/trees") == [{"base_tree": TREE, "tree": entries}]
    commit = {"message": "Fix it\n\nAnd why: ü", "tree": NEW, "parents": [SHA]}
    assert bench.bodies("POST", f"{REPO}/git/commits") == [commit]


def test_a_commit_in_a_repository_of_longer_hashes(bench: Bench) -> None:
    prepare(bench, b"x", tree="2" * 64, length=64)
    assert bench.repo.commit_files(SHA, {"a": (0o100664, b"x")}, "Fix") == MADE
    (tree,) = bench.bodies("POST", f"{REPO}/git/trees")
    assert tree["tree"][0] == {"path": "a", "mode": "100644", "type": "blob", "sha": blob_hash(b"x", 64)}


def test_files_that_are_there_already_make_no_commit(bench: Bench) -> None:
    prepare(bench, b"x", tree=TREE)
    assert bench.repo.commit_files(SHA, {"a": (0o100644, b"x")}, "Fix") == SHA
    assert bench.sent("POST", f"{REPO}/git/commits") == []


def test_a_blob_that_did_not_arrive_whole_ends_it(bench: Bench) -> None:
    prepare(bench, b"something else")
    with pytest.raises(Unavailable, match="something else than"):
        bench.repo.commit_files(SHA, {"a": (0o100644, b"x")}, "Fix")
    assert bench.sent("POST", f"{REPO}/git/trees") == []


def test_a_name_that_json_can_not_say_is_refused(bench: Bench) -> None:
    prepare(bench, b"x")
    with pytest.raises(Refused, match="isn't UTF-8"):
        bench.repo.commit_files(SHA, {"\udcff.py": (0o100644, b"x")}, "Fix")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(422, "tree.sha is not valid"), Conflict),
        (no(404, "Not Found"), Missing),
        (no(403, "secondary rate limit"), RateLimited),
        (no(500), Unavailable),
        (httpx.ReadTimeout("x"), Unavailable),
        (httpx.Response(201, content=b'{"sha": "1'), Unavailable),
        (ok({"sha": "1"}, 201), Unavailable),
    ],
    ids=repr,
)
@pytest.mark.parametrize("where", ["blobs", "trees", "commits"])
def test_a_commit_may_fail_at_each_step(bench: Bench, where: str, answer: Reply, kind: type[Problem]) -> None:
    prepare(bench, b"x")
    bench.on("POST", f"{REPO}/git/{where}", answer)
    with pytest.raises(kind):
        bench.repo.commit_files(SHA, {"a": (0o100644, b"x")}, "Fix")
    assert len(bench.sent("POST", f"{REPO}/git/{where}")) == 1


def test_a_branch_is_made_in_full(bench: Bench) -> None:
    bench.on("POST", REFS, ok({}, 201))
    bench.repo.create_branch(BRANCH, SHA)
    assert bench.bodies("POST", REFS) == [{"ref": f"refs/heads/{BRANCH}", "sha": SHA}]


def test_a_branch_that_a_lost_answer_made_is_done(bench: Bench) -> None:
    bench.on("POST", REFS, httpx.ReadError("reset"), EXISTS)
    bench.on("GET", HEAD, stands(SHA))
    with pytest.raises(Unavailable):
        bench.repo.create_branch(BRANCH, SHA)
    bench.repo.create_branch(BRANCH, SHA)


@pytest.mark.parametrize(
    ("refusal", "head", "kind"),
    [
        (EXISTS, stands(OTHER), Conflict),
        (EXISTS, is_absent(), Unavailable),
        (no(422, "Object does not exist"), is_absent(), Conflict),
        (no(422, "Reference update failed"), is_absent(), Conflict),
        (no(409, "Git Repository is empty."), no(409, "Git Repository is empty."), Conflict),
    ],
)
def test_a_branch_that_is_elsewhere_is_not_ours_to_take(
    bench: Bench, refusal: httpx.Response, head: httpx.Response, kind: type[Problem]
) -> None:
    bench.on("POST", REFS, refusal)
    bench.on("GET", HEAD, head)
    with pytest.raises(Problem) as caught:
        bench.repo.create_branch(BRANCH, SHA)
    assert type(caught.value) is kind


def test_a_branch_is_moved_by_force(bench: Bench) -> None:
    bench.on("PATCH", f"{REFS}/heads/{BRANCH}", {})
    bench.repo.move_branch(BRANCH, SHA)
    assert bench.bodies("PATCH", f"{REFS}/heads/{BRANCH}") == [{"sha": SHA, "force": True}]
    assert bench.sent("GET") == []


def test_a_branch_is_moved_only_from_where_we_left_it(bench: Bench) -> None:
    bench.on("GET", HEAD, stands(OTHER), stands(SHA), stands(NEW))
    bench.on("PATCH", f"{REFS}/heads/{BRANCH}", {})
    bench.repo.move_branch(BRANCH, SHA, before=OTHER)
    bench.repo.move_branch(BRANCH, SHA, before=OTHER)
    with pytest.raises(Conflict, match="meanwhile"):
        bench.repo.move_branch(BRANCH, SHA, before=OTHER)
    assert len(bench.sent("PATCH")) == 2


def test_a_branch_that_is_gone_is_made(bench: Bench) -> None:
    bench.on("PATCH", f"{REFS}/heads/{BRANCH}", ABSENT)
    bench.on("POST", REFS, ok({}, 201))
    bench.repo.move_branch(BRANCH, SHA)
    assert bench.bodies("POST", REFS) == [{"ref": f"refs/heads/{BRANCH}", "sha": SHA}]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(no(422, "Object does not exist?"), Conflict), (no(403), Refused), (no(502), Unavailable)],
)
def test_a_branch_that_can_not_be_moved(bench: Bench, answer: httpx.Response, kind: type[Problem]) -> None:
    bench.on("PATCH", f"{REFS}/heads/{BRANCH}", answer)
    bench.on("POST", REFS, no(422, "Object does not exist"))
    bench.on("GET", HEAD, is_absent())
    with pytest.raises(kind):
        bench.repo.move_branch(BRANCH, SHA)


@pytest.mark.parametrize("answer", [httpx.Response(204), ABSENT])
def test_a_branch_is_gone_however_often_it_is_deleted(bench: Bench, answer: httpx.Response) -> None:
    bench.on("DELETE", f"{REFS}/heads/{BRANCH}", answer)
    bench.on("GET", HEAD, stands(SHA), is_absent())
    bench.repo.delete_branch(BRANCH)
    bench.repo.delete_branch(BRANCH, before=SHA)
    bench.repo.delete_branch(BRANCH, before=SHA)
    assert [one.content for one in bench.sent("DELETE")] == [b""] * 3


def test_a_branch_that_somebody_moved_is_not_deleted(bench: Bench) -> None:
    bench.on("GET", HEAD, stands(OTHER))
    with pytest.raises(Conflict, match="meanwhile"):
        bench.repo.delete_branch(BRANCH, before=SHA)
    assert bench.sent("DELETE") == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_repository_that_is_gone_is_not_one_without_the_branch(bench: Bench, method: str) -> None:
    bench.on(method, f"{REFS}/heads/{BRANCH}", no(404))
    bench.on("GET", HEAD, no(404))
    with pytest.raises(Missing):
        bench.repo.move_branch(BRANCH, SHA) if method == "PATCH" else bench.repo.delete_branch(BRANCH)
    with pytest.raises(Missing):
        bench.repo.head(BRANCH)
    with pytest.raises(Missing):
        bench.repo.branches(BRANCH)


def test_a_protected_branch_stays(bench: Bench) -> None:
    bench.on("DELETE", f"{REFS}/heads/{BRANCH}", no(422, "Cannot delete a protected branch"))
    with pytest.raises(Conflict, match="protected"):
        bench.repo.delete_branch(BRANCH)


def test_what_people_are_told_of_goes_out_slowly_and_the_rest_at_once() -> None:
    waits: list[float] = []
    pace = Pace(1.0, waits.append)
    for is_told in (True, False, False, True, False):
        with pace.turn(is_told):
            pass
    assert len(waits) == 1
    assert 0 < waits[0] <= 1.0


def test_one_write_at_a_time_for_an_installation(bench: Bench) -> None:
    paces = {id(bench.app.installation(7, name, {})._access.pace) for name in ("acme/a", "acme/b")}
    assert len(paces) == 1
    assert id(bench.app.installation(8, "acme/a", {})._access.pace) not in paces
