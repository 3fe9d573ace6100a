"""Findings gathered into campaigns: one threat in one component, each proven by itself on the base."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.campaigns.gathering import Group, gather
from bot.campaigns.key import Key, key_of, keys_of, travels_alone
from bot.lines import Touched, net, touched
from bot.outcomes import Fix, Outcome
from bot.policy.publishing import Size
from fixers.engine import FileChange, Options, digest
from fixers.rule import Confidence, Rule, Safety, Severity

__all__ = ["Campaign", "Group", "Key", "gather", "key_of", "keys_of", "travels_alone"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What one pull request holds: its branch, its fixes in the order of their commits, and every
    finding that was meant for it, fixed or not. `is_asked`: a person asked for it."""

    branch: str
    fixes: tuple[Fix, ...]
    outcomes: tuple[Outcome, ...]
    is_asked: bool = False

    @property
    def fixed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for fix in self.fixes for outcome in fix.outcomes)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(dict.fromkeys(fix.rule for fix in self.fixes))

    @property
    def severity(self) -> Severity:
        return max(fix.severity for fix in self.fixes)

    @property
    def safety(self) -> Safety:
        return min(fix.safety for fix in self.fixes)

    @property
    def confidence(self) -> Confidence:
        return max(outcome.confidence for outcome in self.fixed)

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """One for each file, from the base to what the last commit leaves."""
        return net(change for fix in self.fixes for change in fix.changes)

    @property
    def touched(self) -> Touched:
        return touched(self.changes)

    @property
    def size(self) -> Size:
        return size_of(self.fixes)

    def content(self, options: Options) -> str:
        """A digest of what it holds: findings and options, not dates, prose or where the base stands."""
        findings = sorted(outcome.hit.fingerprint for outcome in self.fixed)
        settings = [
            f"{rule.id} {options.get(rule.id)!r}" for rule in sorted(self.rules, key=lambda one: one.id)
        ]
        return digest(self.branch, *findings, *settings)

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """What opens first sorts first: the most severe, then what honest use can't notice."""
        found = self.fixed
        return -self.severity, -self.safety, -self.confidence, -len(found), self.branch


def size_of(fixes: Iterable[Fix]) -> Size:
    """The files and the lines that a pull request of these fixes changes."""
    hunks = touched(net(change for fix in fixes for change in fix.changes))
    lines = sum(hunk.end - hunk.start + hunk.added for some in hunks.values() for hunk in some)
    return Size(len(hunks), lines)


def least_size(outcomes: Iterable[Outcome]) -> int:
    """How many files their fixes change at least, before any of them is made."""
    return len({outcome.hit.path for outcome in outcomes})
