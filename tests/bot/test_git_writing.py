"""Commits and branches are made byte for byte, whatever is configured; nobody's work is touched."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest
from command_line import state
from real_git import commit, own_home, root, run

from bot import git

__all__ = ["own_home", "root"]

US = git.Author("Suture", "suture@localhost")
NAMES = (
    "new.py",
    "line\nend.py",
    "tab\t.py",
    'q"uote.py',
    ":x.py",
    "-x.py",
    "\udcff.py",
    "ü/deep/模.py",
    "*.py",
)


def made(
    root: Path,
    parent: str,
    files: Mapping[str, bytes],
    message: str = "Mend it\n",
    seconds: int = 1_800_000_000,
) -> str:
    return git.commit(root, parent, files, message, US, seconds)


def raw(root: Path, name: str) -> str:
    return run(root, "cat-file", "commit", name)


# --- commits ---


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_whatever_it_is_called(root: Path, name: str) -> None:
    base = commit(root, {"a.py": "1"})
    head = made(root, base, {name: b"\x00\xff\r\n"})
    assert git.contents(root, head, [name, "a.py"]) == {name: b"\x00\xff\r\n", "a.py": b"1"}
    assert git.entries(root, head, [name])[name].mode == 0o100644
    assert git.changed_paths(root, base, head) == [name]


def test_modes_stay_and_what_is_not_named_too(root: Path) -> None:
    (root / "run.py").write_text("1")
    (root / "run.py").chmod(0o755)
    (root / "link").symlink_to("run.py")
    run(root, "add", "-A")
    base = commit(root, {"a.py": "1", "folder/b.py": "1"})
    head = made(root, base, {"run.py": b"2", "a.py": b"2", "folder/new.py": b""})
    modes = {path: entry.mode for path, entry in ((e.path, e) for e in git.tree(root, head))}
    assert modes == {
        "run.py": 0o100755,
        "a.py": 0o100644,
        "folder/b.py": 0o100644,
        "folder/new.py": 0o100644,
        "link": 0o120000,
    }
    assert set(git.changed_paths(root, base, head)) == {"run.py", "a.py", "folder/new.py"}


def test_a_commit_is_its_arguments(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = commit(root, {"a.py": "1"})
    head = made(root, base, {"b.py": b"2", "a.py": b"3"}, "Mënd it\n\nWhy.\n\n# not a comment\n", 7)
    assert head == made(root, base, {"a.py": b"3", "b.py": b"2"}, "Mënd it\n\nWhy.\n\n# not a comment\n", 7)
    other = tmp_path_factory.mktemp("other") / "o"
    run(root, "clone", "-q", str(root), str(other))
    assert head == made(other, base, {"a.py": b"3", "b.py": b"2"}, "Mënd it\n\nWhy.\n\n# not a comment\n", 7)
    about, _, message = raw(root, head).partition("\n\n")
    assert about.splitlines()[1:] == [
        f"parent {base}",
        "author Suture <suture@localhost> 7 +0000",
        "committer Suture <suture@localhost> 7 +0000",
    ]
    assert message == "Mënd it\n\nWhy.\n\n# not a comment"
    assert len({head, made(root, base, {"a.py": b"3"}, seconds=7), made(root, base, {"a.py": b"3"})}) == 3


CONFIGURED = (
    *(("commit.gpgSign", "true"), ("gpg.program", "/bin/false"), ("user.signingKey", "x")),
    *(("i18n.commitEncoding", "ISO-8859-1"), ("core.autocrlf", "true"), ("core.safecrlf", "true")),
    *(
        ("core.eol", "crlf"),
        ("core.splitIndex", "true"),
        ("core.fileMode", "false"),
        ("core.ignoreCase", "true"),
    ),
    *(("core.sharedRepository", "group"), ("commit.template", "missing"), ("commit.cleanup", "strip")),
    *(("user.useConfigOnly", "true"), ("user.name", "Somebody"), ("author.email", "e@example.com")),
    *(("core.logAllRefUpdates", "always"), ("core.precomposeUnicode", "true"), ("core.protectNTFS", "true")),
    *(("core.sparseCheckout", "true"), ("index.sparse", "true"), ("feature.manyFiles", "true")),
    *(("core.commentChar", "M"), ("trailer.ifexists", "replace"), ("core.compression", "0")),
)


def test_no_configuration_changes_a_commit(root: Path) -> None:
    base = commit(root, {"a.py": "1\r\n", ".gitattributes": "*.py text eol=crlf ident filter=lfs\n"})
    files = {"a.py": b"1\n2\r\n$Id$\n", "new.py": b"x\n"}
    head = made(root, base, files, "Mënd it\n")
    for key, value in CONFIGURED:
        run(root, "config", key, value)
    (root / ".git/info/attributes").write_text("* text=auto eol=crlf working-tree-encoding=UTF-16\n")
    (root / ".git/info/sparse-checkout").write_text("/nothing/\n")
    kept = {path.name for path in (root / ".git").iterdir()}
    assert made(root, base, files, "Mënd it\n") == head
    assert git.contents(root, head, files) == files
    assert {path.name for path in (root / ".git").iterdir()} == kept, "no shared index is left behind"


def test_nothing_runs_and_nothing_of_the_person_is_touched(root: Path) -> None:
    base = commit(root, {"a.py": "1\n", ".gitattributes": "*.py filter=evil\n"})
    proof = root.parent / f"{root.name}-ran"
    for hook in (
        *("reference-transaction", "post-commit", "pre-commit", "commit-msg", "prepare-commit-msg"),
        *("post-index-change", "post-checkout", "post-rewrite", "update", "fsmonitor-watchman"),
    ):
        path = root / ".git/hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch {proof}\n")
        path.chmod(0o755)
    for key in ("filter.evil.clean", "filter.evil.process", "core.fsmonitor", "gpg.program", "core.editor"):
        run(root, "config", key, f"touch {proof}; cat")
    (root / "a.py").write_text("mine\n")
    (root / "staged.py").write_text("mine\n")
    run(root, "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "add", "staged.py")
    proof.unlink(missing_ok=True)
    index, before = (root / ".git/index").read_bytes(), state(root)
    changed = (root / ".git/index").stat().st_mtime_ns
    head = made(root, base, {"a.py": b"2\n"})
    git.move_branch(root, "suture/a/b", head, "")
    git.delete_branch(root, "suture/a/b", head)
    assert not proof.exists()
    assert state(root) == before
    assert ((root / ".git/index").read_bytes(), (root / ".git/index").stat().st_mtime_ns) == (index, changed)
    assert (root / ".git/HEAD").read_text() == "ref: refs/heads/main\n"


@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize("is_bare", [False, True], ids=["tree", "bare"])
def test_any_kind_of_repository(tmp_path: Path, form: str, is_bare: bool) -> None:
    work = tmp_path / "work"
    run(tmp_path, "init", "-q", "-b", "main", f"--object-format={form}", str(work))
    base = commit(work, {"a.py": "1\n"})
    place = work
    if is_bare:
        place = tmp_path / "bare.git"
        run(tmp_path, "clone", "-q", "--bare", str(work), str(place))
    head = made(place, base, {"a.py": b"2\n", "b.py": b""})
    git.move_branch(place, "suture/a/b", head, "")
    assert git.heads(place, "suture") == {"suture/a/b": git.Head(head)}
    with pytest.raises(git.GitError):
        git.move_branch(place, "suture/a/b", base, "")
    git.delete_branch(place, "suture/a/b", head)
    assert git.heads(place, "suture") == {}


@pytest.mark.parametrize(
    "files",
    [
        {"a.py/b.py": b""},
        {"folder": b""},
        {"../x.py": b""},
        {".git/config": b""},
        {"/x.py": b""},
        {"x/../y": b""},
    ],
)
def test_what_no_tree_can_hold_is_refused(root: Path, files: dict[str, bytes]) -> None:
    base = commit(root, {"a.py": "1", "folder/b.py": "1"})
    with pytest.raises(git.GitError):
        made(root, base, files)


def test_a_repository_of_our_own_is_the_same_for_everybody(tmp_path: Path) -> None:
    """Whatever its maker's own settings are: they would refuse these line ends."""
    heads = []
    for name in ("plain", "configured"):
        place = tmp_path / name
        place.mkdir()
        (place / "a.py").write_bytes(b"1\n2\r\n")
        (place / "b.py").write_bytes(b"1\n2\r\n")
        git.initialise(place, "As it stands")
        heads.append(git.commit_of(place, "HEAD"))
        for key, value in (*CONFIGURED, ("core.excludesFile", str(place / "a.py"))):
            run(tmp_path, "config", "--global", key, value)
    assert heads[0] == heads[1]
    assert git.contents(place, heads[1], ["a.py"]) == {"a.py": b"1\n2\r\n"}


# --- branches ---


@pytest.fixture
def two(root: Path) -> tuple[str, str]:
    return commit(root, {"a.py": "1"}), commit(root, {"a.py": "2"})


def where(root: Path, name: str) -> str:
    found = git.heads(root, "suture").get(name)
    return found.commit if found else ""


def test_a_branch_moves_only_from_where_it_was_seen(root: Path, two: tuple[str, str]) -> None:
    one, other = two
    git.move_branch(root, "suture/a/b", one, "")
    for seen in ("", other):
        with pytest.raises(git.GitError, match="suture/a/b"):
            git.move_branch(root, "suture/a/b", other, seen)
        assert where(root, "suture/a/b") == one
    git.move_branch(root, "suture/a/b", other, one)
    assert where(root, "suture/a/b") == other
    with pytest.raises(git.GitError):
        git.delete_branch(root, "suture/a/b", one)
    git.delete_branch(root, "suture/a/b", other)
    assert where(root, "suture/a/b") == ""
    with pytest.raises(git.GitError):
        git.move_branch(root, "suture/a/b", other, one)
    assert where(root, "suture/a/b") == "", "somebody deleted it: it isn't made again"


@pytest.mark.parametrize("is_packed", [False, True], ids=["loose", "packed"])
@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("suture", "suture/a/b"),
        ("suture/a", "suture/a/b"),
        ("suture/a/b/c", "suture/a/b"),
    ],
)
def test_a_branch_in_the_way_is_named_with_the_remedy(
    root: Path, two: tuple[str, str], other: str, name: str, is_packed: bool
) -> None:
    run(root, "branch", other)
    run(root, "branch", "sutures")
    if is_packed:
        run(root, "pack-refs", "--all")
    with pytest.raises(git.GitError) as caught:
        git.move_branch(root, name, two[0], "")
    assert caught.value.message == (
        f"the branch {other} is in the way of {name}: rename it (`git branch -m {other} …`)"
    )
    run(root, "branch", "-m", other, "mine")
    git.move_branch(root, name, two[0], "")


@pytest.mark.parametrize("name", ["suture/a b", "suture/..", "suture/a.lock", "suture/", "suture/a~1"])
def test_what_is_no_name_is_refused(root: Path, two: tuple[str, str], name: str) -> None:
    with pytest.raises(git.GitError):
        git.move_branch(root, name, two[0], "")


def test_a_commit_that_is_not_there_is_no_place_for_a_branch(root: Path, two: tuple[str, str]) -> None:
    with pytest.raises(git.GitError):
        git.move_branch(root, "suture/a/b", "f" * 40, "")
    with pytest.raises(git.GitError):
        made(root, "f" * 40, {"a.py": b""})
    assert where(root, "suture/a/b") == ""


def test_a_store_that_cannot_be_written(root: Path, two: tuple[str, str]) -> None:
    """Root may write everywhere: here a file stands where a folder would have to be."""
    texts = (b"new %d" % number for number in count())
    names = ((text, run(root, "hash-object", "--stdin", stdin=text)) for text in texts)
    free = ((text, root / ".git/objects" / name[:2]) for text, name in names)
    text, folder = next((text, folder) for text, folder in free if not folder.exists())
    folder.write_text("")
    with pytest.raises(git.GitError, match="git hash-object failed in"):
        made(root, two[0], {"a.py": text})


def test_a_branch_that_cannot_be_written(root: Path, two: tuple[str, str]) -> None:
    (root / ".git/refs/heads/suture").write_text("no reference\n")
    with pytest.raises(git.GitError, match="git update-ref failed in"):
        git.move_branch(root, "suture/a/b", two[0], "")
    (root / ".git/refs/heads/suture").unlink()
    (root / ".git/refs/heads/suture/a").mkdir(parents=True)
    (root / ".git/refs/heads/suture/a/b.lock").write_text("")
    with pytest.raises(git.GitError, match=r"git update-ref failed in .*lock"):
        git.move_branch(root, "suture/a/b", two[0], "")
