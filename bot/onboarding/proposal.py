"""The first pull request: a configuration with every setting, and what will be opened once it is merged."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bot.campaigns import Campaign
from bot.conventions.commit_style import CommitStyle
from bot.lifecycle import Action, Plan
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from bot.policy import FILES
from bot.policy.publishing import Limits
from bot.published import Marker
from bot.pull_request import Background, Commit, PullRequest, counted, title
from bot.templates import rendered
from fixers.engine import digest

BRANCH = "suture/configure"
PATH = FILES[0]
_TITLE = "Configure Suture"
_WHY = """\
Every setting is as it is without a configuration. From here on Suture
opens pull requests in this repository, within these limits."""
_ROWS = 6


def configuration() -> str:
    """The configuration that is proposed: every setting with its default and a comment."""
    return rendered("onboarding.yml")


def proposal(plan: Plan, found: Examination, told: Background) -> PullRequest:
    """The pull request that proposes it. `plan` is what the defaults come to.

    It tells titles where the repository is private, and where not, numbers alone. The marker's content
    changes with what is told, and with nothing else.
    """
    rows, more = _requests(plan) if told.is_private else ([], "")
    values = {
        "opens": _opens(plan),
        "rows": rows,
        "more": more,
        "counts": _counts(plan.outcomes),
        "is_public": bool(plan.outcomes) and not told.is_private,
        "limits": _limits(found.policy.publishing.limits),
    }
    style = _style(told.style)
    return PullRequest(
        BRANCH,
        style.subject(_TITLE),
        rendered("onboarding.md", path=PATH, **values),
        Marker(digest(*(f"{name} {value}" for name, value in values.items())), "", ()),
        (Commit(_message(style, told.signature), {PATH: configuration().encode()}),),
        (),
        told.today,
    )


def _style(style: CommitStyle) -> CommitStyle:
    """A configuration fixes nothing, and releases nothing."""
    is_set = style.prefix or not style.is_conventional
    return style if is_set else replace(style, prefix="chore:")


def _message(style: CommitStyle, signature: str) -> str:
    signed = [f"Signed-off-by: {signature}"] * style.is_signed_off
    return "\n\n".join([style.subject(_TITLE), _WHY, *signed]) + "\n"


def _opens(plan: Plan) -> str:
    opening = [step.campaign for step in plan.steps if step.action is Action.OPEN and step.campaign]
    if not opening:
        return "nothing opens at once: what Suture opens unasked wasn't found here"
    fixed = sum(len(campaign.fixed) for campaign in opening)
    verb = "opens" if len(opening) == 1 else "open"
    return f"{counted(len(opening), 'pull request')} {verb}, with the fixes of {counted(fixed, 'finding')}"


def _requests(plan: Plan) -> tuple[list[str], str]:
    """The first of those that open and of those that wait their turn, as rows; how many there are more."""
    steps = [step for step in plan.steps if step.campaign and step.campaign.fixes]
    at_once = [
        _row("at once", step.campaign) for step in steps if step.action is Action.OPEN and step.campaign
    ]
    later = [
        _row("later", step.campaign) for step in steps if step.action is Action.WITHHOLD and step.campaign
    ]
    rows = [*at_once, *later]
    left = len(rows) - _ROWS
    return rows[:_ROWS], counted(left, "more pull request") if left > 0 else ""


def _row(when: str, campaign: Campaign) -> str:
    size = campaign.size
    parts = (
        counted(len(campaign.fixed), "finding"),
        counted(size.files, "file"),
        counted(size.lines, "line"),
    )
    name = title(campaign, CommitStyle(is_conventional=False, is_signed_off=False))
    return f"| {when} | {campaign.severity.name.lower()} | {name} | {', '.join(parts)} |"


_FIXED = "fixed at once"
_BECAUSE = (
    ("limits.", "waiting their turn: few pull requests stand open at a time (`limits`)"),
    ("open: ", "waiting until somebody asks for them (`open.rules`)"),
    ("open.", "less severe than what opens unasked (`open`)"),
    ("", "waiting for another pull request to be merged"),
)
_BECOMES = {
    Status.FIXED: _FIXED,
    Status.FAILED: "for a person: no fix could be proven",
    Status.REFUSED: "for a person: no fix is right here",
    Status.REPORT_ONLY: "for a person: no fix is right everywhere",
    Status.IGNORED: "left: somebody said so in the code",
}
_ORDER = (_FIXED, *(words for _, words in _BECAUSE), *_BECOMES.values())


def _becomes(outcome: Outcome) -> str:
    because = (words for start, words in _BECAUSE if outcome.detail.startswith(start))
    return _BECOMES.get(outcome.status) or next(because)


def _counts(outcomes: Iterable[Outcome]) -> list[str]:
    counts = Counter(_becomes(outcome) for outcome in outcomes)
    return [f"| {counts[words]:,} | {words} |" for words in sorted(counts, key=_ORDER.index)]


def _limits(limits: Limits) -> str:
    return (
        f"{counted(limits.open, 'pull request')} at a time until one was merged, "
        f"{limits.after_first_merge} after that, {limits.new_per_day} new a day"
    )
