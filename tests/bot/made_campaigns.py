"""Campaigns of what working rules find in files held in memory, and the pull requests of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rules_on_calls import RULES, TODAY, examined

from bot.campaigns import Campaign
from bot.outcomes import Outcome
from bot.pipeline import Examination, Mending, mend
from bot.pull_request import Background, PullRequest, pull_request
from fixers.rule import Rule
from fixers.stitch import no_formatter

BASE = "0123456789abcdef0123456789abcdef01234567"
BRANCH = "suture/unsafe-output/python-review-0123456789"
BACKGROUND = Background(BASE, TODAY, is_private=True)


def made(
    files: Mapping[str, str],
    rules: Sequence[Rule] = RULES,
    withhold: Callable[[Outcome], str] = lambda outcome: "",
) -> tuple[Campaign, Examination, Mending]:
    """All that the rules fix in the files, as one campaign."""
    found = examined(files, rules)
    mended = mend(found, withhold, no_formatter)
    return Campaign(BRANCH, mended.fixes, mended.outcomes), found, mended


def requested(
    files: Mapping[str, str], rules: Sequence[Rule] = RULES, background: Background = BACKGROUND
) -> PullRequest:
    campaign, found, mended = made(files, rules)
    return pull_request(campaign, found, mended.outcomes, background)


def body_of(campaign: Campaign, found: Examination, background: Background = BACKGROUND) -> str:
    return pull_request(campaign, found, campaign.outcomes, background).text


def with_outcomes(campaign: Campaign, change: Callable[[Outcome], Outcome]) -> Campaign:
    """The campaign, its fixed findings changed."""
    fixes = tuple(replace(fix, outcomes=tuple(map(change, fix.outcomes))) for fix in campaign.fixes)
    return replace(campaign, fixes=fixes)
