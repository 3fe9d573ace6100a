"""What is done from time to time beside the jobs, by a thread that a failure doesn't end."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

log = logging.getLogger("suture.jobs")

Chore = tuple[float, Callable[[], None]]
"""Seconds from one time to the next, and what to do."""


class Housekeeping:
    """Chores, each at once and then every so often, one after another."""

    def __init__(self, *chores: Chore) -> None:
        self._chores = chores
        self._ended = Event()
        self._thread = Thread(target=self._keep, name="suture-housekeeping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        due = [0.0] * len(self._chores)
        while not self._ended.wait(max(0.0, min(due) - monotonic())):
            for number, (every, chore) in enumerate(self._chores):
                if due[number] <= monotonic() and not self._ended.is_set():
                    self._try(chore)
                    due[number] = monotonic() + every

    def _try(self, chore: Callable[[], None]) -> None:
        try:
            chore()
        except Exception:
            log.exception("housekeeping: %s failed, and is tried again later", chore.__name__)
