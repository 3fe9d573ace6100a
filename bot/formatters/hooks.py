"""What `.pre-commit-config.yaml` says of formatters, and the configuration files beside them, as data."""

import configparser
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.formatters.child import WORKER
from bot.policy import plain_yaml
from fixers.repository import Repository
from fixers.text import Unreadable

MAX_BYTES = 256_000


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook of pre-commit: its arguments, and which paths it is for, as regular expressions."""

    arguments: tuple[str, ...]
    files: str
    excludes: tuple[str, ...]

    @property
    def configuration(self) -> str:
        """The file that `--config` names, as a path of the repository, or nothing."""
        following = zip(self.words, self.words[1:], strict=False)
        return next((value.removeprefix("./") for word, value in following if word == "--config"), "")

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments, with `--key=value` as two of them."""
        pairs = (word.split("=", 1) if word.startswith("--") else [word] for word in self.arguments)
        return tuple(part for pair in pairs for part in pair)

    def takes(self, path: str) -> bool:
        """Raises CannotRun for an expression that can't be used."""
        patterns = [self.files or "^", *self.excludes]
        found = WORKER.ask("search", patterns=[(pattern, [path]) for pattern in patterns])["found"]
        return bool(found[0]) and not any(found[1:])


def hook(repo: Repository, *names: str) -> Hook | None:
    """The first hook with one of these ids."""
    hooks = repo.fact(_hooks, ".pre-commit-config.yaml")
    return next((one for name, one in hooks if name in names), None)


def _hooks(repo: Repository, path: str) -> tuple[tuple[str, Hook], ...]:
    try:
        plain = plain_yaml(repo.read(path))
    except Unreadable:
        return ()
    return tuple(_read(plain)) if isinstance(plain, dict) else ()


def _read(plain: Mapping[str, Any]) -> Iterator[tuple[str, Hook]]:
    everywhere = _texts(plain.get("exclude"))
    for source in _mappings(plain.get("repos")):
        for one in _mappings(source.get("hooks")):
            arguments = tuple(str(word) for word in one.get("args") or () if isinstance(word, str | int))
            excludes = (*everywhere, *_texts(one.get("exclude")))
            files = one.get("files")
            yield str(one.get("id")), Hook(arguments, files if isinstance(files, str) else "", excludes)


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else ()


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def toml_table(repo: Repository, path: str, *names: str) -> Mapping[str, Any] | None:
    """A table of a TOML file; None where there is none, or where the file can't be read."""
    table = repo.fact(_toml, path)
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def _toml(repo: Repository, path: str) -> Any:
    try:
        data = repo.read(path)
        return tomllib.loads(data.decode()) if len(data) <= MAX_BYTES else None
    except (Unreadable, ValueError, RecursionError):
        return None


def ini_section(repo: Repository, path: str, name: str) -> Mapping[str, str] | None:
    """A section of an INI file; None where there is none, or where the file can't be read."""
    parser = configparser.RawConfigParser()
    try:
        data = repo.read(path)
        parser.read_string(data.decode() if len(data) <= MAX_BYTES else "")
        return dict(parser[name]) if parser.has_section(name) else None
    except (Unreadable, ValueError, configparser.Error):
        return None
