"""The commands that hold the App back, and let it go on: pause, resume."""

import getpass
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.asking import fail
from bot.cli.serving import configured

if TYPE_CHECKING:
    from bot.jobs import Pauses

PAUSE_EXAMPLES = "Examples: `suture pause` · `suture pause --repository octo/hello` · `suture pause --list`"
RESUME_EXAMPLES = "Examples: `suture resume` · `suture resume --installation 7`"

InstallationOption = Annotated[
    int | None, typer.Option("--installation", metavar="ID", min=1, help="One installation alone.")
]
RepositoryOption = Annotated[
    str | None, typer.Option("--repository", metavar="OWNER/NAME", help="One repository alone.")
]
ListOption = Annotated[bool, typer.Option("--list", help="Show what is paused, and change nothing.")]


def pause(
    installation: InstallationOption = None, repository: RepositoryOption = None, is_list: ListOption = False
) -> None:
    """Hold the App's jobs back: they wait, and none is lost."""
    with closing(_pauses()) as pauses:
        if is_list:
            for paused in pauses.all():
                print(f"{paused.scope}  since {paused.since} by {paused.by}")
            return
        scope = _scope(installation, repository)
        pauses.pause(scope, getpass.getuser())
    print(f"paused: {scope} (`suture resume` lets it go on)")


def resume(installation: InstallationOption = None, repository: RepositoryOption = None) -> None:
    """Let the App's jobs go on, those that waited too: within a minute."""
    scope = _scope(installation, repository)
    with closing(_pauses()) as pauses:
        pauses.resume(scope)
    print(f"resumed: {scope}")


def _pauses() -> "Pauses":
    config = configured()
    from bot.jobs import Pauses

    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    pauses = Pauses(config.database_url)
    pauses.prepare()
    return pauses


def _scope(installation: int | None, repository: str | None) -> str:
    from bot.jobs import EVERYTHING, installation_scope, repository_scope

    if installation and repository:
        fail("give --installation or --repository, not both")
    if repository:
        if repository.count("/") != 1:
            fail("--repository is OWNER/NAME")
        return repository_scope(repository)
    return installation_scope(installation) if installation else EVERYTHING
