"""Which versions of Python a file has to run on, as far as its project says."""

import posixpath
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from fixers.manifests import setup_cfg, toml
from fixers.manifests.versions import Range, poetry_specifier, range_of
from fixers.text import Text, Unreadable

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile
    from fixers.repository import Repository

_MANIFESTS = ("pyproject.toml", "setup.cfg")


def python_surely_at_least(file: "PythonFile", version: str) -> bool:
    """Whether the project that the file belongs to runs on no older Python."""
    return _allowed(file).is_at_least(Version(version))


def python_surely_below(file: "PythonFile", version: str) -> bool:
    """Whether the project that the file belongs to runs on older Pythons only."""
    return _allowed(file).is_below(Version(version))


def _allowed(file: "PythonFile") -> Range:
    """What the nearest manifest that speaks of Python allows; open where none does."""
    for path in file.repo.nearest(file.path, _MANIFESTS):
        found = file.repo.fact(_said_by, path)
        if found is not None:
            return found
    return Range()


def _said_by(repo: "Repository", path: str) -> Range | None:
    try:
        text = Text.decode(repo.read(path))
        is_toml = posixpath.basename(path) == "pyproject.toml"
        specifier = _in_pyproject(text) if is_toml else _in_setup_cfg(text)
        return None if specifier is None else range_of(specifier)
    except (Unreadable, InvalidSpecifier):
        return Range()


def _in_pyproject(text: Text) -> SpecifierSet | None:
    data = toml.load(text)
    requires = toml.table(data, "project").get("requires-python")
    if isinstance(requires, str):
        return SpecifierSet(requires)
    poetry = toml.table(data, "tool", "poetry", "dependencies").get("python")
    return poetry_specifier(poetry) if isinstance(poetry, str) else None


def _in_setup_cfg(text: Text) -> SpecifierSet | None:
    requires = setup_cfg.parsed(text).get("options", "python_requires", fallback="")
    return SpecifierSet(requires) if requires else None
