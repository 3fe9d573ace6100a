"""What happens to one pull request, and what became of the findings that it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from bot.campaigns import Campaign
from bot.outcomes import Outcome, Status
from bot.published import Published


class Action(Enum):
    OPEN = "open"
    UPDATE = "update"
    KEEP = "leave alone"
    CLOSE = "close"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Step:
    """An action on a branch and its reason; without a campaign there is nothing new to put in it."""

    action: Action
    branch: str
    reason: str
    outcomes: tuple[Outcome, ...] = ()
    campaign: Campaign | None = None
    published: Published | None = None


def withheld(outcomes: Iterable[Outcome], reason: str) -> tuple[Outcome, ...]:
    """The findings, waiting for this reason."""
    return tuple(replace(outcome, status=Status.WITHHELD, detail=reason) for outcome in outcomes)


def settled(campaign: Campaign) -> tuple[Outcome, ...]:
    """The findings of a campaign with what became of them; those that it fixes name its branch."""
    return tuple(
        replace(one, detail=f"in {campaign.branch}") if one.status is Status.FIXED else one
        for one in campaign.outcomes
    )
