"""What a body carries hidden: what it is about, so that no database is needed to know it again."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fixers.engine import Hit, digest

BEGIN, END = "<!-- suture: begin, text outside of these two lines is yours -->", "<!-- suture: end -->"
_MARKER = re.compile(r"^<!-- suture-marker (\{[ -;=?-~]{1,60000}\}) -->$", re.M)
_RULE = re.compile(r"[a-z]+/[a-z0-9-]{1,100}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{0,64}")


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding as a marker keeps it: its rule, digests of its path, symbol and snippet, and the day
    (ISO 8601) on which it was first seen."""

    rule: str
    path: str
    seen: str
    symbol: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Marker:
    """`content` is a digest of what the pull request holds, `head` the last commit that we pushed."""

    content: str
    head: str
    findings: tuple[Known, ...]


def known(hit: Hit, seen: date) -> Known:
    return Known(hit.rule.id, digest(hit.path), seen.isoformat(), digest(hit.symbol), hit.snippet)


def written_marker(marker: Marker) -> str:
    """The marker as a line of a body, which nobody sees. Rule ids and digests alone are in it."""
    files = groupby(sorted(marker.findings), lambda one: (one.rule, one.path, one.seen))
    findings = [[*file, [[one.symbol, one.snippet] for one in places]] for file, places in files]
    data = {"content": marker.content, "head": marker.head, "findings": findings}
    return f"<!-- suture-marker {json.dumps(data, separators=(',', ':'))} -->"


def read_marker(body: str) -> Marker | None:
    """The marker of a body, or None where there is none, or more than one, or a person changed it."""
    found = _MARKER.findall(body)
    if len(found) != 1 or BEGIN not in body or END not in body:
        return None
    try:
        data = json.loads(found[0])
        findings = tuple(Known(*file, *place) for *file, places in data["findings"] for place in places)
        marker = Marker(data["content"], data["head"], findings)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return marker if _is_sound(marker) else None


def _is_sound(marker: Marker) -> bool:
    digests: list[object] = [marker.content, marker.head]
    for one in marker.findings:
        digests += (one.path, one.symbol, one.snippet)
    return all(isinstance(one, str) and _DIGEST.fullmatch(one) for one in digests) and all(
        _RULE.fullmatch(str(one.rule)) and _DAY.fullmatch(str(one.seen)) for one in marker.findings
    )


def around(body: str, ours: str) -> str:
    """A body with `ours` between its two lines; what a person wrote before and after them stays."""
    before, begin, rest = body.partition(BEGIN)
    _, end, after = rest.rpartition(END)
    kept: Sequence[str] = (before, after) if begin and end else ("", "\n")
    return f"{kept[0]}{BEGIN}\n{ours.strip(chr(10))}\n{END}{kept[1]}"
