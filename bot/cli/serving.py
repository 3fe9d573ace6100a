"""The command that runs the App: serve. Nothing of the extra `serve` is imported before it is asked for."""

import logging
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.asking import fail
from bot.settings import Settings, SettingsError, settings
from fixers import all_rules

if TYPE_CHECKING:
    from bot.events import Job
    from bot.jobs import Ending, Rescan
    from bot.metrics import Metrics

SERVE_EXAMPLES = "Examples: `suture serve` · `suture serve --host 0.0.0.0 --port 8080`"

HostOption = Annotated[str, typer.Option("--host", help="Where to listen.")]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 chooses a free one.")]

_EXTRA = ("alembic", "dbos", "fastapi", "githubkit", "prometheus_client", "psycopg", "sqlalchemy", "uvicorn")
_GRACE = 8
"""Seconds for running jobs to end; what doesn't is done again at the next start (Docker kills after 10)."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the App does with a job, how it hears of endings, and what is looked at regularly."""

    work: "Callable[[Job], None]"
    tell: "Callable[[Ending], None]"
    rescans: "Callable[[], Iterable[Rescan]]"


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Run the GitHub App: take in webhooks, work on them one repository at a time, publish."""
    start(_service_of, host, port)


def _service_of(config: Settings, metrics: "Metrics") -> Service:
    from bot.github import App
    from bot.ledger import Ledger
    from bot.work import Worker

    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    ledger = Ledger(config.database_url, lambda: int(time.time()))
    ledger.migrate()
    worker = Worker(App(config, metrics.github_call), ledger, config.data / "blobs", all_rules())
    return Service(worker.do, worker.tell, worker.rescans)


def start(service_of: "Callable[[Settings, Metrics], Service]", host: str, port: int) -> None:
    """Run the queue and the web server until a signal ends them."""
    config = configured()
    import uvicorn

    from bot.app import create_app
    from bot.jobs import InUse, Jobs, Pace, Pauses
    from bot.metrics import Metrics

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    metrics = Metrics()
    service = service_of(config, metrics)

    def tell(ending: "Ending") -> None:
        metrics.job(ending.job.kind.value, ending.outcome.value, ending.seconds)
        service.tell(ending)

    jobs = Jobs(
        config.database_url,
        service.work,
        Pauses(config.database_url, always=config.is_paused),
        tell=tell,
        rescans=service.rescans,
        pace=Pace(at_once=config.at_once),
    )
    try:
        jobs.launch()
    except InUse as error:
        fail(str(error))
    app = create_app(
        config, jobs.accept, is_ready=jobs.is_ready, metrics=metrics, depth=lambda: asdict(jobs.depth())
    )
    # uvicorn raises the signal that ended it once more; by default that would end us before the jobs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(app, host=host, port=port, server_header=False, log_config=None, lifespan="off")
    finally:
        jobs.destroy(_GRACE)


def configured() -> Settings:
    """The settings, with credentials, where the extra is installed; otherwise one clear message."""
    if absent := [name for name in _EXTRA if find_spec(name) is None]:
        fail(f"running the App needs more packages ({', '.join(absent)}): pip install 'suture[serve]'")
    try:
        config = settings()
    except SettingsError as error:
        fail(str(error))
    if not config.has_credentials:
        fail(
            "the App has no credentials: set SUTURE_APP_ID, SUTURE_PRIVATE_KEY_FILE and "
            "SUTURE_WEBHOOK_SECRET (all are on the page of your GitHub App)"
        )
    return config
