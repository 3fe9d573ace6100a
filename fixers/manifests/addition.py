"""Adds a package to the manifests that a component uses, in their own style, or says why not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fixers.engine import splice
from fixers.manifests import pyproject, requirements, tables
from fixers.manifests.checks import additions, data_of
from fixers.manifests.folder import governing_folder, manifests
from fixers.manifests.pin import Manifest, Pin, parse_requirement
from fixers.manifests.versions import range_of
from fixers.rule import Changes, Edit, Refusal
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.repository import Repository

NO_MANIFEST = "no manifest of its Python packages found beside or above it, so the import would break"


def require(repo: "Repository", path: str, requirement: str) -> Changes:
    """The edits after which the file at `path` may import what `requirement` (PEP 508) brings.

    Nothing if it is there already. A component whose lists mirror each other gets it in each. What
    has to be done beside the edits, `lock_hint` says.
    """
    wanted = parse_requirement(requirement, 0)
    governing = _governing(repo, path)
    if not governing:
        return (Refusal(NO_MANIFEST),)
    if problem := next((one.problem for one in governing if one.is_main and one.problem), ""):
        return (Refusal(f"{problem}, so nothing can be added"),)
    targets = _targets(governing)
    if not targets:
        closed = next((one.closed for one in governing if one.is_main and one.closed), "")
        return (Refusal(closed or "which of its requirements files it is installed from can't be told"),)
    changes: Changes = ()
    for target in targets:
        mine = [pin for pin in target.pins if _is_of(pin, wanted) and not pin.group]
        locked = [pin for lock in governing if target.path in lock.covers for pin in lock.pins]
        if mine:
            changes += _already(wanted, mine, [pin for pin in locked if _is_of(pin, wanted)])
        else:
            changes += _added(repo, target.path, wanted)
    return changes


def lock_hint(repo: "Repository", path: str) -> str:
    """What has to be written anew after `require`: "refresh `uv.lock` with `uv lock`", or nothing."""
    governing = _governing(repo, path)
    edited = {target.path for target in _targets(governing)}
    stale = [one for one in governing if edited & set(one.covers)]
    return " and ".join(f"refresh `{one.path}` with {_command(one.refresh)}" for one in stale)


def _command(refresh: str) -> str:
    return refresh if refresh.startswith("the ") else f"`{refresh}`"


def _governing(repo: "Repository", path: str) -> tuple[Manifest, ...]:
    folder = governing_folder(repo, path)
    return () if folder is None else manifests(repo, folder)


def _targets(governing: Sequence[Manifest]) -> list[Manifest]:
    """The first open list of what runs, and those that name some of the same packages."""
    candidates = [one for one in governing if one.is_main and not one.closed and not one.problem]
    if not candidates:
        return []
    names = {pin.name for pin in candidates[0].pins if not pin.group}
    mirrors = [one for one in candidates[1:] if any(pin.name in names and not pin.group for pin in one.pins)]
    return [candidates[0], *mirrors]


def _is_of(pin: Pin, requirement: Requirement) -> bool:
    return pin.name == canonicalize_name(requirement.name)


def _already(wanted: Requirement, mine: Sequence[Pin], locked: Sequence[Pin]) -> Changes:
    """Nothing, or why what is there isn't what is wanted."""
    first = mine[0]
    if all(pin.marker for pin in mine):
        return (Refusal(f"`{first.source}` asks for `{first.name}` only under a condition"),)
    missing = {canonicalize_name(extra) for extra in wanted.extras}.difference(*(pin.extras for pin in mine))
    if missing:
        return (
            Refusal(f"`{first.source}` asks for `{first.name}` without `[{', '.join(sorted(missing))}]`"),
        )
    for pin in (*mine, *locked):
        if _contradicts(pin, wanted):
            has = f"`{pin.source}` has `{pin.name}{pin.specifier}`"
            return (Refusal(f"{has}, and the fix needs `{wanted}`"),)
    return ()


def _contradicts(pin: Pin, wanted: Requirement) -> bool:
    if pin.exact is not None:
        return not wanted.specifier.contains(pin.exact, prereleases=True)
    return range_of(pin.specifier).is_apart_from(range_of(wanted.specifier))


def _added(repo: "Repository", path: str, wanted: Requirement) -> Changes:
    try:
        text = Text.decode(repo.read(path))
        edits = _edits(path, text, wanted)
        after = Text.decode(text.encode(splice(text.content, edits)))
        new = additions(data_of(path, text), data_of(path, after))
    except Unreadable as error:
        where = f"line {error.line} of `{path}`" if error.line else f"`{path}`"
        return (Refusal(f"{where} {error.reason}"),)
    if new is None or len(new) != 1:
        return (Refusal(f"`{path}` can't be added to without changing more of it"),)
    return tuple(Edit(edit.span, edit.text, path) for edit in edits)


def _edits(path: str, text: Text, wanted: Requirement) -> tuple[Edit, ...]:
    if path.endswith((".txt", ".in")):
        return requirements.add(text, str(wanted))
    if path.endswith("Pipfile"):
        return tables.add_to_pipfile(text, wanted)
    return pyproject.add(text, wanted)
