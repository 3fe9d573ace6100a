"""ruff's formatter, by the settings that we read from its configuration ourselves."""

import importlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.formatters.child import CannotRun, run
from bot.formatters.formatter import Formatter, not_installed, version_of
from bot.formatters.hooks import Hook, hook, toml_table
from bot.snapshot.patterns import BadPattern, matcher
from fixers.repository import Repository

_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_SETTINGS = ("required-version", "line-length", "indent-width", "target-version", "preview")
_OF_FORMAT = (
    *("quote-style", "indent-style", "skip-magic-trailing-comma", "line-ending", "preview"),
    *("docstring-code-format", "docstring-code-line-length"),
)
_NOT_FOLLOWED = ("extend", "per-file-target-version", "extension")
_EXCLUDED = (
    *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache"),
    *(".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv"),
    *(".vscode", "__pypackages__", "_build", "buck-out", "dist", "node_modules", "site-packages", "venv"),
)
_OF_NO_MATTER = {"--check", "--diff", "--force-exclude", "--no-cache", "--quiet", "-q", "--verbose", "-v"}
_VALUES = {"--line-length": "line-length", "--target-version": "target-version"}


def ruff_for(repo: Repository, path: str) -> Formatter | None:
    """None where ruff doesn't format. Raises CannotRun for what can't be followed."""
    used = hook(repo, "ruff-format")
    named = used.configuration if used else ""
    place, settings = _settings(repo, [named] if named else repo.nearest(path, _FILES))
    if named and not place:
        return Formatter("ruff", reason=f"its hook names `{named}`, which has no settings", is_hook=True)
    if used is None and "format" not in settings:
        return None
    version = version_of("ruff")
    name = f"ruff {version} ({place or '.pre-commit-config.yaml'})".replace("  ", " ")
    if not version:
        return Formatter(name, reason=not_installed("ruff"), is_hook=used is not None)
    try:
        given = _given(settings) | _requires(repo, place) | (_arguments(used) if used else {})
        leaves_alone = _is_excluded(settings, path, place) or (used is not None and not used.takes(path))
    except CannotRun as error:
        return Formatter(name, reason=error.reason, is_hook=used is not None)
    options = [word for key, value in given.items() for word in ("--config", f"{key}={json.dumps(value)}")]
    file = "example.pyi" if path.endswith(".pyi") else "example.py"

    def format_(data: bytes) -> bytes:
        command = [_program(), "format", "--isolated", "--no-cache", *options, "--stdin-filename", file, "-"]
        return run(command, data)

    return Formatter(name, format_, is_hook=used is not None, leaves_alone=leaves_alone)


def _program() -> str:
    try:
        find = importlib.import_module("ruff").find_ruff_bin
    except ImportError:
        raise CannotRun(not_installed("ruff")) from None
    try:
        return str(find())
    except FileNotFoundError:
        raise CannotRun("the program of the ruff package is missing") from None


def _settings(repo: Repository, places: Iterable[str]) -> tuple[str, Mapping[str, Any]]:
    """The first file with settings, and those; both empty where there is none."""
    for place in places:
        names = ("tool", "ruff") if place.endswith("pyproject.toml") else ()
        found = toml_table(repo, place, *names)
        if found is not None:
            return place, found
    return "", {}


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What ruff is told, by its own keys. Raises CannotRun."""
    for key in _NOT_FOLLOWED:
        if key in settings:
            raise CannotRun(f"its `{key}` isn't followed here")
    table = settings.get("format")
    of_format = table if isinstance(table, dict) else {}
    given = {key: settings[key] for key in _SETTINGS if key in settings}
    return given | {f"format.{key}": of_format[key] for key in _OF_FORMAT if key in of_format}


def _requires(repo: Repository, place: str) -> dict[str, str]:
    """The oldest Python that the project supports, where the settings don't name one."""
    table = toml_table(repo, place, "tool", "ruff") if place.endswith("pyproject.toml") else None
    if table is None or "target-version" in table:
        return {}
    project = toml_table(repo, place, "project") or {}
    oldest = re.search(r">=\s*3\.(\d+)", str(project.get("requires-python", "")))
    return {"target-version": f"py3{oldest[1]}"} if oldest else {}


def _arguments(used: Hook) -> dict[str, Any]:
    given: dict[str, Any] = {}
    words = list(used.words)
    while words:
        word = words.pop(0)
        if word in _VALUES and words:
            value = words.pop(0)
            given[_VALUES[word]] = int(value) if value.isdigit() else value
        elif word in ("--preview", "--no-preview"):
            given["preview"] = word == "--preview"
        elif word == "--config" and words:
            words.pop(0)
        elif word not in _OF_NO_MATTER:
            raise CannotRun(f"its hook is run with `{word}`, which isn't followed here")
    return given


def _is_excluded(settings: Mapping[str, Any], path: str, place: str) -> bool:
    """ruff's globs, read as those of a .gitignore beside its configuration. Raises CannotRun."""
    table = settings.get("format")
    lists = [
        settings.get("exclude", _EXCLUDED),
        settings.get("extend-exclude", ()),
        table.get("exclude", ()) if isinstance(table, dict) else (),
    ]
    patterns = [str(one) for found in lists if isinstance(found, list | tuple) for one in found]
    below = path.removeprefix(place.rpartition("/")[0] + "/") if "/" in place else path
    try:
        return matcher(patterns)(below)
    except BadPattern as error:
        raise CannotRun(f"its excluded paths hold {error}") from error
