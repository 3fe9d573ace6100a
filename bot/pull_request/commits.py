"""The commits of a pull request: one for each rule, with why, and the findings that it closes."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.campaigns import Campaign
from bot.conventions.commit_style import CommitStyle
from bot.outcomes import Fix
from bot.pull_request.words import unwrapped, why
from fixers.rule import Rule

_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Commit:
    """The files as the commit leaves them, and its message in two parts, between which a signature goes."""

    message: str
    files: dict[str, bytes]


def commits(campaign: Campaign, style: CommitStyle, signature: str) -> tuple[Commit, ...]:
    """The commits in their order; `signature` is the name and address for `Signed-off-by`."""
    return tuple(
        Commit(_message(rule, tuple(fixes), style, signature), _files(fixes))
        for rule, fixes in _by_rule(campaign.fixes)
    )


def _by_rule(fixes: Iterable[Fix]) -> Iterator[tuple[Rule, list[Fix]]]:
    for rule, some in groupby(fixes, lambda fix: fix.rule):
        yield rule, list(some)


def _files(fixes: Iterable[Fix]) -> dict[str, bytes]:
    return {change.path: change.after for fix in fixes for change in fix.changes}


def _message(rule: Rule, fixes: Iterable[Fix], style: CommitStyle, signature: str) -> str:
    lines = unwrapped(why(rule.documentation)).split("\n")
    prose = "\n".join(textwrap.fill(line, _WIDTH) for line in lines)
    trailers = [f"Suture-Rule: {rule.id}"]
    trailers += [f"Suture-Finding: {one.hit.fingerprint}" for fix in fixes for one in fix.outcomes]
    trailers += [f"Signed-off-by: {signature}"] * style.is_signed_off
    return "\n\n".join([style.subject(rule.title), prose, "\n".join(trailers)]) + "\n"
