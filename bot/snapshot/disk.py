"""Reads and writes below a folder without following a link out of it or waiting on a pipe."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from bot.snapshot.limits import Candidate
from fixers.repository import MAX_FILE_BYTES
from fixers.text import Unreadable

LINK = "a symbolic link: links are never followed"
SUBMODULE = "a submodule: scan its own repository"
_NOT_A_FILE = "a pipe, socket or device"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class WriteError(Exception):
    """Why a file wasn't written: a sentence for the person at the command line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Looker:
    """Says of names below `root` what lies there; each folder on the way is looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[str, bool] = {"": True}

    def __call__(self, name: str) -> Candidate | None:
        """None: nothing is there any more."""
        if not self._is_reached(name.rpartition("/")[0]):
            return Candidate(name, reason="lies behind a symbolic link: links are never followed")
        try:
            found = os.lstat(self._root / name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            return Candidate(name, reason=explained(error))
        return candidate(name, found)

    def _is_reached(self, folder: str) -> bool:
        if folder not in self._folders:
            try:
                is_link = stat.S_ISLNK(os.lstat(self._root / folder).st_mode)
            except (OSError, ValueError):
                is_link = False
            self._folders[folder] = not is_link and self._is_reached(folder.rpartition("/")[0])
        return self._folders[folder]


def candidate(name: str, found: os.stat_result) -> Candidate:
    """What `lstat` found, as a file that may be taken."""
    if stat.S_ISREG(found.st_mode):
        return Candidate(name, found.st_size, is_executable=bool(found.st_mode & stat.S_IXUSR))
    reasons = {stat.S_IFLNK: LINK, stat.S_IFDIR: SUBMODULE}
    return Candidate(name, reason=reasons.get(stat.S_IFMT(found.st_mode), _NOT_A_FILE))


def explained(error: OSError | ValueError) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"can't be read: {words[:1].lower()}{words[1:]}"


def read(root: Path, path: str, most: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a plain file below `root`. Raises Unreadable for all else, and for over `most`."""
    try:
        with _parent(root, path) as folder:
            return _content(PurePosixPath(path).name, folder, most)
    except FileNotFoundError as error:
        raise Unreadable("vanished while it was being read") from error
    except (OSError, ValueError) as error:
        raise Unreadable(explained(error)) from error


def _content(name: str, folder: int, most: int) -> bytes:
    kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(kind):
        raise Unreadable(LINK)
    if not stat.S_ISREG(kind):
        raise Unreadable("a folder" if stat.S_ISDIR(kind) else _NOT_A_FILE)
    handle = os.open(name, _FILE, dir_fd=folder)
    with os.fdopen(handle, "rb", buffering=0) as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable(_NOT_A_FILE)
        if about.st_size > most:
            raise Unreadable(f"has {about.st_size:,} bytes, over the limit of {most:,}")
        data = b"".join(_pieces(file.read, most + 1))
    if len(data) > most:
        raise Unreadable(f"grew past the limit of {most:,} bytes while it was being read")
    return data


def _pieces(read_some: Callable[[int], bytes], most: int) -> Iterator[bytes]:
    while most > 0 and (piece := read_some(most)):
        most -= len(piece)
        yield piece


def write(root: Path, path: str, data: bytes, expected: bytes | None) -> None:
    """Put `data` in the place of `expected` (None: of no file), all at once, keeping the file's mode.

    Raises WriteError where the file isn't `expected` any more, or a link stands in the way.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or "\0" in path or {"..", ".git"} & {part.lower() for part in parts}:
        raise WriteError(f"{path!r} isn't a file of the repository")
    try:
        with _parent(root, path, makes=expected is None) as folder:
            _replace(folder, path, data, expected)
    except OSError as error:
        raise WriteError(f"{path} can't be written: {(error.strerror or str(error)).lower()}") from error


def _replace(folder: int, path: str, data: bytes, expected: bytes | None) -> None:
    name = PurePosixPath(path).name
    temporary = f".suture-{secrets.token_hex(8)}"
    mode = 0o666 if expected is None else 0o600
    handle = os.open(temporary, _NEW_FILE, mode, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if expected is not None:
                os.fchmod(handle, stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode))
            os.fsync(handle)
        _hold(folder, name, path, expected)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


def _hold(folder: int, name: str, path: str, expected: bytes | None) -> None:
    """Raises WriteError unless what is on disk is what the fix was made for."""
    try:
        found = _content(name, folder, MAX_FILE_BYTES)
    except FileNotFoundError:
        if expected is None:
            return
        raise WriteError(f"{path} was deleted meanwhile: scan again") from None
    except Unreadable as error:
        raise WriteError(f"{path} isn't written: {error.reason}") from error
    if expected is None:
        raise WriteError(f"{path} exists already: scan again")
    if found != expected:
        raise WriteError(f"{path} was changed meanwhile: scan again")


@contextmanager
def _parent(root: Path, path: str, makes: bool = False) -> Iterator[int]:
    """The folder of `path` as an open handle, reached from `root` step by step without a link."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in PurePosixPath(path).parts[:-1]:
            if makes:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=handle)
            below = os.open(part, _FOLDER, dir_fd=handle)
            os.close(handle)
            handle = below
        yield handle
    finally:
        os.close(handle)
