"""The check run on a change: what it introduces, said where its author looks."""

from bot.check.configuration import NAME as CONFIGURATION
from bot.check.configuration import configuration_errors, configuration_verdict
from bot.check.introduced import Introduced, introduced
from bot.check.report import EXPLAIN, FIX, IGNORE, NAME, Buttons, Verdict, excuse, verdict
from bot.check.suggesting import Suggestion, suggestions

__all__ = [
    "CONFIGURATION",
    "EXPLAIN",
    "FIX",
    "IGNORE",
    "NAME",
    "Buttons",
    "Introduced",
    "Suggestion",
    "Verdict",
    "configuration_errors",
    "configuration_verdict",
    "excuse",
    "introduced",
    "suggestions",
    "verdict",
]
