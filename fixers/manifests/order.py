"""Where a new name belongs in a list of names: in its place if they are sorted, else at the end."""

from bisect import bisect
from collections.abc import Sequence

from packaging.utils import canonicalize_name

FEWEST = 3
"""Fewer names than these are in order by chance."""


def place_for(name: str, names: Sequence[str]) -> int:
    """The position of the name to stand behind; -1 is before the first."""
    keys = [canonicalize_name(other) for other in names]
    if len(keys) < FEWEST or keys != sorted(keys):
        return len(keys) - 1
    return bisect(keys, canonicalize_name(name)) - 1
