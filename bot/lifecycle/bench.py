"""Mends groups of findings by themselves on the base, each group once."""

from collections.abc import Callable, Sequence

from bot.campaigns import Campaign, least_size, size_of
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Mending, mend
from bot.policy.publishing import Size
from bot.published import Published
from fixers.engine import digest
from fixers.rule import Rule
from fixers.stitch import Formatter

MOST_FINDINGS = 800
"""More would leave a body no room beside the marker that names them, whatever a policy allows."""
ELSEWHERE = "in another pull request"


class Bench:
    """Where it is tried out what a group of findings comes to when nothing else is fixed."""

    def __init__(
        self, examined: Examination, formatter: Formatter, on_rule: Callable[[Rule], None] = lambda rule: None
    ) -> None:
        self._examined = examined
        self._formatter = formatter
        self._on_rule = on_rule
        self._known = {outcome.hit.fingerprint for outcome in examined.outcomes}
        self._made: dict[frozenset[str], Mending] = {}

    def mend(self, outcomes: Sequence[Outcome]) -> Mending:
        """The fixes of these findings alone, with what follows from them if it is of their kind."""
        wanted = frozenset(outcome.hit.fingerprint for outcome in outcomes)
        if wanted not in self._made:
            kinds = {(outcome.hit.rule.threat, outcome.safety) for outcome in outcomes}
            opens = self._examined.policy.publishing.opens

            def withhold(one: Outcome) -> str:
                if one.hit.fingerprint in wanted:
                    return ""
                if one.hit.fingerprint in self._known or (one.hit.rule.threat, one.safety) not in kinds:
                    return ELSEWHERE
                return opens.objection(one.hit.rule, one.safety, one.severity)

            self._made[wanted] = mend(self._examined, withhold, self._formatter, on_rule=self._on_rule)
        return self._made[wanted]

    def fits(self, outcomes: Sequence[Outcome]) -> bool:
        """Whether a person is asked to read no more than the policy allows."""
        most = self._most(outcomes)
        if least_size(outcomes) > most.files or len(outcomes) > MOST_FINDINGS:
            return False
        size = size_of(self.mend(outcomes).fixes)
        return size.files <= most.files and size.lines <= most.lines

    def campaign(self, branch: str, outcomes: Sequence[Outcome]) -> Campaign:
        """What a pull request of these findings would hold; what follows from a fix comes on top."""
        made = self.mend(outcomes)
        wanted = {outcome.hit.fingerprint for outcome in outcomes}
        mine = tuple(
            one
            for one in made.outcomes
            if one.hit.fingerprint in wanted
            or (one.status is Status.FIXED and one.hit.fingerprint not in self._known)
        )
        return Campaign(branch, made.fixes, mine)

    def content(self, campaign: Campaign) -> str:
        """The digest of what a pull request holds."""
        return campaign.content(self._examined.policy.options)

    def may_be_unreadable(self, published: Published) -> bool:
        """Whether a finding of it may still be there, in a file that can't be read now."""
        skipped = {digest(one.path) for one in self._examined.skipped}
        return any(known.path in skipped for known in published.findings)

    def _most(self, outcomes: Sequence[Outcome]) -> Size:
        return self._examined.policy.publishing.sizes[min(outcome.safety for outcome in outcomes)]
