"""The environment, read here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot import credentials

_PASSED_ON = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "USERPROFILE")

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})
_LARGEST_KEY = 64 * 1024
"""Bytes of a private key's file; GitHub's keys have about 1,700."""

_Known = tuple[int, str, tuple[str, ...]]
"""App id, private key, webhook secrets; each empty where it isn't known."""


_SHORTEST_TOKEN = 32


class SettingsError(Exception):
    """A variable or a file that can't be understood: the message names it, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `suture serve` was told. Secrets stay out of its `repr`."""

    app_id: int
    private_key: str = field(repr=False)
    """PEM, as GitHub hands it out."""
    webhook_secrets: tuple[str, ...] = field(repr=False)
    """The one in use, then the one before it while deliveries signed with it may still come."""
    data: Path
    database_url: str = field(repr=False)
    github_url: str = "https://github.com"
    api_url: str = "https://api.github.com"
    public_url: str = ""
    api_token: str = field(default="", repr=False)
    """Opens the API; without one there is none."""
    is_paused: bool = False
    has_metrics: bool = True
    at_once: int = 8
    """Jobs that this process works on at the same time, each of another repository."""

    @property
    def has_credentials(self) -> bool:
        return bool(self.app_id and self.private_key and self.webhook_secrets)


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment holds, with the stored credentials where it holds none; without
    any, `has_credentials` is false.

    Raises SettingsError for what is malformed, and for credentials that are there in part.
    """
    env = os.environ if environment is None else environment
    data = _data_folder(env)
    github_url = _url(env, "SUTURE_GITHUB_URL", "https://github.com")
    known = (_app_id(env), _private_key(env), _secrets(env))
    _refuse_half(known)
    return Settings(
        *(known if any(known) else _stored(data, github_url)),
        data=data,
        database_url=_database_url(env, data),
        github_url=github_url,
        api_url=_url(env, "SUTURE_GITHUB_API_URL", _api_of(github_url)),
        public_url=_url(env, "SUTURE_PUBLIC_URL", ""),
        api_token=_api_token(env),
        is_paused=_is_set(env, "SUTURE_PAUSED", default=False),
        has_metrics=_is_set(env, "SUTURE_METRICS", default=True),
        at_once=_number(env, "SUTURE_JOBS_AT_ONCE", 8, most=64),
    )


def child_environment() -> dict[str, str]:
    """What a program that we start may know of ours: where programs and the user's own settings are.

    Tokens stay behind, and so does every GIT_… variable (a hook sets GIT_DIR). PATH keeps absolute
    folders alone, so that no program is picked up in a repository that is being read.
    """
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if os.path.isabs(folder))
    return passed_on | {"PATH": path, "LC_ALL": "C", "PYTHONUTF8": "1"}


def _app_id(env: Mapping[str, str]) -> int:
    return _number(env, "SUTURE_APP_ID", 0, most=2**63 - 1)


def _private_key(env: Mapping[str, str]) -> str:
    """A key with its line ends written as `\\n` is understood: many places hold variables of one line."""
    given, path = env.get("SUTURE_PRIVATE_KEY", ""), env.get("SUTURE_PRIVATE_KEY_FILE", "")
    if given and path:
        raise SettingsError("SUTURE_PRIVATE_KEY and SUTURE_PRIVATE_KEY_FILE are both set: unset one of them")
    key = given.replace("\\n", "\n").strip() or (_key_in(Path(path)) if path else "")
    if key and "PRIVATE KEY-----" not in key:
        name = "SUTURE_PRIVATE_KEY_FILE" if path else "SUTURE_PRIVATE_KEY"
        raise SettingsError(f"{name} holds no PEM private key: download one from the App's settings")
    return key


def _key_in(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_KEY).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"SUTURE_PRIVATE_KEY_FILE: {path} can't be read ({type(error).__name__}): "
            "give the path of the .pem file that GitHub made, readable for this user"
        ) from None


def _secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    current, previous = env.get("SUTURE_WEBHOOK_SECRET", ""), env.get("SUTURE_WEBHOOK_SECRET_PREVIOUS", "")
    if previous and not current:
        raise SettingsError("SUTURE_WEBHOOK_SECRET_PREVIOUS is set alone: set SUTURE_WEBHOOK_SECRET too")
    return tuple(secret for secret in (current, previous) if secret)


def _refuse_half(known: _Known) -> None:
    names = ("SUTURE_APP_ID", "SUTURE_PRIVATE_KEY (or SUTURE_PRIVATE_KEY_FILE)", "SUTURE_WEBHOOK_SECRET")
    absent = [name for name, value in zip(names, known, strict=True) if not value]
    if 0 < len(absent) < len(names):
        raise SettingsError(f"{' and '.join(absent)} must be set too: all are on the App's settings page")


def _stored(data: Path, github_url: str) -> _Known:
    """What `suture serve` stored in the data folder when the App was registered."""
    try:
        stored = credentials.load(data)
    except credentials.Unusable as error:
        raise SettingsError(str(error)) from None
    if stored is None:
        return 0, "", ()
    if stored.github_url != github_url:
        raise SettingsError(
            f"the App in {data / credentials.NAME} belongs to {stored.github_url}, and SUTURE_GITHUB_URL "
            f"means {github_url}: set it to the former, or SUTURE_DATA to another folder"
        )
    return stored.app_id, stored.private_key, stored.webhook_secrets


def _api_token(env: Mapping[str, str]) -> str:
    token = env.get("SUTURE_API_TOKEN", "")
    if token and not (len(token) >= _SHORTEST_TOKEN and token.isascii() and token.isprintable()):
        raise SettingsError(
            f"SUTURE_API_TOKEN must have {_SHORTEST_TOKEN} characters: `openssl rand -hex 32` makes one"
        )
    return token


def _data_folder(env: Mapping[str, str]) -> Path:
    if given := env.get("SUTURE_DATA", ""):
        return Path(given).expanduser().absolute()
    shared = env.get("XDG_DATA_HOME", "")
    return (Path(shared) if os.path.isabs(shared) else Path.home() / ".local/share") / "suture"


def _database_url(env: Mapping[str, str], data: Path) -> str:
    """A URL for SQLAlchemy, with its driver named: sqlite:///… or postgresql+psycopg://…"""
    given = env.get("SUTURE_DATABASE_URL", "")
    if not given:
        return f"sqlite:///{quote((data / 'suture.sqlite').as_posix(), safe='/:')}"
    scheme, separator, rest = given.partition("://")
    if separator and rest and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest not in ("/", "/:memory:"):
        return given
    raise SettingsError(
        "SUTURE_DATABASE_URL must be sqlite:///PATH (a file) or postgresql://USER:PASSWORD@HOST/NAME"
    )


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    given = env.get(name, "") or default
    try:
        parts = urlsplit(given)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        sound = False
    if given and (not sound or parts.username or parts.query or parts.fragment):
        raise SettingsError(
            f"{name} must be an address like https://github.example.com, with nothing after it"
        )
    return given.rstrip("/")


def _api_of(github_url: str) -> str:
    """Where a GitHub answers REST calls (docs.github.com: "Getting started with the REST API")."""
    parts = urlsplit(github_url)
    host = parts.hostname or ""
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"{parts.scheme}://api.{parts.netloc}"
    return f"{github_url}/api/v3"


def _is_set(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = env.get(name)
    if given is None:
        return default
    if given.strip().lower() not in _YES | _NO:
        raise SettingsError(f"{name} must be 1 or 0")
    return given.strip().lower() in _YES


def _number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    given = env.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 20 and 0 < int(given) <= most):
        raise SettingsError(f"{name} must be a whole number from 1 to {most:,}")
    return int(given)
