"""The sections of `.suture.yml`, each key with what it means: editors show these words."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.policy.publishing import SECTIONS, SLOTS
from bot.snapshot.patterns import BadPattern, matcher

PREFIX = r"^[A-Za-z0-9_.-]*(\([A-Za-z0-9_./-]+\))?:?$"
"""Nothing that a workflow could run by mistake where it prints a title."""

TreatmentName = Literal["fix", "report", "skip"]
SeverityName = Literal["info", "low", "medium", "high", "critical"]


def _usable(pattern: str) -> str:
    try:
        matcher([pattern])
    except BadPattern as error:
        raise ValueError("isn't a pattern that can be used") from error
    if pattern.startswith(("#", "!")) or not pattern.strip():
        raise ValueError("isn't a pattern that can be used")
    return pattern


Pattern = Annotated[str, StringConstraints(min_length=1), AfterValidator(_usable)]
Branch = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/*-]+$", max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Paths(_Section):
    include: tuple[Pattern, ...] = ("**",)
    """Files that are scanned, as in a .gitignore."""
    exclude: tuple[Pattern, ...] = ()
    """Files that aren't, even where `include` names them."""


class Kinds(_Section):
    tests: TreatmentName = "report"
    """Tests, fixtures and what belongs to them."""
    examples: TreatmentName = "report"
    """Examples, samples, tutorials and documentation."""
    vendored: TreatmentName = "skip"
    """What others wrote and this repository keeps, by its folder or `linguist-vendored`."""
    generated: TreatmentName = "skip"
    """What a program wrote, by its name, its header or `linguist-generated`."""


class RuleSettings(_Section):
    enabled: bool | None = None
    """Whether the rule runs; without a word, it does, unless the catalogue says that it is off."""
    severity: SeverityName | None = None
    """In place of the rule's own severity; a finding that the rule rates lower stays as much lower."""
    options: dict[str, Any] = {}
    """The rule's own options; not for a pattern of several rules."""


class Threshold(_Section):
    report: SeverityName = "low"
    """The least severity that is shown."""
    fail: SeverityName = "medium"
    """The least severity that ends a scan with exit code 1."""


class Open(_Section):
    safe: SeverityName | Literal["never"] = "medium"
    """The least severity at which fixes that honest use can't notice open a pull request unasked."""
    review: SeverityName | Literal["never"] = "high"
    """The same for fixes that may change behaviour, of the rules whose fixes open by themselves."""
    rules: tuple[str, ...] = ()
    """Rules, by id or pattern, that are asked for here: their fixes open whatever the severity."""
    when: Literal["green", "at-once"] = "green"
    """`green`: as a draft, until the repository's own checks have passed on it; what they fail is closed."""


class Limits(_Section):
    open: Annotated[int, Field(ge=0, le=50)] = 1
    """How many pull requests may stand open before one was merged."""
    after_first_merge: Annotated[int, Field(ge=0, le=50)] = 3
    """How many after that."""
    new_per_day: Annotated[int, Field(ge=0, le=50)] = 1
    """How many may open in one day."""
    installation_per_day: Annotated[int, Field(ge=0, le=500)] = 10
    """How many may open in one day in all repositories of the installation, before none opens here."""
    critical_bypass: bool = False
    """Whether a critical finding opens one whatever the limits say."""


class Size(_Section):
    files: Annotated[int, Field(ge=1, le=300)]
    """The most files of one pull request."""
    lines: Annotated[int, Field(ge=1, le=3000)]
    """The most lines that it adds and removes."""


class Sizes(_Section):
    safe: Size = Size(files=10, lines=100)
    """Of a pull request that honest use can't notice."""
    review: Size = Size(files=5, lines=60)
    """Of one that may change behaviour."""


class Campaigns(_Section):
    gather: Literal["threat", "rule"] = "threat"
    """What one pull request is about: all findings of a threat, or those of one rule."""
    within: Literal["component", "folder"] = "component"
    """How far it reaches: a deployable unit, or one folder."""


class PullRequests(_Section):
    prefix: Annotated[str, StringConstraints(pattern=PREFIX, max_length=30)] = ""
    """What titles and commits begin with, in place of what the history suggests."""
    reviewers: Literal["nobody", "codeowners"] = "nobody"
    """Whom to ask for a review."""
    sections: tuple[Literal[SECTIONS], ...] = ()  # type: ignore[valid-type]
    """Sections of the body that come first, in this order; the others follow in theirs."""
    texts: dict[Literal[SLOTS], Words] = {}  # type: ignore[valid-type]
    """Plain text of yours: `opening` on top, `before` among what to do before the merge, `closing`."""


class CheckRun(_Section):
    fail: SeverityName | Literal["never"] = "never"
    """The least severity of what a pull request introduces that fails its check; else it is neutral."""
    annotations: Annotated[int, Field(ge=0, le=500)] = 10
    """How many findings are shown beside the lines; the check's page has all."""
    suggestions: Annotated[int, Field(ge=0, le=20)] = 3
    """How many fixes are suggested in the diff, on pull requests of members."""


class Ignore(_Section):
    rule: str
    """The id of one rule."""
    paths: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    """Where it is ignored, as in a .gitignore."""
    symbol: str = ""
    """Only within this function, class or resource, as the report names it."""
    reason: Words
    """Why; it is shown with every finding that is ignored."""
    owner: str = ""
    """Who answers for it."""
    until: date | None = None
    """The last day on which it counts."""


class Configuration(_Section):
    """The settings of a repository, in .suture.yml or .github/suture.yml."""

    version: Literal[1] = 1
    """The version of this form."""
    paths: Paths = Paths()
    """Which files are scanned."""
    kinds: Kinds = Kinds()
    """What is done about files that aren't the repository's own code: `fix` them as any other, `report`
    their findings and open nothing unasked, `skip` them."""
    branches: Annotated[tuple[Branch, ...], Field(max_length=10)] = ()
    """Branches, by name or pattern (`release/*`), that the App looks after besides the default one, each
    under the configuration that it holds itself."""
    rules: dict[str, RuleSettings] = {}
    """Settings by rule id or by pattern (`terraform/*`): an id wins over every pattern, a later pattern
    over an earlier one, each setting by itself."""
    threshold: Threshold = Threshold()
    """What is shown, and what fails."""
    open: Open = Open()
    """What may be opened without being asked for."""
    limits: Limits = Limits()
    """How many pull requests there may be."""
    size: Sizes = Sizes()
    """How large a pull request may be."""
    campaigns: Campaigns = Campaigns()
    """What is gathered in one pull request."""
    pull_requests: PullRequests = PullRequests()
    """How a pull request is worded, and who reviews it."""
    check: CheckRun = CheckRun()
    """The check on pull requests and in merge queues."""
    dashboard: bool = True
    """Whether an issue lists what is open, what waits and what was closed."""
    criticality: Literal["low", "medium", "high", "critical"] | None = None
    """How often it is looked at though nobody pushed: every week, day, half day, six hours. Without a
    word, what a service catalogue's file in the repository says, or daily."""
    ignores: tuple[Ignore, ...] = ()
    """Findings that stay as they are, for a reason."""
