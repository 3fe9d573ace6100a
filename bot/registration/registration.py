"""The one registration of a process: who may begin it, and what comes of GitHub's answer."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from bot import credentials, github
from bot.settings import Settings

log = logging.getLogger("suture.registration")

_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")


class NotOurs(Exception):
    """The answer isn't one to what was begun here."""


class Unstored(Exception):
    """The App exists and its credentials are lost: `made` tells which, the message why."""

    def __init__(self, message: str, made: github.Credentials) -> None:
        super().__init__(message)
        self.made = made


class Registration:
    """Begun by who knows `token`, ended by who brings `state` back with a code. For several threads."""

    def __init__(
        self,
        settings: Settings,
        convert: Callable[[str, str], github.Credentials] = github.App.convert_manifest,
    ) -> None:
        self.settings = settings
        self.token = secrets.token_urlsafe(32)
        self.state = secrets.token_urlsafe(32)
        self._convert = convert
        self._lock = Lock()
        self._made: github.Credentials | None = None

    @property
    def is_done(self) -> bool:
        return self._made is not None

    @property
    def file(self) -> Path:
        """Where the credentials go."""
        return self.settings.data / credentials.NAME

    def lets_in(self, token: str) -> bool:
        return _equal(token, self.token) and not self.is_done

    def complete(self, code: str, state: str) -> github.Credentials:
        """Exchange the code and store what comes of it; told again, the same without a second exchange.

        A state that led to nothing is spent, unless GitHub didn't answer: then the code may be good still.
        Raises NotOurs, Unstored and github.Problem.
        """
        with self._lock:
            if not _equal(state, self.state) or not _CODE.fullmatch(code):
                raise NotOurs
            if self._made is None:
                self._made = self._exchanged(code)
            return self._made

    def _exchanged(self, code: str) -> github.Credentials:
        try:
            return self._stored(self._convert(self.settings.api_url, code))
        except github.Unavailable:
            raise
        except (github.Problem, Unstored):
            self.state = secrets.token_urlsafe(32)
            raise

    def _stored(self, made: github.Credentials) -> github.Credentials:
        if not made.webhook_secret:
            raise Unstored("GitHub gave no webhook secret", made)
        told = (made.app_id, made.private_key, (made.webhook_secret,))
        try:
            credentials.store(
                self.settings.data, credentials.Stored(self.settings.github_url, made.name, *told)
            )
        except OSError as error:
            raise Unstored(f"{self.file} could not be written ({type(error).__name__})", made) from None
        log.info("the App %d is registered; its credentials are in %s", made.app_id, self.file)
        return made


def _equal(given: str, expected: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(given.encode("utf-8", "backslashreplace"), expected.encode())
