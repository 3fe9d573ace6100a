"""What a repository holds, as GitHub tells it: facts, branches, commits, trees, blobs, comparisons."""

import hashlib
from collections.abc import Mapping

import httpx
import pytest
from github_bench import API, NAME, OTHER, REPO, SHA, Bench, bench, no, ok

from bot.git import Entry
from bot.github import Conflict, Missing, Oversized, Problem, Refused, RepositoryFacts, Unavailable
from bot.github.objects import blob_hash

__all__ = ["bench"]
TREE = "c" * 40


def commit(
    sha: str, message: str = "Fix", parents: tuple[str, ...] = (OTHER,), **more: object
) -> dict[str, object]:
    person = {"name": "Ann", "email": "ann@example.com", "date": "2026-01-01T00:00:00Z"}
    by = person | {"email": "noreply@github.com", "date": "2026-01-01T02:00:01+01:00"}
    inner = {"author": person, "committer": by, "message": message, "tree": {"sha": TREE}}
    inner |= {"verification": {"verified": True, "reason": "valid", "signature": "…", "payload": "…"}}
    found = {"sha": sha, "commit": inner, "parents": [{"sha": parent} for parent in parents]}
    return found | {"author": {"login": "ann"}, "committer": {"login": "web-flow"}} | more


def test_facts_of_a_repository(bench: Bench) -> None:
    data = {"id": 5, "full_name": NAME, "default_branch": "trunk", "private": True, "archived": True}
    bench.on("GET", REPO, data | {"fork": True, "html_url": "https://h", "language": "Python", "size": None})
    assert bench.repo.facts() == RepositoryFacts(5, NAME, "trunk", True, True, True, "https://h", "Python")


def ref(name: str, sha: str = SHA) -> dict[str, object]:
    return {
        "ref": f"refs/heads/{name}",
        "node_id": "x",
        "url": "https://x",
        "object": {"sha": sha, "type": "commit"},
    }


@pytest.mark.parametrize(
    ("answer", "head"),
    [
        (ok([ref("a/b"), ref("a/bc", OTHER)]), SHA),
        (ok([ref("a/b", "d" * 64)]), "d" * 64),
        (ok([ref("a/bc")]), None),
        (ok([]), None),
        (no(409, "Git Repository is empty."), None),
    ],
)
def test_where_a_branch_stands(bench: Bench, answer: httpx.Response, head: str | None) -> None:
    bench.on("GET", f"{REPO}/git/matching-refs/heads/a/b", answer)
    assert bench.repo.head("a/b") == head


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(404), Missing),
        (no(409, "Something else"), Conflict),
        (no(403, "Forbidden"), Refused),
        (ok([ref("a", "--upload-pack=x")]), Unavailable),
        (ok(ref("a")), Unavailable),
    ],
)
def test_where_a_branch_stands_may_stay_unknown(
    bench: Bench, answer: httpx.Response, kind: type[Problem]
) -> None:
    bench.on("GET", f"{REPO}/git/matching-refs/heads/a", answer)
    with pytest.raises(kind):
        bench.repo.head("a")


def test_branches_below_a_prefix(bench: Bench) -> None:
    refs = [("suture/a", SHA), ("suture/b/c", OTHER), ("suture-x", SHA), ("suture", SHA)]
    listed = [{"ref": f"refs/heads/{name}", "object": {"sha": sha}} for name, sha in refs]
    path = f"{REPO}/git/matching-refs/heads/suture"
    bench.on("GET", path, ok(listed[2:]), query={"page": "2"})
    bench.on("GET", path, ok(listed[:2], link=f'<{API}{path}?page=2>; rel="next"'))
    assert bench.repo.branches("suture/") == {"suture/a": SHA, "suture/b/c": OTHER}
    assert bench.repo.branches("suture") == dict(refs)


def test_a_repository_without_a_commit_has_no_branches(bench: Bench) -> None:
    bench.on(
        "GET", f"{REPO}/git/matching-refs/heads/suture", no(409, "Git Repository is empty."), no(409, "Other")
    )
    assert bench.repo.branches("suture/") == {}
    with pytest.raises(Conflict):
        bench.repo.branches("suture/")


def test_a_commit_with_who_made_it(bench: Bench) -> None:
    bench.on("GET", f"{REPO}/commits", [commit(SHA)])
    found = bench.repo.commit(SHA)
    assert (found.sha, found.tree, found.parents, found.message) == (SHA, TREE, (OTHER,), "Fix")
    assert found.time == 1_767_229_201
    assert (found.author_email, found.committer_email) == ("ann@example.com", "noreply@github.com")
    assert (found.author_login, found.committer_login, found.is_verified) == ("ann", "web-flow", True)
    (asked,) = bench.sent("GET")
    assert dict(asked.url.params) == {"per_page": "1", "sha": SHA}


def test_a_commit_of_nobody_that_github_knows(bench: Bench) -> None:
    inner = {
        "author": None,
        "committer": {"name": "x", "email": "x@y", "date": None},
        "message": "",
        "tree": {"sha": TREE},
    }
    bench.on("GET", f"{REPO}/commits", [commit(SHA, parents=(), commit=inner, author=None, committer={})])
    found = bench.repo.commit(SHA)
    assert (found.author_login, found.committer_login, found.author_email) == ("", "", "")
    assert (found.time, found.is_verified, found.parents) == (0, False, ())


@pytest.mark.parametrize("answer", [ok([]), ok([commit(OTHER)]), no(404, "No commit found for SHA")])
def test_a_commit_that_is_not_there(bench: Bench, answer: httpx.Response) -> None:
    bench.on("GET", f"{REPO}/commits", answer)
    with pytest.raises(Missing):
        bench.repo.commit(SHA)


def test_the_last_commits(bench: Bench) -> None:
    path = f"{REPO}/commits"
    more = [commit(f"{n:040x}") for n in range(100)]
    bench.on("GET", path, ok(more), query={"page": "2"})
    bench.on("GET", path, ok([commit(SHA), *more[1:]], link=f'<{API}{path}?page=2>; rel="next"'))
    assert len(bench.repo.commits(SHA, 150)) == 150
    assert len(bench.sent("GET", path)) == 2


def entry(path: str, sha: str = SHA, mode: str = "100644", size: int | None = 3) -> dict[str, object]:
    kind = {"040000": "tree", "160000": "commit"}.get(mode, "blob")
    found: dict[str, object] = {"path": path, "mode": mode, "type": kind, "sha": sha, "url": "https://x"}
    return found | ({"size": size} if kind == "blob" and size is not None else {})


def tree(*entries: Mapping[str, object], truncated: bool = False) -> httpx.Response:
    return ok({"sha": TREE, "tree": list(entries), "truncated": truncated})


def test_a_tree_in_one_answer(bench: Bench) -> None:
    listed = [
        entry("b.py", mode="100755"),
        entry("a", mode="040000"),
        entry("a/ü.py", size=0),
        entry("link", mode="120000"),
        entry("module", mode="160000"),
        entry("odd", size=None),
    ]
    bench.on("GET", f"{REPO}/git/trees/{SHA}", tree(*listed), query={"recursive": "1"})
    found = bench.repo.tree(SHA)
    assert found.entries == (
        Entry("a/ü.py", 0o100644, SHA, 0),
        Entry("b.py", 0o100755, SHA, 3),
        Entry("link", 0o120000, SHA, 3),
        Entry("module", 0o160000, SHA, 0),
        Entry("odd", 0o100644, SHA, -1),
    )
    assert not found.truncated


def test_a_tree_that_is_cut_off_is_walked_folder_by_folder(bench: Bench) -> None:
    places = {name: f"{n}" * 40 for n, name in enumerate(("small", "large", "deep"), 1)}

    def on(sha: str, whole: httpx.Response, level: httpx.Response | None = None) -> None:
        path = f"{REPO}/git/trees/{sha}"
        bench.on("GET", path, whole, query={"recursive": "1"})
        if level is not None:
            bench.on("GET", path, level)

    small, large = entry("small", places["small"], "040000"), entry("large", places["large"], "040000")
    on(SHA, tree(entry("half"), truncated=True), tree(entry("top.py"), small, large))
    on(places["small"], tree(entry("x", mode="040000"), entry("x/y.py")))
    deep = entry("deep", places["deep"], "040000")
    on(places["large"], tree(truncated=True), tree(entry("z.py"), deep))
    on(places["deep"], tree(entry("end.py")))
    found = bench.repo.tree(SHA)
    assert [one.path for one in found.entries] == [
        "large/deep/end.py",
        "large/z.py",
        "small/x/y.py",
        "top.py",
    ]
    assert not found.truncated
    assert len(bench.sent("GET")) == 7 - 1


def test_a_folder_that_is_itself_cut_off_is_told(bench: Bench) -> None:
    bench.on("GET", f"{REPO}/git/trees/{SHA}", tree(entry("a.py"), truncated=True))
    found = bench.repo.tree(SHA)
    assert found.truncated
    assert [one.path for one in found.entries] == ["a.py"]


def test_a_tree_without_end_is_left(bench: Bench) -> None:
    """Every folder holds itself, which git couldn't do."""
    bench.on("GET", f"{REPO}/git/trees/{SHA}", tree(entry("a", SHA, "040000"), truncated=True))
    assert bench.repo.tree(SHA).truncated
    assert len(bench.sent("GET")) <= 2_001


@pytest.mark.parametrize("mode", ["../etc", "9", ""])
def test_a_mode_that_is_none(bench: Bench, mode: str) -> None:
    bench.on("GET", f"{REPO}/git/trees/{SHA}", tree(entry("a", mode="040000") | {"mode": mode}))
    with pytest.raises(Unavailable, match=r"tree\.0\.mode"):
        bench.repo.tree(SHA)


CONTENT = b"\xef\xbb\xbfa\r\n\x00\xff"


def raw(data: bytes) -> httpx.Response:
    return httpx.Response(200, content=data, headers={"content-type": "application/vnd.github.raw+json"})


@pytest.mark.parametrize("content", [CONTENT, b"", b"{}"])
@pytest.mark.parametrize("kind", [hashlib.sha1, hashlib.sha256])
def test_a_blob_is_what_its_hash_says(bench: Bench, content: bytes, kind: object) -> None:
    assert callable(kind)
    oid = kind(b"blob %d\0" % len(content) + content).hexdigest()
    bench.on("GET", f"{REPO}/git/blobs/{oid}", raw(content))
    assert bench.repo.blob(oid, len(content)) == content
    (asked,) = bench.sent("GET")
    assert asked.headers["accept"] == "application/vnd.github.raw+json"
    assert asked.headers["accept-encoding"] == "identity"


def test_a_blob_that_came_in_part_is_asked_for_again(bench: Bench) -> None:
    oid = blob_hash(CONTENT)
    bench.on("GET", f"{REPO}/git/blobs/{oid}", raw(CONTENT[:-1]), raw(CONTENT), raw(b"x"))
    assert bench.repo.blob(oid, 100) == CONTENT
    with pytest.raises(Unavailable, match="isn't the blob"):
        bench.repo.blob(oid, 100)


@pytest.mark.parametrize(
    "answer",
    [
        raw(CONTENT),
        no(403, "This API returns blobs up to 100 MB in size.", [{"code": "too_large", "field": "data"}]),
    ],
)
def test_a_blob_over_its_limit_is_not_read(bench: Bench, answer: httpx.Response) -> None:
    oid = blob_hash(CONTENT)
    bench.on("GET", f"{REPO}/git/blobs/{oid}", answer)
    with pytest.raises(Oversized):
        bench.repo.blob(oid, len(CONTENT) - 1)


@pytest.mark.parametrize(("answer", "kind"), [(no(403, "Forbidden"), Refused), (no(404), Missing)])
def test_a_blob_that_is_not_to_be_had(bench: Bench, answer: httpx.Response, kind: type[Problem]) -> None:
    bench.on("GET", f"{REPO}/git/blobs/{SHA}", answer)
    with pytest.raises(kind):
        bench.repo.blob(SHA, 10)


def comparison(commits: list[dict[str, object]], total: int, **more: object) -> dict[str, object]:
    found = {"merge_base_commit": {"sha": OTHER}, "behind_by": 2, "total_commits": total, "commits": commits}
    return found | {"status": "diverged", "files": []} | more


def test_how_two_commits_compare(bench: Bench) -> None:
    first, second = commit("1" * 40), commit("2" * 40)
    files = [
        {"filename": "b.py", "status": "renamed", "previous_filename": "a.py"},
        {"filename": "c.py", "status": "modified", "patch": "@@"},
    ]
    bench.on("GET", f"{REPO}/compare/main...{SHA}", comparison([first, second], 2, files=files))
    found = bench.repo.compare("main", SHA)
    assert (found.merge_base, found.behind_by) == (OTHER, 2)
    assert [one.sha[0] for one in found.ahead] == ["2", "1"]
    assert found.files == ("a.py", "b.py", "c.py")
    assert found.has_all_files
    assert found.has_all_commits


def test_a_long_comparison_says_what_it_lacks(bench: Bench) -> None:
    path = f"{REPO}/compare/main...{SHA}"
    listed = [commit(f"{n:040x}") for n in range(150)]
    files = [{"filename": f"{n}.py", "status": "added"} for n in range(300)]
    bench.on("GET", path, comparison(listed[100:], 151, files=None), query={"page": "2"})
    first = ok(comparison(listed[:100], 151, files=files), link=f'<{API}{path}?page=2>; rel="next"')
    bench.on("GET", path, first)
    found = bench.repo.compare("main", SHA)
    assert [one.sha for one in found.ahead] == [str(one["sha"]) for one in reversed(listed)]
    assert not found.has_all_files
    assert not found.has_all_commits
    assert len(found.files) == 300


def test_histories_that_share_nothing(bench: Bench) -> None:
    path = f"{REPO}/compare/{OTHER}...{SHA}"
    bench.on("GET", path, no(404, f"No common ancestor between {OTHER} and {SHA}."), no(404, "Not Found"))
    assert bench.repo.compare(OTHER, SHA).merge_base == ""
    with pytest.raises(Missing):
        bench.repo.compare(OTHER, SHA)
