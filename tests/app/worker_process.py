"""A worker in a process of its own, for tests that kill it: told what to do on its standard input.

`add NAME NUMBER REPOSITORY`, `go` (jobs with odd numbers wait for it), `look` (for deaths); it answers
`ready`, `added NAME OUTCOME`, `begun NUMBER`, `told NAME OUTCOME`, `looked WAITING RUNNING`.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEADLINE = 120
"""Seconds after which a worker that says nothing is killed, and its test fails."""


@dataclass
class Worker:
    process: "subprocess.Popen[str]"
    unheard: list[list[str]] = field(default_factory=list)

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self, first: str, count: int = 1) -> list[list[str]]:
        """The next so many lines that begin with a word; those in between wait for whoever asks."""
        heard = [words for words in self.unheard if words[0] == first][:count]
        for words in heard:
            self.unheard.remove(words)
        assert self.process.stdout is not None
        while len(heard) < count:
            line = self.process.stdout.readline()
            assert line, "the worker ended, or was killed as it said nothing any more"
            words = line.split()
            (heard if words[0] == first else self.unheard).append(words)
        return [words[1:] for words in heard]

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        self.process.kill()
        self.process.wait()


@contextmanager
def worker(url: str, deaths: int = 20) -> Iterator[Worker]:
    command = [sys.executable, "-W", "error", str(Path(__file__)), url, str(deaths)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    try:
        with process:
            running = Worker(process)
            running.hear("ready")
            yield running
            process.kill()
    finally:
        watchdog.cancel()
        process.kill()


def main(url: str, deaths: int) -> None:
    from bot.events import Job, Kind
    from bot.jobs import Ending, Jobs, Pace, Pauses

    go = threading.Event()

    def write(line: str) -> None:
        os.write(sys.stdout.fileno(), f"{line}\n".encode())  # at once: several threads write

    def work(job: Job) -> None:
        write(f"begun {job.number}")
        if job.number % 2:
            go.wait()

    def tell(ending: Ending) -> None:
        write(f"told {ending.delivery} {ending.outcome.value}")

    pace = Pace(at_once=3, poll=0.01, look_for_deaths=0.1, deaths=deaths)
    jobs = Jobs(url, work, Pauses(url), tell=tell, pace=pace)
    jobs.launch()
    write("ready")
    for line in sys.stdin:
        match line.split():
            case ["add", name, number, repository]:
                job = Job(Kind.PUSH, 7, f"o/r{repository}", int(repository), number=int(number))
                write(f"added {name} {jobs.add(name, job).value}")
            case ["go"]:
                go.set()
            case ["look"]:
                jobs.look_for_deaths()
                depth = jobs.depth()
                write(f"looked {depth.waiting} {depth.running}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
