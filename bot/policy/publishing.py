"""What a repository says of pull requests: which open, how many, how large, how gathered, how worded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from fixers.rule import Rule, Safety, Severity

SECTIONS = (
    "summary",
    "findings",
    "diff",
    "notices",
    "checks",
    "before",
    "trial",
    "rollback",
    "limits",
    "left",
    "references",
)
"""The sections of a body, in the order in which they stand where a repository doesn't say otherwise."""

SLOTS = ("opening", "before", "closing")
"""Where a repository may add plain text of its own: on top, before the merge, at the end."""


@dataclass(frozen=True, slots=True)
class Opens:
    """What opens without being asked for: the least severity by safety (None: nothing), and the rules
    that a person has asked for here, by id or pattern."""

    safe: Severity | None = Severity.MEDIUM
    review: Severity | None = Severity.HIGH
    rules: tuple[str, ...] = ()
    when_green: bool = True
    """As drafts, until the repository's own checks have passed."""

    def objection(self, rule: Rule, safety: Safety, severity: Severity) -> str:
        """Why such a fix waits until it is asked for, or nothing."""
        if any(fnmatchcase(rule.id, asked) for asked in self.rules):
            return ""
        name, least = ("safe", self.safe) if safety is Safety.SAFE else ("review", self.review)
        if least is None:
            return f"open.{name}: never"
        if rule.replaces or rule.adds_package or (safety is Safety.REVIEW and not rule.opens_unasked):
            return "open: only when asked for"
        return f"open.{name}: below {least.name.lower()}" if severity < least else ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pull requests stand open at once, before and after the first merge, and open in a day."""

    open: int = 1
    after_first_merge: int = 3
    new_per_day: int = 1
    installation_per_day: int = 10
    critical_bypass: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """The most files and changed lines that a person is asked to read at once."""

    files: int
    lines: int


SIZES: Mapping[Safety, Size] = {Safety.SAFE: Size(10, 100), Safety.REVIEW: Size(5, 60)}


@dataclass(frozen=True, slots=True)
class Gathering:
    """What one campaign gathers: all rules of a threat or each by itself, in a component or a folder, of
    the default branch (empty) or of another one."""

    by_rule: bool = False
    by_folder: bool = False
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a pull request is worded and who is asked to review it; texts are a person's, by their slot."""

    prefix: str = ""
    has_reviewers: bool = False
    sections: tuple[str, ...] = SECTIONS
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checking:
    """What the check run on a pull request does: the least severity that fails it (None: none does), and
    how many findings it shows beside the lines, how many fixes it suggests there."""

    fail: Severity | None = None
    annotations: int = 10
    suggestions: int = 3


@dataclass(frozen=True, slots=True)
class Publishing:
    """All that a repository says of pull requests; the defaults are those of a first contact."""

    opens: Opens = Opens()
    limits: Limits = Limits()
    sizes: Mapping[Safety, Size] = field(default_factory=lambda: SIZES)
    gathering: Gathering = Gathering()
    wording: Wording = Wording()
    checking: Checking = Checking()
    has_dashboard: bool = True
