"""Knows a finding again: where nothing moved, where the text around it changed, where it moved."""

from collections.abc import Iterable

from bot.published.marker import Known
from fixers.engine import Hit, digest

Place = tuple[str, str, str]
"""A rule, and digests of a path and of a symbol in it."""


class Recognition:
    """Tells which findings of now are those of a marker, by what both say and by what is gone.

    A rejection holds for its rule in its function or resource, whatever is written there now. It follows
    a file that was renamed or moved, and a function that was: once nothing is left in the old place. All
    that the rule says of a place goes together.
    """

    def __init__(self, hits: Iterable[Hit], paths: Iterable[str]) -> None:
        self._hits = tuple(hits)
        self._paths = {digest(path) for path in paths}
        self._places = {place(hit) for hit in self._hits}
        self._went: dict[Known, frozenset[Place]] = {}

    def is_same(self, one: Known, hit: Hit) -> bool:
        """Whether it is the same finding, with the same snippet in the same place."""
        return place(hit) == (one.rule, one.path, one.symbol) and hit.snippet == one.snippet

    def is_here(self, one: Known, hit: Hit) -> bool:
        """Whether it is what the same rule says of the same place."""
        return place(hit) == (one.rule, one.path, one.symbol)

    def is_in_place(self, one: Known, hit: Hit) -> bool:
        """Whether it is what the same rule says of the same place, or of where that went."""
        if one not in self._went:
            self._went[one] = self._where(one)
        return self.is_here(one, hit) or place(hit) in self._went[one]

    def _where(self, one: Known) -> frozenset[Place]:
        """Where it went, if it isn't where it was. What is alike by half is told by being the only one:
        many files have a `main`, and many call the same function with the same words."""
        if (one.rule, one.path, one.symbol) in self._places:
            return frozenset()
        is_gone = one.path not in self._paths
        alike, half = set(), set()
        for hit in self._hits:
            if hit.rule.id != one.rule:
                continue
            has_path, has_snippet = digest(hit.path) == one.path, hit.snippet == one.snippet
            has_symbol = digest(hit.symbol) == one.symbol
            if has_snippet and has_symbol and (is_gone or hit.symbol):
                alike.add(place(hit))
            elif (has_snippet and (is_gone or has_path)) or (is_gone and has_symbol and hit.symbol):
                half.add(place(hit))
        return frozenset(alike or (half if len(half) == 1 else ()))


def place(hit: Hit) -> Place:
    return hit.rule.id, digest(hit.path), digest(hit.symbol)
