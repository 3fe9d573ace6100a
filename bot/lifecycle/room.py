"""How many pull requests may still open, and which lines are taken by those that are."""

from collections.abc import Sequence
from datetime import date

from bot.campaigns import Campaign
from bot.lines import Touched, meeting
from bot.policy.publishing import Limits
from bot.published import Published, has_merged
from fixers.rule import Severity


class Room:
    """What is left of the limits, taken up by one pull request after another."""

    def __init__(
        self,
        limits: Limits,
        published: Sequence[Published],
        today: date,
        most: int | None,
        opened_elsewhere: int = 0,
    ) -> None:
        name = "after_first_merge" if has_merged(published) else "open"
        self._name = f"limits.{name}"
        self._most = getattr(limits, name) if most is None else most
        self._most_today = limits.new_per_day if most is None else most
        self._most_together = limits.installation_per_day if most is None else most
        self._opened_elsewhere = opened_elsewhere
        self._critical_bypass = limits.critical_bypass
        self._opened_today = sum(one.opened == today for one in published)
        self._standing = 0
        self._lines: dict[str, Touched] = {}

    def objection(self, severity: Severity) -> str:
        """The limit that keeps another one from opening, or nothing."""
        if self._critical_bypass and severity is Severity.CRITICAL:
            return ""
        if self._standing >= self._most:
            return f"{self._name}: {self._standing} open"
        if self._opened_today >= self._most_today:
            return f"limits.new_per_day: {self._opened_today} opened today"
        together = self._opened_elsewhere + self._opened_today
        if together >= self._most_together:
            return f"limits.installation_per_day: {together} opened today in all repositories"
        return ""

    def count(self, *, is_new: bool) -> None:
        """Count one more that is open."""
        self._standing += 1
        self._opened_today += is_new

    def keep_lines(self, campaign: Campaign) -> None:
        """Keep the lines of a campaign for it."""
        self._lines[campaign.branch] = campaign.touched

    def blockers(self, campaign: Campaign) -> dict[str, str]:
        """The files in which it meets another pull request that is open or opens, each with that one's
        branch."""
        touched = campaign.touched
        others = ((branch, lines) for branch, lines in self._lines.items() if branch != campaign.branch)
        return {path: branch for branch, theirs in others for path in meeting(touched, theirs)}
