"""Reads a commit's tarball while it arrives: bounded at every step, and nothing of it touches the disk."""

import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from bot.github.access import Access
from bot.github.problems import Oversized, Unavailable
from bot.github.wire import ANY
from bot.snapshot import Limits

_HEADERS = 2_000_000
"""Bytes that may pass between the contents of two files: tar's headers, and padding."""
_PIECE = 1 << 18


class Tarballs:
    """Whole commits at once, for an Installation."""

    _access: Access

    def tarball(self, sha: str, limits: Limits) -> Iterator[tuple[str, int, bytes]]:
        """(path, mode, content) of the regular files of a commit, each path once.

        What `limits` refuse is left out, as are links, devices and names that lead elsewhere, and what
        `.gitattributes` keeps from exports: compare with the tree. Raises Problem while it is being read:
        Oversized beyond the limits of the whole, Unavailable where it breaks off or is of another commit.
        """
        with self._access.stream("/tarball/{sha}", ANY, sha=sha) as stream:
            yield from _files(_Unpacked(stream.pieces, limits.total_bytes), sha, limits)


class _Unpacked(io.RawIOBase):
    """The bytes inside of a gzip file, as tarfile reads them; never more at once than was asked for."""

    def __init__(self, pieces: Iterator[bytes], most: int) -> None:
        self._pieces = pieces
        self._zip = zlib.decompressobj(wbits=31)
        self._packed = b""
        self._left = most
        self.allowed = 0
        """Bytes that may be read until somebody sets this anew: a header may claim any length."""

    def read(self, size: int = -1, /) -> bytes:
        made = bytearray()
        while len(made) < size and not self._zip.eof:
            if not self._packed:
                self._packed = next(self._pieces, b"")
                if not self._packed:
                    raise Unavailable("GitHub's tarball broke off")
            made += self._zip.decompress(self._packed, size - len(made))
            self._packed = self._zip.unconsumed_tail
        self.allowed -= len(made)
        self._left -= len(made)
        if self.allowed < 0 or self._left < 0:
            raise Oversized("GitHub's tarball is larger than what is read of a repository")
        return bytes(made)

    def drain(self) -> None:
        """To the end, so that a tarball that was cut between two files is noticed."""
        self.allowed = _HEADERS
        while self.read(_PIECE):
            continue


def _files(unpacked: _Unpacked, sha: str, limits: Limits) -> Iterator[tuple[str, int, bytes]]:
    seen: set[str] = set()
    unpacked.allowed = _HEADERS
    with (
        _readable(),
        tarfile.open(fileobj=unpacked, mode="r|", encoding="utf-8", errors="surrogateescape") as archive,
    ):
        while (member := archive.next()) is not None:
            if archive.pax_headers.get("comment", sha) != sha:
                raise Unavailable("GitHub's tarball is of another commit")
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
            path = _path(member, limits)
            unpacked.allowed = member.size + _HEADERS
            if path and path not in seen and len(seen) < limits.files:
                seen.add(path)
                yield path, 0o100755 if member.mode & 0o100 else 0o100644, _content(archive, member)
        unpacked.drain()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OverflowError):
        pass
    else:
        return
    raise Unavailable("GitHub's tarball can't be read")


def _path(member: tarfile.TarInfo, limits: Limits) -> str:
    """Where the member lies in the repository; empty for what isn't a plain file within the limits."""
    parts = member.name.split("/")
    is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()
    if not is_plain or any(part in ("", ".", "..") for part in parts):
        return ""
    if member.size > limits.file_bytes or not 0 <= len(parts) - 2 <= limits.depth:
        return ""
    return "/".join(parts[1:])


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    content = file.read() if file else b""
    if len(content) != member.size:
        raise EOFError
    return content
