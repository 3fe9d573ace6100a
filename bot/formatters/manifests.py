"""prettier and yamlfmt for YAML, where the program is there and its configuration is plain data."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from bot.formatters.child import CannotRun, program, run
from bot.formatters.formatter import Formatter
from bot.formatters.hooks import Hook, hook
from bot.policy import plain_yaml
from bot.snapshot.patterns import BadPattern, matcher
from fixers.repository import Repository
from fixers.text import Unreadable

_PRETTIER_DATA = (
    *(".prettierrc", ".prettierrc.json", ".prettierrc.yml", ".prettierrc.yaml", ".prettierrc.json5"),
    ".prettierrc.toml",
)
_ENDINGS = ("js", "mjs", "cjs", "ts", "mts", "cts")
_PRETTIER_CODE = tuple(f"{name}.{end}" for name in (".prettierrc", "prettier.config") for end in _ENDINGS)
_LOADS_CODE = {"plugins", "pluginSearchDirs", "parser"}
_PRETTIER_VALUES = {
    *("--print-width", "--tab-width", "--prose-wrap", "--quote-props", "--end-of-line", "--trailing-comma"),
    *("--bracket-spacing", "--single-quote", "--use-tabs"),
}
_PRETTIER_FLAGS = {"--single-quote", "--use-tabs", "--no-bracket-spacing", "--no-semi", "--jsx-single-quote"}
_OF_NO_MATTER = {"--write", "-w", "--check", "-c", "--list-different", "-l", "--ignore-unknown", "-u"}
_YAMLFMT = (".yamlfmt", ".yamlfmt.yml", ".yamlfmt.yaml", "yamlfmt.yml", "yamlfmt.yaml")


def prettier_for(repo: Repository, path: str) -> Formatter | None:
    """None where prettier isn't used. Raises CannotRun for what can't be followed."""
    used = hook(repo, "prettier")
    place, settings, reason = _prettier_settings(repo, path)
    if used is None and not place:
        return None
    name = f"prettier ({place or '.pre-commit-config.yaml'})"
    found = program("prettier")
    arguments, other = _prettier_arguments(used) if used else ([], "")
    if other:
        reason = reason or f"its hook is run with `{other}`, which isn't followed here"
    if found is None:
        reason = reason or "prettier isn't on PATH"
    if found is None or reason:
        return Formatter(name, reason=reason, is_hook=used is not None)
    below = path.removeprefix(f"{place.rpartition('/')[0]}/") if "/" in place else path
    files = {".prettierrc.json": json.dumps(settings).encode()} | _beside(repo, place, ".editorconfig")
    command = [found, "--config", ".prettierrc.json", *arguments, "--stdin-filepath", f"./{below}"]
    leaves_alone = _is_ignored(repo, path) or (used is not None and not used.takes(path))
    return Formatter(
        name,
        lambda data: run(command, data, files),
        is_hook=used is not None,
        leaves_alone=leaves_alone,
    )


def yamlfmt_for(repo: Repository, path: str) -> Formatter | None:
    """None where yamlfmt isn't used."""
    used = hook(repo, "yamlfmt")
    place = next(iter(repo.nearest(path, _YAMLFMT)), "")
    if used is None and not place:
        return None
    name = f"yamlfmt ({place or '.pre-commit-config.yaml'})"
    found, settings = program("yamlfmt"), _data(repo, place) if place else {}
    reason = "yamlfmt isn't on PATH" if found is None else ""
    if used is not None and used.arguments:
        reason = reason or f"its hook is run with `{used.arguments[0]}`, which isn't followed here"
    if not isinstance(settings, dict):
        reason = reason or f"{place} can't be read as plain data"
    if found is None or reason:
        return Formatter(name, reason=reason, is_hook=used is not None)
    files = {"yamlfmt.json": json.dumps(settings).encode()}
    leaves_alone = used is not None and not used.takes(path)
    return Formatter(
        name,
        lambda data: run([found, "-conf", "yamlfmt.json", "-"], data, files),
        is_hook=used is not None,
        leaves_alone=leaves_alone,
    )


def _prettier_arguments(used: Hook) -> tuple[list[str], str]:
    """The hook's arguments that prettier is given again, and the first that isn't known to be harmless."""
    arguments = []
    words = list(used.words)
    while words:
        word = words.pop(0)
        if word in _PRETTIER_VALUES and words and not words[0].startswith("-"):
            arguments.append(f"{word}={words.pop(0)}")
        elif word in _PRETTIER_FLAGS:
            arguments.append(word)
        elif word not in _OF_NO_MATTER:
            return [], word
    return arguments, ""


def _prettier_settings(repo: Repository, path: str) -> tuple[str, Mapping[str, Any], str]:
    """The nearest configuration, its data, and why it can't be used."""
    for place in repo.nearest(path, ["package.json", *_PRETTIER_DATA, *_PRETTIER_CODE]):
        name = place.rpartition("/")[2]
        if name in _PRETTIER_CODE:
            return place, {}, "its configuration is code"
        data = _data(repo, place)
        if name == "package.json":
            data = data.get("prettier") if isinstance(data, dict) else None
            if data is None:
                continue
        if not isinstance(data, dict):
            return place, {}, "its configuration isn't plain data"
        return place, data, "its configuration loads code" if _loads_code(data) else ""
    return "", {}, ""


def _loads_code(data: object) -> bool:
    if isinstance(data, dict):
        return bool(_LOADS_CODE & data.keys()) or any(map(_loads_code, data.values()))
    return isinstance(data, list) and any(map(_loads_code, data))


def _data(repo: Repository, place: str) -> Any:
    """The file as plain data (YAML, JSON or TOML, by its name), or None."""
    try:
        data = repo.read(place)
        if place.endswith((".json", ".json5")):
            return json.loads(data)
        return tomllib.loads(data.decode()) if place.endswith(".toml") else plain_yaml(data)
    except (Unreadable, ValueError, RecursionError):
        return None


def _beside(repo: Repository, place: str, name: str) -> dict[str, bytes]:
    """The file of this name that lies beside the configuration: it is data, and counts too."""
    found = f"{place.rpartition('/')[0]}/{name}" if "/" in place else name
    try:
        return {name: repo.read(found)} if found in repo else {}
    except Unreadable:
        return {}


def _is_ignored(repo: Repository, path: str) -> bool:
    if ".prettierignore" not in repo:
        return False
    try:
        lines = repo.read(".prettierignore").decode("utf-8", "replace").splitlines()
        return matcher(lines)(path)
    except Unreadable as error:
        raise CannotRun(f"its ignored paths: {error.reason}") from error
    except BadPattern as error:
        raise CannotRun(f"its ignored paths hold {error}") from error
