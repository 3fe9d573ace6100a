"""A repository as one job sees it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot import forge, github
from bot.campaigns import Campaign
from bot.conventions.commit_style import commit_style
from bot.outcomes import Fix, secrets_of
from bot.pipeline import Examination, secrets_in
from bot.pull_request import Background
from bot.snapshot import Snapshot
from fixers.rule import Rule

_MESSAGES = 100
"""So many of the last commits show how a repository words them."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The repository as the installation reaches it, with what was read of it before. `now` is in seconds
    since 1970, `us` our login."""

    repository: github.Installation
    facts: github.RepositoryFacts
    blobs: forge.Blobs
    rules: Sequence[Rule]
    now: float
    us: str

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now, UTC).date()

    def snapshot(self, commit: str) -> Snapshot:
        """The files of a commit. Raises github.Problem."""
        return forge.snapshot_of(self.repository, commit, self.facts.full_name, self.blobs, self.rules)

    def standing(self, history: forge.ForgeHistory, base: str, into: str = "") -> forge.Standing:
        """How our pull requests into a branch (by default the default one) that stands at `base` stand.
        Raises github.Problem."""
        default = self.facts.default_branch
        return forge.standing(self.repository, history, base, self.us, into or default, default)

    def plain_background(self, commit: str, found: Examination, fixes: Iterable[Fix]) -> Background:
        """What is told beside findings of a commit that no pull request is made of."""
        secrets = (*secrets_of(found.outcomes), *secrets_in(found, fixes, self.rules))
        web, is_private = self.facts.html_url, self.facts.is_private
        return Background(commit, found.today, web, is_private, secrets=secrets)

    def background(self, base: str, found: Examination, campaigns: Iterable[Campaign]) -> Background:
        """What holds for every pull request that is made on `base`. Raises github.Problem."""
        commits = self.repository.commits(base, _MESSAGES)
        messages = [one.message for one in commits if len(one.parents) < 2]
        fixes = [fix for campaign in campaigns for fix in campaign.fixes]
        return Background(
            base,
            found.today,
            self.facts.html_url,
            self.facts.is_private,
            commit_style(messages, found.repo, found.policy.publishing.wording.prefix),
            signature=f"{self.us} <{self.us}@users.noreply.github.com>",
            secrets=secrets_in(found, fixes, self.rules),
        )
