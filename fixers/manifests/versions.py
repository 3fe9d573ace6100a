"""What a version specifier allows: the lowest and the highest version that it lets in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_POETRY_PART = re.compile(r"(\^|~=|~|===|==|!=|<=|>=|<|>|)\s*v?([^\s,|<>=!~^]+)")


@dataclass(frozen=True, slots=True)
class Range:
    """The versions between two bounds, None where open. `excludes_upper`: the bound isn't among them."""

    lower: Version | None = None
    upper: Version | None = None
    excludes_upper: bool = False

    def is_at_least(self, version: Version) -> bool:
        return self.lower is not None and self.lower >= version

    def is_below(self, version: Version) -> bool:
        if self.upper is None:
            return False
        return self.upper < version or (self.excludes_upper and self.upper == version)

    def is_apart_from(self, other: "Range") -> bool:
        """Whether no version lies in both."""
        return self._ends_before(other) or other._ends_before(self)

    def _ends_before(self, other: "Range") -> bool:
        return other.lower is not None and self.is_below(other.lower)


def range_of(specifier: SpecifierSet) -> Range:
    """The bounds of a specifier, pre-releases aside: `==2.6.*` begins at 2.6. A contradiction is open."""
    lower: Version | None = None
    upper: tuple[Version, bool] | None = None
    for low, high in _bounds(specifier):
        if low is not None:
            lower = low if lower is None else max(lower, low)
        if high is not None:
            upper = high if upper is None else min(upper, high)
    if upper is None:
        return Range(lower)
    if lower is not None and lower > upper[0]:
        return Range()
    return Range(lower, upper[0], not upper[1])


Upper = tuple[Version, bool]
"""A highest version, and whether it is itself allowed; False sorts first and so is the stricter."""


def _bounds(specifier: SpecifierSet) -> Iterator[tuple[Version | None, Upper | None]]:
    for part in specifier:
        try:
            version = Version(part.version.removesuffix(".*"))
        except InvalidVersion:  # `===` takes any text
            continue
        match part.operator:
            case "==" if part.version.endswith(".*"):
                yield version, (_next(version, len(version.release)), False)
            case "==" | "===":
                yield version, (version, True)
            case "~=":
                yield version, (_next(version, len(version.release) - 1), False)
            case ">=" | ">":
                yield version, None
            case "<":
                yield None, (version, False)
            case "<=":
                yield None, (version, True)


def _next(version: Version, length: int) -> Version:
    """The version after all that share the first `length` numbers: 2.5.1 and 2 give 2.6."""
    numbers = (*version.release, *([0] * length))[:length]
    return Version(f"{version.epoch}!" + ".".join(map(str, (*numbers[:-1], numbers[-1] + 1))))


def exact_version(specifier: SpecifierSet) -> Version | None:
    """The only version that `==` lets in, if there is one."""
    bounds = range_of(specifier)
    pinned = any(part.operator in ("==", "===") for part in specifier)
    return bounds.lower if pinned and bounds.lower == bounds.upper else None


def poetry_specifier(text: str) -> SpecifierSet:
    """Poetry's way to write a specifier: `^1.2`, `~1.2`, `1.2`, `1.*`. An alternative (`||`) is open.

    https://python-poetry.org/docs/dependency-specification/
    """
    if "|" in text:
        return SpecifierSet()
    try:
        return SpecifierSet(",".join(_pep440(*found) for found in _POETRY_PART.findall(text)))
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return SpecifierSet()


def _pep440(operator: str, version: str) -> str:
    if version == "*":
        return ""
    if operator == "^":
        low = Version(version)
        length = next((i for i, number in enumerate(low.release, 1) if number), len(low.release))
        return f">={version},<{_next(low, length)}"
    if operator == "~":
        low = Version(version)
        return f">={version},<{_next(low, min(len(low.release), 2))}"
    return f"{operator or '=='}{version}"
