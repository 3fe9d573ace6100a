"""What one manifest says of one package, and what one manifest is."""

from dataclasses import dataclass, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from fixers.manifests.versions import exact_version
from fixers.text import Unreadable

MAX_REQUIREMENT = 4_000
"""Characters of one requirement: longer numbers than these Python doesn't read."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package's normalised name, the versions allowed and, from a lock or `==`, the one version.

    `source` is the manifest's path and `line` where it says so, from 1 (0: not located). `group` is
    the extra or group it belongs to, empty for what is always installed; `marker` the condition.
    """

    name: str
    specifier: SpecifierSet
    exact: Version | None
    source: str
    line: int
    extras: frozenset[str] = frozenset()
    marker: str = ""
    group: str = ""

    @classmethod
    def of(cls, requirement: Requirement, source: str, line: int, group: str = "") -> "Pin":
        return cls(
            canonicalize_name(requirement.name),
            requirement.specifier,
            exact_version(requirement.specifier),
            source,
            line,
            frozenset(canonicalize_name(extra) for extra in requirement.extras),
            str(requirement.marker or ""),
            group,
        )

    def within(self, constraint: "Pin") -> "Pin":
        """This pin where another manifest narrows it down."""
        specifier = self.specifier & constraint.specifier
        return replace(self, specifier=specifier, exact=exact_version(specifier))


@dataclass(frozen=True, slots=True)
class Manifest:
    """One file that names packages.

    `is_main`: what the component needs to run. `closed`: why nothing is added to it here. `problem`:
    why it couldn't be read. A lock, or a file generated from another, `covers` the manifests whose
    packages it fixes, and `refresh` is the command that writes it anew.
    """

    path: str
    pins: tuple[Pin, ...] = ()
    is_main: bool = False
    closed: str = ""
    problem: str = ""
    covers: tuple[str, ...] = ()
    refresh: str = ""


def parse_requirement(text: str, line: int) -> Requirement:
    """Read a requirement as PEP 508 has it. Raises Unreadable with the line."""
    if len(text) > MAX_REQUIREMENT:
        raise Unreadable("is too long for a requirement", line)
    try:
        requirement = Requirement(text)
        for part in requirement.specifier:
            if part.operator != "===":
                Version(part.version.removesuffix(".*"))
    except (InvalidRequirement, ValueError, RecursionError) as error:
        raise Unreadable("isn't a requirement as PEP 508 has it", line) from error
    return requirement
