"""A formatter that a repository has chosen, ready to be run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata

from bot.formatters.child import CannotRun
from fixers.stitch import Formatted


@dataclass(frozen=True, slots=True)
class Formatter:
    """`name` says which and by what (`black 26.10.1 (pyproject.toml)`); `reason`, why it can't be run.

    `is_hook`: pre-commit runs it. `leaves_alone`: it is configured, but not for this file.
    """

    name: str
    run: Callable[[bytes], bytes] | None = field(default=None, repr=False, compare=False)
    reason: str = ""
    is_hook: bool = False
    leaves_alone: bool = False

    def format(self, data: bytes) -> Formatted:
        """The formatted bytes, or why there are none. Raises nothing."""
        if self.run is None or self.reason:
            return Formatted(self.name, None, self.reason)
        try:
            return Formatted(self.name, self.run(data))
        except CannotRun as error:
            return Formatted(self.name, None, error.reason)


def version_of(package: str) -> str:
    """The installed version, or nothing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def not_installed(package: str) -> str:
    return f"{package} isn't installed (pip install suture[formatters])"
