"""Which findings of now are those of then: untouched, edited where they stand, or moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.check.places import Files, Place
from fixers.engine import Hit

Lines = Mapping[str, Sequence[range]]
"""Lines (from 1) of each changed file, as they are numbered at the head."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding under the name that its file has now, and where its lines stand, as far as that is known."""

    hit: Hit
    path: str
    where: Place | None = None

    @property
    def snippet(self) -> str:
        return self.hit.snippet

    @property
    def symbol(self) -> str:
        return self.hit.symbol

    @property
    def scope(self) -> str:
        """What encloses it: the file itself, where nothing in it does."""
        return self.symbol or "/"

    @property
    def name(self) -> str:
        """The name of a function without those of the classes around it."""
        return self.symbol.rpartition(".")[2] if self.hit.rule.file_type.language == "python" else ""

    @property
    def place(self) -> int | None:
        return self.where.number if self.where else None

    @property
    def hunk(self) -> int | None:
        return self.where.hunk if self.where else None


_ELSEWHERE = (
    ("path", "snippet"),
    ("symbol", "snippet"),
    ("name", "snippet"),
    ("path", "hunk"),
    ("path", "symbol"),
)
"""By what a finding that has left its place is known again, the surest first: moved in its file, to another
file, to another class; edited nearby, where the name around it may have changed as well; rewritten in its
function or resource. Without a symbol it isn't known again in another file: many files begin alike."""


def told_apart(
    fresh: Sequence[Seen], gone: Sequence[Seen], files: Files, lines: Lines
) -> tuple[list[Seen], list[Seen]]:
    """The findings of now (`fresh`) that weren't there then, and those of then (`gone`) that are no more.

    Of equal ones, those on `lines` are the new ones. One that was closed where it stood is no other's
    past: it can't have moved.
    """
    fresh, gone = _left(fresh, gone, ("path", "scope", "snippet"), lines)
    fresh = [replace(one, where=files.place_now(one.hit)) for one in fresh]
    gone = [replace(one, where=files.place_then(one.hit)) for one in gone]
    fresh, gone = _left(fresh, gone, ("path", "scope", "place"), lines)
    standing = {_standing(one) for one in fresh}
    closed = [_is_closed_there(one, standing, files) for one in gone]
    rest = [one for one, is_closed in zip(gone, closed, strict=True) if not is_closed]
    for likeness in _ELSEWHERE:
        fresh, rest = _left(fresh, rest, likeness, lines)
    return fresh, [*(one for one, is_closed in zip(gone, closed, strict=True) if is_closed), *rest]


def _standing(seen: Seen) -> tuple[object, ...]:
    return seen.hit.rule.id, seen.path, seen.place


def _is_closed_there(seen: Seen, standing: Collection[tuple[object, ...]], files: Files) -> bool:
    """Whether its lines are unchanged, or what took their place still has all their words, and the rule
    finds nothing there any more."""
    if seen.where is None or _standing(seen) in standing:
        return False
    run = seen.where.run
    if run is None:
        return True
    words = files.words_then(seen.hit)
    return bool(words) and words <= run.words


def _left(
    fresh: Iterable[Seen], gone: Iterable[Seen], likeness: Sequence[str], lines: Lines
) -> tuple[list[Seen], list[Seen]]:
    """What is left of both sides, when each finding of then is one of those of now that are like it and
    no more severe."""
    alike: defaultdict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for one in gone:
        alike[_key(one, likeness)].append(one)
    left = []
    for one in sorted(fresh, key=lambda seen: is_on(seen.hit, lines)):
        key = _key(one, likeness)
        then = alike[key] if None not in key and "" not in key else []
        match = next((n for n, seen in enumerate(then) if seen.hit.severity >= one.hit.severity), None)
        if match is None:
            left.append(one)
        else:
            del then[match]
    return left, [one for some in alike.values() for one in some]


def _key(seen: Seen, likeness: Iterable[str]) -> tuple[object, ...]:
    return seen.hit.rule.id, *(getattr(seen, name) for name in likeness)


def is_on(hit: Hit, lines: Lines) -> bool:
    """Whether the change wrote one of its lines."""
    return any(hit.line < part.stop and part.start <= hit.end_line for part in lines.get(hit.path, ()))
