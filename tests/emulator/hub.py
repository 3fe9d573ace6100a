"""The proxy's middle: who asks, which fault is due, who answers, what was asked, which webhooks follow."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from json import dumps
from typing import Any
from urllib.parse import unquote

from emulator import access, polish, relay
from emulator.deliveries import Deliveries
from emulator.faults import Fault, Manner, Script
from emulator.own import ROUTES
from emulator.routes import find, template_of
from emulator.setup import Setup
from emulator.state import Installed, State
from emulator.upstream import Upstream
from emulator.wire import Answer, Data, Refusal, Request, answer


@dataclass(slots=True)
class Behaviour:
    """Switches: how this GitHub differs from github.com's usual ways."""

    has_fractions: bool = False
    """Leave the fractions of a second in times, as emulate sends them."""
    has_drafts: bool = True
    """False: drafts are refused, as in a private repository of a free plan."""
    tree_limit: int = 100_000
    """Entries after which a recursive tree is cut and says `truncated`."""
    is_mergeable_lazy: bool = False
    """True: `mergeable` is null when first asked for after a change, as GitHub computes it meanwhile."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it was met. `who` is `app`, `installation`, a login, or empty for nobody."""

    method: str
    route: str
    path: str
    status: int
    who: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    answer: Answer
    manner: Manner = Manner.ANSWER


class Hub:
    def __init__(self, upstream: Upstream, base_url: str) -> None:
        self.upstream = upstream
        self.base_url = base_url
        self.host = base_url.removeprefix("http://")
        self.writing = threading.RLock()
        self.script = Script()
        self.deliveries = Deliveries()

    def start(self, setup: Setup) -> None:
        """A new GitHub; nothing of the one before is left."""
        with self.writing:
            self.deliveries.close()
            self.setup = setup
            self.behaviour = Behaviour()
            self.script = Script()
            self.deliveries = Deliveries()
            self.deliveries.hook.secret = setup.webhook_secret
            self.deliveries.hook.app_id = setup.app_id
            self.seen: list[Seen] = []
            people = {token: who for who in setup.people for token in setup.tokens(who)}
            installed = {number: Installed(account) for account, number in setup.installations.items()}
            self.state = State(people=people, installations=installed)
            self._tokens = {who: cycle(setup.tokens(who)) for who in setup.people}
            self.upstream.start(setup.seed(), self.base_url)

    def serve(self, request: Request) -> Reply:
        """What the client gets, and how."""
        request = replace(request, target=request.target.removeprefix("/api/v3").removeprefix("/api"))
        who = access.name_of(self, request)
        is_apps = who in {"app", "installation"} or request.path.startswith("/codeload/")
        fault = self.script.due(request) if is_apps else None
        reply = self._failing(request, fault) if fault else Reply(self.answer(request))
        if fault is None and not request.is_write:
            self.state.seen[request.target] = reply.answer
        met = fault.manner.name.lower() if fault else ""
        self.seen.append(
            Seen(request.method, template_of(request.path), request.path, reply.answer.status, who, met)
        )
        return reply

    def _failing(self, request: Request, fault: Fault) -> Reply:
        if fault.manner is Manner.STALE:
            before = self.state.seen.get(request.target)
            return Reply(before or self._never_seen(request))
        if fault.manner is Manner.EXPIRE:
            access.revoke(self, request.token)
        done = self.answer(request) if fault.is_done or fault.manner is Manner.TRUNCATE else Answer(0)
        if fault.meanwhile:
            fault.meanwhile()
        return Reply(fault.instead or done, Manner.ANSWER if fault.instead else fault.manner)

    def _never_seen(self, request: Request) -> Answer:
        now = self.answer(request)
        if now.status == 200 and now.is_json and isinstance(now.value, list):
            return answer([])
        return Refusal(404, "Not Found").answer()

    def answer(self, request: Request) -> Answer:
        """Without faults, not counted."""
        try:
            request = access.admitted(self, request)
            if (elsewhere := access.moved(self, request)) is not None:
                return elsewhere
            if not request.is_write:
                return self._polished(request, self._routed(request))
            with self.writing:
                done = self._routed(request)
                relay.flush(self)
                return self._polished(request, done)
        except Refusal as refusal:
            return refusal.answer()

    def _routed(self, request: Request) -> Answer:
        found = find(ROUTES, "GET" if request.method == "HEAD" else request.method, request.path)
        if found is None:
            return self.forward(request)
        handler, args = found
        return handler(self, request, {name: unquote(value) for name, value in args.items()})

    def _polished(self, request: Request, done: Answer) -> Answer:
        done = access.explained(self, request, done)
        is_large_and_right = "/git/trees" in request.path or "/git/blobs" in request.path
        return done if is_large_and_right else polish.answer(self, done)

    def forward(self, request: Request) -> Answer:
        """emulate's own answer to it."""
        return self.upstream.ask(request, self.host)

    def sight(self, account: str) -> str:
        """A token that sees everything in the account; another one each time (emulate counts them)."""
        return next(self._tokens[self.setup.owner(account)])

    def overseer(self, path: str) -> str:
        """Somebody who sees everything there."""
        parts = path.partition("?")[0].split("/")
        account = parts[2] if parts[1] in {"repos", "orgs"} and len(parts) > 2 else ""
        is_known = account in self.setup.members or account in self.setup.people
        return self.setup.owner(account) if is_known else self.setup.people[0]

    def token(self, login: str) -> str:
        return next(self._tokens[login])

    def ask(self, method: str, target: str, data: object = None, token: str = "") -> Answer:
        """The harness's own question to emulate: not counted, no fault. Without a token, with full sight."""
        token = token or self.token(self.overseer(target))
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        body = b"" if data is None else dumps(data).encode()
        return self.upstream.ask(Request(method, target, headers, body), self.host)

    def read(self, target: str) -> Any:
        """The value of a GET with full sight; Refusal where there is none."""
        got = self.ask("GET", target)
        if got.status != 200:
            raise Refusal(got.status, str((got.value or {}).get("message", "Not Found")))
        return got.value

    def write(self, method: str, target: str, data: object, token: str) -> Any:
        """As the bearer of the token; what emulate refuses is refused."""
        got = self.ask(method, target, data, token)
        if got.status >= 400:
            raise Refusal(got.status, str((got.value or {}).get("message", "")))
        return got.value

    def now(self) -> str:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def emit(self, event: str, payload: Data, account: str) -> None:
        """A webhook of ours to the installation of the account, where it asked for the event."""
        relay.emit(self, event, payload, account)

    def calls(self) -> Mapping[tuple[str, str], int]:
        """(method, route) → how often the App asked."""
        return Counter((one.method, one.route) for one in self.seen if one.who in {"app", "installation"})
