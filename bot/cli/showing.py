"""The command that shows what the others do: demo."""

from datetime import date

from rich.console import Console

from bot import demo, plan_report
from bot.cli.asking import print_markdown
from bot.cli.planning import Planned, planned
from bot.lifecycle import Action
from bot.pull_request import PullRequest

DEMO_EXAMPLES = "Example: `suture demo`"


def show_demo() -> None:
    """Scan the bundled AI service, show the plan for it, and the body of its most severe campaign."""
    made, request = demonstrated()
    print("The plan for the bundled service, at first contact:\n")
    plan_report.print_text(made.plan, made.common.style, Console())
    print("\nIts most severe campaign as a pull request:\n")
    print_markdown(f"# {request.title}\n\n{request.text}")


def demonstrated(today: date | None = None) -> tuple[Planned, PullRequest]:
    """The plan for the bundled service, and the pull request that would open."""
    with demo.repository() as root:
        made = planned(root, None, (), is_private=True, today=today)
        first = next(step.campaign for step in made.plan.steps if step.action is Action.OPEN)
        assert first is not None
        return made, made.compose(first)
