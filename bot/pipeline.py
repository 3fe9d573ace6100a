"""The map of the program: a snapshot in, what was found and what was fixed out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.outcomes import Fix, Outcome, Status
from bot.policy import Policy, Problem
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
    wanted = [path for path in asked if policy.includes(path)]
    scanned = scan(repo, enabled, options=policy.options, paths=wanted, on_file=on_file)
    outcomes = tuple(_first_outcome(hit, policy, today) for hit in scanned.hits)
    left_out = [
        one
        for one in snapshot.skipped
        if _is_asked(one.path, snapshot.asked, changed) and _concerns(one.path, policy, enabled)
    ]
    problems = policy.problems(scanned.hits, today, ran=enabled, paths=wanted)
    skipped = (*left_out, *scanned.skipped)
    return Examination(repo, policy, enabled, outcomes, skipped, problems, scanned.work)


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
    """Fix what may be fixed, rule by rule from the most severe, each proven on top of those before."""
    fixes: list[Fix] = []
    ended: dict[str, Outcome] = {}
    repo = examined.repo
    for rule, candidates in _by_rule(examined.outcomes):
        on_rule(rule)
        for outcome in candidates:
            held = withhold(outcome)
            if held:
                ended[outcome.hit.fingerprint] = replace(outcome, status=Status.WITHHELD, detail=held)
        standing = [ended.get(o.hit.fingerprint, o) for o in examined.outcomes if o.hit.rule.id == rule.id]
        for fix, settled in _mend_rule(examined, repo, rule, standing, formatter):
            ended |= {outcome.hit.fingerprint: outcome for outcome in settled}
            if fix:
                fixes.append(fix)
                repo = repo.changed({change.path: change.after for change in fix.changes})
    outcomes = tuple(ended.get(outcome.hit.fingerprint, outcome) for outcome in examined.outcomes)
    return Mending(tuple(fixes), outcomes)


def _by_rule(outcomes: Iterable[Outcome]) -> list[tuple[Rule, list[Outcome]]]:
    """The fixable findings of each rule, the most severe rule first."""
    grouped: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.status is Status.FIXABLE:
            grouped[outcome.hit.rule.id].append(outcome)
    ordered = sorted(grouped.items(), key=lambda item: (-max(o.severity for o in item[1]), item[0]))
    return [(group[0].hit.rule, group) for _, group in ordered]


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

    Edits reorder nothing, so as many as before are the same ones in their order. Of fewer, equal
    numbers of equal snippets are; the rest is only told apart where all of it may be fixed.
    """
    if len(outcomes) == len(hits):
        return list(zip(outcomes, hits, strict=True))
    before, now = Counter(o.hit.identity for o in outcomes), Counter(hit.identity for hit in hits)
    sure = {identity for identity in before if before[identity] == now[identity]}
    same = [hit for hit in hits if hit.identity in sure]
    rest = [hit for hit in hits if hit.identity not in sure]
    may_all_go = all(o.status is Status.FIXABLE for o in outcomes if o.hit.identity not in sure)
    pairs: list[tuple[Outcome, Hit | str]] = []
    for outcome in outcomes:
        if outcome.hit.identity in sure:
            pairs.append((outcome, _next_of(same, outcome.hit.identity)))
        elif rest and may_all_go:
            pairs.append((outcome, rest.pop(0)))
        else:
            pairs.append((outcome, _UNCLEAR if rest else ""))
    return pairs


def _next_of(hits: list[Hit], identity: str) -> Hit:
    return hits.pop(next(number for number, hit in enumerate(hits) if hit.identity == identity))


def secrets_in(examined: Examination, fixes: Iterable[Fix], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Every secret in the files of which anything is shown, whatever was asked for or switched off."""
    paths = {outcome.hit.path for outcome in examined.outcomes}
    paths |= {change.path for fix in fixes for change in fix.changes if change.before is not None}
    looking = [rule for rule in rules if rule.threat is Threat.EXPOSED_SECRET]
    hits = scan(examined.repo, looking, options=examined.policy.options, paths=paths).hits
    found = (*(outcome.hit for outcome in examined.outcomes), *hits)
    return tuple({secret: None for hit in found for secret in hit.finding.secrets})
