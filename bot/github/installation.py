"""One repository of an installation: all that a job may ask there, and do."""

from collections.abc import Callable

from bot.github.access import Access
from bot.github.blame import Blame
from bot.github.branches import Branches
from bot.github.checks import Checks
from bot.github.objects import Objects
from bot.github.pulls import Pulls
from bot.github.suggestions import Suggestions
from bot.github.talk import Talk
from bot.github.tarballs import Tarballs


class Installation(Objects, Tarballs, Blame, Branches, Pulls, Talk, Suggestions, Checks):
    """Made by App.installation, for one thread. Every method raises Problem.

    Each write ends the same however often it is done: what was done already, by a try whose answer got
    lost, is found and left.
    """

    def __init__(self, access: Access, app_id: int, us: Callable[[], str]) -> None:
        """`us` tells the App's login."""
        self._access = access
        self._app_id = app_id
        self._us = us

    @property
    def full_name(self) -> str:
        """What the repository is called: another name than asked for, once GitHub has redirected us."""
        return self._access.full_name()

    @property
    def login(self) -> str:
        """The App's."""
        return self._us()
