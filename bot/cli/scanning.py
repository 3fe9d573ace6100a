"""The commands that look and mend: scan, fix."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import report
from bot.cli.asking import (
    FINDINGS,
    Format,
    FormatOption,
    PathArgument,
    RevisionOption,
    RuleOption,
    SeverityName,
    SeverityOption,
    SinceOption,
    ThreatOption,
    chosen,
    examined,
    fail,
    taken,
)
from bot.cli.planning import BranchesOption, FolderOption, MostOption, PrivateOption, asked_for, publish
from bot.formatters import formatted
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Mending, Withhold, mend, secrets_in
from bot.progress import Progress
from bot.snapshot import Snapshot, WriteError, write
from fixers import all_rules
from fixers.rule import Safety, Severity
from fixers.text import Unreadable

SCAN_EXAMPLES = (
    "Examples: `suture scan` · `suture scan services/chat --min-severity high` · "
    "`suture scan --changed-since origin/main --format json`"
)
FIX_EXAMPLES = (
    "Examples: `suture fix` shows what would change · `suture fix --write` applies what honest use can't "
    "notice · `suture fix --write --review --rule python/unsafe-yaml-load` · `suture fix --branches` makes "
    "pull requests as local branches"
)


def scan(
    path: PathArgument = Path(),
    output: FormatOption = Format.TEXT,
    rule: RuleOption = None,
    threat: ThreatOption = None,
    min_severity: SeverityOption = None,
    changed_since: SinceOption = None,
    revision: RevisionOption = None,
) -> None:
    """List the findings of a repository, each with its status."""
    if changed_since and revision:
        fail("--changed-since compares with the working tree: leave --revision out")
    found = examined(taken(path, revision), chosen(rule, threat), changed_since)
    _finish(found, output, min_severity)


def fix(
    path: PathArgument = Path(),
    output: FormatOption = Format.TEXT,
    rule: RuleOption = None,
    threat: ThreatOption = None,
    min_severity: SeverityOption = None,
    changed_since: SinceOption = None,
    revision: RevisionOption = None,
    writes: Annotated[bool, typer.Option("--write", help="Edit the working tree with SAFE fixes.")] = False,
    reviews: Annotated[bool, typer.Option("--review", help="With --write: REVIEW fixes too.")] = False,
    branches: BranchesOption = False,
    folder: FolderOption = None,
    most: MostOption = None,
    is_private: PrivateOption = False,
) -> None:
    """Show the fixes as diffs with their proof, write them, or make branches of them."""
    if (writes or changed_since) and revision:
        fail("--write and --changed-since are about the working tree: leave --revision out")
    if reviews and not writes:
        fail("--review goes with --write: without it every fix is shown anyway")
    if branches and (writes or changed_since or min_severity):
        fail("--branches makes pull requests of a commit: only --rule, --threat and --revision go with it")
    if branches and output is not Format.TEXT:
        fail("--branches tells what it did as text: `suture plan --format json` tells it as data")
    if not branches and (folder or is_private or most is not None):
        fail("--folder, --most and --private go with --branches")
    if branches:
        publish(path, revision, asked_for(rule, threat), folder, most, is_private)
        return
    snapshot = taken(path, revision)
    found = examined(snapshot, chosen(rule, threat), changed_since)
    made = _mend(found, lambda outcome: _withheld(outcome, min_severity, found, writes and not reviews))
    if writes:
        _write(snapshot, made)
    _finish(found, output, min_severity, made, writes)


def _withheld(outcome: Outcome, asked: SeverityName | None, found: Examination, only_safe: bool) -> str:
    least = _severity(asked, found)
    if outcome.severity < least:
        limit = "--min-severity" if asked else f"`threshold.report` in {found.policy.path}:"
        return f"below {limit} {least.name.lower()}"
    if only_safe and outcome.safety is Safety.REVIEW:
        return "may change behaviour: --review writes it"
    return ""


def _mend(found: Examination, withhold: Withhold) -> Mending:
    with Progress(Console(stderr=True)) as progress:
        return mend(found, withhold, formatted, on_rule=lambda rule: progress.on_step(rule.id))


def _write(snapshot: Snapshot, made: Mending) -> None:
    """The last text of every changed file, if nobody has edited any of them since it was read: a proof
    holds for all of the texts together."""
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes] = {}
    for change in (change for fix in made.fixes for change in fix.changes):
        before.setdefault(change.path, change.before)
        after[change.path] = change.after
    stopped = [words for path, data in before.items() if (words := _changed(snapshot, path, data))]
    if stopped:
        fail("nothing was written: " + "; ".join(stopped))
    errors = []
    for path, data in after.items():
        try:
            write(snapshot.root, path, data, before[path])
        except WriteError as error:
            errors.append(str(error))
    if errors:
        fail("not everything was written: " + "; ".join(errors))


def _changed(snapshot: Snapshot, path: str, before: bytes | None) -> str:
    """What stands in the way of writing the file, or nothing."""
    try:
        now = snapshot.read(path)
    except Unreadable as error:
        return f"{path} {error.reason}" if before is not None else ""
    if before is None:
        return f"{path} exists already, out of git's sight"
    return "" if now == before else f"{path} was changed meanwhile: run it again"


def _severity(asked: SeverityName | None, found: Examination) -> Severity:
    return Severity[asked.name] if asked else found.policy.threshold.report


def _finish(
    found: Examination,
    output: Format,
    min_severity: SeverityName | None,
    made: Mending | None = None,
    is_written: bool = False,
) -> None:
    outcomes, fixes = (made.outcomes, made.fixes) if made else (found.outcomes, ())
    shown = report.at_or_above(outcomes, _severity(min_severity, found))
    whole = report.Report(
        shown,
        found.skipped,
        found.problems,
        found.work,
        hidden=len(outcomes) - len(shown),
        fixes=fixes,
        secrets=secrets_in(found, fixes, all_rules()),
        is_fix=made is not None,
        is_written=is_written,
    )
    match output:
        case Format.JSON:
            print(report.as_json(whole))
        case Format.MARKDOWN:
            print(report.as_markdown(whole), end="")
        case Format.TEXT:
            report.print_text(whole, Console())
    least = Severity[min_severity.name] if min_severity else found.policy.threshold.fail
    settled = {Status.IGNORED, Status.FIXED} if is_written else {Status.IGNORED}
    if any(outcome.severity >= least and outcome.status not in settled for outcome in outcomes):
        raise typer.Exit(FINDINGS)
