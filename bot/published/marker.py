"""What a body carries hidden: what it is about, so that no database is needed to know it again."""

import json
import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fixers.engine import Hit, digest

BEGIN = "[//]: # (suture: begin, text outside of these two lines is yours)"
END = "[//]: # (suture: end)"
"""Link definitions that nothing links to: nobody sees them, and they aren't HTML comments, for which some
repositories fail a pull request, as they are what is left of a template."""
_MARKER = re.compile(r"^\[//\]: # \(suture-marker (\{[ -'*-~]{1,60000}\})\)\r?$", re.M)
"""GitHub's editor ends every line of a body that it saves with a carriage return."""
_RULE = re.compile(r"[a-z]+/[a-z0-9-]{1,100}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{1,64}")
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_KEYS = {"content", "head", "findings", "asked"}


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
    """`content` is a digest of what the pull request holds, `head` the last commit that we pushed.
    `is_asked`: a person asked for it, whatever was said before."""

    content: str
    head: str
    findings: tuple[Known, ...]
    is_asked: bool = False


def known(hit: Hit, seen: date) -> Known:
    return Known(hit.rule.id, digest(hit.path), seen.isoformat(), digest(hit.symbol), hit.snippet)


def written_marker(marker: Marker) -> str:
    """The marker as a line of a body, which nobody sees. Rule ids and digests alone are in it."""
    files = groupby(sorted(marker.findings), lambda one: (one.rule, one.path, one.seen))
    findings = [[*file, [[one.symbol, one.snippet] for one in places]] for file, places in files]
    data = {
        "content": marker.content,
        "head": marker.head,
        "asked": marker.is_asked,
        "findings": findings,
    }
    return f"[//]: # (suture-marker {json.dumps(data, separators=(',', ':'))})"


def read_marker(body: str) -> Marker | None:
    """The marker of a body, or None where there is none, or more than one, or a person changed it, or
    another version of this wrote it."""
    parts, found = _parts(body), _MARKER.findall(body)
    if parts is None or len(found) != 1 or not _MARKER.search(parts[1]):
        return None
    try:
        data = json.loads(found[0])
        findings = tuple(Known(*file, *place) for *file, places in data["findings"] for place in places)
        marker = Marker(data["content"], data["head"], findings, bool(data["asked"]))
        return marker if data.keys() == _KEYS and _is_sound(marker) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _is_sound(marker: Marker) -> bool:
    """Whether every word of it is one that we write. Raises ValueError or TypeError where it isn't."""
    digests = [marker.content]
    for one in marker.findings:
        digests += (one.path, one.symbol, one.snippet)
        date.fromisoformat(one.seen)
    forms = [(_DIGEST, digests), (_COMMIT, [marker.head])]
    forms += [(_RULE, [one.rule for one in marker.findings]), (_DAY, [one.seen for one in marker.findings])]
    return all(form.fullmatch(word) for form, words in forms for word in words)


def around(body: str, ours: str) -> str:
    """A body with `ours` between its two lines; what a person wrote before and after them stays."""
    parts = _parts(body)
    if parts:
        before, _, after = parts
    else:
        is_theirs = bool(body.strip()) and not any(line in body for line in (BEGIN, END, "suture-marker"))
        before, after = (f"{body}\n\n" if is_theirs else "", "\n")
    return f"{before}{BEGIN}\n\n{ours.strip(chr(10))}\n{END}{after}"


def _parts(body: str) -> tuple[str, str, str] | None:
    """What stands before our two lines, between them and after them; None where that isn't clear.

    A line of a diff may hold either, but never begins with it.
    """
    before, _, rest = body.partition(BEGIN)
    ours, *afters = re.split(rf"^{re.escape(END)}", rest, maxsplit=1, flags=re.M)
    after = "".join(afters)
    is_clear = not (
        END in before or END in after or BEGIN in after or re.search(f"^{re.escape(BEGIN)}", ours, re.M)
    )
    return (before, ours, after) if afters and is_clear else None
