"""The pull requests of a plan that could be opened and aren't: those that wait, those nobody asked for."""

from collections.abc import Iterator, Sequence

from bot.campaigns import Key, key_of
from bot.conventions.commit_style import CommitStyle
from bot.dashboard.page import Waiting
from bot.lifecycle import Action, Plan, Step
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from bot.published import key_in
from bot.pull_request import title
from bot.pull_request.words import TITLES


def waiting(plan: Plan, found: Examination, style: CommitStyle) -> tuple[Waiting, ...]:
    """Each by what a tick asks for; the most severe first."""
    held = [step for step in plan.steps if step.action is Action.WITHHOLD and step.campaign]
    rows = [row for step in held if (row := _of_step(step, style))]
    decided = {one.hit.fingerprint for step in plan.steps for one in step.outcomes}
    rest = [
        one for one in plan.outcomes if one.status is Status.WITHHELD and one.hit.fingerprint not in decided
    ]
    rows += _of_the_rest(rest, found, style)
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


Row = tuple[tuple[int, str], Waiting]


def _of_step(step: Step, style: CommitStyle) -> Row | None:
    campaign = step.campaign
    if campaign is None or not campaign.fixes:
        return None
    row = Waiting(
        key_in(step.branch),
        title(campaign, style),
        campaign.severity.name.lower(),
        len(campaign.fixed),
        campaign.size.files,
        step.reason,
    )
    return (-campaign.severity, step.branch), row


def _of_the_rest(outcomes: Sequence[Outcome], found: Examination, style: CommitStyle) -> Iterator[Row]:
    """By the widest key: how such a campaign is split is found out when somebody asks for it."""
    gathering = found.policy.publishing.gathering
    by_key: dict[Key, list[Outcome]] = {}
    for outcome in outcomes:
        by_key.setdefault(key_of(outcome, found.repo, gathering), []).append(outcome)
    for key, some in by_key.items():
        severity = max(one.severity for one in some)
        rules = list(dict.fromkeys(one.hit.rule for one in some))
        name = rules[0].title if len(rules) == 1 else TITLES[key.threat]
        reasons = list(dict.fromkeys(one.detail for one in some))
        files = len({one.hit.path for one in some})
        reason = "; ".join(reasons[:3])
        row = Waiting(key.digest, style.subject(name), severity.name.lower(), len(some), files, reason)
        yield (-severity, key.branch), row
