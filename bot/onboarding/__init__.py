"""The first contact with a repository: whether it is one for us, and what is proposed to it. Pure."""

from bot.onboarding.proposal import BRANCH, PATH, configuration, proposal
from bot.onboarding.traces import has_ai, speaks_of_ai

MOST_A_DAY = 5
"""So many first contacts begin in one day of an installation."""

__all__ = ["BRANCH", "MOST_A_DAY", "PATH", "configuration", "has_ai", "proposal", "speaks_of_ai"]
