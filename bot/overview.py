"""All that the App reaches, as data, and who is asked for a first contact: one answer for command and API."""

from collections.abc import Iterable
from typing import Any

from bot.ledger import Ledger, ListedInstallation, ListedRepository
from bot.onboarding import BRANCH
from fixers.rule import Severity


class UnknownRepository(Exception):
    """No installation reaches it; the message names it."""


def listing(ledger: Ledger) -> tuple[ListedInstallation, ...]:
    return ledger.listing(BRANCH)


def as_data(installation: ListedInstallation) -> dict[str, Any]:
    """An installation with its repositories, in JSON's own types."""
    return {
        "installation": installation.id,
        "account": installation.account,
        "suspended": installation.is_suspended,
        "repositories": [
            {
                "name": one.name,
                "private": one.is_private,
                "archived": one.is_archived,
                "fork": one.is_fork,
                "criticality": one.criticality,
                "findings": by_severity(one),
                "pull_requests": one.requests,
                "onboarding": one.onboarding.value or "unknown",
                "wanted": one.is_wanted,
            }
            for one in installation.repositories
        ],
    }


def by_severity(one: ListedRepository) -> dict[str, int]:
    """How many findings there are; the most severe first."""
    names = (severity.name.lower() for severity in sorted(Severity, reverse=True))
    return {name: one.findings[name] for name in names if name in one.findings}


def ask(ledger: Ledger, names: Iterable[str]) -> dict[str, str]:
    """Ask for first contacts. Each name with what stands in the way, or nothing: then it is wanted.

    Raises UnknownRepository before anything is asked for.
    """
    known = {one.name.lower(): one for some in listing(ledger) for one in some.repositories}
    asked = list(dict.fromkeys(map(str.lower, names)))
    if unknown := [name for name in asked if name not in known]:
        raise UnknownRepository(", ".join(unknown))
    answers = {known[name].name: _obstacle(known[name]) for name in asked}
    for name in asked:
        if not answers[known[name].name]:
            ledger.want(known[name].id)
    return answers


def _obstacle(one: ListedRepository) -> str:
    """Why asking changes nothing, or nothing."""
    if one.is_archived or one.is_fork:
        return f"nothing is opened in {'an archived repository' if one.is_archived else 'a fork'}"
    return {
        "no-ai": "nothing is opened, as no AI was found in it",
        "open": "its pull request is open",
        "closed": "a person said no: it begins once somebody adds a configuration",
        "configured": "it has a configuration",
    }.get(one.onboarding, "")
