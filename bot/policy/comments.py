"""Real comments of Python, HCL and YAML that hold a word: not strings, not heredocs, not block scalars."""

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import yaml

from fixers.text import Text, Unreadable

_HCL = re.compile(r'"|[$%]\{|\{|\}|\\.|#|//|/\*|\n|<<-?(?P<name>[A-Za-z_][\w-]*)[ \t]*\r?\n', re.S)
_HCL_HEADER = re.compile(r"[ \t]*[A-Za-z_][^=]*\{")
_YAML_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, and the lines (from 1) that it speaks of: its own, or when it stands alone, the one
    below, with a decorated definition up to its header and an HCL block up to its brace."""

    line: int
    text: str
    first: int
    last: int

    @property
    def is_alone(self) -> bool:
        return self.first != self.line


def comments_with(word: str, path: str, data: bytes) -> list[Comment]:
    """The comments of a file that hold `word`, as far as the file can be read."""
    find = _LANGUAGES.get(PurePosixPath(path).suffix)
    if find is None or word.encode() not in data:
        return []
    try:
        text = Text.decode(data, coding_cookie=path.endswith((".py", ".pyi")))
    except Unreadable:
        return []
    return list(find(text, word))


def _python(text: Text, word: str) -> Iterator[Comment]:
    for token in _python_tokens(text.content):
        if token.type == tokenize.COMMENT and word in token.string:
            line, column = token.start
            below = _below(text, line, ("#",)) if not token.line[:column].strip() else line
            yield Comment(line, token.string, below, _definition_below(text, below) if below > line else line)


def _python_tokens(content: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(content, newline="").readline)
    except (SyntaxError, tokenize.TokenError):
        return


def _definition_below(text: Text, line: int) -> int:
    """The header's line where `line` begins the decorators of a definition, else `line`."""
    if not _line(text, line).lstrip().startswith("@"):
        return line
    below = "\n".join(_line(text, number) for number in range(line, len(text.line_starts) + 1))
    for token in _python_tokens(below):
        if token.type == tokenize.NAME and token.string in {"def", "class"}:
            return line + token.start[0] - 1
    return line


def _hcl(text: Text, word: str) -> Iterator[Comment]:
    content = text.content
    comments, blocks = _hcl_parts(content)
    headers = {text.line_at(start): text.line_at(end) for start, end in blocks}
    for start, end in comments:
        if word not in content[start:end]:
            continue
        line = text.line_at(start)
        if content[text.line_starts[line - 1] : start].strip():
            yield Comment(line, content[start:end], line, line)
            continue
        below = _below(text, line, ("#", "//"))
        is_header = below in headers and _HCL_HEADER.match(_line(text, below)) is not None
        yield Comment(line, content[start:end], below, headers[below] if is_header else below)


def _hcl_parts(content: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the comments of one line are, and the braces of blocks and objects."""
    comments: list[tuple[int, int]] = []
    blocks: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    position = 0
    while found := _HCL.search(content, position):
        mark, start, position = found.group(), found.start(), found.end()
        if opened and opened[-1][0] == '"':
            is_literal = content[start - 1 : start] == mark[0]
            if mark in ('"', "\n"):
                opened.pop()
            elif mark in ("${", "%{") and not is_literal:
                opened.append((mark, start))
            elif mark.startswith("<<"):
                position = start + 2
        elif mark in ("#", "//"):
            end = content.find("\n", start)
            position = len(content) if end < 0 else end
            comments.append((start, position))
        elif mark == "/*":
            end = content.find("*/", position)
            position = len(content) if end < 0 else end + 2
        elif found["name"]:
            position = _heredoc_end(content, position, found["name"])
        elif mark in ('"', "{", "${", "%{"):
            opened.append((mark, start))
        elif mark == "}" and opened:
            brace, begun = opened.pop()
            blocks += [(begun, start)] if brace == "{" else []
    return comments, blocks


def _heredoc_end(content: str, start: int, name: str) -> int:
    closing = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*\r?$", re.M).search(content, start)
    return closing.end() if closing else len(content)


def _yaml(text: Text, word: str) -> Iterator[Comment]:
    scalars, end = _yaml_scalars(text.content)
    starts = [start for start, _ in scalars]
    for number in range(1, len(text.line_starts) + 1):
        line = _line(text, number)
        if word not in line:
            continue
        begin = text.line_starts[number - 1]
        for mark in _YAML_COMMENT.finditer(line):
            place = begin + mark.start()
            before = bisect_right(starts, place) - 1
            if place < end and (before < 0 or place >= scalars[before][1]):
                alone = not line[: mark.start()].strip()
                below = _below(text, number, ("#",)) if alone else number
                yield Comment(number, line[mark.start() :].rstrip(), below, below)
                break


def _yaml_scalars(content: str) -> tuple[list[tuple[int, int]], int]:
    """Where texts are (a block scalar without its first line), and how far the file can be read."""
    scalars: list[tuple[int, int]] = []
    try:
        for token in yaml.scan(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(token, yaml.ScalarToken):
                start, end = token.start_mark.index, token.end_mark.index
                header = content.find("\n", start, end) if token.style in ("|", ">") else start
                scalars.append((start if header < 0 else header, end))
    except yaml.YAMLError:
        return scalars, scalars[-1][1] if scalars else 0
    return scalars, len(content)


def _below(text: Text, line: int, marks: tuple[str, ...]) -> int:
    """The first line below that isn't a comment on its own."""
    line += 1
    while line < len(text.line_starts) and _line(text, line).lstrip().startswith(marks):
        line += 1
    return line


def _line(text: Text, line: int) -> str:
    """The characters of a line; none past the last."""
    if line > len(text.line_starts):
        return ""
    start, end = text.line_span(line)
    return text.content[start:end]


_LANGUAGES: dict[str, Callable[[Text, str], Iterator[Comment]]] = {
    **dict.fromkeys((".py", ".pyi"), _python),
    **dict.fromkeys((".tf", ".tofu", ".hcl", ".tfvars"), _hcl),
    **dict.fromkeys((".yaml", ".yml"), _yaml),
}
