"""The App in this process, its deliveries over HTTP: it waits for nothing, so that a test needn't either."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

import httpx
from emulator.deliveries import Delivery
from emulator.world import GitHub
from queue_rig import DEADLINE, settled
from real_server import headers, served
from soak_deliveries import asked, lost

from bot.app import create_app
from bot.events import Job, Kind
from bot.github import App, OnCall
from bot.jobs import Ending, Jobs, Outcome, Pace, Patience, Pauses
from bot.ledger import Ledger
from bot.metrics import Metrics
from bot.settings import Settings
from bot.work import Worker
from fixers import all_rules

TRIES = 10
_HASTY = Patience(tries=TRIES, tries_of_a_defect=1, first=0.0, longest=0.0, most=0.0)
_PACE = Pace(poll=0.01, look_for_deaths=3600, look_around=3600, patience=_HASTY)
_SECONDS = 2.0
"""The longest that GitHub may take for an answer."""


def settings_of(github: GitHub, folder: Path) -> Settings:
    return Settings(
        github.app_id,
        github.private_key,
        (github.webhook_secret,),
        folder,
        f"sqlite:///{folder / 'suture.sqlite'}",
        api_url=github.base_url,
    )


@contextmanager
def worker(settings: Settings, on_call: OnCall | None = None) -> Iterator[Worker]:
    ledger = Ledger(settings.database_url, lambda: 1_764_288_000)
    ledger.migrate()
    pauses = Pauses(settings.database_url)
    pauses.prepare()
    with App(settings, on_call, pace=0.0, seconds=_SECONDS, sleep=lambda seconds: None) as app:
        yield Worker(app, ledger, settings.data / "blobs", all_rules(), pauses)
    pauses.close()
    ledger.close()


def push_job(github: GitHub, name: str) -> Job:
    """What the last push to the default branch starts."""
    commit = github.head(name, "main") or ""
    return Job(Kind.PUSH, github.installation_id, name, ref="main", commit=commit)


@dataclass
class Running:
    github: GitHub
    settings: Settings
    client: httpx.Client
    """Of the App's own server."""
    taken: set[str] = field(default_factory=set)
    """Deliveries that were brought by `post`, and asked for a job."""
    told: "Queue[Ending]" = field(default_factory=Queue)
    ended: dict[str, Ending] = field(default_factory=dict)
    """By delivery."""

    def listen(self) -> None:
        """From now on GitHub brings what happens."""
        self.github.listen(str(self.client.base_url.join("/webhooks/github")))

    def drain(self) -> None:
        """Returns when every delivery was taken in and its job has ended, however it did."""
        while True:
            self.github.settle(DEADLINE)
            for one in lost(self.github):
                self.github.redeliver(one)
            self.github.settle(DEADLINE)
            if not (self.taken | asked(self.github)) - self.ended.keys():
                return
            ending = self.told.get(timeout=DEADLINE)
            if ending.outcome in (Outcome.DONE, Outcome.FAILED):
                self.ended[ending.delivery] = ending

    def post(self, delivery: Delivery) -> str:
        """Bring it as GitHub would; what the App said."""
        signed = headers(
            delivery.body, delivery.event, self.github.webhook_secret, x_github_delivery=delivery.guid
        )
        answer = self.client.post("/webhooks/github", content=delivery.body, headers=signed)
        assert answer.status_code == 202, answer.text
        outcome = str(answer.json()["outcome"])
        if outcome != "ignored":
            self.taken.add(delivery.guid)
        return outcome

    def failed(self) -> list[Ending]:
        return [one for one in self.ended.values() if one.outcome is Outcome.FAILED]

    def ask_again(self) -> None:
        """A person has GitHub deliver again what failed."""
        for ending in self.failed():
            turn = f"~{ending.tries}" if ending.tries > 1 else ""
            settled(f"{ending.id}{turn}")
            del self.ended[ending.delivery]
            last = [one for one in self.github.deliveries if one.guid == ending.delivery][-1]
            self.github.redeliver(last)


@contextmanager
def running(github: GitHub, folder: Path) -> Iterator[Running]:
    """The App works and serves; GitHub doesn't know of it yet."""
    settings, told = settings_of(github, folder), Queue[Ending]()
    with ExitStack() as scope:
        working = scope.enter_context(worker(settings))

        def tell(ending: Ending) -> None:
            working.tell(ending)
            told.put(ending)

        jobs = Jobs(settings.database_url, working.do, working.pauses, tell=tell, pace=_PACE)
        jobs.launch()
        scope.callback(jobs.destroy)
        app = create_app(settings, jobs.accept, is_ready=jobs.is_ready, metrics=Metrics(), depth=dict)
        client = scope.enter_context(served(app))
        yield Running(github, settings, client, told=told)
        github.listen(None)
