"""Which deployable unit of a repository a file belongs to."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from fixers.manifests import toml
from fixers.repository import Repository
from fixers.text import Text, Unreadable

_MARKERS = (
    "setup.py",
    "requirements.txt",
    "Dockerfile",
    "package.json",
    "Chart.yaml",
    "kustomization.yaml",
    "kustomization.yml",
    "Kustomization",
)
_STATE = re.compile(
    r"^[ \t]*(?:terraform[ \t]*\{[ \t]*)?(?:backend[ \t]+\"|cloud[ \t]*\{)",
    re.M,
)
_PROVIDER = re.compile(r"^[ \t]*provider[ \t]+\"", re.M)
_LOCAL_SOURCE = re.compile(r"^[ \t]*source[ \t]*=[ \t]*\"(\.{1,2}/[^\"\n]*)\"", re.M)
_STATED = (".terraform.lock.hcl", ".tfvars", ".tfvars.json")
SOURCES = (".tf", ".tofu")
MAX_FILES = 200
"""Files of one Terraform folder that are looked at."""


def component_of(repo: Repository, path: str) -> str:
    """The nearest folder at or above a file that is deployed by itself; empty for the repository's root.

    Any unit counts for any file: a Python service may be known by its Dockerfile alone.
    """
    return next((folder for folder in folders_above(path) if repo.fact(_is_unit, folder)), "")


def folders_above(path: str) -> Iterator[str]:
    """The folder of a file and those above it, the nearest first; the root is empty."""
    for parent in PurePosixPath(path).parents:
        yield "" if str(parent) == "." else str(parent)


def _is_unit(repo: Repository, folder: str) -> bool:
    has_marker = any(posixpath.join(folder, name) in repo for name in _MARKERS)
    return has_marker or _is_project(repo, folder) or bool(repo.fact(terraform_root, folder))


def _is_project(repo: Repository, folder: str) -> bool:
    """Whether the folder's pyproject.toml is known to hold more than the configuration of tools."""
    path = posixpath.join(folder, "pyproject.toml")
    if path not in repo:
        return False
    try:
        data = toml.load(Text.decode(repo.read(path)))
    except Unreadable:
        return True
    return "project" in data or "build-system" in data or bool(toml.table(data, "tool", "poetry"))


def terraform_root(repo: Repository, folder: str) -> str:
    """The file that shows that Terraform is run in a folder; empty for a module that others call.

    A module may set up providers or carry a lock too; what keeps a state of its own is none.
    """
    files = terraform_folders(repo).get(folder, [])[:MAX_FILES]
    sources = [path for path in files if path.endswith(SOURCES)]
    keeping = next((path for path in sources if _holds(repo, path, _STATE)), "")
    if keeping or not sources or folder in callers(repo):
        return keeping
    shown = (path for path in files if path.endswith(_STATED) or _holds(repo, path, _PROVIDER))
    return min(shown, key=lambda path: path.endswith(_STATED), default="")


def terraform_folders(repo: Repository) -> dict[str, list[str]]:
    """Every folder of Terraform files, to its `.tf`, `.tofu`, `.tfvars` and lock files."""
    return repo.fact(_terraform_folders, "")


def _terraform_folders(repo: Repository, _: str) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in repo.paths:
        if path.endswith((*SOURCES, *_STATED)):
            folders.setdefault(posixpath.dirname(path), []).append(path)
    return folders


def callers(repo: Repository) -> dict[str, list[str]]:
    """Every folder that is called as a local module, to the other folders that call it."""
    return repo.fact(_callers, "")


def _callers(repo: Repository, _: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for folder, files in terraform_folders(repo).items():
        texts = (_content(repo, path) for path in files[:MAX_FILES] if path.endswith(SOURCES))
        named = {posixpath.join(folder, name) for text in texts for name in _LOCAL_SOURCE.findall(text)}
        for module in {posixpath.normpath(path) for path in named} - {folder or "."}:
            found.setdefault("" if module == "." else module, []).append(folder)
    return found


def _holds(repo: Repository, path: str, block: re.Pattern[str]) -> bool:
    return bool(block.search(_content(repo, path)))


def _content(repo: Repository, path: str) -> str:
    try:
        return Text.decode(repo.read(path)).content
    except Unreadable:
        return ""
