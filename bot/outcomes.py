"""What became of each finding: nothing that was found goes without a status."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from fixers.engine import FileChange, Hit
from fixers.proof import Proof
from fixers.rule import Confidence, Rule, Safety, Severity


class Status(Enum):
    FIXED = "fixed"
    FIXABLE = "fixable"
    WITHHELD = "withheld"
    REFUSED = "refused"
    REPORT_ONLY = "report only"
    IGNORED = "ignored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding and its status; `detail` names the limit, the reason, the person or the check."""

    hit: Hit
    severity: Severity
    status: Status
    detail: str = ""

    @property
    def safety(self) -> Safety:
        """How far this one fix may travel: a finding may lower what its rule declares."""
        own = self.hit.finding.safety
        return self.hit.rule.safety if own is None else min(own, self.hit.rule.safety)

    @property
    def confidence(self) -> Confidence:
        own = self.hit.finding.confidence
        return self.hit.rule.confidence if own is None else own


@dataclass(frozen=True, slots=True)
class Fix:
    """The findings of one rule, closed by one proven set of changes."""

    rule: Rule
    outcomes: tuple[Outcome, ...]
    changes: tuple[FileChange, ...]
    proof: Proof

    @property
    def severity(self) -> Severity:
        return max(outcome.severity for outcome in self.outcomes)

    @property
    def safety(self) -> Safety:
        return min(outcome.safety for outcome in self.outcomes)


def secrets_of(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Every secret that the run found: each is masked wherever any text of the repository is shown."""
    return tuple({secret: None for outcome in outcomes for secret in outcome.hit.finding.secrets})
