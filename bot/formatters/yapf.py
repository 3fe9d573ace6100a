"""yapf, by `.style.yapf`, `setup.cfg` or `[tool.yapf]`."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from bot.formatters.child import WORKER, CannotRun
from bot.formatters.formatter import Formatter, not_installed, version_of
from bot.formatters.hooks import hook, ini_section, toml_table
from bot.formatters.source import in_text
from fixers.repository import Repository
from fixers.text import Unreadable


def yapf_for(repo: Repository, path: str) -> Formatter | None:
    """None where yapf isn't used. Raises CannotRun for what can't be followed."""
    used = hook(repo, "yapf")
    place, style = _style(repo, path)
    if used is None and not place:
        return None
    version = version_of("yapf")
    name = f"yapf {version} ({place or '.pre-commit-config.yaml'})".replace("  ", " ")
    if not version:
        return Formatter(name, reason=not_installed("yapf"), is_hook=used is not None)
    others = [word for word in used.arguments if word not in ("-i", "--in-place", "-p")] if used else []
    if others:
        reason = f"its hook is run with `{others[0]}`, which isn't followed here"
        return Formatter(name, reason=reason, is_hook=True)

    def run(data: bytes) -> bytes:
        return in_text(data, lambda text: str(WORKER.ask("yapf", source=text, settings=style)["text"]))

    leaves_alone = _is_excluded(repo, path) or (used is not None and not used.takes(path))
    return Formatter(name, run, is_hook=used is not None, leaves_alone=leaves_alone)


def _style(repo: Repository, path: str) -> tuple[str, Mapping[str, str]]:
    """The nearest file that holds a style, and the style; both empty where there is none."""
    for place in repo.nearest(path, [".style.yapf", "setup.cfg", "pyproject.toml"]):
        found: Mapping[str, Any] | None
        if place.endswith(".toml"):
            found = toml_table(repo, place, "tool", "yapf")
        else:
            found = ini_section(repo, place, "style" if place.endswith(".style.yapf") else "yapf")
        if found is not None:
            return place, {str(key): str(value) for key, value in found.items()}
    return "", {}


def _is_excluded(repo: Repository, path: str) -> bool:
    table = toml_table(repo, "pyproject.toml", "tool", "yapfignore") or {}
    patterns = [str(one) for one in table.get("ignore_patterns", ())]
    try:
        lines = repo.read(".yapfignore").decode("utf-8", "replace").splitlines()
    except Unreadable:
        lines = []
    patterns += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if any(pattern.count("*") > 4 for pattern in patterns):
        raise CannotRun("its ignored paths are too many wildcards to follow")
    return any(fnmatchcase(path, pattern.removeprefix("./")) for pattern in patterns)
