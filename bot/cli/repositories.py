"""The commands that show what the App reaches, and ask for first contacts: repositories, onboard."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.asking import fail
from bot.cli.serving import configured
from bot.escaping import one_line

if TYPE_CHECKING:
    from bot.ledger import Ledger, ListedInstallation, ListedRepository

REPOSITORIES_EXAMPLES = "Examples: `suture repositories` · `suture repositories --format json`"
ONBOARD_EXAMPLES = "Examples: `suture onboard octo/hello` · `suture onboard octo/hello octo/world`"

_PIPED = 160
"""Characters of a line where nobody's terminal sets a limit."""


class ListFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


OneOption = Annotated[
    int | None, typer.Option("--installation", metavar="ID", min=1, help="One installation alone.")
]
FormatOption = Annotated[ListFormat, typer.Option("--format", help="How to print.")]
NamesArgument = Annotated[list[str], typer.Argument(metavar="OWNER/NAME", help="As GitHub calls them.")]


def repositories(installation: OneOption = None, output: FormatOption = ListFormat.TEXT) -> None:
    """List what the App reaches, with findings, open pull requests, and how far the first contact is."""
    from bot.overview import as_data, listing

    with _ledger() as ledger:
        listed = [one for one in listing(ledger) if installation in (None, one.id)]
    if installation is not None and not listed:
        fail(f"no installation {installation} is known: `suture repositories` lists all")
    if output is ListFormat.JSON:
        print(json.dumps([as_data(one) for one in listed], indent=2))
    else:
        _print(listed, Console())


def onboard(names: NamesArgument) -> None:
    """Ask for the first contact: the running App opens a pull request with a configuration to merge, in at
    most five repositories of an installation a day."""
    from bot.onboarding import MOST_A_DAY
    from bot.overview import UnknownRepository, ask

    with _ledger() as ledger:
        try:
            answers = ask(ledger, names)
        except UnknownRepository as error:
            fail(f"not reached by any installation: {error} (`suture repositories` lists all)")
    for name, obstacle in answers.items():
        print(f"{one_line(name)}: {obstacle or 'wanted'}")
    if not all(answers.values()):
        print(f"The running App opens them, at most {MOST_A_DAY} a day in an installation.")


@contextmanager
def _ledger() -> "Iterator[Ledger]":
    """Of the App that runs with the same environment."""
    config = configured()
    from bot.ledger import Ledger

    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(Ledger(config.database_url, lambda: int(time.time()))) as ledger:
        ledger.migrate()
        yield ledger


def _print(listed: "list[ListedInstallation]", console: Console) -> None:
    if not console.is_terminal:
        console.width = _PIPED
    if not listed:
        console.print(Text("no installation is known yet: install the App while `suture serve` runs"))
    for installation in listed:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("repository", "seen by", "criticality", "findings", "pull requests", "first contact"):
            table.add_column(name, overflow="fold")
        for one in installation.repositories:
            table.add_row(*map(Text, _cells(one)))
        suspended = ", suspended" if installation.is_suspended else ""
        title = f"{one_line(installation.account)} (installation {installation.id}{suspended})"
        console.print(Text(title, "bold"))
        console.print(table if installation.repositories else Text("reaches nothing", "dim"))


def _cells(one: "ListedRepository") -> tuple[str, ...]:
    from bot.overview import by_severity

    findings = ", ".join(f"{count} {name}" for name, count in by_severity(one).items())
    seen_by = "members" if one.is_private else "everybody"
    return one_line(one.name), seen_by, one.criticality, findings, str(one.requests or ""), _state(one)


def _state(one: "ListedRepository") -> str:
    if one.is_archived or one.is_fork:
        return "none: archived" if one.is_archived else "none: a fork"
    if one.is_wanted and one.onboarding in ("", "waiting"):
        return "wanted"
    words = {"": "not looked at yet", "no-ai": "none: no AI found", "closed": "closed by a person"}
    return words.get(one.onboarding, one.onboarding.value)
