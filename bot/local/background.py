"""What a local repository's history tells of a pull request."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot import git
from bot.campaigns import Campaign
from bot.conventions.commit_style import commit_style
from bot.local.standing import US
from bot.pipeline import Examination
from bot.published import Published
from bot.pull_request import Background, first_seen, web_address

MESSAGES = 100
"""So many of the last commits show how this repository words them."""


def background(
    root: Path, base: str, examined: Examination, secrets: tuple[str, ...], *, is_private: bool
) -> Background:
    """What holds for every pull request of a run. Raises git.GitError."""
    prefix = examined.policy.publishing.wording.prefix
    return Background(
        base,
        examined.today,
        web_address(git.origin(root)),
        is_private,
        commit_style(git.messages(root, base, MESSAGES), examined.repo, prefix),
        signature=str(US),
        secrets=secrets,
    )


def with_history(
    common: Background, root: Path, campaign: Campaign, published: Iterable[Published]
) -> Background:
    """The same, with who wrote the lines of a campaign's findings and when those were first seen."""
    lines: dict[str, list[int]] = {}
    for outcome in campaign.fixed:
        lines.setdefault(outcome.hit.path, []).append(outcome.hit.line)
    seen = first_seen(campaign, published, common.today)
    return replace(common, introduced=git.blame(root, common.base, lines), seen=seen)
