"""Drafts that wait for the repository's own checks: green ones become ready, red ones are closed."""

from bot.forge.publishing import close
from bot.forge.standing import Standing, plain, red
from bot.github import Installation

PATIENCE = 86_400.0
"""Seconds after which a draft is ready on which no check has spoken: none of them runs on it."""


def has_checks(repository: Installation, commit: str, us: str) -> bool:
    """Whether anybody but us says something of a commit. Raises github.Problem."""
    return bool(_said(repository, commit, us))


def settle(repository: Installation, standing: Standing, base: str, us: str, now: float) -> Standing:
    """Deal with each draft of ours as its checks stand; what is published then. Raises github.Problem.

    A check that fails on `base` too says nothing of a draft. What a person has taken over is left alone.
    """
    for published in standing.published:
        request = standing.open_one(published.branch)
        if request is None or not request.is_draft or published.hands_off or published.is_unfinished:
            continue
        states = _said(repository, request.head, us)
        failed = sorted(name for name, state in states.items() if state == "failure")
        known = _said(repository, base, us) if failed else {}
        failed = [name for name in failed if known.get(name) != "failure"]
        if failed:
            check = plain(failed[0])
            reason = f"`{check}` failed on it, and passes without it"
            standing = standing.changed(close(repository, request, reason, red(check)))
        elif "pending" not in states.values() and (states or now - request.created_at > PATIENCE):
            repository.mark_ready(request.number)
    return standing


def _said(repository: Installation, commit: str, us: str) -> dict[str, str]:
    """The state of each check of others by its name."""
    slug = us.removesuffix("[bot]")
    return {one.name: one.state for one in repository.checks(commit) if one.app != slug}
