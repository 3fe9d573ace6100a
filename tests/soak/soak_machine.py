"""`suture serve` as a process that dies when it is told to, is started again, and is heard by its log."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import sqlalchemy as sa
from emulator import faults
from emulator.world import GitHub
from soak_deliveries import asked, lost

DEADLINE = 180
"""Seconds after which a process that still runs is killed, and its test fails; none comes near."""

_LISTENS = re.compile(r"running on (http://\S+)")
_TOLD = re.compile(r"suture\.jobs: delivery (\S+): \S+ (done|failed)\b")
_OPEN = ("ENQUEUED", "PENDING", "DELAYED")


class When(Enum):
    BEFORE = auto()
    """A request to GitHub was sent, and GitHub did nothing."""
    BEHIND = auto()
    """GitHub did what was asked; its answer arrives no more."""
    TOLD = auto()
    """A job has ended, and the queue may know it or not."""


@dataclass(frozen=True, slots=True)
class Death:
    """`nth`: requests whose method matches, or ends of jobs, since the last start."""

    when: When
    nth: int
    method: str = "*"


@dataclass
class Machine:
    """Where the App runs, on what a process before it left. One at a time."""

    github: GitHub
    folder: Path
    database_url: str = ""
    planned: list[Death] = field(default_factory=list)
    deaths: int = 0
    ended: dict[str, str] = field(default_factory=dict)
    """Delivery → outcome, as the log told it."""
    _again: set[str] = field(default_factory=set)
    _process: "subprocess.Popen[str] | None" = None
    _is_killed: bool = False
    _told_until_death: int = 0

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'suture.sqlite'}"

    def plan(self, deaths: list[Death]) -> None:
        """From now on: each of them comes once, the next one after the next start."""
        self.planned = deaths
        self._arm()

    def start(self) -> None:
        self._is_killed = False
        command = [sys.executable, "-W", "error", "-m", "bot", "serve", "--port", "0"]
        environment = os.environ | self._environment()
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._watchdog = threading.Timer(DEADLINE, self._process.kill)
        self._watchdog.start()
        self._arm()
        while self._process is not None:
            if found := _LISTENS.search(self._hear()):
                self.github.listen(f"{found[1]}/webhooks/github")
                return

    def drain(self) -> None:
        """Returns when every delivery was taken in and its job has ended: what wasn't is delivered again,
        and who died is started again."""
        while True:
            self.github.settle(DEADLINE)
            while self._process is not None and self._is_killed:
                self._hear()
            missed, owed = lost(self.github), (asked(self.github) | self._again) - self.ended.keys()
            if not missed and not owed:
                return
            if self._process is None:
                self.start()
            elif missed:
                for one in missed:
                    self.github.redeliver(one)
            else:
                self._hear()

    def finish(self) -> None:
        """An orderly end with an empty queue; what a death left in it is done first."""
        while True:
            self.drain()
            self._stop()
            self._again = self._left()
            if not self._again:
                return
            for delivery in self._again:
                self.ended.pop(delivery, None)

    def abandon(self) -> None:
        """Nothing runs any more, wherever a test ended."""
        if self._process is not None:
            self._kill()
            self._bury(self._process)

    def _environment(self) -> dict[str, str]:
        told = {
            "SUTURE_APP_ID": str(self.github.app_id),
            "SUTURE_PRIVATE_KEY": self.github.private_key,
            "SUTURE_WEBHOOK_SECRET": self.github.webhook_secret,
            "SUTURE_DATA": str(self.folder),
            "SUTURE_GITHUB_API_URL": self.github.base_url,
        }
        return told | ({"SUTURE_DATABASE_URL": self.database_url} if self.database_url else {})

    def _arm(self) -> None:
        """The next death, where none is due yet."""
        if self._process is None or not self.planned:
            return
        death = self.planned.pop(0)
        print(f"planned: {death}")
        if death.when is When.TOLD:
            self._told_until_death = death.nth
        else:
            fault = faults.death(self._kill, is_done=death.when is When.BEHIND)
            self.github.fault(fault, death.method, nth=death.nth)

    def _kill(self) -> None:
        """SIGKILL: nothing is tidied up. Returns when it is over."""
        assert self._process is not None
        self._is_killed = True
        self._process.kill()
        self._process.wait()

    def _hear(self) -> str:
        """The next line of the log; nothing once the process has ended."""
        process = self._process
        assert process is not None
        assert process.stderr is not None
        line = process.stderr.readline().rstrip("\n")
        if not line:
            self._bury(process)
            return ""
        print(line)
        assert "Traceback" not in line, "a defect: the log says where"
        if found := _TOLD.search(line):
            self.ended[found[1]] = found[2]
            self._told_until_death -= 1
            if self._told_until_death == 0:
                self._kill()
        return line

    def _bury(self, process: "subprocess.Popen[str]") -> None:
        with process:
            self._watchdog.cancel()
        self._process = None
        self.deaths += self._is_killed
        assert self._is_killed or process.returncode == 0, f"it ended by itself: {process.returncode}"
        print("it was killed" if self._is_killed else "it has ended")

    def _stop(self) -> None:
        """What runs may end; a planned death may still come first."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
        while self._process is not None:
            self._hear()

    def _left(self) -> set[str]:
        """The deliveries whose jobs the queue still holds."""
        engine = sa.create_engine(self.url)
        schema = "dbos." if self.database_url else ""
        asked_for = sa.text(f"SELECT workflow_uuid FROM {schema}workflow_status WHERE status IN :open")
        with engine.connect() as connection:
            names = connection.execute(
                asked_for.bindparams(sa.bindparam("open", _OPEN, expanding=True))
            ).scalars()
            left = {re.split("[#~]", name)[0] for name in names}
        engine.dispose()
        return left


@contextmanager
def machine(github: GitHub, folder: Path, database_url: str = "") -> Iterator[Machine]:
    made = Machine(github, folder, database_url)
    try:
        yield made
    finally:
        made.abandon()
