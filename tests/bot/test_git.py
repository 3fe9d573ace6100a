"""git answers without running anything of the repository, and says clearly what it can't answer."""

import gc
import os
from pathlib import Path

import pytest
from real_git import commit, own_home, root, run

from bot import git
from fixers.text import Unreadable

__all__ = ["own_home", "root"]


def test_root_is_found_from_a_folder_and_from_a_file(root: Path) -> None:
    commit(root, {"a/b.py": "1"})
    assert git.root_of(root / "a") == git.root_of(root / "a/b.py") == root


def test_root_of_no_repository(tmp_path: Path) -> None:
    with pytest.raises(git.NotARepository, match="isn't in a git repository"):
        git.root_of(tmp_path)


def test_root_inside_of_gits_own_folder(root: Path) -> None:
    with pytest.raises(git.GitError, match="inside of git's own folder"):
        git.root_of(root / ".git")


def test_a_working_tree_elsewhere_is_refused(root: Path) -> None:
    run(root, "config", "core.worktree", "/")
    with pytest.raises(git.GitError, match=r"unset core\.worktree"):
        git.root_of(root)


def test_what_a_caller_left_in_the_environment_is_no_redirection(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(root, {"a.py": "1"})
    other = tmp_path_factory.mktemp("other")
    run(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert git.root_of(root) == root
    assert list(git.working_tree(root)) == ["a.py"]


def test_no_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", ".:relative")
    with pytest.raises(git.GitError, match="git isn't installed"):
        git.root_of(root)


def test_commit_of_names(root: Path) -> None:
    first = commit(root, {"a.py": "1"})
    run(root, "tag", "v1")
    second = commit(root, {"a.py": "2"})
    answers = [git.commit_of(root, name) for name in ("v1", "HEAD~1", first[:10], "main")]
    assert answers == [first, first, first, second]


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("nope", "git knows no commit 'nope' here"),
        ("--output=x", "'--output=x' isn't a revision: name a branch, a tag or a commit"),
        ("", "'' isn't a revision: name a branch, a tag or a commit"),
        ("HEAD\n", "'HEAD\\n' isn't a revision: name a branch, a tag or a commit"),
    ],
)
def test_revisions_that_are_none(root: Path, revision: str, words: str) -> None:
    commit(root, {"a.py": "1"})
    with pytest.raises(git.GitError) as caught:
        git.commit_of(root, revision)
    assert caught.value.message == words


def test_a_shallow_clone_says_so(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = commit(root, {"a.py": "1"})
    commit(root, {"a.py": "2"})
    clone = tmp_path_factory.mktemp("clone") / "c"
    run(root, "clone", "-q", "--depth=1", f"file://{root}", str(clone))
    with pytest.raises(git.GitError, match="the clone is shallow"):
        git.commit_of(clone, first)


def test_dubious_ownership_names_the_remedy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(root, 12345, 12345)
    with pytest.raises(git.GitError) as caught:
        git.root_of(root)
    assert f"`git config --global --add safe.directory {root}`" in caught.value.message


def test_a_tree_has_modes_and_sizes(root: Path) -> None:
    (root / "link").symlink_to("a.py")
    commit(root, {"a.py": "12345"})
    entries = {entry.path: entry for entry in git.tree(root, "HEAD")}
    assert (entries["a.py"].mode, entries["a.py"].size) == (0o100644, 5)
    assert entries["link"].mode == 0o120000


def test_blobs_large_small_and_missing(root: Path) -> None:
    large = "x" * 1_500_000
    commit(root, {"a.py": large, "b.py": "", "c.py": "c\n"})
    entries = {entry.path: entry for entry in git.tree(root, "HEAD")}
    blobs = git.Blobs(root)
    read = {path: blobs.read(entry.oid, entry.size) for path, entry in entries.items()}
    assert read == {"a.py": large.encode(), "b.py": b"", "c.py": b"c\n"}
    with pytest.raises(Unreadable, match="missing"):
        blobs.read("0" * 40, 1)
    assert blobs.read(entries["c.py"].oid, 2) == b"c\n", "starts again"
    blobs.close()


def test_blobs_leave_no_process_behind(root: Path) -> None:
    commit(root, {"c.py": "c\n"})
    (entry,) = git.tree(root, "HEAD")
    blobs = git.Blobs(root)
    blobs.read(entry.oid, entry.size)
    process = blobs._process
    assert process is not None
    del blobs
    gc.collect()
    assert process.returncode is not None


def test_changed_since(root: Path) -> None:
    commit(root, {"same.py": "1", "old.py": "1", "staged.py": "1", "gone.py": "1", "edited.py": "1"})
    run(root, "checkout", "-q", "-b", "topic")
    commit(root, {"committed.py": "1"})
    run(root, "checkout", "-q", "main")
    commit(root, {"only-on-main.py": "1"})
    run(root, "checkout", "-q", "topic")
    (root / "staged.py").write_text("2")
    run(root, "add", "staged.py")
    (root / "edited.py").write_text("2")
    (root / "gone.py").unlink()
    (root / "ü new\n.py").write_text("1")
    (root / ".gitignore").write_text("ignored.py\n")
    (root / "ignored.py").write_text("1")
    os.utime(root / "same.py", (1, 1))
    expected = {"committed.py", "staged.py", "edited.py", "gone.py", "ü new\n.py", ".gitignore"}
    assert git.changed_since(root, "main") == expected


def test_changed_since_an_unrelated_history(root: Path) -> None:
    commit(root, {"a.py": "1"})
    run(root, "checkout", "-q", "--orphan", "other")
    commit(root, {"b.py": "1"})
    with pytest.raises(git.GitError, match="share no commit"):
        git.changed_since(root, "main")


def test_nothing_of_the_repository_runs(root: Path) -> None:
    commit(root, {"a.py": "1", ".gitattributes": "*.py filter=evil diff=evil\n"})
    proof = root.parent / f"{root.name}-ran"
    command = f"touch {proof}; cat"
    for key in (
        *("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "filter.a=b.clean"),
        *("diff.evil.command", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager"),
        *("core.sshCommand", "core.askPass", "core.editor"),
    ):
        run(root, "config", key, command)
    hook = root / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\n{command}\n")
    hook.chmod(0o755)
    (root / "a.py").write_text("2")
    (entry, *_) = git.tree(root, git.commit_of(root, "main"))
    assert git.Blobs(root).read(entry.oid, entry.size)
    assert "a.py" in git.changed_since(root, "main")
    assert "a.py" in list(git.working_tree(root))
    assert not proof.exists()
