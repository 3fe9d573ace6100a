"""A campaign as the pull request that a person reads: branch, title, body, commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.campaigns import Campaign
from bot.components import component_of
from bot.conventions.codeowners import owners
from bot.conventions.commit_style import CommitStyle
from bot.conventions.trials import trials
from bot.outcomes import Outcome, secrets_of
from bot.pipeline import Examination
from bot.published import BEGIN, END, Marker, around, known, written_marker
from bot.pull_request.background import Background, first_seen, web_address
from bot.pull_request.body import MAX_CHARACTERS, body
from bot.pull_request.commits import Commit, commits
from bot.pull_request.diff import laid_out, unified
from bot.pull_request.sections import Content, is_of_its_kind
from bot.pull_request.words import TITLES, check_line, counted, why

__all__ = [
    "Background",
    "Commit",
    "PullRequest",
    "check_line",
    "counted",
    "first_seen",
    "laid_out",
    "pull_request",
    "title",
    "unified",
    "web_address",
    "why",
]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is published of a campaign, in words of ours and text of the repository that was escaped.

    `text` is the body without what is hidden in it; `marker` lacks the commit that the branch ends with.
    `opened` is the day on which it was made.
    """

    branch: str
    title: str
    text: str
    marker: Marker
    commits: tuple[Commit, ...]
    reviewers: tuple[str, ...]
    opened: date

    def body(self, head: str, before: str = "") -> str:
        """The whole body for a branch that ends with `head`, around what a person wrote in `before`."""
        return around(before, f"{self.text}\n{written_marker(replace(self.marker, head=head))}")


def pull_request(
    campaign: Campaign, examined: Examination, outcomes: Sequence[Outcome], background: Background
) -> PullRequest:
    """The pull request of `campaign`; `outcomes` are all of the run, for what is left alone and for their
    secrets, which are masked wherever they stand."""
    repo, policy = examined.repo, examined.policy
    paths = [change.path for change in campaign.changes]
    component = _common(component_of(repo, path) for path in paths)
    marker = _marker(campaign, examined, background)
    content = Content(
        campaign,
        component,
        replace(background, secrets=(*secrets_of(outcomes), *background.secrets)),
        trials(repo, component, paths, campaign.rules[0].language),
        tuple(one for one in outcomes if is_of_its_kind(one, campaign)),
        policy.publishing.wording.texts,
    )
    hidden = len(written_marker(marker)) + len(BEGIN) + len(END) + _HASH + _ROOM_FOR_A_PERSON
    wording = policy.publishing.wording
    return PullRequest(
        campaign.branch,
        title(campaign, background.style),
        body(content, wording.sections, MAX_CHARACTERS - hidden),
        marker,
        commits(campaign, background.style, background.signature),
        owners(repo, paths) if wording.has_reviewers else (),
        background.today,
    )


_HASH = 64
_ROOM_FOR_A_PERSON = 4_000
"""Characters that are left for what a person writes around ours."""


def _common(components: Iterable[str]) -> str:
    """The component, if there is one alone."""
    found = set(components)
    return found.pop() if len(found) == 1 else ""


def title(campaign: Campaign, style: CommitStyle) -> str:
    """What the pull request is called, in words of ours and the repository's way."""
    rules = campaign.rules
    return style.subject(rules[0].title if len(rules) == 1 else TITLES[rules[0].threat])


def _marker(campaign: Campaign, examined: Examination, background: Background) -> Marker:
    findings = {known(one.hit, background.first_seen(one.hit.fingerprint)) for one in campaign.fixed}
    content = campaign.content(examined.policy.options)
    return Marker(content, "", tuple(sorted(findings)), campaign.is_asked)
