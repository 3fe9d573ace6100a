"""The manifests that govern a Python file: all those of the nearest folder upward that has one."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fixers.manifests import locks, pyproject, requirements, setup_cfg, tables
from fixers.manifests.pin import Manifest, Pin
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.repository import Repository

_REQUIREMENTS = re.compile(r"(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]*)?\.(?:txt|in)", re.A)
_LISTED = re.compile(r"[\w.-]+\.(?:txt|in)", re.A)
_MAIN = (
    "requirements",
    "base",
    "main",
    "common",
    "prod",
    "production",
    "requirements-prod",
    "requirements-base",
)
_SIDE = re.compile(
    r"dev|test|docs?\b|lint|\bci\b|build|bench|example|optional|constraints|extra|typing", re.I
)
_CLOSED = {
    "setup.py": "which is a program and isn't edited",
    "environment.yml": "which Suture doesn't edit",
    "environment.yaml": "which Suture doesn't edit",
}
_NAMED = ("pyproject.toml", "Pipfile", "setup.cfg", *_CLOSED)


def governing_folder(repo: "Repository", path: str) -> str | None:
    """The nearest folder at or above the file at `path` that has a manifest; the root is empty."""
    for parent in PurePosixPath(path).parents:
        folder = "" if str(parent) == "." else str(parent)
        if manifests(repo, folder):
            return folder
    return None


def manifests(repo: "Repository", folder: str) -> tuple[Manifest, ...]:
    """The manifests of a folder, what a component needs to run first; empty if there are none."""
    return repo.fact(_of_folder, folder) if folder in repo.fact(_index, "") else ()


def _index(repo: "Repository", _: str) -> dict[str, list[str]]:
    """Folders to the paths of what may be their manifests; `requirements/` belongs to its parent."""
    index: dict[str, list[str]] = {}
    for path in repo.paths:
        folder, name = posixpath.split(path)
        above, last = posixpath.split(folder)
        if last == "requirements" and _LISTED.fullmatch(name):
            index.setdefault(above, []).append(path)
        elif name in _NAMED or _REQUIREMENTS.fullmatch(name):
            index.setdefault(folder, []).append(path)
    return index


def _of_folder(repo: "Repository", folder: str) -> tuple[Manifest, ...]:
    paths = repo.fact(_index, "")[folder]
    found = [one for one in (_read(repo, path) for path in paths) if one is not None]
    listed = _requirements(repo, [path for path in paths if path.endswith((".txt", ".in"))])
    if not found and not listed:
        return ()
    every = [*found, *listed, *_locks(repo, folder)]
    return tuple(
        sorted(every, key=lambda one: (not one.is_main, bool(one.closed), not one.pins, _rank(one.path)))
    )


def _rank(path: str) -> tuple[int, str]:
    name = posixpath.basename(path)
    return (_NAMED.index(name) if name in _NAMED[:2] else 2, path)


def _read(repo: "Repository", path: str) -> Manifest | None:
    """A manifest that isn't of requirements, or nothing if the file doesn't speak of packages."""
    name = posixpath.basename(path)
    if name in _CLOSED:
        return Manifest(path, is_main=True, closed=f"its packages are declared in `{path}`, {_CLOSED[name]}")
    if name == "pyproject.toml":
        return _pyproject(repo, path)
    if name == "Pipfile":
        return _guarded(repo, Manifest(path, is_main=True), tables.read_pipfile)
    if name == "setup.cfg":
        closed = f"its packages are declared in `{path}`, which Suture doesn't edit"
        read = _guarded(repo, Manifest(path, is_main=True, closed=closed), setup_cfg.read)
        return read if read.pins or read.problem else None
    return None


def _guarded(
    repo: "Repository", manifest: Manifest, read: Callable[[Text, str], tuple[Pin, ...]]
) -> Manifest:
    try:
        return replace(manifest, pins=read(Text.decode(repo.read(manifest.path)), manifest.path))
    except Unreadable as error:
        where = f"line {error.line} of `{manifest.path}`" if error.line else f"`{manifest.path}`"
        return replace(manifest, problem=f"{where} {error.reason}")


def _pyproject(repo: "Repository", path: str) -> Manifest | None:
    read = _guarded(repo, Manifest(path, is_main=True), pyproject.read)
    if read.problem:
        return read
    text = Text.decode(repo.read(path))
    if not pyproject.is_manifest(text):
        return None
    refusal = pyproject.refuses(text)
    return replace(read, closed=f"`{path}` {refusal}") if refusal else read


def _requirements(repo: "Repository", paths: list[str]) -> list[Manifest]:
    main = _main_of(paths)
    return [_requirements_file(repo, path, path in main) for path in paths]


def _main_of(paths: list[str]) -> set[str]:
    """The file that lists what runs, with its `.in` if it is generated from one; empty if unclear."""
    stems = {path: posixpath.splitext(posixpath.basename(path))[0] for path in paths}
    for stem in _MAIN:
        if found := {path for path in paths if stems[path] == stem}:
            return found
    rest = [path for path in paths if not _SIDE.search(stems[path])]
    return set(rest) if len({stems[path] for path in rest}) == 1 else set()


def _requirements_file(repo: "Repository", path: str, is_main: bool) -> Manifest:
    read = _guarded(repo, Manifest(path, is_main=is_main), lambda _, path: requirements.read(repo, path))
    if read.problem:
        return read
    source = path.removesuffix(".txt") + ".in"
    beside = posixpath.join(posixpath.dirname(path), "pyproject.toml")
    text = Text.decode(repo.read(path))
    if tool := requirements.generated_by(text):
        covers = [source] if source in repo else []
        exported = tool.endswith("export") or requirements.named_in_head(text, "pyproject.toml")
        covers += [beside] if beside in repo and exported else []
        closed = f"`{path}` is generated, and what it is generated from isn't beside it"
        return replace(read, closed=closed, covers=tuple(covers), refresh=tool)
    if requirements.has_hashes(text):
        covers = [one for one in (source, beside) if one in repo][:1]
        closed = "its requirements carry hashes: add it with pip-compile"
        return replace(read, closed=closed, covers=tuple(covers), refresh="the tool that wrote it")
    return read


def _locks(repo: "Repository", folder: str) -> list[Manifest]:
    found = []
    for name in locks.COMMANDS:
        path = posixpath.join(folder, name)
        if path in repo:
            found.append(_lock(repo, path, folder))
    above = _workspace_lock(repo, folder)
    return [*found, _lock(repo, above, folder)] if above else found


def _lock(repo: "Repository", path: str, folder: str) -> Manifest:
    name = posixpath.basename(path)
    source = "Pipfile" if name == "Pipfile.lock" else "pyproject.toml"
    read = locks.lock(repo, path)
    covers = (posixpath.join(folder, source),)
    return Manifest(path, read.pins, problem=read.problem, covers=covers, refresh=locks.COMMANDS[name])


def _workspace_lock(repo: "Repository", folder: str) -> str:
    """The `uv.lock` above the folder that locks it as a member of a workspace, or nothing."""
    for parent in PurePosixPath(folder).parents if folder else ():
        path = str(parent / "uv.lock")
        if path in repo:
            member = posixpath.relpath(folder, str(parent))
            return path if member in locks.lock(repo, path).members else ""
    return ""
