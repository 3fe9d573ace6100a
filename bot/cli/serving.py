"""The command that runs the App: serve. Nothing of the extra `serve` is imported before it is asked for."""

import logging
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.asking import fail
from bot.settings import Settings, SettingsError, settings
from fixers import all_rules

if TYPE_CHECKING:
    from bot.api import Api
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
    outcomes: "Callable[[], Mapping[str, int]]" = dict
    """Pull requests by what became of them."""
    missed: "Callable[[], float] | None" = None
    """Asks for deliveries that never arrived; answers in how many seconds to do so again."""
    api: "Api | None" = None


class Door:
    """Where this process listens, whoever answers: between two servers, callers wait instead of failing."""

    def __init__(self, host: str, port: int) -> None:
        import uvicorn

        self._listening = uvicorn.Config("", host=host, port=port, log_config=None).bind_socket()
        self._listening.listen()
        self._leave: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """As a browser on this machine reaches it."""
        host, port = self._listening.getsockname()[:2]
        host = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
        return f"http://{host}:{port}"

    def serve(self, app: Callable[..., Any], *, is_logged: bool = True) -> None:
        """Until a signal comes, or somebody calls `leave`; `is_logged`: each request's address is logged."""
        import uvicorn

        logging.getLogger("uvicorn.access").propagate = is_logged
        server = uvicorn.Server(uvicorn.Config(app, server_header=False, log_config=None, lifespan="off"))
        self._leave = lambda: setattr(server, "should_exit", True)
        with suppress(KeyboardInterrupt):  # uvicorn raises the signal that ended it once more
            server.run(sockets=[self._listening.dup()])

    def leave(self) -> None:
        """End the server once it has answered what it was asked."""
        self._leave()

    def close(self) -> None:
        self._listening.close()


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Run the GitHub App: take in webhooks, work on them one repository at a time, publish."""
    start(_service_of, host, port)


def _service_of(config: Settings, metrics: "Metrics") -> Service:
    from bot.api import create_api
    from bot.github import App
    from bot.jobs import Pauses
    from bot.ledger import Ledger
    from bot.overview import as_data, ask, listing
    from bot.redelivery import Redelivery
    from bot.work import Worker

    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    ledger = Ledger(config.database_url, lambda: int(time.time()))
    ledger.migrate()
    app = App(config, metrics.github_call)
    pauses = Pauses(config.database_url, always=config.is_paused)
    pauses.prepare()
    worker = Worker(app, ledger, config.data / "blobs", all_rules(), pauses)
    api = None
    if config.api_token:
        api = create_api(
            config.api_token,
            lambda: [as_data(one) for one in listing(ledger)],
            lambda names: ask(ledger, names),
        )
    return Service(worker.do, worker.tell, worker.rescans, ledger.outcomes, Redelivery(app).look, api)


def start(service_of: "Callable[[Settings, Metrics], Service]", host: str, port: int) -> None:
    """Run the queue and the web server until a signal ends them; register the App first where none is."""
    config = _told()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # By default SIGTERM, which uvicorn raises once more, would end us before the jobs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with closing(Door(host, port)) as door:
        if not config.has_credentials:
            config = _registered(config, door)
        _run(service_of, config, door)


def _registered(config: Settings, door: Door) -> Settings:
    """The settings after a person has registered the App, on a page whose address is told here alone."""
    from bot import credentials
    from bot.registration import Registration, create_pages

    try:
        credentials.prepare(config.data)
    except OSError as error:
        fail(
            f"{config.data} can't be written to ({type(error).__name__}): the App's credentials go there. "
            "Set SUTURE_DATA to another folder"
        )
    registration = Registration(config)
    print(
        "No GitHub App is registered yet. Open this address to register one; it is good until then:\n\n"
        f"  {config.public_url or door.url}/setup/{registration.token}\n",
        flush=True,
    )
    door.serve(create_pages(registration, door.leave), is_logged=False)
    if not registration.is_done:
        raise typer.Exit
    return configured()


def _run(service_of: "Callable[[Settings, Metrics], Service]", config: Settings, door: Door) -> None:
    from bot.app import create_app
    from bot.jobs import InUse, Jobs, Pace, Pauses
    from bot.metrics import Metrics
    from bot.redelivery import Lookout

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
        config,
        jobs.accept,
        is_ready=jobs.is_ready,
        metrics=metrics,
        depth=lambda: asdict(jobs.depth()),
        outcomes=service.outcomes,
    )
    if service.api is not None:
        app.include_router(service.api)
    lookout = Lookout(service.missed) if service.missed else None
    try:
        if lookout:
            lookout.start()
        door.serve(app)
    finally:
        if lookout:
            lookout.stop()
        jobs.destroy(_GRACE)


def configured() -> Settings:
    """The settings, with credentials; otherwise one clear message."""
    config = _told()
    if not config.has_credentials:
        fail(
            "the App has no credentials: `suture serve` helps to register it; or set SUTURE_APP_ID, "
            "SUTURE_PRIVATE_KEY_FILE and SUTURE_WEBHOOK_SECRET (all are on the page of your GitHub App)"
        )
    return config


def _told() -> Settings:
    """The settings where the extra is installed, with credentials or without."""
    if absent := [name for name in _EXTRA if find_spec(name) is None]:
        fail(f"running the App needs more packages ({', '.join(absent)}): pip install 'suture[serve]'")
    try:
        return settings()
    except SettingsError as error:
        fail(str(error))
