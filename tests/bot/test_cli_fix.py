"""What fix shows and writes, how it ends, and how the command line behaves among other programs."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import CALL, FIXED_CALL, FIXED_LOAD, LOAD, PROJECT, YAML_RULE, child, state, suture
from real_git import commit, own_home, root, run
from rules_on_calls import REPORTING, REVIEW, SAFE, on_calls

import bot.cli.asking
import bot.cli.scanning
from bot.pipeline import mend
from bot.snapshot import WriteError
from fixers.rule import Edit, NewFile

__all__ = ["own_home", "root"]


@pytest.fixture
def made_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of which one is safe: today none of the real ones is."""
    monkeypatch.setattr(bot.cli.asking, "all_rules", lambda: (SAFE, REVIEW, REPORTING))


def test_fix_shows_diffs_with_their_proof_then_what_is_not_fixed_and_the_total(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    (root / "d.py").write_text(
        "from langchain_experimental.tools import PythonREPLTool\n\nPythonREPLTool()\n"
    )
    ended = suture("fix", root)
    lines = ended.stdout.splitlines()
    assert lines[0] == "── Read YAML with a loader that builds plain data"
    assert lines[1] == f"   {YAML_RULE} · high · review · 1 finding"
    assert lines[2:5] == ["--- a/a.py", "+++ b/a.py", "@@ -1,3 +1,3 @@"]
    assert "-config = yaml.load(stream, Loader=yaml.Loader)" in lines
    assert "+config = yaml.safe_load(stream)" in lines
    assert any(line.startswith("checked: parses · compiles · ") for line in lines)
    assert lines.index("── Not fixed") < lines.index("d.py")
    assert [line for line in lines if line.endswith(".py")] == [
        "--- a/a.py",
        "+++ b/a.py",
        "--- a/b.py",
        "+++ b/b.py",
        "d.py",
    ]
    assert lines[-2:] == [
        "3 findings: 2 would be fixed, 1 report only",
        "nothing was written: `--write --review` writes these fixes",
    ]
    assert ended.exit_code == 1


def test_fix_with_nothing_to_fix_says_so(root: Path) -> None:
    commit(root, {"app.py": "x = 1\n"})
    ended = suture("fix", root)
    assert ended.stdout == "1 file read, 0 parsed.\nno findings\nnothing to fix\n"
    assert ended.exit_code == 0


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_preview_leaves_the_tree_alone(root: Path, form: str) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    before = state(root)
    ended = suture("fix", root, "--format", form)
    assert "+config = yaml.safe_load(stream)" in ended.stdout
    assert ended.exit_code == 1, "nothing was written, so the findings are still there"
    assert state(root) == before
    assert run(root, "status", "--porcelain") == ""


def test_writing_alone_takes_what_is_safe(root: Path, made_rules: None) -> None:
    commit(root, {"a.py": "open(1)\nprint(1)\nid(1)\n"})
    ended = suture("fix", root, "--write")
    assert (root / "a.py").read_text() == "open(1, fixed=True)\nprint(1)\nid(1)\n"
    assert "withheld: may change behaviour: --review writes it" in ended.stdout
    assert "3 findings: 1 fixed, 1 withheld, 1 report only" in ended.stdout
    assert ended.exit_code == 1


def test_writing_with_review_takes_all(root: Path, made_rules: None) -> None:
    commit(root, {"a.py": "open(1)\nprint(1)\n"})
    ended = suture("fix", root, "--write", "--review")
    assert (root / "a.py").read_text() == "open(1, fixed=True)\nprint(1, fixed=True)\n"
    assert ended.stdout.splitlines()[-1] == "2 findings: 2 fixed"
    assert ended.exit_code == 0


def test_a_preview_says_which_of_the_fixes_is_written_when(root: Path, made_rules: None) -> None:
    commit(root, {"a.py": "open(1)\n"})
    assert suture("fix", root).stdout.endswith("nothing was written: `--write` writes these fixes\n")
    commit(root, {"a.py": "open(1)\nprint(1)\n"})
    assert suture("fix", root).stdout.endswith(
        "nothing was written: `--write` writes what is safe (1 of 2 fixes), "
        "`--write --review` writes all of them\n"
    )


def test_what_is_below_the_asked_severity_is_not_written(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    ended = suture("fix", root, "--write", "--review", "--min-severity", "high")
    assert ((root / "a.py").read_text(), (root / "b.py").read_text()) == (FIXED_LOAD, CALL)
    assert ended.stdout.splitlines()[-1] == "1 finding: 1 fixed; 1 less severe one not shown"
    assert ended.exit_code == 0, "all that is at least so severe is fixed"


def test_a_second_run_changes_nothing(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    assert suture("fix", root, "--write", "--review").exit_code == 0
    assert ((root / "a.py").read_text(), (root / "b.py").read_text()) == (FIXED_LOAD, FIXED_CALL)
    before = state(root)
    assert suture("fix", root, "--write", "--review").stdout.endswith("no findings\n")
    assert state(root) == before


def test_mode_line_endings_and_byte_order_mark_stay(root: Path) -> None:
    path = root / "tool.py"
    path.write_bytes(b"\xef\xbb\xbf" + LOAD.replace("\n", "\r\n").encode())
    path.chmod(0o755)
    suture("fix", root, "--write", "--review")
    assert path.read_bytes() == b"\xef\xbb\xbf" + FIXED_LOAD.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("meddle", "words"),
    [
        (lambda path: path.write_text("mine\n"), "a.py was changed meanwhile: run it again"),
        (lambda path: path.unlink(), "a.py vanished while it was being read"),
        (lambda path: (path.unlink(), path.symlink_to("b.py")), "a.py a symbolic link"),
    ],
    ids=["edited", "deleted", "a link"],
)
def test_what_was_edited_meanwhile_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch, meddle: Callable[[Path], object], words: str
) -> None:
    """And neither is anything else: the proof was made for all the texts together."""
    commit(root, {"a.py": LOAD, "b.py": CALL})

    def slow(*arguments: Any, **options: Any) -> Any:
        made = mend(*arguments, **options)
        meddle(root / "a.py")
        return made

    monkeypatch.setattr(bot.cli.scanning, "mend", slow)
    ended = suture("fix", root, "--write", "--review")
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"suture: nothing was written: {words}")
    assert (root / "b.py").read_text() == CALL
    assert not (root / "a.py").exists() or (root / "a.py").read_text() in ("mine\n", CALL)


def test_a_file_that_a_fix_would_add_is_not_overwritten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git ignores the file, so no rule can know of it."""
    adding = on_calls("adding", "print", lambda call: (Edit(call.span, "1"), NewFile("new.py", "x = 1\n")))
    monkeypatch.setattr(bot.cli.asking, "all_rules", lambda: (adding,))
    commit(root, {"a.py": "print(1)\n", ".gitignore": "new.py\n"})
    (root / "new.py").write_text("mine\n")
    ended = suture("fix", root, "--write", "--review")
    assert ended.stderr == "suture: nothing was written: new.py exists already, out of git's sight\n"
    assert ((root / "a.py").read_text(), (root / "new.py").read_text()) == ("print(1)\n", "mine\n")
    (root / "new.py").unlink()
    assert suture("fix", root, "--write", "--review").exit_code == 0
    assert ((root / "a.py").read_text(), (root / "new.py").read_text()) == ("1\n", "x = 1\n")


def test_what_cannot_be_written_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(root: Path, path: str, data: bytes, expected: bytes | None) -> None:
        raise WriteError(f"{path} can't be written: no space left on device")

    monkeypatch.setattr(bot.cli.scanning, "write", no_room)
    commit(root, {"a.py": LOAD})
    ended = suture("fix", root, "--write", "--review")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "suture: not everything was written: a.py can't be written: no space left on device\n"
    )


# --- as a program among programs ---


@pytest.mark.parametrize("settings", [{}, {"COLUMNS": "80"}, {"COLUMNS": "20"}, {"TERM": "xterm-256color"}])
def test_piped_output_is_plain_and_never_wrapped(root: Path, settings: dict[str, str]) -> None:
    commit(
        root, {"a/very/long/path/to/some/module/of/the/service/that/answers.py": LOAD, "bad.py": LOAD + "("}
    )
    for command in ("scan", "fix"):
        ended = child(command, root, **settings)
        assert (ended.returncode, ended.stderr) == (1, b"")
        assert b"\x1b" not in ended.stdout
        assert ended.stdout.decode() == suture(command, root).stdout


def test_an_encoding_without_our_characters_is_no_reason_to_stop(root: Path) -> None:
    commit(root, {"模型.py": LOAD})
    ended = child("fix", root, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 1, ended.stderr
    assert b"\\u6a21\\u578b.py" in ended.stdout


def test_a_reader_that_leaves_early_sees_no_traceback(root: Path) -> None:
    commit(root, {f"{number}.py": LOAD for number in range(200)})
    reader = f"{sys.executable} -m bot fix {root} | head -n 1"
    ended = subprocess.run(["bash", "-c", reader], cwd=PROJECT, capture_output=True, check=False)
    assert ended.stderr == b""
