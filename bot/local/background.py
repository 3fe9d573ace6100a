"""What a local repository's history tells of a pull request."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot import git
from bot.campaigns import Campaign
from bot.conventions.commit_style import commit_style
from bot.local.standing import US
from bot.pipeline import Examination
from bot.published import Known, Published, known
from bot.pull_request import Background, web_address

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
    first: dict[Known, str] = {}
    for one in (finding for request in published for finding in request.findings):
        first[_undated(one)] = min(one.seen, first.get(_undated(one), one.seen))
    seen = {}
    for outcome in campaign.fixed:
        day = first.get(_undated(known(outcome.hit, common.today)))
        seen[outcome.hit.fingerprint] = date.fromisoformat(day) if day else common.today
    return replace(common, introduced=git.blame(root, common.base, lines), seen=seen)


def _undated(finding: Known) -> Known:
    return replace(finding, seen="")
