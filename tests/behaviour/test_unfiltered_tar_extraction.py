"""An archive with a member that leaves the folder, and an honest one."""

import io
import sys
import tarfile
from pathlib import Path

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/unfiltered-tar-extraction")
HONEST = {"model/weights.bin": b"\x00\x01", "model/config.json": b"{}"}


def archive_of(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python 3.14 filters by default")
@pytest.mark.filterwarnings("ignore:Python 3.14 will:DeprecationWarning")
def test_a_hostile_archive_writes_beside_the_folder_before(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.tar.gz", {"../escaped.txt": b"taken"})
    (tmp_path / "models").mkdir()
    run(BEFORE, archive=archive, folder=tmp_path / "models")
    assert (tmp_path / "escaped.txt").read_bytes() == b"taken"


def test_a_hostile_archive_is_refused_after(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.tar.gz", {"../escaped.txt": b"taken"})
    with pytest.raises(tarfile.OutsideDestinationError, match=r"escaped\.txt"):
        run(AFTER, archive=archive, folder=tmp_path / "models")
    assert not (tmp_path / "escaped.txt").exists()


@pytest.mark.filterwarnings("ignore:Python 3.14 will:DeprecationWarning")
@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_archive_is_unpacked(source: str, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    run(source, archive=archive_of(tmp_path / "a.tar.gz", HONEST), folder=folder)
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == HONEST
