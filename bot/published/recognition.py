"""Knows a finding again: where nothing moved, where the text around it changed, where it moved."""

from collections.abc import Iterable

from bot.published.marker import Known
from fixers.engine import Hit, digest


class Recognition:
    """Tells which findings of now are those of a marker, by what both say and by what is gone.

    A rejection holds for its rule in its function or resource, whatever is written there now. It follows
    a file that was renamed or moved, and a function that was: once nothing is left in the old place.
    """

    def __init__(self, hits: Iterable[Hit], paths: Iterable[str]) -> None:
        self._paths = {digest(path) for path in paths}
        self._places = {place(hit) for hit in hits}

    def is_same(self, one: Known, hit: Hit) -> bool:
        """Whether it is the same finding, with the same snippet in the same place."""
        return place(hit) == (one.rule, one.path, one.symbol) and hit.snippet == one.snippet

    def is_in_place(self, one: Known, hit: Hit) -> bool:
        """Whether it is what the same rule says of the same place, or of where that went."""
        if place(hit) == (one.rule, one.path, one.symbol):
            return True
        if hit.rule.id != one.rule or (one.rule, one.path, one.symbol) in self._places:
            return False
        has_path, has_snippet = digest(hit.path) == one.path, hit.snippet == one.snippet
        has_symbol = bool(hit.symbol) and digest(hit.symbol) == one.symbol
        if one.path not in self._paths:
            return has_symbol or has_snippet
        return has_snippet and (has_path or has_symbol)


def place(hit: Hit) -> tuple[str, str, str]:
    return hit.rule.id, digest(hit.path), digest(hit.symbol)
