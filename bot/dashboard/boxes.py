"""The boxes of the dashboard: each is known by what is hidden behind its words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    OPEN = "open"
    """Open a pull request of this campaign now, whatever the limits say."""
    AGAIN = "again"
    """Open once more what a person closed."""
    NEXT = "next"
    """Open whatever comes first."""
    PAUSE = "pause"
    """Hold everything back in this repository."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a tick asks for; `key` is the digest of a campaign's key, where the verb needs one."""

    verb: Verb
    key: str = ""

    def line(self, words: str, *, is_ticked: bool = False) -> str:
        """The box in the page, before words that are Markdown of one line."""
        key = f" {self.key}" if self.key else ""
        return f"- [{'x' if is_ticked else ' '}] {words} <!-- suture: {self.verb.value}{key} -->"


_BOX = re.compile(
    r"[ \t]*[-*+] \[(?P<tick>[ xX])\] .*<!-- suture: (?P<verb>[a-z]+)(?: (?P<key>[0-9a-f]{10}))? -->[ \t]*"
)


def ticked(lines: Iterable[str]) -> frozenset[Box]:
    """The boxes of these lines that are ticked; lines that are no boxes of ours are passed over."""
    verbs = {verb.value: verb for verb in Verb}
    found = (_BOX.fullmatch(line) for line in lines)
    return frozenset(
        Box(verbs[one["verb"]], one["key"] or "")
        for one in found
        if one and one["tick"] != " " and one["verb"] in verbs
    )
