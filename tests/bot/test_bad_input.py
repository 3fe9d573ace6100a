"""One nasty repository: every command ends normally, what is good is found and fixed, the rest is named."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nasty_repository import BAD, GOOD, YAML_LOAD, write_to
from real_git import run

ROOT = Path(__file__).parents[2]
MEMORY = 1_500_000_000
SECONDS = 300
"""A net under a test that hangs; nothing is measured."""


def suture(*arguments: str, most_bytes: int = MEMORY) -> "subprocess.CompletedProcess[bytes]":
    """Run the command line in a process of its own, which gets so much memory and no more."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes)),
    )


def answer(*arguments: str) -> dict[str, Any]:
    ended = suture(*arguments, "--format", "json")
    assert ended.returncode == 1, ended.stderr.decode()
    assert ended.stderr == b""
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def texts_in(folder: Path) -> dict[str, bytes]:
    """Every plain file below, by its name in characters that can be shown."""
    found = {}
    for name in sorted(Path(os.fsdecode(folder)).rglob("*")):
        if name.is_file() and not name.is_symlink() and ".git" not in name.relative_to(folder).parts:
            found[os.fsencode(name.relative_to(folder)).decode("utf-8", "backslashreplace")] = (
                name.read_bytes()
            )
    return found


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("nasty") / "repository"
    root.mkdir()
    write_to(root, root.parent / "outside")
    return root


LISTED = {
    **dict.fromkeys(BAD, ""),
    "bad/\\xff\\xfe.py": "UTF-8",
    "bad/huge.py": "50,000,000 bytes",
    "bad/out.py": "symbolic link",
    "bad/circle.py": "symbolic link",
    "chart/templates/pod.yaml": "Helm",
    "jinja/pod.yaml": "template",
    "other.tf.json": "JSON",
    "node_modules/": "vendored",
    "vendor/": "vendored",
    "bad/cookie.py": "PEP 263",
    "bad/deep.py": "parenthes",
    "bad/deep.tf": "nest",
    "bad/deep.yaml": "nested",
    "bad/sums.py": "nested",
    "bad/latin.py": "UTF-8",
    "bad/latin.tf": "UTF-8",
    "bad/latin.yaml": "UTF-8",
    "bad/lfs.py": "LFS",
    "bad/nul.py": "NUL",
    "bad/nul.tf": "NUL",
    "bad/nul.yaml": "NUL",
    "bad/two.py": "Python 3",
}
"""What has to be named as not looked at, and a word of the reason."""


def test_what_can_be_read_is_scanned_and_what_cannot_is_named(nasty: Path) -> None:
    before = texts_in(nasty)
    found = answer("scan", str(nasty))
    assert {one["path"] for one in found["findings"]} == set(GOOD) | READ_ANYWAY
    reasons = {one["path"]: one["reason"] for one in found["skipped"]}
    assert set(reasons) == set(LISTED) - READ_ANYWAY
    for path, reason in reasons.items():
        assert LISTED[path] in reason, path
        assert "Error" not in reason, "a defect of ours, not of the file"
    assert texts_in(nasty) == before


READ_ANYWAY = {"bad/bomb.yaml"}
"""Bad, and read all the same: aliases are bounded without refusing the document beside them."""


def test_a_commit_is_read_as_the_working_tree_is(nasty: Path) -> None:
    of_tree, of_commit = answer("scan", str(nasty)), answer("scan", str(nasty), "--revision", "HEAD")
    assert of_commit["findings"] == of_tree["findings"]
    assert {one["path"] for one in of_commit["skipped"]} == {one["path"] for one in of_tree["skipped"]}


@pytest.mark.parametrize(
    ("command", "form"), [("scan", "text"), ("fix", "text"), ("fix", "markdown"), ("fix", "json")]
)
def test_nothing_raw_is_printed(nasty: Path, command: str, form: str) -> None:
    ended = suture(command, str(nasty), "--format", form)
    assert (ended.returncode, ended.stderr) == (1, b"")
    shown = ended.stdout.decode()
    assert not {"\x1b", "\r", "\x0c", "\0", "\u202e"} & set(shown)
    assert "good/new\nline.py" not in shown
    assert "good/[bold]x.py" in shown


def test_fixes_are_written_and_nothing_else_is_touched(tmp_path: Path) -> None:
    root, outside = tmp_path / "repository", tmp_path / "outside"
    root.mkdir()
    write_to(root, outside)
    before, links = texts_in(root), {path: os.readlink(path) for path in root.rglob("*") if path.is_symlink()}
    made = answer("fix", "--write", "--review", str(root))
    assert {one["status"] for one in made["findings"]} == {"fixed", "refused"}
    after = texts_in(root)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == set(GOOD) | READ_ANYWAY
    assert set(after) == set(before)
    assert links == {path: os.readlink(path) for path in root.rglob("*") if path.is_symlink()}
    assert texts_in(outside) == {"load.py": YAML_LOAD.encode()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "repository"]
    for path in GOOD:
        hold_form(before[shown(path)], after[shown(path)])
    again = answer("fix", "--write", "--review", str(root))
    assert again["fixes"] == []
    assert texts_in(root) == after


def shown(path: str) -> str:
    return path.encode().decode("utf-8", "backslashreplace")


def hold_form(before: bytes, after: bytes) -> None:
    """The byte order mark, the line endings and every character that isn't ASCII are as they were."""
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in before
    assert [byte for byte in after if byte > 127] == [byte for byte in before if byte > 127]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q")
    (tmp_path / "closed.py").write_text(YAML_LOAD)
    (tmp_path / "open.py").write_text(YAML_LOAD)
    (tmp_path / "closed.py").chmod(0)
    found = answer("scan", str(tmp_path))
    assert [one["path"] for one in found["findings"]] == ["open.py"]
    assert [(one["path"], one["reason"]) for one in found["skipped"]] == [
        ("closed.py", "can't be read: permission denied")
    ]


@pytest.mark.parametrize(
    ("path", "code"),
    [("bad/deep.yaml", 0), ("bad/huge.py", 0), ("bad/out.py", 0), ("vendor/load.py", 1), ("empty.py", 0)],
)
def test_a_file_alone_may_be_asked_for(nasty: Path, path: str, code: int) -> None:
    ended = suture("scan", str(nasty / path))
    assert ended.returncode == code, ended.stderr


def test_too_many_files_of_one_kind_are_not_held_in_memory(nasty: Path) -> None:
    """The folder of bad files needs little more memory than an empty one."""
    (nasty.parent / "nothing").mkdir(exist_ok=True)
    assert suture("scan", str(nasty.parent / "nothing"), most_bytes=700_000_000).returncode == 0
    assert suture("scan", str(nasty / "bad"), most_bytes=700_000_000).returncode == 1
