"""The commands that publish: plan, and fix with --branches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer
from rich.console import Console

from bot import git, plan_report
from bot.campaigns import Campaign
from bot.cli.asking import RuleOption, ThreatName, ThreatOption, chosen, examined, fail, taken
from bot.formatters import formatted
from bot.lifecycle import Action, Asked, Plan, make_plan
from bot.local import RecordError, Records, background, carry_out, standing, with_history
from bot.pipeline import Examination, secrets_in
from bot.progress import Progress
from bot.published import Published
from bot.pull_request import Background, PullRequest, pull_request
from fixers import all_rules
from fixers.rule import Rule

PLAN_EXAMPLES = "Examples: `suture plan` · `suture plan --format json` · `suture plan --threat unsafe-output`"

RepositoryArgument = Annotated[
    Path,
    typer.Argument(help="A repository, or anything in it: the plan is of the whole repository.", exists=True),
]
BranchesOption = Annotated[
    bool,
    typer.Option(
        "--branches",
        help="Make pull requests of the whole repository: a branch for each, its body in a folder.",
    ),
]
FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Where bodies are kept [.git/suture].")
]
MostOption = Annotated[
    int | None,
    typer.Option("--most", min=0, metavar="N", help="How many may be open, whatever `limits` say."),
]
PrivateOption = Annotated[
    bool, typer.Option("--private", help="Only its own people read it: bodies may list what isn't fixed.")
]
BaseOption = Annotated[
    str | None, typer.Option("--revision", metavar="REV", help="The commit to stand on, instead of HEAD.")
]


class PlanFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what it was made from."""

    root: Path
    base: str
    examination: Examination
    published: list[Published]
    plan: Plan
    records: Records
    common: Background

    def compose(self, campaign: Campaign) -> PullRequest:
        told = with_history(self.common, self.root, campaign, self.published)
        return pull_request(campaign, self.examination, self.plan.outcomes, told)


def plan(
    path: RepositoryArgument = Path(),
    output: Annotated[PlanFormat, typer.Option("--format", help="How to print.")] = PlanFormat.TEXT,
    rule: RuleOption = None,
    threat: ThreatOption = None,
    revision: BaseOption = None,
    folder: FolderOption = None,
    most: MostOption = None,
) -> None:
    """Show which pull requests would be opened, updated, closed and withheld, and why.

    The plan stands on a commit: what isn't committed isn't seen.
    """
    made = planned(path, revision, asked_for(rule, threat), folder, most)
    if output is PlanFormat.JSON:
        print(plan_report.as_json(made.plan, made.common.style, made.common.secrets))
    else:
        plan_report.print_text(made.plan, made.common.style, Console())


def publish(
    path: Path,
    revision: str | None,
    rules: Sequence[Rule],
    folder: Path | None,
    most: int | None,
    is_private: bool,
) -> None:
    """Carry out the plan in the local repository."""
    made = planned(path, revision, rules, folder, most, is_private=is_private)
    _try_out(made.records.folder)
    failed = False
    try:
        for step, problem in carry_out(
            made.root, made.records, made.plan, made.published, made.base, made.compose
        ):
            failed |= bool(problem)
            if step.action is not Action.WITHHOLD:
                body = made.records.path_of_body(step.branch)
                print(plan_report.line(step, problem, body))
    except RecordError as error:
        fail(str(error))
    for text in plan_report.totals(made.plan):
        print(text)
    if failed:
        fail("not every step could be done, see above")


def asked_for(names: Sequence[str] | None, threats: Sequence[ThreatName] | None) -> Sequence[Rule]:
    """The rules that a person asks for; none where nobody asks, and then what may opens by itself."""
    if not (names or threats):
        return ()
    rules = chosen(names, threats)
    if not rules:
        fail("no rule is named by --rule and is of a --threat too: leave one of them out")
    return rules


def _try_out(folder: Path) -> None:
    """Fail before anything is made, if what is made can't be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return
    except OSError as error:
        fail(f"{folder}: can't be written ({error.strerror}): free it, or name another with --folder")


def planned(
    path: Path,
    revision: str | None,
    rules: Sequence[Rule],
    folder: Path | None = None,
    most: int | None = None,
    *,
    is_private: bool = False,
    today: date | None = None,
) -> Planned:
    """The plan for a repository at a commit, with progress: always of all of it, so that nothing that is
    open is closed because nobody looked."""
    try:
        root = git.root_of(path)
        base = _base(root, revision or "HEAD")
        records = Records(folder or git.store_of(root) / "suture")
        published = standing(root, records, base)
    except (git.GitError, RecordError) as error:
        fail(str(error))
    examination = examined(taken(root, base), all_rules(), today=today)
    asked = Asked(frozenset(rule.id for rule in rules), most)
    with Progress(Console(stderr=True)) as progress:
        made = make_plan(examination, published, formatted, asked, lambda rule: progress.on_step(rule.id))
    fixes = [fix for step in made.steps if step.campaign for fix in step.campaign.fixes]
    secrets = secrets_in(examination, fixes, all_rules())
    try:
        common = background(root, base, examination, secrets, is_private=is_private)
    except git.GitError as error:
        fail(str(error))
    return Planned(root, base, examination, published, made, records, common)


def _base(root: Path, revision: str) -> str:
    """The commit to stand on. Raises git.GitError where there is none, and for a branch that a plan made:
    its fixes would look as if they were merged."""
    base = git.commit_of(root, revision)
    name = git.full_name(root, revision).removeprefix("refs/heads/")
    if name.startswith("suture/"):
        remedy = "check out the branch that it goes into, or name that with --revision"
        raise git.GitError(f"{revision} is {name}, a pull request's own branch: {remedy}")
    return base
