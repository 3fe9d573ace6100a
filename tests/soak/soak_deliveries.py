"""What became of the deliveries that GitHub sent: which never arrived, which asked for a job."""

import json

from emulator.deliveries import Delivery
from emulator.world import GitHub


def lost(github: GitHub) -> list[Delivery]:
    """Those that were sent and nobody took in, however often they were."""
    taken = {one.guid for one in github.deliveries if one.code == 202}
    last = {one.guid: one for one in github.deliveries if one.url and one.guid not in taken}
    return list(last.values())


def asked(github: GitHub) -> set[str]:
    """The deliveries whose jobs the App answers for."""
    return {one.guid for one in github.deliveries if outcome_of(one) in ("queued", "duplicate")}


def outcome_of(delivery: Delivery) -> str:
    """What the App said of it; nothing where it didn't arrive."""
    return str(json.loads(delivery.response)["outcome"]) if delivery.code == 202 else ""
