"""Changes of one fix that would be written at the same place, joined into one."""

from fixers.rule import Change, Changes, Edit


def together(*changes: Change) -> Changes:
    """The changes, with those that only add at the same place as one, in the order they are given in.

    Imports that each bring their own blank line share it.
    """
    joined: list[Change] = []
    for change in dict.fromkeys(changes):
        one = _adding_at(joined, change)
        if one is None or not isinstance(change, Edit):
            joined.append(change)
            continue
        head = one.text.rstrip("\r\n")
        ending = one.text[len(head) :]
        newline = "\r\n" if ending.startswith("\r\n") else ending[:1]
        text = head + newline + (change.text.lstrip("\r\n") if newline else change.text)
        joined[joined.index(one)] = Edit(one.span, text, one.path)
    return tuple(joined)


def _adding_at(changes: list[Change], change: Change) -> Edit | None:
    if not isinstance(change, Edit) or change.span.start != change.span.end:
        return None
    edits = (one for one in changes if isinstance(one, Edit))
    return next((one for one in edits if one.span == change.span and one.path == change.path), None)
