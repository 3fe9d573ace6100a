"""Findings and fixes as a terminal, a Markdown page or a program wants them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text as Styled

from bot.escaping import code, fenced, masked, one_line, sentence, shortened, visible
from bot.outcomes import Fix, Outcome, Status
from bot.policy import Problem
from bot.pull_request import check_line, counted, unified
from fixers.engine import Skipped, Work
from fixers.rule import Safety, Severity, Verdict

_COLOURS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
MAX_SKIPPED_SHOWN = 20
_LEAST_ROOM = 30


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run has to tell, and the secrets that it must not.

    `hidden` counts findings below the asked severity. `is_fix`: fixes were asked for; `is_written`:
    they were written. Only a fix that was written has `fixed` anything.
    """

    outcomes: tuple[Outcome, ...]
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]
    work: Work
    hidden: int = 0
    fixes: tuple[Fix, ...] = ()
    secrets: tuple[str, ...] = ()
    is_fix: bool = False
    is_written: bool = False

    def name_of(self, status: Status) -> str:
        """The status in words that hold for what was done."""
        is_only_shown = status is Status.FIXED and not self.is_written
        return "would be fixed" if is_only_shown else status.value


def as_json(report: Report) -> str:
    """One object: findings, fixes, skipped, problems, work. Nothing but secrets is masked or escaped."""
    document = {
        "findings": [as_data(outcome) for outcome in report.outcomes],
        "hidden": report.hidden,
        "fixes": [_fix(fix, report.secrets) for fix in report.fixes],
        "written": report.is_written,
        "skipped": [asdict(skipped) for skipped in report.skipped],
        "problems": [asdict(problem) for problem in report.problems],
        "work": asdict(report.work),
    }
    return json.dumps(without(report.secrets, document), indent=2, ensure_ascii=True)


def without(secrets: Sequence[str], value: Any) -> Any:
    """The same data with every secret in its texts masked."""
    match value:
        case str():
            return masked(value, secrets)
        case dict():
            return {key: without(secrets, item) for key, item in value.items()}
        case list():
            return [without(secrets, item) for item in value]
    return value


def as_data(outcome: Outcome) -> dict[str, object]:
    """A finding as a program wants it."""
    hit = outcome.hit
    return {
        "rule": hit.rule.id,
        "severity": outcome.severity.name.lower(),
        "confidence": outcome.confidence.name.lower(),
        "threat": hit.rule.threat.value,
        "safety": outcome.safety.name.lower(),
        "path": hit.path,
        "line": hit.line,
        "end_line": hit.end_line,
        "symbol": hit.symbol,
        "message": hit.finding.message,
        "notes": list(hit.finding.notes),
        "status": outcome.status.value,
        "detail": outcome.detail,
        "fingerprint": hit.fingerprint,
        "references": list(hit.rule.references),
    }


def _fix(fix: Fix, secrets: Sequence[str]) -> dict[str, object]:
    checks = fix.proof.checks
    return {
        "rule": fix.rule.id,
        "findings": [outcome.hit.fingerprint for outcome in fix.outcomes],
        "safety": fix.safety.name.lower(),
        "diff": "\n".join(unified(change, secrets) for change in fix.changes),
        "proof": [{"check": one.name, "verdict": one.verdict.value, "detail": one.detail} for one in checks],
    }


def as_markdown(report: Report) -> str:
    """A page with a table of findings, the diffs, and what was passed over."""
    return masked("\n".join(_markdown(report)), report.secrets) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"# Suture: {totals(report)}\n\n{looked_at(report)}.\n"
    if report.outcomes:
        yield "| severity | where | rule | finding | status |\n|---|---|---|---|---|"
    for outcome in report.outcomes:
        where = code(f"{outcome.hit.path}:{outcome.hit.line}")
        detail = f": {sentence(outcome.detail)}" if outcome.detail else ""
        message, status = sentence(outcome.hit.finding.message), report.name_of(outcome.status) + detail
        yield f"| {outcome.severity.name.lower()} | {where} | {outcome.hit.rule.id} | {message} | {status} |"
    for fix in report.fixes:
        yield f"\n## {fix.rule.title}\n"
        for change in fix.changes:
            yield fenced(unified(change, report.secrets), "diff") + "\n"
        for note in _notes(fix):
            yield f"> {sentence(note)}\n"
        for name, verdict in (("checked", Verdict.PASSED), ("not checked", Verdict.NOT_CHECKED)):
            lines = [sentence(check_line(check)) for check in fix.proof.lines(verdict)]
            yield f"- {name}: {' · '.join(lines) or 'nothing'}"
    if report.problems:
        yield "\n## Ignores that need a look\n"
    for problem in report.problems:
        yield f"- {code(f'{problem.path}:{problem.line}')}: {sentence(problem.message)}"
    if report.skipped:
        yield "\n## Not looked at\n"
    for skipped in report.skipped:
        yield f"- {code(_place(skipped))}: {sentence(skipped.reason)}"


def _place(skipped: Skipped) -> str:
    return f"{skipped.path}:{skipped.line}" if skipped.line else skipped.path


def _notes(fix: Fix) -> list[str]:
    return sorted({note for outcome in fix.outcomes for note in outcome.hit.finding.notes})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line for a person: `indent` blanks, `lead` in `colour`, `text` in `style`. A terminal that is too
    narrow wraps the text below itself, unless it is code."""

    text: str = ""
    style: str = ""
    indent: int = 0
    lead: str = ""
    colour: str = ""
    is_code: bool = False


def print_text(report: Report, console: Console) -> None:
    """What a person at a terminal reads; what matters most comes last, where the eye is."""
    for line in _lines(report):
        head = Styled(" " * line.indent) + Styled(line.lead, line.colour)
        body = Styled(masked(line.text, report.secrets), line.style)
        room = max(console.width - len(head), _LEAST_ROOM)
        wraps = console.is_terminal and not line.is_code
        for number, row in enumerate(body.wrap(console, room) if wraps else [body]):
            row.rstrip()
            lead = head if number == 0 else Styled(" " * len(head))
            console.print(lead + row, soft_wrap=True, highlight=False)


def _lines(report: Report) -> Iterator[_Line]:
    for fix in report.fixes:
        yield from _fix_lines(fix, report.secrets)
    listed = [o for o in report.outcomes if not (report.is_fix and o.status is Status.FIXED)]
    if report.fixes and listed:
        yield from (_Line("── Not fixed", "bold"), _Line())
    for path, outcomes in groupby(listed, key=lambda outcome: outcome.hit.path):
        yield _Line(one_line(path), "bold", is_code=True)
        for outcome in outcomes:
            yield from _outcome_lines(outcome)
        yield _Line()
    yield from _rest(report)
    yield _Line(f"{looked_at(report)}.", "dim")
    yield _Line(totals(report), "bold")
    hint = _hint(report)
    if hint:
        yield _Line(hint)


def _outcome_lines(outcome: Outcome) -> Iterator[_Line]:
    hit = outcome.hit
    lead = f"{hit.line:>6}  {outcome.severity.name.lower():<8}  "
    yield _Line(_brief(hit.finding.message), lead=lead, colour=_COLOURS[outcome.severity])
    status = outcome.status.value
    if outcome.status is Status.FIXABLE:
        status += f" ({outcome.safety.name.lower()})"
    if outcome.detail:
        status += f": {_brief(outcome.detail)}"
    yield _Line(f"{hit.rule.id} · {hit.fingerprint[:8]} · {status}", "dim", indent=8)


def _brief(text: str) -> str:
    return one_line(shortened(text))


def _fix_lines(fix: Fix, secrets: Sequence[str]) -> Iterator[_Line]:
    yield _Line(f"── {fix.rule.title}", "bold")
    about = [fix.rule.id, fix.severity.name.lower(), fix.safety.name.lower()]
    about += ["destroys and recreates the resource"] * fix.rule.replaces
    about += ["adds a package"] * fix.rule.adds_package
    yield _Line(" · ".join((*about, counted(len(fix.outcomes), "finding"))), "dim", indent=3)
    for change in fix.changes:
        for line in visible(unified(change, secrets)).splitlines():
            yield _Line(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""), is_code=True)
    for note in _notes(fix):
        yield _Line(f"note: {_brief(note)}")
    names = [check.name for check in fix.proof.lines(Verdict.PASSED)]
    yield _Line(f"checked: {' · '.join(names)}", "dim")
    unchecked = [_brief(check_line(check)) for check in fix.proof.lines(Verdict.NOT_CHECKED)]
    yield _Line(f"not checked: {' · '.join(unchecked) or 'nothing'}", "dim")
    yield _Line()


def _rest(report: Report) -> Iterator[_Line]:
    """What a run couldn't do, or thinks a person should know."""
    if report.problems:
        yield _Line("Ignores that need a look", "yellow")
    for problem in report.problems:
        yield _Line(f"{one_line(problem.path)}:{problem.line}: {_brief(problem.message)}", indent=2)
    if report.skipped:
        yield _Line("Not looked at", "yellow")
    for skipped in report.skipped[:MAX_SKIPPED_SHOWN]:
        yield _Line(f"{one_line(_place(skipped))}: {_brief(skipped.reason)}", "dim", indent=2)
    if len(report.skipped) > MAX_SKIPPED_SHOWN:
        rest = len(report.skipped) - MAX_SKIPPED_SHOWN
        yield _Line(f"and {rest} more: `--format json` lists them all", "dim", indent=2)
    if report.problems or report.skipped:
        yield _Line()


def totals(report: Report) -> str:
    """`7 findings: 2 fixable, 1 ignored; 3 less severe ones not shown`."""
    counts = Counter(outcome.status for outcome in report.outcomes)
    parts = ", ".join(f"{counts[status]} {report.name_of(status)}" for status in Status if counts[status])
    found = f"{counted(len(report.outcomes), 'finding')}: {parts}" if parts else "no findings"
    less = "ones" if report.hidden != 1 else "one"
    return f"{found}; {report.hidden} less severe {less} not shown" if report.hidden else found


def looked_at(report: Report) -> str:
    """`40 files read, 12 parsed, 3 not looked at`."""
    skipped = f", {len(report.skipped)} not looked at" if report.skipped else ""
    return f"{counted(report.work.read, 'file')} read, {report.work.parsed} parsed{skipped}"


def _hint(report: Report) -> str:
    """The next command, where there is one to be named."""
    if report.is_written:
        return ""
    if not report.is_fix:
        is_fixable = any(outcome.status is Status.FIXABLE for outcome in report.outcomes)
        return "`suture fix` shows the fixes and writes nothing" if is_fixable else ""
    safe = sum(fix.safety is Safety.SAFE for fix in report.fixes)
    if not report.fixes:
        return "nothing to fix"
    if safe == len(report.fixes):
        return "nothing was written: `--write` writes these fixes"
    some = f"`--write` writes what is safe ({safe} of {len(report.fixes)} fixes), " if safe else ""
    return f"nothing was written: {some}`--write --review` writes {'all of them' if safe else 'these fixes'}"


def at_or_above(outcomes: Iterable[Outcome], severity: Severity) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in outcomes if outcome.severity >= severity)
