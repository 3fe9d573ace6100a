"""What a test holds: an emulated GitHub, its people, its faults, its webhooks, what was asked of it."""

from collections.abc import Mapping

from emulator import faults
from emulator.acting import Acting
from emulator.deciding import Deciding, told
from emulator.deliveries import Delivery
from emulator.front import Server
from emulator.hub import Behaviour, Hub, Seen
from emulator.reading import Reading
from emulator.setup import Setup, new_key
from emulator.upstream import Upstream
from emulator.wire import Data


class GitHub(Acting, Deciding, Reading):
    """One emulated GitHub. People act by name (`by`), through the same rules as over HTTP."""

    def __init__(self, hub: Hub, server: Server) -> None:
        self._hub = hub
        self._server = server
        self._usual = hub.setup

    # Where the App finds it

    @property
    def base_url(self) -> str:
        """Of the REST API; GraphQL is below it at /graphql, Enterprise Server's paths at /api/v3 and /api."""
        return self._hub.base_url

    @property
    def setup(self) -> Setup:
        return self._hub.setup

    @property
    def app_id(self) -> int:
        return self._hub.setup.app_id

    @property
    def private_key(self) -> str:
        return self._hub.setup.private_key

    @property
    def webhook_secret(self) -> str:
        return self._hub.setup.webhook_secret

    @property
    def bot(self) -> str:
        """The App's login, as `suture[bot]`."""
        return self._hub.setup.bot

    @property
    def installation_id(self) -> int:
        return next(iter(self._hub.setup.installations.values()))

    @property
    def behaviour(self) -> Behaviour:
        return self._hub.behaviour

    def reset(self, setup: Setup | None = None) -> None:
        """A new GitHub: no repositories, faults, records or deliveries. Without a setup, the usual one."""
        self._server.release()
        self._hub.start(setup or self._usual)

    # Faults, and what was asked

    def fault(
        self, fault: faults.Fault, method: str = "*", path: str = "*", nth: int = 1, times: int = 1
    ) -> None:
        """Meets the App's requests number `nth` to `nth + times - 1` of those that match (`times` 0: all
        from then on). `path` is a pattern of fnmatch over the path: `*` also matches slashes."""
        self._hub.script.add(fault, method, path, nth, times)

    def forgive(self) -> None:
        """No faults from now on; held requests are let go."""
        self._hub.script.clear()
        self._server.release()

    def wait_until_held(self, count: int = 1, seconds: float = 30.0) -> None:
        """Returns when so many requests wait for an answer that `faults.hang` keeps from them."""
        self._server.wait_until_held(count, seconds)

    def expire_tokens(self) -> None:
        """All installation tokens end now."""
        for token in self._hub.state.tokens.values():
            token.is_revoked = True

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every request over HTTP and of people, in order."""
        return tuple(self._hub.seen)

    def calls(self) -> Mapping[tuple[str, str], int]:
        """(method, route template) → how often the App asked since the last `forget_calls`."""
        return self._hub.calls()

    def forget_calls(self) -> None:
        self._hub.seen.clear()

    # Webhooks

    def listen(self, url: str | None) -> None:
        """Where deliveries go from now on; None collects them only."""
        self._hub.deliveries.hook.url = url

    @property
    def deliveries_go_to(self) -> str | None:
        return self._hub.deliveries.hook.url

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every attempt, in order, sent or only collected."""
        return tuple(self._hub.deliveries.attempts)

    def delivered(self, event: str, action: str | None = None) -> list[Delivery]:
        return [one for one in self._hub.deliveries.of(event) if action in (None, one.action)]

    def settle(self, seconds: float = 30.0) -> None:
        """Returns when everything queued has been sent and answered, or has failed."""
        self._hub.deliveries.settle(seconds)

    def wait_for(self, count: int, event: str = "", seconds: float = 30.0) -> list[Delivery]:
        return self._hub.deliveries.wait_for(count, event, seconds)

    def deliver(self, event: str, payload: Data, repository: str = "") -> None:
        """An event of any kind; `repository` adds what GitHub says of it and the installation."""
        told(self._hub, event, payload, repository)

    def redeliver(self, delivery: Delivery) -> None:
        self._hub.deliveries.emit(
            delivery.event, delivery.payload, self._hub.now(), delivery.guid, again=True
        )

    def new_manifest_code(self) -> str:
        """As GitHub gives it to the redirect URL of the manifest flow."""
        code = f"code{self._hub.state.number()}"
        self._hub.state.codes.add(code)
        return code


class Running:
    """The processes and ports of one GitHub: the proxy in this process, emulate in another."""

    def __init__(self, setup: Setup | None = None, port: int = 0) -> None:
        self._upstream = Upstream()
        self._server = Server(port)
        hub = Hub(self._upstream, self._server.base_url)
        hub.start(setup or Setup(new_key()))
        self._hub = hub
        self.github = GitHub(hub, self._server)
        self._server.start(hub)

    def close(self) -> None:
        self._server.close()
        self._hub.deliveries.close()
        self._upstream.close()
