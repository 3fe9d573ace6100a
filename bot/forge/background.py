"""What GitHub tells of the lines of a campaign: an ornament of its pull request, never in its way."""

from collections.abc import Mapping

from bot.campaigns import Campaign
from bot.github import Installation, Problem, RateLimited


def introduced(repository: Installation, base: str, campaign: Campaign) -> Mapping[tuple[str, int], str]:
    """The commits that wrote the lines of a campaign's findings, as they are at `base`; nothing where GitHub
    doesn't tell. Raises RateLimited alone: what is asked next would meet the limit too."""
    lines: dict[str, list[int]] = {}
    for outcome in campaign.fixed:
        lines.setdefault(outcome.hit.path, []).append(outcome.hit.line)
    try:
        return repository.blame(base, lines)
    except RateLimited:
        raise
    except Problem:
        return {}
