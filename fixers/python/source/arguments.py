"""Arguments in and out of a libcst call, laid out as the author lays out the others."""

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

Blank = cst.BaseParenthesizableWhitespace
_NOTHING = cst.SimpleWhitespace("")
_SPACE = cst.SimpleWhitespace(" ")


@dataclass(frozen=True, slots=True)
class Listed:
    """An argument's position (None for a keyword) and keyword name (None for a positional)."""

    index: int | None
    keyword_name: str | None


def with_keyword(call: cst.Call, name: str, code: str) -> cst.Call:
    """The call with one more keyword at its end; comments stay with the argument they stand behind."""
    added = cst.Arg(
        cst.parse_expression(code),
        keyword=cst.Name(name),
        equal=cst.AssignEqual(whitespace_before=_NOTHING, whitespace_after=_NOTHING),
    )
    if not call.args:
        return call.with_changes(args=[added])
    *others, last = call.args
    closing = _blank_behind(last)
    separator = _separator(call)
    has_comma = isinstance(last.comma, cst.Comma)
    behind = _joined(closing, separator)
    kept = last.with_changes(comma=cst.Comma(whitespace_after=behind), whitespace_after_arg=_NOTHING)
    tail = _without_comment(closing)
    if has_comma:
        added = added.with_changes(comma=cst.Comma(whitespace_after=tail))
    else:
        added = added.with_changes(whitespace_after_arg=tail)
    return call.with_changes(args=[*others, kept, added])


def without(call: cst.Call, unwanted: Callable[[Listed], bool]) -> cst.Call:
    """The call without the arguments that are unwanted; comments of other lines stay."""
    for position, listed in reversed(list(enumerate(_listed(call)))):
        if unwanted(listed):
            call = _without_one(call, position)
    return call


def _without_one(call: cst.Call, position: int) -> cst.Call:
    arguments = list(call.args)
    removed = arguments.pop(position)
    if position < len(arguments):
        return call.with_changes(args=arguments)
    closing = _without_comment(_blank_behind(removed))
    if not arguments:
        keeps = isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace) and _has_comment(
            call.whitespace_before_args
        )
        blank = _joined(call.whitespace_before_args, closing) if keeps else _NOTHING
        return call.with_changes(args=[], whitespace_before_args=blank)
    last = arguments[-1]
    blank = _joined(_blank_behind(last), closing)
    if isinstance(removed.comma, cst.Comma):
        arguments[-1] = last.with_changes(comma=cst.Comma(whitespace_after=blank))
    else:
        arguments[-1] = last.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=blank)
    return call.with_changes(args=arguments)


def _listed(call: cst.Call) -> list[Listed]:
    listed = []
    for index, argument in enumerate(call.args):
        name = argument.keyword.value if argument.keyword else None
        listed.append(Listed(index if name is None and not argument.star else None, name))
    return listed


def _blank_behind(argument: cst.Arg) -> Blank:
    """The white space between an argument (and its comma) and what follows."""
    if isinstance(argument.comma, cst.Comma):
        return argument.comma.whitespace_after
    return argument.whitespace_after_arg


def _separator(call: cst.Call) -> Blank:
    """What stands before the new last argument: a new line where every argument has its own."""
    between = [_blank_behind(argument) for argument in call.args[:-1]]
    if between:
        own_lines = all(isinstance(blank, cst.ParenthesizedWhitespace) for blank in between)
        return _without_comment(between[-1]) if own_lines else _SPACE
    opening = call.whitespace_before_args
    return _without_comment(opening) if isinstance(opening, cst.ParenthesizedWhitespace) else _SPACE


def _joined(before: Blank, after: Blank) -> Blank:
    """The comments of `before`, then the line and the indentation that `after` ends in."""
    if not isinstance(before, cst.ParenthesizedWhitespace) or not _has_comment(before):
        return after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    return before.with_changes(indent=after.indent, last_line=after.last_line)


def _without_comment(blank: Blank) -> Blank:
    """The same line ends and indentation without a comment."""
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return _NOTHING if isinstance(blank, cst.SimpleWhitespace) and not blank.value.strip(" ") else blank
    first = blank.first_line.with_changes(comment=None, whitespace=_NOTHING)
    return blank.with_changes(first_line=first, empty_lines=[])


def _has_comment(blank: cst.ParenthesizedWhitespace) -> bool:
    return any(line.comment for line in (blank.first_line, *blank.empty_lines) if hasattr(line, "comment"))
