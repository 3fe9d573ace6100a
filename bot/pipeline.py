"""The map of the program: a snapshot in, what was found and what was fixed out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.outcomes import Fix, Outcome, Status
from bot.policy import Policy, Problem
from bot.snapshot import Snapshot
from fixers.engine import Hit, Scan, Skipped, Work, scan
from fixers.repository import Repository
from fixers.rule import Rule
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
    """Scan what was asked for (`paths`, or the snapshot's scope) and give each finding its status."""
    repo = snapshot.repository()
    enabled = policy.enabled(rules)
    asked = snapshot.scope if paths is None else paths
    wanted = [path for path in asked if policy.includes(path)]
    scanned = scan(repo, enabled, options=policy.options, paths=wanted, on_file=on_file)
    outcomes = tuple(_first_outcome(hit, policy, today) for hit in scanned.hits)
    skipped = (*(one for one in snapshot.skipped if _concerns(one.path, enabled)), *scanned.skipped)
    problems = policy.problems(scanned.hits, today, ran=enabled, paths=wanted)
    return Examination(repo, policy, enabled, outcomes, skipped, problems, scanned.work)


def _concerns(path: str, rules: Iterable[Rule]) -> bool:
    """Whether a rule would have read what the snapshot left out; folders may hold anything."""
    return path.endswith("/") or any(rule.file_type.claims(path) for rule in rules)


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
        reasons = {outcome.hit.fingerprint: withhold(outcome) for outcome in candidates}
        for outcome in candidates:
            held = reasons[outcome.hit.fingerprint]
            if held:
                ended[outcome.hit.fingerprint] = replace(outcome, status=Status.WITHHELD, detail=held)
        wanted = [outcome for outcome in candidates if not reasons[outcome.hit.fingerprint]]
        for fix, settled in _mend_rule(examined, repo, rule, wanted, formatter):
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
    examined: Examination, repo: Repository, rule: Rule, wanted: Sequence[Outcome], formatter: Formatter
) -> Iterator[tuple[Fix | None, list[Outcome]]]:
    """One proven set of changes after another, until nothing of `wanted` is left to do."""
    options = examined.policy.options
    left = list(wanted)
    for _ in range(MAX_RUNS):
        if not left:
            return
        now = scan(repo, [rule], options=options, paths={outcome.hit.path for outcome in left})
        pairs, gone = _matched(left, now)
        done = [replace(outcome, status=Status.FIXED, detail="went with another fix") for outcome in gone]
        made = stitch(repo, [hit for _, hit in pairs], examined.rules, options=options, formatter=formatter)
        original = {hit.fingerprint: outcome for outcome, hit in pairs}
        fixed = [replace(original[hit.fingerprint], status=Status.FIXED) for hit in made.hits]
        failed = [
            replace(original[hit.fingerprint], status=Status.FAILED, detail=f"{check.name}: {check.detail}")
            for hit, check in made.failed
        ]
        fix = Fix(rule, tuple(fixed), made.changes, made.proof) if made.changes else None
        yield fix, [*done, *fixed, *failed]
        if fix:
            repo = repo.changed({change.path: change.after for change in fix.changes})
        left = [original[hit.fingerprint] for hit in made.waiting]
    yield (
        None,
        [replace(o, status=Status.WITHHELD, detail="collides with another fix: run again") for o in left],
    )


def _matched(outcomes: Sequence[Outcome], now: Scan) -> tuple[list[tuple[Outcome, Hit]], list[Outcome]]:
    """Each finding with what it is in the text as it stands now, and those that are gone from it.

    By fingerprint first; where another rule's fix changed the snippet, by place in order.
    """
    fixable = [hit for hit in now.hits if hit.finding.is_fixable]
    by_fingerprint = {hit.fingerprint: hit for hit in fixable}
    pairs = [(o, by_fingerprint[o.hit.fingerprint]) for o in outcomes if o.hit.fingerprint in by_fingerprint]
    taken = {hit.fingerprint for _, hit in pairs}
    gone: list[Outcome] = []
    for outcome in outcomes:
        if outcome.hit.fingerprint in taken:
            continue
        place = outcome.hit.path, outcome.hit.symbol
        rest = [hit for hit in fixable if hit.fingerprint not in taken and (hit.path, hit.symbol) == place]
        if rest:
            taken.add(rest[0].fingerprint)
            pairs.append((outcome, rest[0]))
        else:
            gone.append(outcome)
    return pairs, gone
