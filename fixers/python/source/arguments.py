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
        return _with_first(call, added)
    *others, last = call.args
    closing = _blank_behind(last)
    separator = _joined(closing, _separator(call))
    tail = _without_comments(closing)
    if isinstance(last.comma, cst.Comma):
        kept = last.with_changes(comma=last.comma.with_changes(whitespace_after=separator))
        added = added.with_changes(comma=cst.Comma(whitespace_after=tail))
    else:
        kept = last.with_changes(comma=cst.Comma(whitespace_after=separator), whitespace_after_arg=_NOTHING)
        added = added.with_changes(whitespace_after_arg=tail)
    return call.with_changes(args=[*others, kept, added])


def _with_first(call: cst.Call, added: cst.Arg) -> cst.Call:
    """Comments between the brackets stay above the new argument, which has their indentation."""
    blank = call.whitespace_before_args
    if not isinstance(blank, cst.ParenthesizedWhitespace) or not _has_comment(blank):
        return call.with_changes(args=[added], whitespace_before_args=_NOTHING)
    own_lines = [line.whitespace for line in blank.empty_lines if line.comment]
    deeper = own_lines[-1] if own_lines else cst.SimpleWhitespace(blank.last_line.value + "    ")
    added = added.with_changes(whitespace_after_arg=_without_comments(blank))
    return call.with_changes(args=[added], whitespace_before_args=blank.with_changes(last_line=deeper))


def without(call: cst.Call, unwanted: Callable[[Listed], bool]) -> cst.Call:
    """The call without the arguments that are unwanted; comments of other lines stay."""
    for position, listed in reversed(list(enumerate(_listed(call)))):
        if unwanted(listed):
            call = _without_one(call, position)
    return call


def _without_one(call: cst.Call, position: int) -> cst.Call:
    """The comment behind the argument goes with it, unless others stand on its line too."""
    arguments = list(call.args)
    removed = arguments.pop(position)
    before = _blank_behind(arguments[position - 1]) if position else call.whitespace_before_args
    behind = _blank_behind(removed)
    if isinstance(before, cst.ParenthesizedWhitespace) or not position:
        behind = _without_first_comment(behind)
    if not arguments:
        blank = _merged(before, behind)
        return call.with_changes(args=[], whitespace_before_args=blank if _has_comment(blank) else _NOTHING)
    if position < len(arguments):
        blank = _before_next(before, behind, is_first=not position)
    else:
        blank = _merged(before, behind)
    if not position:
        return call.with_changes(args=arguments, whitespace_before_args=blank)
    previous = arguments[position - 1]
    if position < len(arguments) or isinstance(removed.comma, cst.Comma):
        comma = cst.ensure_type(previous.comma, cst.Comma).with_changes(whitespace_after=blank)
        arguments[position - 1] = previous.with_changes(comma=comma)
    else:
        arguments[position - 1] = previous.with_changes(
            comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=blank
        )
    return call.with_changes(args=arguments)


def _before_next(before: Blank, behind: Blank, is_first: bool) -> Blank:
    """What stands before the argument that follows a removed one: on a new line if either was."""
    if isinstance(before, cst.ParenthesizedWhitespace):
        return _merged(before, behind) if isinstance(behind, cst.ParenthesizedWhitespace) else before
    if is_first and not _has_comment(behind):
        return before
    return behind if isinstance(behind, cst.ParenthesizedWhitespace) else before


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
        return _without_comments(between[-1]) if own_lines else _SPACE
    opening = call.whitespace_before_args
    return _without_comments(opening) if isinstance(opening, cst.ParenthesizedWhitespace) else _SPACE


def _joined(before: Blank, after: Blank) -> Blank:
    """The comments of `before`, then the line and the indentation that `after` ends in."""
    if not isinstance(before, cst.ParenthesizedWhitespace) or not _has_comment(before):
        return after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    return before.with_changes(indent=after.indent, last_line=after.last_line)


def _merged(before: Blank, after: Blank) -> Blank:
    """The comments of both; where there are none in `before`, just `after`."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before if _has_comment(before) else after
    more = after.empty_lines if _has_comment(after) or not before.empty_lines else ()
    joined = before.with_changes(indent=after.indent, last_line=after.last_line)
    return joined.with_changes(empty_lines=[*before.empty_lines, *more])


def _without_first_comment(blank: Blank) -> Blank:
    """The same without the comment on the line that it begins on."""
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return blank
    return blank.with_changes(first_line=blank.first_line.with_changes(comment=None, whitespace=_NOTHING))


def _without_comments(blank: Blank) -> Blank:
    """The same line end and indentation without comments and empty lines."""
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return blank
    return cst.ensure_type(_without_first_comment(blank), cst.ParenthesizedWhitespace).with_changes(
        empty_lines=[]
    )


def _has_comment(blank: Blank) -> bool:
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return False
    return bool(blank.first_line.comment) or any(line.comment for line in blank.empty_lines)
