"""A plan as a table, as data, and as a line for each step that was done."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from bot.conventions.commit_style import CommitStyle
from bot.escaping import visible
from bot.lifecycle import Action, Plan, Step
from bot.outcomes import Status
from bot.pull_request import counted, title
from bot.report import as_data, without

MAX_WAITING = 12
"""So many withheld pull requests are shown before the rest is only counted."""
_PIPED = 160
"""Characters of a line where nobody's terminal sets a limit."""
_COLOURS = {
    Action.OPEN: "green",
    Action.UPDATE: "yellow",
    Action.KEEP: "dim",
    Action.CLOSE: "red",
    Action.WITHHOLD: "dim",
}


def as_json(plan: Plan, style: CommitStyle, secrets: Sequence[str]) -> str:
    """One object: steps in their order, and every finding with its status. Nothing but secrets is masked."""
    document = {
        "steps": [_step(step, style) for step in plan.steps],
        "findings": [as_data(outcome) for outcome in plan.outcomes],
    }
    return json.dumps(without(secrets, document), indent=2)


def _step(step: Step, style: CommitStyle) -> dict[str, object]:
    told: dict[str, object] = {"action": step.action.value, "branch": step.branch, "reason": step.reason}
    if step.campaign and step.campaign.fixes:
        campaign, size = step.campaign, step.campaign.size
        told |= {
            "title": title(campaign, style),
            "severity": campaign.severity.name.lower(),
            "safety": campaign.safety.name.lower(),
            "rules": [rule.id for rule in campaign.rules],
            "files": size.files,
            "lines": size.lines,
            "findings": [outcome.hit.fingerprint for outcome in campaign.fixed],
        }
    return told


def print_text(plan: Plan, style: CommitStyle, console: Console) -> None:
    """A table of the steps, the first of those that wait, and how many findings wait for what."""
    acting = [step for step in plan.steps if step.action is not Action.WITHHOLD]
    waiting = [step for step in plan.steps if step.action is Action.WITHHOLD]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("step", "severity", "size", "pull request"):
        table.add_column(name, overflow="fold", no_wrap=name == "step")
    for step in (*acting, *waiting[:MAX_WAITING]):
        table.add_row(*_cells(step, style))
    if not console.is_terminal:
        console.width = _PIPED
    if plan.steps:
        console.print(table)
    if len(waiting) > MAX_WAITING:
        left = counted(len(waiting) - MAX_WAITING, "more pull request")
        console.print(Styled(f"{left} would be withheld: --format json lists them all", "dim"))
    for text in totals(plan):
        console.print(Styled(text), soft_wrap=True)


def _cells(step: Step, style: CommitStyle) -> tuple[Styled, ...]:
    colour = _COLOURS[step.action]
    branch = visible(step.branch)
    about = Styled(branch, "dim")
    severity = size = ""
    if step.campaign and step.campaign.fixes:
        campaign = step.campaign
        about = Styled.assemble(title(campaign, style), "\n", (branch, "dim"))
        severity = campaign.severity.name.lower()
        size = ", ".join(
            (
                counted(len(campaign.fixed), "finding"),
                counted(campaign.size.files, "file"),
                counted(campaign.size.lines, "line"),
            )
        )
    if step.reason:
        about.append(f"\n{visible(step.reason)}", "dim")
    return Styled(step.action.value, colour), Styled(severity), Styled(size), about


def line(step: Step, problem: str, body: Path) -> str:
    """What was done for one pull request, or what stood in its way."""
    done = f"{step.action.value:<12} {visible(step.branch)}"
    if problem:
        return f"{done}: FAILED, {visible(problem)}"
    reason = f" ({visible(step.reason)})" if step.reason else ""
    return f"{done}{reason}\n{'':<12} {visible(str(body))}"


def totals(plan: Plan) -> Iterator[str]:
    """How many findings are in which status, and what those that wait are waiting for."""
    if not plan.outcomes:
        yield "no findings"
        return
    counts = Counter(outcome.status for outcome in plan.outcomes)
    parts = ", ".join(
        f"{counts[status]:,} {_NAMES.get(status, status.value)}" for status in Status if counts[status]
    )
    yield f"{counted(len(plan.outcomes), 'finding')}: {parts}"
    waiting = Counter(one.detail for one in plan.outcomes if one.status is Status.WITHHELD)
    for reason, count in sorted(waiting.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:,} withheld: {visible(reason)}"


_NAMES = {Status.FIXED: "in a pull request"}
