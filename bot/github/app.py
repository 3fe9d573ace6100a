"""The App itself: its installations, its deliveries, and how it came to be."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from bot.github import app_shapes, shapes
from bot.github.access import Access, Pace, at_repository
from bot.github.answers import Answer
from bot.github.identity import AppIdentity, Grant, Nobody, TokenIdentity
from bot.github.installation import Installation
from bot.github.problems import Missing
from bot.github.values import Credentials, DeliveryFacts, InstallationFacts, RepositoryFacts
from bot.github.wire import OnCall, Wire
from bot.settings import Settings

_MOST_TOKENS = 1_000
_MOST_REPOSITORIES = 100
"""Pages of an installation's repositories: of a hundred each."""


class App:
    """A registered App, for several threads. Each method raises Problem.

    `pace` are seconds between two writes of an installation that people are told of.
    """

    def __init__(
        self,
        settings: Settings,
        on_call: OnCall | None = None,
        *,
        pace: float = 1.0,
        seconds: float = 30.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._pace = pace
        self._sleep = sleep
        self._wire = Wire(settings.api_url, on_call, seconds=seconds, clock=clock)
        identity = AppIdentity(settings.app_id, settings.private_key, clock)
        self._access = Access(self._wire, identity, Pace(0.0, sleep), sleep)
        self._lock = threading.Lock()
        self._tokens: OrderedDict[Grant, TokenIdentity] = OrderedDict()
        self._paces: dict[int, Pace] = {}
        self._slug = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._wire.close()

    @property
    def slug(self) -> str:
        """The App's name in addresses; asked for once."""
        if not self._slug:
            self._slug = self._access.get(app_shapes.AppAccount, "/app").slug
        return self._slug

    @property
    def login(self) -> str:
        """Whose name stands beside what the App does."""
        return f"{self.slug}[bot]"

    def installations(self) -> tuple[InstallationFacts, ...]:
        pages = self._access.pages(list[app_shapes.Installation], "/app/installations", most=100)
        return tuple(one.facts() for page in pages for one in page)

    def installation_facts(self, installation: int) -> InstallationFacts | None:
        """None where it isn't installed any more."""
        try:
            return self._access.get(
                app_shapes.Installation, "/app/installations/{installation}", installation=installation
            ).facts()
        except Missing:
            return None

    def repositories(self, installation: int) -> tuple[RepositoryFacts, ...]:
        """All that the installation reaches, 10,000 at most. Asked with a new token: one that was made
        before a repository was added may not know of it."""
        grant = Grant(installation, permissions=(("metadata", "read"),))
        with self._lock:
            self._tokens.pop(grant, None)
        access = self._as_installation(grant)
        route = "/installation/repositories"
        pages = access.pages(shapes.Repositories, route, most=_MOST_REPOSITORIES)
        return tuple(one.facts() for page in pages for one in page.repositories)

    def installation(
        self, installation: int, repository: str, permissions: Mapping[str, str], *, repository_id: int = 0
    ) -> Installation:
        """One repository (OWNER/NAME), as an installation with these permissions alone (`contents`:
        `write`). With its id it is found after it was renamed, too. Nothing is asked yet."""
        narrowed = tuple(sorted(permissions.items()))
        access = self._as_installation(Grant(installation, repository, repository_id, narrowed))
        return Installation(at_repository(access, repository), self._settings.app_id, lambda: self.login)

    def failed_deliveries(self, since: float) -> tuple[DeliveryFacts, ...]:
        """The last attempt of each delivery since then that never arrived, the oldest first. GitHub keeps
        deliveries for three days."""
        last: dict[str, app_shapes.Delivery] = {}
        arrived: set[str] = set()
        for one in self._deliveries(since):
            if one.has_arrived:
                arrived.add(one.guid)
            last.setdefault(one.guid, one)  # the newest comes first
        failed = [one for guid, one in last.items() if guid not in arrived]
        return tuple(one.facts() for one in sorted(failed, key=lambda one: one.delivered_at))

    def redeliver(self, delivery: int) -> None:
        """Ask for one more attempt, which keeps its GUID."""
        self._access.write("POST", "/app/hook/deliveries/{delivery}/attempts", delivery=delivery)

    @staticmethod
    def convert_manifest(api_url: str, code: str) -> Credentials:
        """The credentials of an App that was registered a moment ago. The code is good for once."""
        wire = Wire(api_url)
        try:
            access = Access(wire, Nobody(), Pace(0.0), time.sleep)
            answer = access.write("POST", "/app-manifests/{code}/conversions", code=code)
        finally:
            wire.close()
        return answer.read(app_shapes.Converted).facts()

    def _deliveries(self, since: float) -> Iterable[app_shapes.Delivery]:
        for page in self._access.pages(list[app_shapes.Delivery], "/app/hook/deliveries", most=100):
            for one in page:
                if one.delivered_at.timestamp() < since:
                    return
                yield one

    def _as_installation(self, grant: Grant) -> Access:
        with self._lock:
            identity = self._tokens.get(grant)
            if identity is None:
                identity = TokenIdentity(grant, self._new_token, self._wire.clock)
                self._tokens[grant] = identity
                while len(self._tokens) > _MOST_TOKENS:
                    self._tokens.popitem(last=False)
            self._tokens.move_to_end(grant)
            pace = self._paces.setdefault(grant.installation, Pace(self._pace, self._sleep))
        return Access(self._wire, identity, pace, self._sleep)

    def _new_token(self, grant: Grant) -> Answer:
        route = "/app/installations/{installation}/access_tokens"
        return self._access.write("POST", route, grant.as_data(), installation=grant.installation)
