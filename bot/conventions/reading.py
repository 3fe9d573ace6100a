"""What a repository's own files of configuration say, where they can be read."""

import json
from typing import Any

from fixers.manifests import toml
from fixers.repository import Repository
from fixers.text import Text, Unreadable


def text_of(repo: Repository, path: str) -> str:
    """The characters of a file; none where it is absent or can't be read."""
    try:
        return Text.decode(repo.read(path)).content
    except Unreadable:
        return ""


def json_of(repo: Repository, path: str) -> dict[str, Any]:
    """The object of a JSON file; an empty one where it can't be read."""
    try:
        data = json.loads(text_of(repo, path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def toml_of(repo: Repository, path: str) -> dict[str, Any]:
    """The tables of a TOML file; none where it can't be read."""
    try:
        return toml.load(Text.decode(repo.read(path)))
    except Unreadable:
        return {}


def workflows(repo: Repository) -> list[str]:
    """The paths of the repository's GitHub workflows; of very many, the first."""
    found = (path for path in repo.paths if path.startswith(".github/workflows/"))
    return [path for path in found if path.endswith((".yml", ".yaml"))][:MAX_WORKFLOWS]


MAX_WORKFLOWS = 100
