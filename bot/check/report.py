"""What a change introduces, as the output of a check run: a page, lines beside the diff, a conclusion."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from bot.check.introduced import Introduced
from bot.escaping import code, masked, sentence, shortened
from bot.github import Annotation, CheckAction, Output
from bot.github.checks import Conclusion, Level
from bot.lines import net
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Mending
from bot.policy import Problem
from bot.pull_request import Background, counted, laid_out, unified, why
from bot.pull_request.words import sentences
from bot.snapshot.disk import LINK
from bot.templates import rendered
from fixers.engine import Skipped
from fixers.rule import Rule, Severity

NAME = "Suture"
_ROWS = 50
_IN_SIGHT = 60
_DIFF_LINES = 400
"""Lines of the fixes that are shown, at first sight and at all."""
_PROBLEMS = 20


class Buttons(Enum):
    """Which buttons a check run has, where there is something to press them for."""

    NONE = "none"
    """It is no pull request's: there is nowhere to answer."""
    ANSWERS = "answers"
    """Its branch is somebody else's: no fix goes into it."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check run says in the end: success, neutral or failure, and its buttons."""

    output: Output
    conclusion: Conclusion
    actions: tuple[CheckAction, ...] = ()


def verdict(
    seen: Introduced,
    found: Examination,
    made: Mending,
    told: Background,
    *,
    changed: frozenset[str],
    buttons: Buttons,
) -> Verdict:
    """The verdict on what was introduced. `made` are the fixes of it, `changed` the files of the change."""
    became = {one.hit.fingerprint: one for one in made.outcomes}
    outcomes = [became.get(one.hit.fingerprint, one) for one in seen.outcomes]
    counting = [one for one in outcomes if one.status is not Status.IGNORED]
    fail = found.policy.publishing.checking.fail
    is_failing = fail is not None and any(_fails(one, fail, found) for one in counting)
    skipped = [one for one in found.skipped if one.path in changed and one.reason != LINK]
    problems = [one for one in found.problems if one.path in changed]
    diffs = _diffs(made, told.secrets)
    fitting = _fitting(diffs)
    text = rendered(
        "check.md",
        extent=_extent(seen, counting),
        consequence=_consequence(counting, fail, is_failing=is_failing),
        rows=[_row(outcome, told) for outcome in outcomes[:_ROWS]],
        more=max(0, len(outcomes) - _ROWS),
        rules=[_about(rule) for rule in _rules(outcomes)],
        notes=list(_notes(outcomes)),
        ignores=list(_noted(problems, told)),
        skipped=list(_passed_over(skipped, told)),
        diff=laid_out(fitting, _IN_SIGHT, _DIFF_LINES) if fitting else "",
        long=counted(len(diffs) - len(fitting), "file") if len(diffs) > len(fitting) else "",
    )
    most = found.policy.publishing.checking.annotations
    annotations = [_annotation(one, told.secrets, fail) for one in counting[:most]]
    output = Output(_title(counting), masked(text.strip(), told.secrets), annotations=annotations)
    conclusion: Conclusion = "failure" if is_failing else "neutral" if counting else "success"
    return Verdict(output, conclusion, _actions(buttons, made) if counting else ())


def _fails(outcome: Outcome, least: Severity, found: Examination) -> bool:
    """What the policy only reports, such as examples, fails nothing."""
    return outcome.severity >= least and not found.policy.objection_to(outcome.hit.path)


def _title(counting: Sequence[Outcome]) -> str:
    if not counting:
        return "Nothing new"
    return f"{counted(len(counting), 'new finding')}: {_by_severity(counting)}"


def _by_severity(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcome.severity for outcome in outcomes)
    return ", ".join(f"{counts[one]:,} {one.name.lower()}" for one in sorted(counts, reverse=True))


def _extent(seen: Introduced, counting: Sequence[Outcome]) -> str:
    found = f"introduces {counted(len(counting), 'finding')} ({_by_severity(counting)})"
    said = f"This change {found if counting else 'introduces no finding'}"
    closed = f", and closes {counted(seen.closed, 'finding')} that was there before" if seen.closed else ""
    closed = closed.replace("that was", "that were") if seen.closed > 1 else closed
    less = f" {counted(seen.less, 'less severe one')} not shown (`threshold.report`)." if seen.less else ""
    return f"{said}{closed}.{less}"


def _consequence(counting: Sequence[Outcome], fail: Severity | None, *, is_failing: bool) -> str:
    if not counting:
        return ""
    if is_failing and fail is not None:
        return f"The check fails from {fail.name.lower()} on (`check.fail` in the base's configuration)."
    return "This doesn't keep anybody from merging: `check.fail` in `.suture.yml` would."


def _row(outcome: Outcome, told: Background) -> str:
    hit = outcome.hit
    where = told.place(hit.path, hit.line) + (f" {code(shortened(hit.symbol))}" if hit.symbol else "")
    cells = (outcome.severity.name.lower(), where, sentence(hit.finding.message), _fix(outcome))
    return f"| {' | '.join(cells)} |"


_WITHOUT_DETAIL = {Status.REPORT_ONLY: "a person's to make", Status.FIXED: "proven, see below"}
_BEFORE_DETAIL = {
    Status.REFUSED: "none here: ",
    Status.FAILED: "none that holds: ",
    Status.IGNORED: "ignored: ",
    Status.WITHHELD: "none yet: ",
}


def _fix(outcome: Outcome) -> str:
    if outcome.status in _WITHOUT_DETAIL:
        return _WITHOUT_DETAIL[outcome.status]
    return _BEFORE_DETAIL[outcome.status] + sentence(outcome.detail)


def _rules(outcomes: Iterable[Outcome]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(outcome.hit.rule for outcome in outcomes))


def _about(rule: Rule) -> str:
    first = sentences(why(rule.documentation))[0]
    return f"**{rule.title}** (`{rule.id}`). {first}"


def _notes(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What a person should know of the findings or do beside their fixes, said once."""
    notes = dict.fromkeys(note for one in outcomes for note in one.hit.finding.notes)
    return map(sentence, islice(notes, _PROBLEMS))


def _diffs(made: Mending, secrets: Sequence[str]) -> list[str]:
    """One for each file, whatever the number of fixes in it."""
    return [unified(one, secrets) for one in net(change for fix in made.fixes for change in fix.changes)]


def _fitting(diffs: Iterable[str]) -> list[str]:
    """Those for which there is room: a diff that ends in the middle would be no fix."""
    fitting, room = [], _DIFF_LINES
    for diff in diffs:
        lines = diff.count("\n") + 1
        if lines <= room:
            fitting.append(diff)
            room -= lines
    return fitting


def _noted(problems: Sequence[Problem], told: Background) -> Iterator[str]:
    for one in problems[:_PROBLEMS]:
        yield f"{told.place(one.path, one.line)}: {sentence(one.message)}"


def _passed_over(skipped: Sequence[Skipped], told: Background) -> Iterator[str]:
    for one in skipped[:_PROBLEMS]:
        yield f"{told.place(one.path, one.line or 1)}: {sentence(one.reason)}"


def _annotation(outcome: Outcome, secrets: Sequence[str], fail: Severity | None) -> Annotation:
    hit = outcome.hit
    is_failing = fail is not None and outcome.severity >= fail
    level: Level = "failure" if is_failing else "warning" if outcome.severity >= Severity.MEDIUM else "notice"
    notes = "".join(f"\n{note}" for note in hit.finding.notes)
    message = masked(f"{hit.finding.message}{notes}\n{hit.rule.id}", (*secrets, *hit.finding.secrets))
    return Annotation(hit.path, hit.line, hit.end_line, level, message, hit.rule.title)


FIX = CheckAction("Open a fix", "A pull request into this branch", "fix")
IGNORE = CheckAction("How to ignore", "The lines to copy, with a reason", "ignore")
EXPLAIN = CheckAction("Explain", "What holds, and why", "explain")


def _actions(buttons: Buttons, made: Mending) -> tuple[CheckAction, ...]:
    if buttons is Buttons.NONE:
        return ()
    is_fixable = buttons is Buttons.ALL and made.fixes
    return (FIX, IGNORE, EXPLAIN) if is_fixable else (IGNORE, EXPLAIN)


def excuse(reason: str, *, fails: bool) -> Verdict:
    """What is said where a change couldn't be looked at."""
    text = rendered("check_excuse.md", reason=sentence(reason))
    output = Output("This could not be checked", masked(text))
    return Verdict(output, "failure" if fails else "neutral")
