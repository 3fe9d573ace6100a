"""What a history tells, however a repository is kept, configured and named."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from real_git import commit, own_home, root, run

from bot import git

__all__ = ["own_home", "root"]

NAMES = (
    *("a.py", "ü/模型.py", "with space.py", "q\"u'ote.py", "line\nend.py", "tab\t.py", "*.py", "[a].py"),
    *(
        ":x.py",
        ":(glob)y.py",
        ":/z.py",
        "!no.py",
        "-rf.py",
        "back\\slash.py",
        "\udcff\udc80.py",
        "deep/er/a.py",
    ),
)


def written(root: Path, files: Mapping[str, bytes], message: str = "x") -> str:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return commit(root, {}, message)


@pytest.fixture
def named(root: Path) -> str:
    return written(root, {name: os.fsencode(name) for name in NAMES})


# --- heads ---


def test_heads_are_those_below_a_name_with_the_working_tree_that_has_them(root: Path) -> None:
    first = commit(root, {"a.py": "1"})
    for name in ("suture/a/one", "suture/a/two", "sutures/b", "other/suture/c"):
        run(root, "branch", name)
    run(root, "tag", "suture/a/tag")
    run(root, "update-ref", "refs/remotes/origin/suture/a/far", first)
    elsewhere = root.parent / f"{root.name} tree\nwith\ta line"
    run(root, "worktree", "add", "-q", str(elsewhere), "suture/a/one")
    assert git.heads(root, "suture") == {
        "suture/a/one": git.Head(first, str(elsewhere)),
        "suture/a/two": git.Head(first, ""),
    }
    assert git.heads(elsewhere, "suture") == git.heads(root, "suture")
    assert git.store_of(elsewhere) == git.store_of(root) == root / ".git"
    run(root, "checkout", "-q", "suture/a/two")
    assert git.heads(root, "suture")["suture/a/two"].worktree == str(root)


def test_heads_of_nothing(root: Path) -> None:
    assert git.heads(root, "suture") == {}
    commit(root, {"a.py": "1"})
    run(root, "branch", "suture")
    assert git.heads(root, "suture") == {}


def test_the_full_name_of_a_revision(root: Path) -> None:
    first = commit(root, {"a.py": "1"})
    run(root, "branch", "suture/a/b")
    names = ("HEAD", "suture/a/b", "heads/suture/a/b", first, "HEAD~0")
    expected = ["refs/heads/main", "refs/heads/suture/a/b", "refs/heads/suture/a/b", "", ""]
    assert [git.full_name(root, name) for name in names] == expected
    run(root, "checkout", "-q", "--detach")
    assert git.full_name(root, "HEAD") == ""


# --- commits ---


def test_what_one_history_has_beyond_another(root: Path) -> None:
    base = commit(root, {"a.py": "1"})
    run(root, "checkout", "-q", "-b", "topic")
    one = commit(root, {"b.py": "1"})
    run(root, "checkout", "-q", "main")
    moved = commit(root, {"c.py": "1"})
    run(root, "checkout", "-q", "topic")
    run(root, "-c", "user.email=merger@example.com", "merge", "-q", "--no-edit", "main")
    merge = run(root, "rev-parse", "HEAD")
    assert git.beyond(root, merge, moved) == [
        git.Commit(merge, (one, moved), "merger@example.com", "merger@example.com"),
        git.Commit(one, (base,), "a@example.com", "a@example.com"),
    ]
    assert git.beyond(root, base, moved) == git.beyond(root, base, base) == []
    assert sorted(found.hash for found in git.beyond(root, merge, base)) == sorted([merge, moved, one])
    assert git.merge_base(root, one, moved) == base
    assert git.is_ancestor(root, base, merge)
    assert git.is_ancestor(root, merge, merge)
    assert not git.is_ancestor(root, merge, one)


def test_an_address_may_be_anything(root: Path) -> None:
    base = commit(root, {"a.py": "1"})
    tree = run(root, "rev-parse", "HEAD^{tree}")
    raw = (
        f"tree {tree}\nparent {base}\nauthor A <a\tb\xe9@x> 1 +0000\ncommitter C <> 1 +0000\n\nx\n"
    ).encode("latin-1")
    made = run(root, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    (found,) = git.beyond(root, made, base)
    assert (found.hash, found.parents, found.committer) == (made, (base,), "")
    assert found.author.startswith("a\tb")


def test_histories_without_a_common_commit(root: Path) -> None:
    one = commit(root, {"a.py": "1"})
    run(root, "checkout", "-q", "--orphan", "other")
    two = commit(root, {"a.py": "1", "b.py": "2"})
    assert git.merge_base(root, one, two) == ""
    assert not git.is_ancestor(root, one, two)
    assert [found.hash for found in git.beyond(root, two, one)] == [two]
    assert git.changed_paths(root, one, two) == ["b.py"]


def test_messages_leave_merges_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1 +0000")
    commit(root, {"a.py": "1"}, "first\n\nwith a body")
    run(root, "checkout", "-q", "-b", "topic")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@2 +0000")
    commit(root, {"b.py": "1"}, "sécond")
    run(root, "checkout", "-q", "main")
    run(root, "merge", "-q", "--no-ff", "--no-edit", "topic")
    assert git.messages(root, "HEAD", 9) == ["sécond", "first\n\nwith a body"]
    assert git.messages(root, "HEAD", 1) == ["sécond"]


@pytest.mark.parametrize("seconds", [0, 1, 1_800_000_000, 4_102_444_800])
def test_when_something_was_committed(root: Path, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{seconds} +1400")
    assert git.commit_time(root, commit(root, {"a.py": "1"})) == seconds


CONFIGURED = (
    ("log.showSignature", "true"),
    ("i18n.logOutputEncoding", "UTF-16"),
    ("i18n.commitEncoding", "ISO-8859-1"),
    ("log.decorate", "full"),
    ("log.mailmap", "true"),
    ("color.ui", "always"),
    ("format.pretty", "oneline"),
    ("diff.ignoreSubmodules", "all"),
    ("diff.renames", "copies"),
    ("diff.orderFile", "missing"),
    ("diff.noprefix", "true"),
    ("core.quotePath", "true"),
    ("blame.showEmail", "true"),
    ("blame.ignoreRevsFile", "missing"),
    ("blame.coloring", "highlightRecent"),
    ("blame.showRoot", "true"),
    ("core.abbrev", "4"),
)


def test_no_configuration_changes_an_answer(root: Path) -> None:
    """And none makes git run a program: signatures would be checked by one that the repository names."""
    first = commit(root, {"a.py": "1\n", ".mailmap": "B <b@example.com> <a@example.com>\n"}, "sécond")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
    raw = run(root, "cat-file", "commit", first).replace("\n\n", f"\n{signature}\n", 1) + "\n"
    head = run(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode())
    run(root, "update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    tree = run(root, "write-tree")
    moved = run(root, "commit-tree", tree, "-p", head, "-m", "x")

    def answers() -> list[object]:
        return [
            git.beyond(root, moved, first),
            git.messages(root, moved, 2),
            git.commit_time(root, head),
            git.changed_paths(root, first, moved),
            git.blame(root, head, {"a.py": [1]}),
            git.entries(root, moved, ["a.py", "sub"]),
            git.heads(root, "suture"),
        ]

    run(root, "branch", "suture/a/b")
    before = answers()
    proof = root.parent / f"{root.name}-ran"
    program = root / ".git/evil"
    program.write_text(f"#!/bin/sh\ntouch {proof}\n")
    program.chmod(0o755)
    for key, value in (*CONFIGURED, ("gpg.program", str(program)), ("core.pager", str(program))):
        run(root, "config", key, value)
    assert answers() == before
    assert "sub" in git.changed_paths(root, first, moved)
    assert not proof.exists()


# --- files ---


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_whatever_it_is_called(root: Path, named: str, name: str) -> None:
    found = git.entries(root, named, [name])
    assert list(found) == [name]
    assert found[name].mode == 0o100644
    assert git.contents(root, named, [name, "missing"]) == {name: os.fsencode(name)}
    written(root, {name: b"other\n"})
    assert git.changed_paths(root, named, "HEAD") == [name]
    assert git.blame(root, named, {name: [1]}) == {(name, 1): named}


def test_all_files_at_once(root: Path, named: str) -> None:
    assert git.contents(root, named, NAMES) == {name: os.fsencode(name) for name in NAMES}
    assert not git.entries(root, named, [])
    assert not git.contents(root, named, ["deep"])


def test_more_files_than_a_command_line_holds(root: Path) -> None:
    names = [f"{'a' * 200}/{'b' * 200}/{number:05}.py" for number in range(6_000)]
    blob = run(root, "hash-object", "-w", "--stdin", stdin=b"1\n")
    listed = "".join(f"100644 {blob}\t{name}\n" for name in names)
    run(root, "update-index", "--add", "--index-info", stdin=listed.encode())
    made = run(root, "commit-tree", run(root, "write-tree"), "-m", "x")
    assert git.entries(root, made, names).keys() == set(names)


def test_links_submodules_folders_and_programs(root: Path) -> None:
    first = commit(root, {"a.py": "1\n", "folder/b.py": "1\n"})
    (root / "link").symlink_to("a.py")
    (root / "a.py").chmod(0o755)
    run(root, "update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    run(root, "add", "link", "a.py")
    run(root, "commit", "-q", "-m", "x")
    found = git.entries(root, "HEAD", ["a.py", "link", "sub", "folder", "folder/b.py"])
    assert {path: entry.mode for path, entry in found.items()} == {
        "a.py": 0o100755,
        "link": 0o120000,
        "sub": 0o160000,
        "folder/b.py": 0o100644,
    }
    assert git.contents(root, "HEAD", ["link", "sub", "folder"]) == {
        "link": b"a.py",
        "sub": f"Subproject commit {first}\n".encode(),
    }
    assert set(git.changed_paths(root, first, "HEAD")) == {"a.py", "link", "sub"}


# --- blame ---


def test_lines_and_who_wrote_them(root: Path) -> None:
    first = written(root, {"a.py": b"one\ntwo\nthree\n"})
    second = written(root, {"a.py": b"one\nTWO\nthree\nfour"})
    asked = {"a.py": [4, 2, 1, 2], "gone.py": [1]}
    assert git.blame(root, second, asked) == {("a.py", 1): first, ("a.py", 2): second, ("a.py", 4): second}
    assert git.blame(root, first, {"a.py": [2]}) == {("a.py", 2): first}
    assert git.blame(root, first, {"a.py": [4]}) == {}, "there is no such line"


def test_a_renamed_file_keeps_its_writers(root: Path) -> None:
    text = b"".join(b"line %d\n" % number for number in range(20))
    first = written(root, {"old.py": text})
    run(root, "mv", "old.py", "new.py")
    second = written(root, {"new.py": text.replace(b"line 3\n", b"line three\n")})
    found = git.blame(root, second, {"new.py": [1, 4], "old.py": [1]})
    assert found == {("new.py", 1): first, ("new.py", 4): second}


@pytest.mark.parametrize(
    "text",
    [
        b"one\r\ntwo\r\n",
        b"one\rtwo\n",
        b"\xff\xfe\n\x00\n",
        b"\t\n\n",
        b"boundary\nboundary\n",
        b"\xef\xbb\xbfa\nb\n",
    ],
)
def test_lines_may_hold_anything(root: Path, text: bytes) -> None:
    first = written(root, {"a.py": text})
    count = text.count(b"\n")
    expected = {("a.py", number): first for number in range(1, count + 1)}
    assert git.blame(root, first, {"a.py": list(range(1, count + 1))}) == expected


def test_lines_that_look_like_gits_own(root: Path) -> None:
    fake = "f" * 40
    first = commit(root, {"a.py": f"{fake} 1 1 1\nboundary\n"}, f"{fake} 1 1 1\n\nboundary")
    assert set(git.blame(root, first, {"a.py": [1, 2]}).values()) == {first}


def test_where_a_clone_begins_nobody_is_named(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its first commit holds what is older; the first of a whole history did write it."""
    first = commit(root, {"a.py": "one\n"})
    commit(root, {"a.py": "one\ntwo\n"})
    third = commit(root, {"a.py": "one\ntwo\nthree\n"})
    clone = tmp_path_factory.mktemp("clone") / "c"
    run(root, "clone", "-q", "--depth=2", f"file://{root}", str(clone))
    assert git.blame(clone, third, {"a.py": [1, 2, 3]}) == {("a.py", 3): third}
    assert git.blame(root, third, {"a.py": [1]}) == {("a.py", 1): first}
    assert git.merge_base(clone, third, "HEAD~1") == run(root, "rev-parse", "HEAD~1")


def test_a_blame_runs_nothing_and_reads_no_working_tree(root: Path) -> None:
    attributes = "*.py filter=evil diff=evil working-tree-encoding=UTF-16\n"
    first = written(root, {"a.py": b"one\n"})
    proof = root.parent / f"{root.name}-ran"
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv"):
        run(root, "config", key, f"touch {proof}; cat")
    run(root, "config", "diff.evil.command", f"touch {proof}")
    (root / ".gitattributes").write_text(attributes)
    (root / ".git/info/attributes").write_text(attributes)
    (root / "a.py").write_bytes(b"changed\nlines\n")
    assert git.blame(root, first, {"a.py": [1]}) == {("a.py", 1): first}
    assert git.changed_paths(root, first, first) == []
    assert git.contents(root, first, ["a.py"]) == {"a.py": b"one\n"}
    assert not proof.exists()


# --- wherever it is kept ---


@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize("is_bare", [False, True], ids=["tree", "bare"])
def test_any_kind_of_repository(tmp_path: Path, form: str, is_bare: bool) -> None:
    work = tmp_path / "work"
    run(tmp_path, "init", "-q", "-b", "main", f"--object-format={form}", str(work))
    first = commit(work, {"a.py": "one\n"})
    second = commit(work, {"a.py": "one\ntwo\n"})
    run(work, "branch", "suture/a/b", first)
    place = work
    if is_bare:
        place = tmp_path / "bare.git"
        run(tmp_path, "clone", "-q", "--bare", str(work), str(place))
    assert len(first) == (40 if form == "sha1" else 64)
    assert git.root_of(place) == place.resolve()
    assert git.store_of(place) == (place if is_bare else place / ".git").resolve()
    assert git.heads(place, "suture") == {"suture/a/b": git.Head(first, "")}
    assert [found.parents for found in git.beyond(place, second, first)] == [(first,)]
    assert git.merge_base(place, first, second) == first
    assert git.contents(place, second, ["a.py"]) == {"a.py": b"one\ntwo\n"}
    assert git.blame(place, second, {"a.py": [1, 2]}) == {("a.py", 1): first, ("a.py", 2): second}


def test_a_repository_without_commits(root: Path) -> None:
    with pytest.raises(git.GitError, match="has no commit yet"):
        git.commit_of(root, "HEAD")
    assert git.heads(root, "suture") == {}
    assert git.origin(root) == ""


def test_the_address_it_came_from(root: Path) -> None:
    run(root, "config", "remote.origin.url", "https://example.com/a b.git")
    run(root, "config", "url.https://evil.example/.insteadOf", "https://example.com/")
    assert git.origin(root) == "https://example.com/a b.git"
