"""A link that somebody else puts where the program is going to write."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/predictable-temporary-file")


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that everybody may write to, as `/tmp` is."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def others_may_write(folder: Path) -> bool:
    return bool(stat.S_IMODE(folder.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH))


def test_a_link_leads_the_writing_elsewhere_before(shared: Path, tmp_path: Path) -> None:
    path = Path(run(BEFORE)["weights"])
    assert path.parent == shared
    assert others_may_write(path.parent)
    os.symlink(tmp_path / "other.txt", path)
    path.write_bytes(b"weights")
    assert (tmp_path / "other.txt").read_bytes() == b"weights"


def test_nobody_else_can_put_a_link_there_after(shared: Path) -> None:
    path = Path(run(AFTER)["weights"])
    assert path.parent.parent == shared
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_the_name_is_free_and_can_be_written(source: str) -> None:
    path = Path(run(source)["weights"])
    assert path.suffix == ".pt"
    assert not path.exists()
    path.write_bytes(b"weights")
    assert path.read_bytes() == b"weights"
