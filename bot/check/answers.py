"""What the buttons of a check run answer: lines to copy, and what holds and why."""

import json
from collections.abc import Sequence

from bot.escaping import fenced, masked
from bot.explanation import explain_finding
from bot.github.limits import LONGEST_BODY, cut
from bot.outcomes import Outcome
from bot.pipeline import Examination
from bot.pull_request import Background, counted
from bot.templates import rendered

_MOST = 10
_ROOM = LONGEST_BODY - 200
"""Characters of a comment; what is hidden in it comes on top."""


def how_to_ignore(outcomes: Sequence[Outcome], told: Background) -> str:
    """The lines to copy into the code, or into the configuration of the base."""
    comments = [f"{_place(one)}\n    # suture: ignore[{one.hit.rule.id}] WHY" for one in outcomes[:_MOST]]
    ignores = "".join(map(_ignore, outcomes[:_MOST]))
    text = rendered(
        "how_to_ignore.md",
        comments=fenced("\n".join(comments), ""),
        ignores=fenced(f"ignores:\n{ignores}", "yaml"),
        more=_more(outcomes),
    )
    return cut(masked(text, told.secrets), _ROOM)


def _place(outcome: Outcome) -> str:
    return f"{outcome.hit.path}:{outcome.hit.line}"


def _ignore(outcome: Outcome) -> str:
    hit = outcome.hit
    symbol = f"    symbol: {json.dumps(hit.symbol)}\n" if hit.symbol else ""
    path = json.dumps(f"/{hit.path}")
    return f"  - rule: {hit.rule.id}\n    paths: [{path}]\n{symbol}    reason: WHY\n"


def explanation(outcomes: Sequence[Outcome], found: Examination, secrets: Sequence[str]) -> str:
    """Each finding explained, and the documentation of its rule folded away."""
    rules = dict.fromkeys(one.hit.rule for one in outcomes[:_MOST])
    text = rendered(
        "explanation.md",
        findings=[explain_finding(one, found, secrets) for one in outcomes[:_MOST]],
        rules=[(rule.title, rule.documentation.strip()) for rule in rules],
        more=_more(outcomes),
    )
    return cut(masked(text, secrets), _ROOM)


def _more(outcomes: Sequence[Outcome]) -> str:
    return counted(len(outcomes) - _MOST, "more finding") if len(outcomes) > _MOST else ""
