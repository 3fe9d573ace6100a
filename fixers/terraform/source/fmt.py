"""Knows what `terraform fmt` would do to the blanks between tokens, and so whether a text is clean.

The rules are those of hclwrite's formatter: a line is cut into a lead, an assignment and a trailing
comment; leads are indented by open brackets, and the other two aligned over consecutive lines.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from fixers.terraform.source.tokens import CLOSERS, OPENERS, Token, tokens

_INSIDE_TEMPLATE = frozenset({"text", "open quote", "open heredoc"})
_BEFORE_TEMPLATE = frozenset({"text", "close quote", "close heredoc"})
_BEFORE_NEGATION = frozenset(
    {"", "(", "{", "[", "=", ":", ",", "?", "+", "*", "/", "%", "-"}
    | {"==", "!=", ">", ">=", "<", "<=", "&&", "||", "!"}
)


@dataclass(frozen=True, slots=True)
class Gap:
    """The blanks before a token, and how many spaces `terraform fmt` wants there."""

    start: int
    end: int
    wanted: int


@dataclass(slots=True)
class _Line:
    lead: list[int]
    assign: list[int]
    comment: list[int]


def is_clean(text: str) -> bool:
    """Whether `terraform fmt` would leave the blanks of this text as they are."""
    return not misplaced(text)


def misplaced(text: str) -> list[Gap]:
    """The gaps that `terraform fmt` would change, in order."""
    return _Formatter(text).misplaced()


class _Formatter:
    """One run over a text: the spaces wanted before each token, filled in pass by pass."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.spaces = [0] * len(self.tokens)
        self.lines = self._lines()

    def misplaced(self) -> list[Gap]:
        self._indent()
        for line in self.lines:
            self._space(line)
        self._align([line.assign for line in self.lines], [line.lead for line in self.lines])
        self._align([line.comment for line in self.lines], [line.lead + line.assign for line in self.lines])
        gaps = []
        end = 0
        for token, wanted in zip(self.tokens, self.spaces, strict=True):
            if self.text[end : token.start] != " " * wanted:
                gaps.append(Gap(end, token.start, wanted))
            end = token.end
        return gaps

    def _lines(self) -> list[_Line]:
        lines: list[_Line] = []
        lead: list[int] = []
        for number, token in enumerate(self.tokens):
            lead.append(number)
            is_line_comment = token.kind == "comment" and self.text[token.end - 1] == "\n"
            if token.kind == "newline" or is_line_comment:
                lines.append(self._cells(lead))
                lead = []
        return [*lines, self._cells(lead)] if lead else lines

    def _cells(self, lead: list[int]) -> _Line:
        comment: list[int] = []
        if len(lead) > 1 and self.tokens[lead[-1]].kind == "comment":
            lead, comment = lead[:-1], lead[-1:]
        for place, number in enumerate(lead):
            if place and self.tokens[number].kind == "=":
                if sum(_bracket(self.tokens[n]) for n in lead[place:]) == 0:
                    return _Line(lead[:place], lead[place:], comment)
                break
        return _Line(lead, [], comment)

    def _indent(self) -> None:
        opened: list[int] = []
        for line in self.lines:
            first = line.lead[0]
            if self.tokens[first].kind == "newline":
                continue
            net = self._net_brackets(line)
            if net < 0:
                _close(opened, -net)
            self.spaces[first] = 2 * len(opened)
            if net > 0:
                opened.append(net)

    def _net_brackets(self, line: _Line) -> int:
        net = 0
        for number in line.lead:
            net += _bracket(self.tokens[number])
            if self.tokens[number].kind == "open heredoc":
                break
        return net + sum(_bracket(self.tokens[number]) for number in line.assign)

    def _space(self, line: _Line) -> None:
        for cell in (line.lead, line.assign):
            before = ""
            for number, following in pairwise(cell):
                subject = self.tokens[number]
                after = self.tokens[following].kind
                word = self.text[subject.start : subject.end] if subject.kind == "ident" else ""
                self.spaces[following] = int(_is_spaced(subject.kind, word, before, after))
                before = subject.kind

    def _align(self, cells: list[list[int]], before: list[list[int]]) -> None:
        chain: list[tuple[int, int]] = []
        for cell, left in zip([*cells, []], [*before, []], strict=True):
            if cell:
                chain.append((cell[0], self._columns(left)))
                continue
            widest = max((columns for _, columns in chain), default=0)
            for number, columns in chain:
                self.spaces[number] = widest - columns + 1
            chain = []

    def _columns(self, numbers: list[int]) -> int:
        return sum(
            self.spaces[n] + _width(self.text[self.tokens[n].start : self.tokens[n].end]) for n in numbers
        )


def _bracket(token: Token) -> int:
    return (token.kind in OPENERS) - (token.kind in CLOSERS)


def _close(opened: list[int], closed: int) -> None:
    while closed and opened:
        if closed < opened[-1]:
            opened[-1] -= closed
            return
        closed -= opened.pop()


def _is_spaced(subject: str, word: str, before: str, after: str) -> bool:
    """Whether a space follows `subject`, whose own text is `word` if it is an identifier."""
    closes = subject in CLOSERS
    if after == "newline" or (subject == "ident" and after == "("):
        return False
    if subject in {".", "::"} or after in {".", "::", ",", "..."}:
        return False
    if subject == ",":
        return True
    if subject in _INSIDE_TEMPLATE or after in _BEFORE_TEMPLATE:
        return False
    if word == "in" and before == "ident":
        return True
    if after == "[" and (subject in {"ident", "number"} or closes):
        return False
    if subject == "!":
        return False
    if subject == "-":
        return before not in _BEFORE_NEGATION
    if subject == "{" or after == "}":
        return not (subject == "{" and after == "}")
    if (subject in {"${", "%{"} and after == "{") or (subject == "}" and after == "template end"):
        return True
    if subject == "template end" and after in {"${", "%{"}:
        return False
    return subject not in OPENERS and after not in CLOSERS


def _width(text: str) -> int:
    """The columns of a text: what a reader sees as one character counts once."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    marks = sum(unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"} for character in text)
    return len(text) - marks - text.count("\r\n")
