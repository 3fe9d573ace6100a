"""Pull requests of a local repository: branches in git, records and bodies in a folder beside it."""

from bot.local.background import background, with_history
from bot.local.publishing import carry_out
from bot.local.record import Record, RecordError, Records
from bot.local.standing import standing

__all__ = ["Record", "RecordError", "Records", "background", "carry_out", "standing", "with_history"]
