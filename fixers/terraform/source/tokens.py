"""Cuts HCL into the tokens that `terraform fmt` sees; every text has tokens, even a broken one."""

import re
from typing import NamedTuple


class Token(NamedTuple):
    """One token; `kind` is its text for brackets and operators, else a word such as `ident`.

    Blanks between tokens belong to none. A line comment holds the newline that ends it.
    """

    kind: str
    start: int
    end: int


OPENERS = frozenset({"{", "[", "(", "${", "%{"})
CLOSERS = frozenset({"}", "]", ")", "template end"})

_CODE = re.compile(
    r"""(?P<blank>[ \t]+)
    |(?P<newline>\r?\n)
    |(?P<ident>[^\W\d][\w-]*)
    |(?P<number>\d+(?:\.\d+)*(?:[eE][+-]?\d+)?)
    |(?P<comment>(?:\#|//)[^\n]*\n?|/\*.*?\*/)
    |(?P<heredoc><<-?[^\W\d][\w-]*\r?\n)
    |(?P<quote>")
    |(?P<operator>\.\.\.|==|!=|>=|<=|&&|\|\||=>|::|~\}|.)""",
    re.X | re.S,
)
_QUOTED = re.compile(
    r"""(?P<quote>")
    |(?P<template>[$%]\{~?)
    |(?P<text>(?:[$]{2}\{|%%\{|\\.|[$%](?!\{)|[^"$%\\])+|\\)""",
    re.X | re.S,
)
_HEREDOC = re.compile(
    r"""(?P<template>[$%]\{~?)
    |(?P<text>(?:[$]{2}\{|%%\{|[$%](?!\{)|[^$%\n])*\n|(?:[$]{2}\{|%%\{|[$%](?!\{)|[^$%\n])+)""",
    re.X,
)


class _Scanner:
    """Where the scan stands: a stack of open templates and, for each, how many braces are open in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.tokens: list[Token] = []
        self.templates: list[str] = []  # '"' or the marker of a heredoc
        self.braces: list[int] = [0]
        self.in_template = False
        self.at_line_start = False

    def take(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self.position, end))
        self.position = end

    def scan(self) -> list[Token]:
        while self.position < len(self.text):
            if not self.in_template:
                self.code()
            elif self.templates[-1] == '"':
                self.quoted()
            else:
                self.heredoc()
        return self.tokens

    def code(self) -> None:
        found = _CODE.match(self.text, self.position)
        assert found is not None
        kind, end = found.lastgroup or "", found.end()
        match kind:
            case "blank":
                self.position = end
            case "quote" | "heredoc":
                self.templates.append('"' if kind == "quote" else found.group().strip("<-\r\n"))
                self.take("open quote" if kind == "quote" else "open heredoc", end)
                self.in_template, self.at_line_start = True, True
            case "operator":
                self.operator(found.group(), end)
            case _:
                self.take(kind, end)

    def operator(self, operator: str, end: int) -> None:
        if operator in {"}", "~}"} and self.braces[-1] == 0 and self.templates:
            self.take("template end", end)
            self.braces.pop()
            self.in_template, self.at_line_start = True, False
            return
        if operator == "~}":
            operator, end = "~", end - 1
        self.braces[-1] += {"{": 1, "}": -1}.get(operator, 0)
        self.take(operator, end)

    def quoted(self) -> None:
        found = _QUOTED.match(self.text, self.position)
        assert found is not None
        if found.lastgroup == "quote":
            self.take("close quote", found.end())
            self.leave_template()
        else:
            self.text_or_template(found)

    def heredoc(self) -> None:
        found = _HEREDOC.match(self.text, self.position)
        assert found is not None
        line = found.group()
        if self.at_line_start and line.strip() == self.templates[-1]:
            self.take("close heredoc", found.start() + len(line.rstrip("\r\n")))
            self.leave_template()
            return
        self.at_line_start = line.endswith("\n")
        self.text_or_template(found)

    def text_or_template(self, found: re.Match[str]) -> None:
        if found.lastgroup == "text":
            self.take("text", found.end())
            return
        self.take(found.group()[:2], found.end())
        self.braces.append(0)
        self.in_template = False

    def leave_template(self) -> None:
        self.templates.pop()
        self.in_template = False


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order. Never raises; the time it takes is linear in the text."""
    return _Scanner(text).scan()
