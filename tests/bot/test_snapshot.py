"""A snapshot holds what can be read, lists what can't with its reason, and is never led astray."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from real_git import commit, own_home, root, run

from bot.git import GitError
from bot.snapshot import Limits, Snapshot, WriteError, snapshot_of, write
from fixers.text import Unreadable

__all__ = ["own_home", "root"]


def reasons(snapshot: Snapshot) -> dict[str, str]:
    return {skipped.path: skipped.reason for skipped in snapshot.skipped}


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def test_a_commit_and_the_working_tree_and_a_folder_agree(root: Path) -> None:
    put(root, "a.py", "src/b.py", "src/with 'quotes\" and\nnewline.py", "ü.py")
    (root / "a.py").chmod(0o755)
    head = commit(root, {})
    of_commit, of_tree = snapshot_of(root, "HEAD"), snapshot_of(root)
    (root / ".git").rename(root / ".elsewhere")
    (root / ".gitignore").write_text(".elsewhere\n.gitignore\n")
    of_folder = snapshot_of(root)
    assert (of_commit.revision, of_tree.revision, of_folder.revision) == (head, "", "")
    assert of_commit.paths == of_tree.paths == of_folder.paths
    assert of_commit.paths == ("a.py", "src/b.py", "src/with 'quotes\" and\nnewline.py", "ü.py")
    assert of_commit.executable == of_tree.executable == of_folder.executable == {"a.py"}
    assert of_commit.skipped == of_tree.skipped == of_folder.skipped == ()
    assert of_folder.repository().read("src/b.py") == of_tree.repository().read("src/b.py") == b"src/b.py"


def test_a_commit_is_read_whatever_lies_on_disk(root: Path) -> None:
    first = commit(root, {"a.py": "1", "gone.py": "1"})
    (root / "gone.py").unlink()
    commit(root, {"a.py": "2"})
    (root / "a.py").write_text("3")
    assert snapshot_of(root, first).repository().read("a.py") == b"1"
    assert snapshot_of(root, "HEAD").repository().read("a.py") == b"2"
    assert snapshot_of(root).repository().read("a.py") == b"3"
    assert snapshot_of(root, first).paths == ("a.py", "gone.py")


def test_a_bare_repository_has_revisions(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit(root, {"a.py": "1"})
    bare = tmp_path_factory.mktemp("bare") / "r.git"
    run(root, "clone", "-q", "--bare", str(root), str(bare))
    assert snapshot_of(bare, "main").repository().read("a.py") == b"1"


def test_scope_is_a_folder_or_a_file_and_facts_lie_above(root: Path) -> None:
    commit(root, {"requirements.txt": "x", "src/a.py": "1", "src/b.py": "1", "srcs/c.py": "1"})
    for revision in (None, "HEAD"):
        folder, file = snapshot_of(root / "src", revision), snapshot_of(root / "src/b.py", revision)
        assert folder.scope == ("src/a.py", "src/b.py")
        assert file.scope == ("src/b.py",)
        assert folder.root == root
        assert "requirements.txt" in folder.paths
    assert snapshot_of(root / "src", "HEAD").paths == snapshot_of(root).scope


def test_a_file_outside_of_git_brings_what_lies_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "requirements.txt", "deep/b.py")
    snapshot = snapshot_of(tmp_path / "a.py")
    assert (snapshot.scope, snapshot.paths) == (("a.py",), ("a.py", "requirements.txt"))


@pytest.mark.parametrize(("path", "revision"), [("nope", None), ("nope", "HEAD"), ("a.py", "nope")])
def test_what_isnt_there(root: Path, path: str, revision: str | None) -> None:
    commit(root, {"a.py": "1"})
    with pytest.raises(GitError, match=r"doesn't exist|isn't in HEAD|knows no commit"):
        snapshot_of(root / path, revision)


def test_a_revision_of_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="isn't in a git repository"):
        snapshot_of(tmp_path, "HEAD")


@pytest.mark.parametrize("is_repository", [True, False])
def test_everything_odd_on_disk_is_listed(tmp_path: Path, is_repository: bool) -> None:
    root = tmp_path.resolve()
    if is_repository:
        run(root, "init", "-q")
    put(root, "good.py", "folder/good.py", "node_modules/x/a.js", "node_modules/y/b.js", "x.dist-info/RECORD")
    (root / "outside.py").symlink_to("/etc/passwd")
    (root / "circle").symlink_to(".")
    (root / "folder/circle").symlink_to("../folder")
    (root / "dangling.py").symlink_to("nowhere")
    with (root / "large.py").open("wb") as large:
        large.truncate(50_000_000)
    (root / os.fsdecode(b"latin-\xe9.py")).write_text("x")
    (root / "closed.py").write_text("x")
    (root / "closed.py").chmod(0)
    link = "a symbolic link: links are never followed"
    vendored = "vendored: somebody else's code, to be fixed where it comes from"
    expected = {
        "outside.py": link,
        "circle": link,
        "folder/circle": link,
        "dangling.py": link,
        "large.py": "has 50,000,000 bytes, over the limit of 2,000,000",
        "latin-\\xe9.py": "its name isn't UTF-8: rename it",
        "node_modules/": vendored,
        "x.dist-info/": vendored,
    }
    snapshot = snapshot_of(root)
    assert reasons(snapshot) == expected
    assert snapshot.paths == ("closed.py", "folder/good.py", "good.py")
    if os.getuid() == 0:
        assert snapshot.read("closed.py") == b"x"
    else:
        with pytest.raises(Unreadable, match="can't be read: permission denied"):
            snapshot.read("closed.py")


def test_pipes_and_sockets_are_not_waited_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.py")
        snapshot = snapshot_of(tmp_path)
    assert reasons(snapshot) == dict.fromkeys(("pipe.py", "s.py"), "a pipe, socket or device")
    with pytest.raises(Unreadable, match="a pipe, socket or device"):
        snapshot.read("pipe.py")


def test_what_changes_between_listing_and_reading(root: Path) -> None:
    commit(root, {f"{name}.py": "1" for name in "abcd"} | {"folder/e.py": "1"})
    snapshot = snapshot_of(root)
    for name in "abcd":
        (root / f"{name}.py").unlink()
    (root / "b.py").symlink_to("/etc/passwd")
    os.mkfifo(root / "c.py")
    (root / "d.py").write_bytes(b"x" * 2_000_001)
    (root / "folder").rename(root / "moved")
    (root / "folder").symlink_to("moved")
    said = {}
    for path in snapshot.paths:
        with pytest.raises(Unreadable) as caught:
            snapshot.read(path)
        said[path] = caught.value.reason
    assert said == {
        "a.py": "vanished while it was being read",
        "b.py": "a symbolic link: links are never followed",
        "c.py": "a pipe, socket or device",
        "d.py": "has 2,000,001 bytes, over the limit of 2,000,000",
        "folder/e.py": "can't be read: not a directory",
    }


def test_a_tracked_file_behind_a_link_isnt_reached(root: Path) -> None:
    commit(root, {"folder/passwd": "1", "gone.py": "1"})
    (root / "folder/passwd").unlink()
    (root / "folder").rmdir()
    (root / "folder").symlink_to("/etc")
    (root / "gone.py").unlink()
    snapshot = snapshot_of(root)
    assert snapshot.paths == ()
    assert reasons(snapshot)["folder/passwd"] == "lies behind a symbolic link: links are never followed"


def test_submodules_links_and_large_blobs_of_a_commit(root: Path) -> None:
    (root / "link.py").symlink_to("/etc/passwd")
    head = commit(root, {"a.py": "1", "large.py": "x" * 2_000_001})
    run(root, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    odd = run(root, "hash-object", "-w", "--stdin", stdin=b"1")
    run(root, "update-index", "-z", "--index-info", stdin=b"100644 %s\t\xe9.py\0" % odd.encode())
    run(root, "commit", "-q", "-m", "y")
    assert reasons(snapshot_of(root, "HEAD")) == {
        "link.py": "a symbolic link: links are never followed",
        "large.py": "has 2,000,001 bytes, over the limit of 2,000,000",
        "sub": "a submodule: scan its own repository",
        "\\xe9.py": "its name isn't UTF-8: rename it",
    }
    (root / "sub").mkdir()
    run(root / "sub", "init", "-q")
    (root / "other").mkdir()
    run(root / "other", "init", "-q")
    said = reasons(snapshot_of(root))
    assert said["sub"] == said["other"] == "a submodule: scan its own repository"


def test_vendored_code_is_one_line_unless_asked_for(root: Path) -> None:
    commit(
        root, {f"vendor/pkg/{n}.py": "1" for n in range(5)} | {"a/third_party/x.py": "1", "vendor.py": "1"}
    )
    for revision in (None, "HEAD"):
        assert [one.path for one in snapshot_of(root, revision).skipped] == ["a/third_party/", "vendor/"]
        assert snapshot_of(root, revision).paths == ("vendor.py",)
        asked = snapshot_of(root / "vendor/pkg", revision)
        assert len(asked.scope) == 5
        assert [one.path for one in asked.skipped] == ["a/third_party/"]


@pytest.mark.parametrize("kind", ["commit", "working tree", "folder"])
@pytest.mark.parametrize(
    ("limits", "taken"), [(Limits(files=3), 3), (Limits(total_bytes=2), 2), (Limits(depth=0), 5)]
)
def test_bounds(root: Path, kind: str, limits: Limits, taken: int) -> None:
    commit(root, {f"{n}.py": "1" for n in range(5)} | {"x/y.py": "1"})
    if kind == "folder":
        (root / ".git").rename(root.parent / f"{root.name}.git")
    snapshot = snapshot_of(root, "HEAD" if kind == "commit" else None, limits)
    assert len(snapshot.paths) <= taken
    (reason,) = reasons(snapshot).values()
    assert "more than 0 folders deep" in reason or "past the limit" in reason or "more than 3 names" in reason


def test_what_was_asked_for_comes_before_the_bound(root: Path) -> None:
    commit(root, {f"{n}.py": "1" for n in range(5)} | {"x/y.py": "1"})
    assert snapshot_of(root / "x", None, Limits(files=1)).paths == ("x/y.py",)


def test_a_git_folder_that_is_none_leaves_a_plain_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    put(tmp_path, "a.py")
    assert snapshot_of(tmp_path).paths == ("a.py",)


IGNORES = [
    {".gitignore": "*\n!*/\n!*.py\n"},
    {".gitignore": "build/\n/only-top\n*.log\n!keep.log\n"},
    {".gitignore": "src/*\n!src/keep/\n", "src/keep/.gitignore": "*.txt\n!b.txt\n"},
    {".gitignore": "a/**\n!a/b\n"},
    {".gitignore": "**/x\n**/y/\na/**/z.py\n"},
    {".gitignore": "# comment\n\\#file\n\\!file\ntrailing \nescaped\\ \n"},
    {".gitignore": "src/*/\n!src/b/\nx\ny\n", "src/.gitignore": "!keep\n"},
    {".gitignore": "[ab].py\n?.txt\nsrc/[!k]*\n"},
    {".gitignore": "/*\n!/src\n/src/*\n!/src/keep\n"},
    {".gitignore": "keep\r\n*.log\r\n"},
]
FILES = [
    *("a.py", "b.txt", "x", "keep.log", "only-top", "#file", "!file", "trailing", "escaped ", "c.log"),
    *("src/a.py", "src/b.txt", "src/keep/a.txt", "src/keep/b.txt", "src/keep/deep/a.py", "src/b/x"),
    *("a/b", "a/c/z.py", "a/z.py", "y/q.py", "build/out.py", "src/build/out.py", "src/only-top", "d/y/q"),
]


def both_answers(
    root: Path, ignores: dict[str, str], files: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    root.mkdir()
    files = [file for file in files if not any(other.startswith(f"{file}/") for other in files)]
    put(root, *files)
    for path, text in ignores.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, newline="")
    run(root, "init", "-q")
    of_git = snapshot_of(root).paths
    (root / ".git").rename(root.parent / f"{root.name}.git")
    return of_git, snapshot_of(root).paths


@pytest.mark.parametrize("ignores", IGNORES, ids=lambda ignores: ignores[".gitignore"])
def test_ignored_files_are_those_that_git_ignores(tmp_path: Path, ignores: dict[str, str]) -> None:
    of_git, of_folder = both_answers(tmp_path / "r", ignores, FILES)
    assert of_folder == of_git
    assert len(of_git) < len(FILES)


PART = st.sampled_from(["a", "b", "*", "a*", "**", "?", "[ab]"])
LINE = st.builds(
    lambda negated, rooted, parts, slash: negated + rooted + "/".join(parts) + slash,
    *(st.sampled_from(["", "!"]), st.sampled_from(["", "/"])),
    *(st.lists(PART, min_size=1, max_size=3), st.sampled_from(["", "/"])),
)
TREE = ["a", "b", "ab", "x/a", "x/b/a", "x/b/b", "y/a/a", "y/a/b", "y/x/y/a", "c/a/b/a"]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    return tmp_path_factory


@settings(max_examples=60, deadline=None)
@example(top=["**/a/**/"], below=[])
@given(top=st.lists(LINE, max_size=4), below=st.lists(LINE, max_size=3))
def test_any_ignores_are_gits(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], below: list[str]
) -> None:
    ignores = {".gitignore": "\n".join(top), "y/.gitignore": "\n".join(below)}
    of_git, of_folder = both_answers(tmp_path_factory.mktemp("i") / "r", ignores, TREE)
    assert of_folder == of_git


def test_patterns_made_to_take_long_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a" * 200 + ".py")
    (tmp_path / ".gitignore").write_text("*.log\n" + "*a" * 60 + "b\n")
    skipped = [one for one in snapshot_of(tmp_path).skipped if one.path == ".gitignore"]
    assert [(one.line, one.reason) for one in skipped] == [(2, "a pattern that can't be used")]


def test_write_keeps_the_mode_and_leaves_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, "src/a.sh")
    (tmp_path / "src/a.sh").chmod(0o750)
    write(tmp_path, "src/a.sh", b"new", b"src/a.sh")
    assert (tmp_path / "src/a.sh").read_bytes() == b"new"
    assert (tmp_path / "src/a.sh").stat().st_mode & 0o777 == 0o750
    assert os.listdir(tmp_path / "src") == ["a.sh"]


def test_write_adds_a_file_and_its_folders(tmp_path: Path) -> None:
    write(tmp_path, "new/folder/a.py", b"1", None)
    assert (tmp_path / "new/folder/a.py").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("path", "expected", "words"),
    [
        ("a.py", b"other", "a.py was changed meanwhile: scan again"),
        ("a.py", None, "a.py exists already: scan again"),
        ("gone.py", b"1", "gone.py can't be written: no such file or directory"),
        ("link.py", b"a.py", "link.py isn't written: a symbolic link: links are never followed"),
        ("away/x.py", None, "away/x.py can't be written: not a directory"),
        ("../x.py", None, "'../x.py' isn't a file of the repository"),
        ("/etc/x", None, "'/etc/x' isn't a file of the repository"),
        (".git/config", b"", "'.git/config' isn't a file of the repository"),
        ("a\0.py", None, "'a\\x00.py' isn't a file of the repository"),
    ],
)
def test_write_refuses(tmp_path: Path, path: str, expected: bytes | None, words: str) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    outside.mkdir()
    put(root, "a.py")
    (root / "link.py").symlink_to("a.py")
    (root / "away").symlink_to(outside)
    with pytest.raises(WriteError) as caught:
        write(root, path, b"new", expected)
    assert caught.value.message == words
    assert sorted(os.listdir(root)) == ["a.py", "away", "link.py"]
    assert os.listdir(outside) == []
    assert (root / "a.py").read_bytes() == b"a.py"
