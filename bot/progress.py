"""A line that moves while a person waits at a terminal for longer than a second."""

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from bot.escaping import one_line

_PATIENCE_SECONDS = 1.0
_BREATH_SECONDS = 0.1


class Progress:
    """Shows what is being worked on, on standard error, once a second has passed; silent when piped."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_watched = console.is_terminal and console.file.isatty()
        self._next = monotonic() + _PATIENCE_SECONDS
        self._status: Status | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status:
            self._status.stop()

    def on_step(self, what: str) -> None:
        """Count one more step, and name it."""
        self._count += 1
        if not self._is_watched or monotonic() < self._next:
            return
        self._next = monotonic() + _BREATH_SECONDS
        if self._status is None:
            self._status = Status("", console=self._console)
            self._status.start()
        line = Text(f"{self._count}: {one_line(what)}", no_wrap=True, overflow="ellipsis")
        self._status.update(line)
