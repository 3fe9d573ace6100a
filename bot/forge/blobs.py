"""Contents of files by the name that git gives them, kept from one push to the next."""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


class Blobs:
    """A folder of contents, for each installation by itself, so that one can be forgotten.

    What is kept is checked when it is read: a file that isn't what its name says counts as absent.
    """

    def __init__(self, folder: Path, installation: int, most_bytes: int = 2_000_000_000) -> None:
        self._folder = folder / str(installation)
        self._most_bytes = most_bytes

    def __contains__(self, oid: str) -> bool:
        """Whether something is kept by this name; whether it is right shows when it is read."""
        return self._path(oid).exists()

    def get(self, oid: str) -> bytes | None:
        try:
            data = self._path(oid).read_bytes()
        except OSError:
            return None
        return data if name_of(data, oid) == oid else None

    def put(self, oid: str, data: bytes) -> None:
        """Keep it. A full disk keeps nothing, and nothing else."""
        path = self._path(oid)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)

    def shrink(self) -> None:
        """Let go of what was read longest ago, if there is more than may be kept."""
        kept = [(entry.stat(), entry) for entry in self._folder.glob("*/*") if entry.is_file()]
        size = sum(stat.st_size for stat, _ in kept)
        for stat, entry in sorted(kept, key=lambda pair: pair[0].st_atime):
            if size <= self._most_bytes:
                return
            entry.unlink(missing_ok=True)
            size -= stat.st_size

    def forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, oid: str) -> Path:
        return self._folder / oid[:2] / oid[2:]


def name_of(data: bytes, like: str) -> str:
    """The name of a blob as git draws it from its contents, by the same digest as the name `like`."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data) + data)
    return digest.hexdigest()
