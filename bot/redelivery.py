"""Deliveries that never arrived are asked for again: what happened while nobody listened isn't lost."""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from bot import github

log = logging.getLogger("suture.redelivery")

HORIZON = 3 * 86_400
"""Seconds for which GitHub keeps a delivery (docs.github.com: "Redelivering webhooks")."""
MOST = 100
"""At once: each request counts five points of the 900 that GitHub allows in a minute (docs.github.com:
"Rate limits for the REST API")."""
OFTEN, SOON = 3600.0, 300.0
"""Seconds to the next look: after one that found all there was, and after one that was cut short."""


class Redelivery:
    """Remembers for its lifetime what it asked for: what fails once more waits for the next start, or for
    a person. What had arrived nevertheless is known to the queue by its GUID, and dropped there."""

    def __init__(self, app: github.App, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._now = now
        self._asked: dict[str, float] = {}
        self._unanswered: set[str] = set()

    def look(self) -> float:
        """Ask for what failed, the oldest first; seconds until it is worth looking again."""
        now = self._now()
        self._asked = {guid: at for guid, at in self._asked.items() if at > now - 2 * HORIZON}
        try:
            failed = [
                one for one in self._app.failed_deliveries(now - HORIZON) if one.guid not in self._asked
            ]
            # Otherwise a delivery for which GitHub always fails would stand before all others. Times are
            # in whole seconds, and ids grow.
            failed.sort(key=lambda one: (one.guid in self._unanswered, one.delivered_at, one.id))
            self._unanswered &= {one.guid for one in failed}
            asked = [self._ask(one) for one in failed[:MOST]]
        except github.Unavailable as problem:
            log.warning("failed deliveries are asked for later: %s", problem.message)
            return max(SOON, (problem.retry_at or now) - now)
        except github.Problem as problem:
            log.warning("failed deliveries can't be asked for: %s", problem.message)
            return OFTEN
        if asked:
            log.info("asked GitHub for %d of %d failed deliveries again", sum(asked), len(failed))
        return SOON if len(failed) > MOST else OFTEN

    def _ask(self, delivery: github.DeliveryFacts) -> bool:
        """False where GitHub has it no more, or won't send it."""
        try:
            self._app.redeliver(delivery.id)
        except github.Unavailable:
            self._unanswered.add(delivery.guid)
            raise
        except (github.Missing, github.Conflict) as problem:
            log.warning("delivery %s isn't sent again: %s", delivery.guid, problem.message)
            self._asked[delivery.guid] = self._now()
            return False
        self._asked[delivery.guid] = self._now()
        return True


class Lookout:
    """A thread that looks, waits for as long as it was told, and looks again. No failure ends it."""

    def __init__(self, look: Callable[[], float]) -> None:
        self._look = look
        self._ended = Event()
        self._thread = Thread(target=self._keep, name="suture-redelivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Doesn't wait for an answer of GitHub's: what wasn't asked for is looked up at the next start."""
        self._ended.set()
        self._thread.join(timeout=1)

    def _keep(self) -> None:
        wait = 0.0
        while not self._ended.wait(wait):
            try:
                wait = self._look()
            except Exception:
                log.exception("looking for failed deliveries failed, and is tried again later")
                wait = OFTEN
