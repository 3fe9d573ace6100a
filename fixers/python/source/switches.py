"""Keywords that must not have a literal: one idea for many rules, each with a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Argument, Call
from fixers.rule import Changes

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile


@dataclass(frozen=True)
class Switch:
    """Calls, by their real names, in which a keyword must not have one of these literals.

    `instead` is what stands in the value's place then; without it the keyword goes, as the library's own
    default is right. `position` is where the argument stands without its keyword, counted from 0, if it may.
    """

    calls: tuple[str, ...]
    keyword: str
    values: tuple[object, ...] = (True,)
    instead: str | None = None
    position: int | None = None

    def argument(self, call: Call) -> Argument | None:
        """The value that is wrong, if it is written out in the call."""
        written = call.keyword(self.keyword)
        if written is None and self.position is not None:
            written = call.positional(self.position)
        if written is None:
            return None
        literal = written.literal
        # by their types too: 1 == True, and nobody means the one by the other
        is_wrong = any(type(literal) is type(value) and literal == value for value in self.values)
        return written if is_wrong else None

    def changes(self, call: Call, written: Argument) -> Changes:
        """What puts it right."""
        if self.instead is not None:
            return written.replace(self.instead)
        if call.keyword(self.keyword) is not None:
            return call.remove_keyword(self.keyword)
        assert self.position is not None
        return call.remove_positional(self.position)


def switched(file: "PythonFile", *switches: Switch) -> Iterator[tuple[Call, Switch, Changes]]:
    """Each call in which one of the switches is set wrong, with what puts it right, by place."""
    found = []
    for switch in switches:
        for call in file.calls_to(*switch.calls):
            if (written := switch.argument(call)) is not None:
                found.append((call, switch, switch.changes(call, written)))
    yield from sorted(found, key=lambda one: one[0].span)
