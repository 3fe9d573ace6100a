"""What a repository's manifests say of its Python packages, and how a package is added to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from fixers.manifests.addition import lock_hint, require
from fixers.manifests.checks import verify
from fixers.manifests.folder import governing_folder, manifests
from fixers.manifests.pin import Manifest, Pin
from fixers.manifests.versions import Range, range_of
from fixers.text import Unreadable

if TYPE_CHECKING:
    from fixers.repository import Repository

__all__ = ["Pin", "lock_hint", "pins", "require", "surely_at_least", "surely_below", "verify"]

_NOTHING: Mapping[str, Pin] = MappingProxyType({})


def pins(repo: "Repository", path: str) -> Mapping[str, Pin]:
    """Each package that the manifests governing the file at `path` name, by normalised name.

    Where several manifests name one, the first that the component needs to run speaks; a lock gives
    it the exact version. Empty where nothing is known.
    """
    folder = governing_folder(repo, path)
    return _NOTHING if folder is None else repo.fact(_pins, folder)


def _pins(repo: "Repository", folder: str) -> Mapping[str, Pin]:
    found: dict[str, Pin] = {}
    governing = manifests(repo, folder)
    for manifest in governing:
        locked = _one_of_each(pin for lock in _locks_of(manifest, governing) for pin in lock.pins)
        own = _one_of_each(manifest.pins) if manifest.refresh else {}
        for pin in sorted(manifest.pins, key=lambda pin: bool(pin.group)):
            pin = own.get(pin.name, pin)
            lock = locked.get(pin.name)
            found.setdefault(pin.name, replace(pin, exact=lock.exact) if lock and not pin.exact else pin)
    return MappingProxyType(found)


def _one_of_each(pins: Iterable[Pin]) -> dict[str, Pin]:
    """The pins of a lock by name; a package of several versions is open."""
    found: dict[str, Pin] = {}
    for pin in pins:
        known = found.setdefault(pin.name, pin)
        if known.exact != pin.exact:
            found[pin.name] = replace(known, specifier=SpecifierSet(), exact=None)
    return found


def _locks_of(manifest: Manifest, governing: tuple[Manifest, ...]) -> list[Manifest]:
    return [lock for lock in governing if manifest.path in lock.covers]


def surely_at_least(repo: "Repository", path: str, name: str, version: str) -> bool:
    """Whether every version that the manifests allow is `version` or later; False if that isn't known."""
    wanted = Version(version)
    return _all(repo, path, name, lambda allowed: allowed.is_at_least(wanted))


def surely_below(repo: "Repository", path: str, name: str, version: str) -> bool:
    """Whether every version that the manifests allow comes before `version`; False if that isn't known."""
    wanted = Version(version)
    return _all(repo, path, name, lambda allowed: allowed.is_below(wanted))


def _all(repo: "Repository", path: str, name: str, holds: Callable[[Range], bool]) -> bool:
    folder = governing_folder(repo, path)
    if folder is None:
        return False
    ranges = repo.fact(_ranges, folder).get(canonicalize_name(name), ())
    return bool(ranges) and all(map(holds, ranges)) and not _is_named_unread(repo, folder, name)


def _ranges(repo: "Repository", folder: str) -> Mapping[str, tuple[Range, ...]]:
    """What each manifest allows, except where a lock decides; empty if one of them can't be read."""
    governing = manifests(repo, folder)
    if any(manifest.problem for manifest in governing):
        return {}
    found: dict[str, tuple[Range, ...]] = {}
    for manifest in governing:
        decided = {pin.name for lock in _locks_of(manifest, governing) for pin in lock.pins}
        for pin in manifest.pins:
            if pin.name not in decided:
                found[pin.name] = (*found.get(pin.name, ()), range_of(pin.specifier))
    return found


def _is_named_unread(repo: "Repository", folder: str, name: str) -> bool:
    """Whether a manifest that isn't read, such as `setup.py`, may have its own say on the package."""
    word = name.lower().encode()
    unread = [one.path for one in manifests(repo, folder) if one.closed and not one.pins]
    try:
        return any(word in repo.read(path).lower() for path in unread)
    except Unreadable:
        return True
