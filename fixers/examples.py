"""Reads the fenced examples out of a rule's documentation: they are docs and tests at once."""

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=mark)[ \t]*$", re.M | re.S)
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_FENCES = {"python": {"python"}, "terraform": {"terraform", "hcl"}, "kubernetes": {"yaml"}}
_NAMES = {"python": "example.py", "terraform": "example.tf", "kubernetes": "example.yaml"}


@dataclass(frozen=True, slots=True)
class Example:
    """The files before and after, in bytes, and what is expected of the rule.

    `kind` is "fixed" (a `diff` fence: found, and rewritten so), "silent" (a plain fence) or "found"
    (a fence marked so: found, and left to a person). `name` is the last heading and the line.
    """

    kind: str
    name: str
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)


def examples(documentation: str, language: str) -> list[Example]:
    """The examples of a rule's docstring, or of a file of cases, in order.

    Words after a fence's language: `found`; `path=NAME` is its file's name; `crlf`, `bom` and
    `encoding=NAME` its form; `with` joins it, as another file, to the example before it. A diff of
    nothing but `+` lines is a file that the fix adds. Fences of other languages that carry none of
    these words are prose. Raises ValueError, naming the line, for a word that means nothing.
    """
    found: list[Example] = []
    for fence in _FENCE.finditer(documentation):
        line = documentation.count("\n", 0, fence.start()) + 1
        language_of_fence, *words = fence["info"].split() or [""]
        is_diff = language_of_fence == "diff"
        if not is_diff and language_of_fence not in _FENCES[language] and not words:
            continue
        form = _Form.read(words, _NAMES[language], line)
        if form.joins:
            if not found:
                raise ValueError(f"line {line}: `with` has no example before it")
            example = found[-1]
        else:
            kind = "fixed" if is_diff else "found" if form.found else "silent"
            example = Example(kind, f"{_heading(documentation, fence.start())} (line {line})")
            found.append(example)
        before, after = _sides(fence["body"]) if is_diff else (fence["body"], fence["body"])
        if before is not None:
            example.before[form.path] = form.bytes(before)
        if after is not None:
            example.after[form.path] = form.bytes(after)
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    path: str
    encoding: str = "utf-8"
    bom: bool = False
    crlf: bool = False
    found: bool = False
    joins: bool = False

    @classmethod
    def read(cls, words: list[str], path: str, line: int) -> "_Form":
        values = {"path": path, "encoding": "utf-8"}
        flags = set()
        for word in words:
            key, equals, value = word.partition("=")
            if equals and key in values:
                values[key] = value
            elif word in {"found", "with", "crlf", "bom"}:
                flags.add(word)
            else:
                raise ValueError(f"line {line}: {word!r} means nothing on a fence")
        return cls(
            **values, bom="bom" in flags, crlf="crlf" in flags, found="found" in flags, joins="with" in flags
        )

    def bytes(self, body: str) -> bytes:
        text = body.replace("\n", "\r\n") if self.crlf else body
        return (b"\xef\xbb\xbf" if self.bom else b"") + text.encode(self.encoding)


def _heading(documentation: str, end: int) -> str:
    headings = _HEADING.findall(documentation, 0, end)
    return headings[-1] if headings else "example"


def _sides(diff: str) -> tuple[str | None, str | None]:
    """The text before and after a diff of whole files; None where a side doesn't exist."""
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
    after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
    return before or None, after or None


def section(documentation: str, heading: str) -> str:
    """The Markdown below `## heading`, up to the next heading of that level, or nothing."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", documentation, re.M | re.S)
    return found[1].strip() if found else ""
