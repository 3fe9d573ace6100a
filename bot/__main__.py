"""The command line: scan, fix, rules, explain, check-config, demo."""

import difflib
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum, StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from bot import catalogue, demo, git, report
from bot.escaping import masked, visible
from bot.explanation import explain_finding, explain_rule
from bot.formatters import formatted
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Mending, Withhold, examine, mend, secrets_in
from bot.policy import ConfigurationError, load, schema_text
from bot.progress import Progress
from bot.pull_request import pull_request
from bot.snapshot import Snapshot, WriteError, snapshot_of, write
from fixers import all_rules
from fixers.rule import Rule, Safety, Severity, Threat
from fixers.text import Unreadable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Find weaknesses of AI systems, and stitch small, proven fixes.\n\n"
    "Exit codes: 0 nothing at or above the threshold, 1 findings, 2 usage or configuration.",
)

FINDINGS, USAGE = 1, 2


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


SeverityName = Enum("SeverityName", {s.name: s.name.lower() for s in Severity}, type=str)  # type: ignore[misc]
ThreatName = Enum("ThreatName", {t.name: t.value for t in Threat}, type=str)  # type: ignore[misc]

PathArgument = Annotated[Path, typer.Argument(help="A repository, a folder or a file.", exists=True)]
RevisionOption = Annotated[
    str | None, typer.Option("--revision", metavar="REV", help="A commit instead of the working tree.")
]
RuleOption = Annotated[
    list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; may be repeated.")
]
ThreatOption = Annotated[
    list[ThreatName] | None, typer.Option("--threat", help="Only rules of this threat; may be repeated.")
]
SeverityOption = Annotated[
    SeverityName | None, typer.Option("--min-severity", help="Only findings at least this severe.")
]
SinceOption = Annotated[
    str | None, typer.Option("--changed-since", metavar="REV", help="Only files changed since REV.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]


def fail(message: str) -> NoReturn:
    """End with exit code 2 and one clear message on standard error."""
    text = Text(f"suture: {visible(masked(message))}")
    Console(stderr=True).print(text, highlight=False, soft_wrap=True)
    raise typer.Exit(USAGE)


@app.command(
    epilog="Examples: `suture scan` · `suture scan services/chat --min-severity high` · "
    "`suture scan --changed-since origin/main --format json`"
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
    examined = _examine(path, revision, rule, threat, changed_since)
    _finish(examined, output, min_severity)


@app.command(
    epilog="Examples: `suture fix` shows what would change · `suture fix --write` applies what honest use "
    "can't notice · `suture fix --write --review --rule python/unsafe-yaml-load`"
)
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
) -> None:
    """Show the fixes as diffs with their proof, or write them."""
    if writes and revision:
        fail("--write edits the working tree: leave --revision out")
    if reviews and not writes:
        fail("--review goes with --write: without it every fix is shown anyway")
    snapshot = _snapshot(path, revision)
    examined = _examine(path, revision, rule, threat, changed_since, snapshot)
    made = _mend(examined, lambda outcome: _withheld(outcome, min_severity, examined, writes and not reviews))
    if writes:
        _write(snapshot, made)
    _finish(examined, output, min_severity, made, writes)


def _withheld(outcome: Outcome, asked: SeverityName | None, examined: Examination, only_safe: bool) -> str:
    least = _severity(asked, examined)
    if outcome.severity < least:
        limit = "--min-severity" if asked else f"`threshold.report` in {examined.policy.path}:"
        return f"below {limit} {least.name.lower()}"
    if only_safe and outcome.safety is Safety.REVIEW:
        return "may change behaviour: --review writes it"
    return ""


def _mend(examined: Examination, withhold: Withhold) -> Mending:
    with Progress(Console(stderr=True)) as progress:
        return mend(examined, withhold, formatted, on_rule=lambda rule: progress.on_step(rule.id))


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


def _snapshot(path: Path, revision: str | None) -> Snapshot:
    try:
        return snapshot_of(path, revision)
    except git.GitError as error:
        fail(str(error))


def _examine(
    path: Path,
    revision: str | None,
    rule: list[str] | None,
    threat: list[ThreatName] | None,
    changed_since: str | None,
    snapshot: Snapshot | None = None,
) -> Examination:
    if changed_since and revision:
        fail("--changed-since compares with the working tree: leave --revision out")
    rules = _chosen(rule, threat)
    snapshot = snapshot or _snapshot(path, revision)
    try:
        policy = load(snapshot.repository(), all_rules())
        changed = git.changed_since(snapshot.root, changed_since) if changed_since else None
    except (ConfigurationError, git.GitError) as error:
        fail(str(error))
    with Progress(Console(stderr=True)) as progress:
        return examine(snapshot, policy, rules, date.today(), paths=changed, on_file=progress.on_step)


def _chosen(names: Iterable[str] | None, threats: Iterable[ThreatName] | None) -> Sequence[Rule]:
    rules = all_rules()
    known = {rule.id: rule for rule in rules}
    for name in names or ():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f" (did you mean {close[0]}?)" if close else ""
            fail(f"there is no rule {name!r}{meant}: `suture rules` lists them")
    kinds = {threat.value for threat in threats or ()}
    return [
        rule
        for rule in rules
        if (not names or rule.id in names) and (not kinds or rule.threat.value in kinds)
    ]


def _severity(asked: SeverityName | None, examined: Examination) -> Severity:
    return Severity[asked.name] if asked else examined.policy.threshold.report


def _finish(
    examined: Examination,
    output: Format,
    min_severity: SeverityName | None,
    made: Mending | None = None,
    is_written: bool = False,
) -> None:
    outcomes, fixes = (made.outcomes, made.fixes) if made else (examined.outcomes, ())
    shown = report.at_or_above(outcomes, _severity(min_severity, examined))
    whole = report.Report(
        shown,
        examined.skipped,
        examined.problems,
        examined.work,
        hidden=len(outcomes) - len(shown),
        fixes=fixes,
        secrets=secrets_in(examined, fixes, all_rules()),
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
    least = Severity[min_severity.name] if min_severity else examined.policy.threshold.fail
    settled = {Status.IGNORED, Status.FIXED} if is_written else {Status.IGNORED}
    if any(outcome.severity >= least and outcome.status not in settled for outcome in outcomes):
        raise typer.Exit(FINDINGS)


@app.command(epilog="Examples: `suture rules` · `suture rules --markdown > fixers/README.md`")
def rules(
    markdown: Annotated[bool, typer.Option("--markdown", help="The catalogue as a page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The catalogue as data.")] = False,
) -> None:
    """List the rules."""
    if markdown:
        print(catalogue.as_markdown(all_rules()), end="")
    elif as_json:
        print(catalogue.as_json(all_rules()))
    else:
        width = max(len(rule.id) for rule in all_rules())
        for rule in all_rules():
            kind, _, marks = catalogue.kind_of_fix(rule).partition(", ")
            title = f"{rule.title} ({marks})" if marks else rule.title
            print(f"{rule.id:<{width}}  {rule.severity.name.lower():<8}  {kind:<6}  {title}")


@app.command(epilog="Examples: `suture explain python/unsafe-torch-load` · `suture explain 3f9c1ab2`")
def explain(
    subject: Annotated[str, typer.Argument(help="A rule's id, or the start of a finding's fingerprint.")],
    path: PathArgument = Path(),
) -> None:
    """Tell of a rule how it is configured here, or of a finding why there is or isn't a fix."""
    known = {rule.id: rule for rule in all_rules()}
    rule = known.get(subject)
    examined = _examine(path, None, [subject] if rule else None, None, None)
    if rule:
        text = explain_rule(rule, examined)
    else:
        found = _found(subject, examined)
        text = explain_finding(found, examined, secrets_in(examined, (), all_rules()))
    _print_markdown(text)


def _found(start: str, examined: Examination) -> Outcome:
    """The one finding whose fingerprint begins so."""
    found = [outcome for outcome in examined.outcomes if outcome.hit.fingerprint.startswith(start.lower())]
    if not re.fullmatch("[0-9a-f]{4,16}", start.lower()) or not found:
        close = difflib.get_close_matches(start, [rule.id for rule in all_rules()], n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        fail(f"{start!r} is neither a rule nor the start of a finding's fingerprint{meant}")
    if len(found) > 1:
        full = ", ".join(outcome.hit.fingerprint for outcome in found)
        fail(f"{len(found)} findings begin with {start!r}: {full}")
    return found[0]


def _print_markdown(text: str) -> None:
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text)


@app.command(name="check-config", epilog="Examples: `suture check-config` · `suture check-config --schema`")
def check_config(
    path: PathArgument = Path(),
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema for editors.")] = False,
) -> None:
    """Validate .suture.yml, naming file, line, key and what is allowed."""
    if schema:
        print(schema_text(all_rules()), end="")
        return
    try:
        policy = load(_snapshot(path, None).repository(), all_rules())
    except ConfigurationError as error:
        fail(str(error))
    enabled = len(policy.enabled(all_rules()))
    print(f"{policy.path or 'no .suture.yml: the defaults hold'}: valid, {enabled} rules on")


@app.command(name="demo", epilog="Example: `suture demo`")
def show_demo() -> None:
    """Scan the bundled AI service and show its most severe fix as a pull request."""
    with demo.repository() as root:
        examined = _examine(root, None, None, None, None)
        made = _mend(examined, lambda outcome: "")
    shown = demo.most_severe(made.fixes)
    request = pull_request(shown, made.outcomes)
    print(f"{len(examined.outcomes)} findings, {len(made.fixes)} fixes. The most severe as a pull request:\n")
    _print_markdown(f"# {request.title}\n\n{request.body}")


def main() -> None:
    """The console script. A character that the terminal's encoding lacks is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(app(prog_name="suture"))


if __name__ == "__main__":
    main()
