"""The pull requests of a plan that could be opened and aren't: those that wait, those nobody asked for."""

from collections.abc import Iterable, Sequence

from bot.campaigns import Campaign, Key, key_of
from bot.conventions.commit_style import CommitStyle
from bot.dashboard.page import Waiting
from bot.lifecycle import Action, Plan
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from bot.published import key_in
from bot.pull_request.words import TITLES
from fixers.rule import Severity


def waiting(plan: Plan, found: Examination, style: CommitStyle) -> tuple[Waiting, ...]:
    """Each by what a tick asks for; the most severe first."""
    steps = [step for step in plan.steps if step.action is Action.WITHHOLD]
    decided = {one.hit.fingerprint for step in plan.steps for one in step.outcomes}
    gathering = found.policy.publishing.gathering
    unasked: dict[Key, list[Outcome]] = {}
    for outcome in plan.outcomes:
        if outcome.status is Status.WITHHELD and outcome.hit.fingerprint not in decided:
            unasked.setdefault(key_of(outcome, found.repo, gathering), []).append(outcome)
    rows: dict[str, list[tuple[Campaign | None, Sequence[Outcome], str]]] = {}
    for step in steps:
        if step.campaign and step.campaign.fixes:
            rows.setdefault(key_in(step.branch), []).append((step.campaign, step.campaign.fixed, step.reason))
    for key, outcomes in unasked.items():
        # how it would be split is found out when somebody asks for it
        rows.setdefault(key.digest, []).append((None, outcomes, "; ".join(_reasons(outcomes))))
    made = [_row(key, parts, style) for key, parts in rows.items()]
    return tuple(sorted(made, key=lambda one: (-Severity[one.severity.upper()], one.title, one.key)))


def _reasons(outcomes: Iterable[Outcome]) -> list[str]:
    return list(dict.fromkeys(one.detail for one in outcomes))[:3]


def _row(
    key: str, parts: Sequence[tuple[Campaign | None, Sequence[Outcome], str]], style: CommitStyle
) -> Waiting:
    """What a tick of this key opens: what was held back by a limit, with what nobody has asked for yet."""
    outcomes = [one for _, some, _ in parts for one in some]
    rules = list(dict.fromkeys(one.hit.rule for one in outcomes))
    name = rules[0].title if len(rules) == 1 else TITLES[rules[0].threat]
    files = {one.hit.path for one in outcomes}
    files |= {change.path for campaign, _, _ in parts if campaign for change in campaign.changes}
    return Waiting(
        key,
        style.subject(name),
        max(one.severity for one in outcomes).name.lower(),
        len(outcomes),
        len(files),
        "; ".join(dict.fromkeys(reason for _, _, reason in parts)),
    )
