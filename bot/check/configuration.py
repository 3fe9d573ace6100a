"""A change of `.suture.yml`, validated before it is merged, with what it would open."""

from bot.check.report import Verdict
from bot.escaping import code, masked, sentence
from bot.github import Annotation, Output
from bot.lifecycle import Action, Plan
from bot.plan_report import totals
from bot.policy import ConfigurationError, Policy
from bot.pull_request import counted, title
from bot.pull_request.background import Background
from bot.templates import rendered

NAME = "Suture configuration"
_MOST = 50


def configuration_verdict(policy: Policy, plan: Plan, told: Background) -> Verdict:
    """The verdict on a configuration that can be read: what is merged with it opens so."""
    opens = [step for step in plan.steps if step.action is Action.OPEN and step.campaign]
    closes = [step for step in plan.steps if step.action is Action.CLOSE]
    waits = sum(step.action is Action.WITHHOLD for step in plan.steps)
    titles = [title(step.campaign, told.style) for step in opens if step.campaign]
    text = rendered(
        "check_configuration.md",
        path=code(policy.path),
        opens=titles if told.is_private else [],
        number=counted(len(opens), "pull request"),
        waits=counted(waits, "more") if waits else "",
        closes=[code(step.branch) for step in closes],
        totals=[sentence(line.strip()) for line in totals(plan)] if told.is_private else [],
    )
    said = f"Valid: {counted(len(opens), 'pull request')} would open"
    return Verdict(Output(said, masked(text, told.secrets)), "success")


def configuration_errors(error: ConfigurationError) -> Verdict:
    """The verdict on one that can't be used: each error at its line."""
    lines = [f"{code(f'{one.path}:{one.line}')}: {sentence(_words(str(one)))}" for one in error.errors]
    text = rendered("check_configuration_errors.md", lines=lines[:_MOST], more=max(0, len(lines) - _MOST))
    annotations = [
        Annotation(one.path, one.line, one.line, "failure", _words(str(one)), "Suture can't use this")
        for one in error.errors[:_MOST]
    ]
    said = counted(len(error.errors), "error")
    return Verdict(Output(said, masked(text), annotations=annotations), "failure")


def _words(problem: str) -> str:
    """The problem without its place, which stands beside it."""
    return problem.split(": ", 1)[-1]
