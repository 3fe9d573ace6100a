"""The work that is owed: a durable queue, one job at a time for a repository. The home of DBOS."""

from bot.jobs.endings import Ending, Hopeless, Outcome, TryAgain
from bot.jobs.leases import InUse
from bot.jobs.patience import Patience
from bot.jobs.pauses import EVERYTHING, Pause, Pauses, installation_scope, repository_scope
from bot.jobs.queue import Accepted, Depth, Jobs, Pace
from bot.jobs.rescans import Rescan

__all__ = [
    "EVERYTHING",
    "Accepted",
    "Depth",
    "Ending",
    "Hopeless",
    "InUse",
    "Jobs",
    "Outcome",
    "Pace",
    "Patience",
    "Pause",
    "Pauses",
    "Rescan",
    "TryAgain",
    "installation_scope",
    "repository_scope",
]
