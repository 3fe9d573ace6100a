"""The issue "Suture": what is open, what waits and why, what people closed, and boxes to tick."""

from bot.dashboard.boxes import Box, Verb, ticked
from bot.dashboard.page import MARK, SILENT, TITLE, Dashboard, OpenRequest, Rejected, Waiting, with_pause
from bot.dashboard.waiting import waiting

__all__ = [
    "MARK",
    "SILENT",
    "TITLE",
    "Box",
    "Dashboard",
    "OpenRequest",
    "Rejected",
    "Verb",
    "Waiting",
    "ticked",
    "waiting",
    "with_pause",
]
