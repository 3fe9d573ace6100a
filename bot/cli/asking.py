"""What commands share: their options, and the examination that they ask for."""

import difflib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from bot import git
from bot.escaping import masked, visible
from bot.pipeline import Examination, examine
from bot.policy import ConfigurationError, load
from bot.progress import Progress
from bot.snapshot import Snapshot, snapshot_of
from fixers import all_rules
from fixers.rule import Rule, Severity, Threat

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


def taken(path: Path, revision: str | None) -> Snapshot:
    """The snapshot that a path and a revision name."""
    try:
        return snapshot_of(path, revision)
    except git.GitError as error:
        fail(str(error))


def examined(
    snapshot: Snapshot, rules: Sequence[Rule], changed_since: str | None = None, today: date | None = None
) -> Examination:
    """The findings of these rules, or of the files changed since a revision, with progress."""
    try:
        policy = load(snapshot.repository(), all_rules())
        changed = git.changed_since(snapshot.root, changed_since) if changed_since else None
    except (ConfigurationError, git.GitError) as error:
        fail(str(error))
    with Progress(Console(stderr=True)) as progress:
        return examine(
            snapshot, policy, rules, today or date.today(), paths=changed, on_file=progress.on_step
        )


def chosen(names: Iterable[str] | None, threats: Iterable[ThreatName] | None) -> Sequence[Rule]:
    """The rules that options name; all of them where they name none."""
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


def print_markdown(text: str) -> None:
    """Markdown, laid out where a person reads it, as it is in a pipe."""
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text)
