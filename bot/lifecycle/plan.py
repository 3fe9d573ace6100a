"""From findings and what stands published to steps: first what is open, then what may open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from bot.campaigns import Campaign, Group, Key, gather, key_of, keys_of
from bot.lifecycle.admission import admit
from bot.lifecycle.bench import Bench
from bot.lifecycle.room import Room
from bot.lifecycle.said import claims, heard
from bot.lifecycle.standing import stand
from bot.lifecycle.step import Action, Step, settled, withheld
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from bot.published import NEVER, Published, Recognition, State
from fixers.rule import Rule
from fixers.stitch import Formatter


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step, and every finding of the base in exactly one status."""

    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: these rules (none: what opens by itself), how many pull requests may be open
    (None: what the policy says), and campaigns by the digests of their keys: of each of these one opens,
    whatever the limits say and whatever was said of it before. `next_one` asks for whatever comes first."""

    rules: frozenset[str] = frozenset()
    most: int | None = None
    campaigns: frozenset[str] = frozenset()
    next_one: bool = False


NOTHING_ASKED = Asked()


def make_plan(
    examined: Examination,
    published: Iterable[Published],
    formatter: Formatter,
    asked: Asked = NOTHING_ASKED,
    on_rule: Callable[[Rule], None] = lambda rule: None,
    opened_elsewhere: int = 0,
) -> Plan:
    """The steps from what is published to what the findings of `examined`, of all rules in the whole
    repository, ask for. `opened_elsewhere` counts what opened today in others of the installation."""
    published = sorted(published, key=lambda one: (one.opened, one.branch))
    standing = [one for one in published if one.state is State.OPEN]
    recognition = Recognition((o.hit for o in examined.outcomes), examined.repo.paths)
    bench = Bench(examined, formatter, on_rule)

    def key(outcome: Outcome) -> Key:
        return key_of(outcome, examined.repo, examined.policy.publishing.gathering)

    def keys(outcome: Outcome) -> frozenset[str]:
        return keys_of(outcome, key(outcome))

    said = heard(examined.outcomes, published, recognition, keys, asked.campaigns)
    claimed = claims(said, standing, recognition)
    held = frozenset(one.hit.fingerprint for some in claimed.values() for one in (*some.members, *some.moved))
    said = tuple(
        one if one.hit.fingerprint in held or keys(one) & asked.campaigns else _unasked(one, examined, asked)
        for one in said
    )
    groups = list(
        gather(
            [one for one in said if one.status is Status.FIXABLE],
            key,
            bench.fits,
            taken=held,
            open_keys=frozenset(one.key for one in standing),
        )
    )
    limits = examined.policy.publishing.limits
    room = Room(limits, published, examined.today, asked.most, opened_elsewhere)
    for one in standing:
        room.keep_lines(bench.campaign(one.branch, claimed[one.branch].members))
    steps = []
    for one in standing:
        claim = claimed[one.branch]
        newcomers = (*claim.moved, *_newcomers(one, standing, groups))
        is_asked = one.is_asked or one.key in asked.campaigns
        steps.append(stand(one, claim.members, newcomers, room, bench, is_asked=is_asked))
        if steps[-1].action is not Action.CLOSE:
            room.count(is_new=bool(steps[-1].campaign) and one.opened == NEVER)
    open_keys = {one.key for one in standing}
    new = [group for group in groups if group.key.digest not in open_keys]
    steps += _opened(new, published, room, bench, asked)
    return Plan(tuple(steps), _together(said, steps))


def _unasked(outcome: Outcome, examined: Examination, asked: Asked) -> Outcome:
    """The finding, waiting if nobody asked for its fix and it doesn't open by itself."""
    if outcome.status is not Status.FIXABLE:
        return outcome
    if asked.rules:
        reason = "" if outcome.hit.rule.id in asked.rules else "not asked for in this run"
    else:
        opens = examined.policy.publishing.opens
        reason = examined.policy.objection_to(outcome.hit.path)
        reason = reason or opens.objection(outcome.hit.rule, outcome.safety, outcome.severity)
    return replace(outcome, status=Status.WITHHELD, detail=reason) if reason else outcome


def _newcomers(
    published: Published, standing: Sequence[Published], groups: Iterable[Group]
) -> tuple[Outcome, ...]:
    """What isn't in the open pull request yet, but belongs to its key; of two such, to the first's."""
    first = next(one for one in standing if one.key == published.key)
    return tuple(o for g in groups if g.key.digest == published.key for o in g.outcomes if first is published)


def _opened(
    groups: Iterable[Group], published: Sequence[Published], room: Room, bench: Bench, asked: Asked
) -> Iterator[Step]:
    """A step for each group that no pull request is open for, the most urgent first."""
    wanted, is_next = set(asked.campaigns), asked.next_one
    made = [(group, bench.campaign(_branch(group.key, published), group.outcomes)) for group in groups]
    for _, campaign in made:
        if not campaign.fixes:
            yield Step(Action.WITHHOLD, campaign.branch, "no fix holds", settled(campaign))
    holding = [(group, campaign) for group, campaign in made if campaign.fixes]
    for group, campaign in sorted(holding, key=lambda pair: pair[1].rank):
        meant = wanted.intersection(group.key.digests)
        step = _open(group, campaign, room, bench, is_asked=bool(meant) or is_next)
        if step.action is Action.OPEN:
            wanted -= meant
            is_next = False
        yield step


def _branch(key: Key, published: Iterable[Published]) -> str:
    """The key's branch; a number tells it from those whose pull requests have ended."""
    used = {one.branch for one in published}
    numbered = (f"{key.branch}-{number}" for number in count(2))
    return next(name for name in chain([key.branch], numbered) if name not in used)


def _open(group: Group, campaign: Campaign, room: Room, bench: Bench, *, is_asked: bool) -> Step:
    branch = campaign.branch
    admitted, waiting = admit(branch, (), group.outcomes, room, bench)
    outcomes = (*settled(admitted), *waiting)
    if not admitted.fixes:
        blockers = ", ".join(sorted(set(room.blockers(campaign).values())))
        return Step(Action.WITHHOLD, branch, f"overlap: waits for {blockers}", outcomes, campaign)
    reason = "" if is_asked else room.objection(admitted.severity)
    if reason:
        return Step(Action.WITHHOLD, branch, reason, _held_back(campaign, reason), campaign)
    room.count(is_new=True)
    room.keep_lines(admitted)
    return Step(Action.OPEN, branch, "", outcomes, replace(admitted, is_asked=is_asked))


def _held_back(campaign: Campaign, reason: str) -> tuple[Outcome, ...]:
    """The findings of a campaign that doesn't open; what has no fix keeps its own status."""
    return tuple(
        withheld([one], reason)[0] if one.status is Status.FIXED else one for one in campaign.outcomes
    )


def _together(said: Iterable[Outcome], steps: Iterable[Step]) -> tuple[Outcome, ...]:
    """Each finding once, with what the step that it is part of made of it."""
    decided = {one.hit.fingerprint: one for step in steps for one in step.outcomes}
    return tuple(decided.get(one.hit.fingerprint, one) for one in said)
