"""Findings into groups small enough to be read: whole where it fits, else split by stable keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaigns.key import Key, parts_of
from bot.outcomes import Outcome

Fits = Callable[[Sequence[Outcome]], bool]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that go into one pull request."""

    key: Key
    outcomes: tuple[Outcome, ...]


def gather(
    outcomes: Sequence[Outcome],
    key_of: Callable[[Outcome], Key],
    fits: Fits,
    *,
    taken: frozenset[str],
    open_keys: frozenset[str],
) -> Iterator[Group]:
    """The groups of what isn't `taken` (fingerprints) by an open pull request already.

    A key that is open gets what belongs to it, whether it fits or not: that is for the caller to say.
    As long as a part of a campaign is open, no whole is made of the rest.
    """
    roots: dict[Key, list[Outcome]] = {}
    for outcome in outcomes:
        roots.setdefault(key_of(outcome), []).append(outcome)
    for key, members in sorted(roots.items(), key=lambda pair: pair[0].branch):
        yield from _walk(key, members, fits, taken, open_keys)


def _walk(
    key: Key, members: Sequence[Outcome], fits: Fits, taken: frozenset[str], open_keys: frozenset[str]
) -> Iterator[Group]:
    free = tuple(outcome for outcome in members if outcome.hit.fingerprint not in taken)
    if not free:
        return
    narrower = _narrower(key, members)
    is_open = key.digest in open_keys
    if is_open or not narrower or (not _opens_below(key, members, open_keys) and fits(free)):
        yield Group(key, free)
        return
    for part, some in sorted(narrower.items()):
        yield from _walk(key.narrowed(part), some, fits, taken, open_keys)


def _narrower(key: Key, members: Sequence[Outcome]) -> Mapping[str, list[Outcome]]:
    """The members by the next part of their keys; nothing where there is no further one."""
    found: dict[str, list[Outcome]] = {}
    for outcome in members:
        parts = parts_of(outcome, key.component)
        if len(key.parts) < len(parts):
            found.setdefault(parts[len(key.parts)], []).append(outcome)
    return found


def _opens_below(key: Key, members: Sequence[Outcome], open_keys: frozenset[str]) -> bool:
    for outcome in members:
        below = key
        for part in parts_of(outcome, key.component)[len(key.parts) :]:
            below = below.narrowed(part)
            if below.digest in open_keys:
                return True
    return False
