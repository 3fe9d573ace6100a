"""black, by `[tool.black]` or by the arguments of its hook."""

from collections.abc import Mapping
from typing import Any

from bot.formatters.child import WORKER, CannotRun
from bot.formatters.formatter import Formatter, not_installed, version_of
from bot.formatters.hooks import Hook, hook, toml_table
from bot.formatters.source import in_text
from fixers.repository import Repository
from fixers.text import Unreadable

_NO_FOLDERS = (
    r"/(\.direnv|\.eggs|\.git|\.hg|\.ipynb_checkpoints|\.mypy_cache|\.nox|\.pytest_cache|\.ruff_cache"
    r"|\.tox|\.svn|\.venv|\.vscode|__pypackages__|_build|buck-out|build|dist|venv)/"
)
_PLAIN = {
    "line-length": ("line_length", int),
    "skip-string-normalization": ("string_normalization", bool),
    "skip-magic-trailing-comma": ("magic_trailing_comma", bool),
    "preview": ("preview", bool),
    "unstable": ("unstable", bool),
}
_VALUES = {"-l": "line-length", "--line-length": "line-length", "-t": "target-version"}
_VALUES |= {"--target-version": "target-version"}
_FLAGS = {
    "-S": "skip-string-normalization",
    "--skip-string-normalization": "skip-string-normalization",
    "-C": "skip-magic-trailing-comma",
    "--skip-magic-trailing-comma": "skip-magic-trailing-comma",
    "--preview": "preview",
    "--unstable": "unstable",
}
_OF_NO_MATTER = {"--safe", "--fast", "--quiet", "-q", "--verbose", "-v", "--check", "--diff", "--no-cache"}


def black_for(repo: Repository, path: str) -> Formatter | None:
    """None where black isn't used. Raises CannotRun for what can't be followed."""
    used = hook(repo, "black", "black-jupyter")
    named = used.configuration if used else ""
    places = [named] if named else repo.nearest(path, ["pyproject.toml"])
    place = next((place for place in places if _table(repo, place) is not None), "")
    if used is None and not place:
        return None
    version = version_of("black")
    if named and not place:
        return Formatter("black", reason=f"its hook names `{named}`, which has no settings", is_hook=True)
    name = f"black {version} ({place or '.pre-commit-config.yaml'})".replace("  ", " ")
    if not version:
        return Formatter(name, reason=not_installed("black"), is_hook=used is not None)
    settings = dict(_table(repo, place) or {}) if place else {}
    try:
        settings |= _arguments(used) if used else {}
        mode = _mode(settings, version, path)
        leaves_alone = _is_excluded(settings, path, place) or (used is not None and not used.takes(path))
    except CannotRun as error:
        return Formatter(name, reason=error.reason, is_hook=used is not None)
    project = toml_table(repo, place or "pyproject.toml", "project") or {}
    mode["requires_python"] = project.get("requires-python")

    def run(data: bytes) -> bytes:
        return in_text(data, lambda text: str(WORKER.ask("black", source=text, settings=mode)["text"]))

    return Formatter(name, run, is_hook=used is not None, leaves_alone=leaves_alone)


def black_by_evidence(repo: Repository, path: str) -> Formatter | None:
    """black with its defaults, for a file that it leaves as it is although nothing configures it.

    Many repositories run it from a Makefile or a workflow, without a word of configuration.
    """
    version = version_of("black")
    if not version or path not in repo:
        return None

    def run(data: bytes) -> bytes:
        return in_text(
            data,
            lambda text: str(WORKER.ask("black", source=text, settings=_mode({}, version, path))["text"]),
        )

    formatter = Formatter(f"black {version} (its defaults, under which the file is clean)", run)
    try:
        data = repo.read(path)
    except Unreadable:
        return None
    return formatter if formatter.format(data).data == data else None


def _table(repo: Repository, place: str) -> Mapping[str, Any] | None:
    return toml_table(repo, place, "tool", "black")


def _arguments(used: Hook) -> dict[str, Any]:
    """The hook's arguments as settings. Raises CannotRun for others."""
    settings: dict[str, Any] = {}
    words = list(used.words)
    while words:
        word = words.pop(0)
        if word in _VALUES and words:
            value = words.pop(0)
            settings[_VALUES[word]] = int(value) if value.isdigit() else [value]
        elif word in _FLAGS:
            settings[_FLAGS[word]] = True
        elif word == "--config" and words:
            words.pop(0)
        elif word not in _OF_NO_MATTER:
            raise CannotRun(f"its hook is run with `{word}`, which isn't followed here")
    return settings


def _mode(settings: Mapping[str, Any], version: str, path: str) -> dict[str, Any]:
    _hold_version(str(settings.get("required-version", "")), version)
    mode: dict[str, Any] = {"is_pyi": path.endswith(".pyi")}
    for key, (field, kind) in _PLAIN.items():
        value = settings.get(key)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise CannotRun(f"its `{key}` isn't {'a number' if kind is int else 'true or false'}")
        mode[field] = not value if key.startswith("skip-") else value
    versions = settings.get("target-version", [])
    mode["target_versions"] = [versions] if isinstance(versions, str) else list(versions)
    features = settings.get("enable-unstable-feature")
    if features:
        raise CannotRun("its `enable-unstable-feature` isn't followed here")
    return mode


def _hold_version(required: str, version: str) -> None:
    """Raises CannotRun unless the installed black is the one, or of the year, that is asked for."""
    if required not in ("", version, version.partition(".")[0]):
        raise CannotRun(f"it asks for black {required}, and {version} is installed")


def _is_excluded(settings: Mapping[str, Any], path: str, place: str) -> bool:
    """Whether black leaves the file alone: its expressions are searched in every folder on the way."""
    below = path.removeprefix(place.removesuffix("pyproject.toml")) if place else path
    parts = below.split("/")
    ways = ["/" + "/".join(parts[:number]) + "/" for number in range(1, len(parts))] + [f"/{below}"]
    excludes = [str(settings.get("exclude", _NO_FOLDERS))]
    excludes += [str(settings[key]) for key in ("extend-exclude", "force-exclude") if settings.get(key)]
    patterns = [(str(settings.get("include", r"\.pyi?$")), ways[-1:])]
    patterns += [(pattern, ways) for pattern in excludes if pattern]
    included, *excluded = WORKER.ask("search", patterns=patterns)["found"]
    return not included or any(excluded)
