"""The map of the program: a snapshot in, what was found and what was fixed out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.outcomes import Fix, Outcome, Status
from bot.policy import Policy, Problem, Treatment
from bot.snapshot import Snapshot, is_within
from fixers.engine import Hit, Skipped, Work, scan
from fixers.repository import Repository
from fixers.rule import Rule, Threat
from fixers.stitch import Formatter, stitch

MAX_RUNS = 5
"""How often one rule is run again because its edits collided; what is left then waits."""

Withhold = Callable[[Outcome], str]
"""Why a finding that could be fixed won't be in this run, or nothing."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a scan of a snapshot came to, under the repository's own policy."""

    repo: Repository
    policy: Policy
    today: date
    rules: tuple[Rule, ...]
    outcomes: tuple[Outcome, ...]
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]
    work: Work


@dataclass(frozen=True, slots=True)
class Mending:
    """The fixes, in the order in which they stand on one another, and what became of every finding."""

    fixes: tuple[Fix, ...]
    outcomes: tuple[Outcome, ...]


def examine(
    snapshot: Snapshot,
    policy: Policy,
    rules: Sequence[Rule],
    today: date,
    *,
    paths: Iterable[str] | None = None,
    on_file: Callable[[str], None] = lambda path: None,
) -> Examination:
    """Scan what was asked for, or of that only `paths`, and give each finding its status."""
    repo = snapshot.repository()
    enabled = policy.enabled(rules)
    changed = None if paths is None else frozenset(paths)
    asked = snapshot.scope if changed is None else [path for path in snapshot.scope if path in changed]
    is_named = bool(snapshot.asked)
    wanted = [path for path in asked if policy.includes(path, is_named=is_named)]
    scanned = scan(repo, enabled, options=policy.options, paths=wanted, on_file=on_file)
    hits = [h for h in scanned.hits if is_named or policy.treatment_of(h.path) is not Treatment.SKIP]
    outcomes = tuple(_first_outcome(hit, policy, today) for hit in hits)
    left_out = [
        one
        for one in snapshot.skipped
        if _is_asked(one.path, snapshot.asked, changed) and _concerns(one.path, policy, enabled)
    ]
    problems = policy.problems(hits, today, ran=enabled, paths=wanted)
    skipped = sorted((*left_out, *scanned.skipped), key=lambda one: (one.path, one.line))
    return Examination(repo, policy, today, enabled, outcomes, tuple(skipped), problems, scanned.work)


def _is_asked(path: str, asked: str, changed: frozenset[str] | None) -> bool:
    """Whether what the snapshot left out is, or holds, some of what was asked for."""
    if path == ".":
        return True
    is_changed = (
        changed is None
        or path in changed
        or (path.endswith("/") and any(one.startswith(path) for one in changed))
    )
    return is_changed and is_within(path.removesuffix("/"), asked)


def _concerns(path: str, policy: Policy, rules: Iterable[Rule]) -> bool:
    """Whether a rule would have read what the snapshot left out: folders and what is past a limit may
    hold anything, and patterns that don't count may leave files in."""
    if path.endswith(("/", ".gitignore")) or path == ".":
        return True
    return policy.includes(path) and any(rule.file_type.claims(path) for rule in rules)


def _first_outcome(hit: Hit, policy: Policy, today: date) -> Outcome:
    severity = policy.severity_of(hit)
    ignored = policy.ignore_for(hit, today)
    if ignored:
        return Outcome(hit, severity, Status.IGNORED, str(ignored))
    if hit.finding.refusal:
        return Outcome(hit, severity, Status.REFUSED, hit.finding.refusal)
    return Outcome(hit, severity, Status.FIXABLE if hit.finding.is_fixable else Status.REPORT_ONLY)


def mend(
    examined: Examination,
    withhold: Withhold,
    formatter: Formatter,
    *,
    on_rule: Callable[[Rule], None] = lambda rule: None,
) -> Mending:
    """Fix what may be fixed, rule by rule from the most severe, each proven on top of those before.

    What follows from a fix, as its rule says it may, is a finding like the others.
    """
    fixes: list[Fix] = []
    outcomes = {outcome.hit.fingerprint: outcome for outcome in examined.outcomes}
    repo = examined.repo
    for _ in range(MAX_RUNS * len(examined.rules)):
        rule = _most_urgent(outcomes.values())
        if rule is None:
            break
        on_rule(rule)
        mine = [one for one in outcomes.values() if one.hit.rule.id == rule.id]
        standing = [_held(one, withhold) for one in mine if one.status is not Status.FIXED]
        outcomes |= _by_fingerprint(standing)
        for fix, settled in _mend_rule(examined, repo, rule, standing, formatter):
            outcomes |= _by_fingerprint(settled)
            if fix:
                fixes.append(fix)
                repo = repo.changed({change.path: change.after for change in fix.changes})
                outcomes |= _by_fingerprint(_arisen(examined, repo, fix, outcomes))
    ended = (_held(outcome, lambda one: _TOO_OFTEN) for outcome in outcomes.values())
    return Mending(tuple(fixes), tuple(sorted(ended, key=_file_and_line)))


_TOO_OFTEN = "other fixes went before: run again"


def _by_fingerprint(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    return {outcome.hit.fingerprint: outcome for outcome in outcomes}


def _file_and_line(outcome: Outcome) -> tuple[str, int]:
    return outcome.hit.path, outcome.hit.line


def _most_urgent(outcomes: Iterable[Outcome]) -> Rule | None:
    """The rule of the most severe finding that is left to fix."""
    left = [outcome for outcome in outcomes if outcome.status is Status.FIXABLE]
    return min(left, key=lambda one: (-one.severity, one.hit.rule.id)).hit.rule if left else None


def _held(outcome: Outcome, withhold: Withhold) -> Outcome:
    reason = withhold(outcome) if outcome.status is Status.FIXABLE else ""
    return replace(outcome, status=Status.WITHHELD, detail=reason) if reason else outcome


def _arisen(
    examined: Examination, repo: Repository, fix: Fix, known: Mapping[str, Outcome]
) -> Iterator[Outcome]:
    """What the consequences of a fix's rule find in the files that it changed, and hadn't found before.

    Beside an equal one that stays, there is no saying which is new: that is left to another run. One
    that has the fingerprint of a finding before it, which is fixed by now, gets a `+` behind it.
    """
    rules = [rule for rule in examined.rules if rule.id in fix.rule.consequences]
    paths = [change.path for change in fix.changes]
    policy = examined.policy.over(repo)
    staying = {_snippet(one.hit) for one in known.values() if one.status is not Status.FIXED}
    for hit in scan(repo, rules, options=policy.options, paths=paths).hits:
        if _snippet(hit) not in staying:
            outcome = _first_outcome(hit, policy, examined.today)
            fingerprint = hit.fingerprint
            while fingerprint in known:
                fingerprint += "+"
            detail = outcome.detail or "follows from another fix"
            yield replace(outcome, hit=replace(hit, fingerprint=fingerprint), detail=detail)


def _snippet(hit: Hit) -> tuple[str, str, str]:
    return hit.rule.id, hit.path, hit.identity


def _mend_rule(
    examined: Examination, repo: Repository, rule: Rule, standing: Sequence[Outcome], formatter: Formatter
) -> Iterator[tuple[Fix | None, list[Outcome]]]:
    """One proven set of changes after another, until nothing fixable of `standing` is left to do."""
    options = examined.policy.options
    left = {outcome.hit.fingerprint: outcome for outcome in standing}
    for _ in range(MAX_RUNS):
        paths = {outcome.hit.path for outcome in left.values() if outcome.status is Status.FIXABLE}
        if not paths:
            return
        now = scan(repo, [rule], options=options, paths=paths)
        pairs, settled = _matched([o for o in left.values() if o.hit.path in paths], now.hits)
        made = stitch(repo, [hit for _, hit in pairs], examined.rules, options=options, formatter=formatter)
        original = {hit.fingerprint: outcome for outcome, hit in pairs}
        fixed = [replace(original[hit.fingerprint], status=Status.FIXED) for hit in made.hits]
        failed = [
            replace(original[hit.fingerprint], status=Status.FAILED, detail=f"{check.name}: {check.detail}")
            for hit, check in made.failed
        ]
        settled += [*fixed, *failed]
        fix = Fix(rule, tuple(fixed), made.changes, made.proof) if made.changes else None
        yield fix, settled
        if fix:
            repo = repo.changed({change.path: change.after for change in fix.changes})
        left |= {outcome.hit.fingerprint: outcome for outcome in settled}
        left = {name: outcome for name, outcome in left.items() if outcome.status is not Status.FIXED}
    waiting = [outcome for outcome in left.values() if outcome.status is Status.FIXABLE]
    words = "collides with another fix: run again"
    yield None, [replace(outcome, status=Status.WITHHELD, detail=words) for outcome in waiting]


def _matched(
    standing: Iterable[Outcome], hits: Iterable[Hit]
) -> tuple[list[tuple[Outcome, Hit]], list[Outcome]]:
    """Each finding that may be fixed with what it is in the text as it stands now, in the text's order,
    and those for which that question is settled: they are gone, or can't be fixed any more."""
    pairs: list[tuple[Outcome, Hit]] = []
    settled: list[Outcome] = []
    found: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    there: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for hit in hits:
        found[hit.path, hit.symbol].append(hit)
    for outcome in standing:
        there[outcome.hit.path, outcome.hit.symbol].append(outcome)
    for place, outcomes in there.items():
        for outcome, answer in _told_apart(outcomes, found[place]):
            if outcome.status is not Status.FIXABLE:
                continue
            if isinstance(answer, Hit) and answer.finding.is_fixable:
                pairs.append((outcome, answer))
            else:
                settled.append(_without_fix(outcome, answer))
    return sorted(pairs, key=lambda pair: (pair[1].path, pair[1].finding.span)), settled


def _without_fix(outcome: Outcome, answer: Hit | str) -> Outcome:
    if isinstance(answer, str):
        return replace(outcome, status=Status.WITHHELD if answer else Status.FIXED, detail=answer or _GONE)
    if answer.finding.refusal:
        return replace(outcome, status=Status.REFUSED, detail=answer.finding.refusal)
    return replace(outcome, status=Status.REPORT_ONLY)


_GONE = "went with another fix"
_UNCLEAR = "can't be told from one that stays, now that another fix stands beside it: run again"


def _told_apart(outcomes: Sequence[Outcome], hits: Sequence[Hit]) -> list[tuple[Outcome, Hit | str]]:
    """The findings of one place with what they are now, or why there is no saying (empty: it is gone).

    Edits reorder nothing, so equal numbers of equal snippets are the same ones in their order; then as
    many as before are. Of fewer, it can only be told where all of them may be fixed.
    """
    before, now = Counter(o.hit.identity for o in outcomes), Counter(hit.identity for hit in hits)
    sure = {identity for identity in before if before[identity] == now[identity]}
    same = [hit for hit in hits if hit.identity in sure]
    rest = [hit for hit in hits if hit.identity not in sure]
    unsure = [outcome for outcome in outcomes if outcome.hit.identity not in sure]
    is_clear = len(unsure) == len(rest) or all(one.status is Status.FIXABLE for one in unsure)
    pairs: list[tuple[Outcome, Hit | str]] = []
    for outcome in outcomes:
        if outcome.hit.identity in sure:
            pairs.append((outcome, _next_of(same, outcome.hit.identity)))
        elif rest and is_clear:
            pairs.append((outcome, rest.pop(0)))
        else:
            pairs.append((outcome, _UNCLEAR if rest else ""))
    return pairs


def _next_of(hits: list[Hit], identity: str) -> Hit:
    return hits.pop(next(number for number, hit in enumerate(hits) if hit.identity == identity))


def secrets_in(examined: Examination, fixes: Iterable[Fix], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Every secret in the files of which anything is shown, whatever was asked for or switched off."""
    scanned = {outcome.hit.path for outcome in examined.outcomes}
    changed = {change.path for fix in fixes for change in fix.changes if change.before is not None}
    looking = [rule for rule in rules if rule.threat is Threat.EXPOSED_SECRET]
    unasked = [rule for rule in looking if rule not in examined.rules]
    options = examined.policy.options
    found = [outcome.hit for outcome in examined.outcomes]
    found += scan(examined.repo, unasked, options=options, paths=scanned).hits
    found += scan(examined.repo, looking, options=options, paths=changed - scanned).hits
    return tuple({secret: None for hit in found for secret in hit.finding.secrets})
