"""Bytes to text and back without losing one: encoding, BOM and line endings stay the author's."""

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_NEWLINE = re.compile(r"\r\n|\r|\n")
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_BOM = b"\xef\xbb\xbf"
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
"""Codecs that Python accepts for source, though they name no charset; some take quadratic time."""


class Unreadable(Exception):
    """A file that is passed over: why, and on which line (counted from 1; 0 is the whole file)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Text:
    """The characters of one file, without its BOM, and what is needed to write them back."""

    content: str
    encoding: str = "utf-8"
    bom: bytes = b""

    @classmethod
    def decode(cls, data: bytes, *, coding_cookie: bool = False) -> "Text":
        """Read UTF-8, or with `coding_cookie` what a Python file's first two lines declare (PEP 263).

        Raises Unreadable for what isn't text, or wouldn't come back byte for byte.
        """
        if data.startswith(_LFS_POINTER):
            raise Unreadable("a Git LFS pointer: the content is stored elsewhere")
        if b"\0" in data:
            line = data.count(b"\n", 0, data.index(b"\0")) + 1
            raise Unreadable("holds a NUL byte, so it isn't text", line)
        bom, body = (_BOM, data[3:]) if data.startswith(_BOM) else (b"", data)
        encoding = _declared(data) if coding_cookie else "utf-8"
        try:
            content = body.decode(encoding)
            whole = content.encode(encoding) == body
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = body.count(b"\n", 0, start) + 1
            remedy = "declare its encoding or save it as UTF-8" if coding_cookie else "save it as UTF-8"
            raise Unreadable(f"isn't {encoding}: {remedy}", line) from error
        if not whole:
            raise Unreadable(f"would not come back byte for byte from {encoding}")
        return cls(content, encoding, bom)

    def encode(self, content: str) -> bytes:
        """Write `content` as this file was written. Raises UnicodeEncodeError if it can't be."""
        return self.bom + content.encode(self.encoding)

    @cached_property
    def newline(self) -> str:
        """The line ending of the first line; a line feed where there is none."""
        found = _NEWLINE.search(self.content)
        return found.group() if found else "\n"

    def newline_in(self, start: int, end: int) -> str:
        """The first line ending between two characters; the file's own where there is none."""
        found = _NEWLINE.search(self.content, start, end)
        return found.group() if found else self.newline

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Where each line begins, in characters. Form feeds and U+2028 end no line, as in Python."""
        return (0, *(found.end() for found in _NEWLINE.finditer(self.content)))

    def line_at(self, offset: int) -> int:
        """The line, counted from 1, on which the character at `offset` stands."""
        return bisect_right(self.line_starts, offset)

    def line_span(self, line: int) -> tuple[int, int]:
        """Start and end of a line (counted from 1), its ending left out, in characters."""
        start = self.line_starts[line - 1]
        found = _NEWLINE.search(self.content, start)
        return start, found.start() if found else len(self.content)

    def indent_at(self, offset: int) -> str:
        """The blanks that the line of `offset` begins with."""
        start = self.line_starts[self.line_at(offset) - 1]
        end = start
        while end < len(self.content) and self.content[end] in " \t":
            end += 1
        return self.content[start:end]


def _declared(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(encoding).name.replace("_", "-") in _NO_CHARSETS:
            raise LookupError(encoding)
        "".encode(encoding)
    except (SyntaxError, LookupError) as error:
        raise Unreadable("no encoding fits: declare one (PEP 263) or save it as UTF-8", 1) from error
    return "utf-8" if encoding == "utf-8-sig" else encoding
