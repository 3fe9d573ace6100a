"""Real repositories for tests, untouched by the configuration of whoever runs them."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def run(root: Path, *arguments: str, stdin: bytes = b"") -> str:
    command = ["git", "-C", str(root), *AUTHOR, *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, input=stdin)
    return answer.stdout.decode().strip()


def commit(root: Path, files: dict[str, str], message: str = "x") -> str:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    run(root, "add", "-A")
    run(root, "commit", "-q", "--allow-empty", "-m", message)
    return run(root, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    run(tmp_path, "init", "-q", "-b", "main")
    return tmp_path.resolve()


def merged_text(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """What git makes of two changes of a text, or None where they meet."""
    with TemporaryDirectory() as folder:
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            (Path(folder) / name).write_bytes(data)
        command = ["git", "merge-file", "-p", "-q", "ours", "base", "theirs"]
        made = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return None if made.returncode else made.stdout
