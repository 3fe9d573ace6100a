"""Decides what is opened, updated, left alone, closed and withheld, and gives every finding its status."""

from bot.lifecycle.plan import NOTHING_ASKED, Asked, Plan, make_plan
from bot.lifecycle.step import Action, Step

__all__ = ["NOTHING_ASKED", "Action", "Asked", "Plan", "Step", "make_plan"]
