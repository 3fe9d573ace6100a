"""Findings and fixes as a terminal, a Markdown page or a program wants them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from rich.console import Console
from rich.text import Text as Styled

from bot.escaping import code, fenced, one_line, visible
from bot.outcomes import Fix, Outcome, Status, secrets_of
from bot.policy import Problem
from bot.pull_request import check_line, unified
from fixers.engine import Skipped, Work
from fixers.rule import Severity, Verdict

_COLOURS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
MAX_SKIPPED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run has to tell. `hidden` counts findings below the asked severity."""

    outcomes: tuple[Outcome, ...]
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]
    work: Work
    hidden: int = 0
    fixes: tuple[Fix, ...] = ()


def as_json(report: Report) -> str:
    """One object: findings, fixes, skipped, problems, work. Secrets are masked, paths are as they are."""
    secrets = secrets_of(report.outcomes)
    document = {
        "findings": [_finding(outcome) for outcome in report.outcomes],
        "hidden": report.hidden,
        "fixes": [_fix(fix, secrets) for fix in report.fixes],
        "skipped": [asdict(skipped) for skipped in report.skipped],
        "problems": [asdict(problem) for problem in report.problems],
        "work": asdict(report.work),
    }
    return json.dumps(document, indent=2, ensure_ascii=True)


def _finding(outcome: Outcome) -> dict[str, object]:
    hit = outcome.hit
    return {
        "rule": hit.rule.id,
        "severity": outcome.severity.name.lower(),
        "confidence": (hit.finding.confidence or hit.rule.confidence).name.lower(),
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
    return {
        "rule": fix.rule.id,
        "findings": [outcome.hit.fingerprint for outcome in fix.outcomes],
        "safety": fix.safety.name.lower(),
        "diff": "\n".join(unified(change, secrets) for change in fix.changes),
        "proof": [{"check": c.name, "verdict": c.verdict.value, "detail": c.detail} for c in fix.proof.checks],
    }


def as_markdown(report: Report) -> str:
    """A page with a table of findings, the diffs, and what was passed over."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"# Suture: {totals(report)}\n"
    if report.outcomes:
        yield "| severity | where | rule | finding | status |\n|---|---|---|---|---|"
    for outcome in report.outcomes:
        where = code(f"{outcome.hit.path}:{outcome.hit.line}")
        status = outcome.status.value + (f": {_cell(outcome.detail)}" if outcome.detail else "")
        message = _cell(outcome.hit.finding.message)
        yield f"| {outcome.severity.name.lower()} | {where} | {outcome.hit.rule.id} | {message} | {status} |"
    for fix in report.fixes:
        yield f"\n## {fix.rule.title}\n"
        for change in fix.changes:
            yield fenced(unified(change, secrets_of(report.outcomes)), "diff") + "\n"
        yield _proof(fix)
    if report.skipped:
        yield "\n## Not looked at\n"
    for skipped in report.skipped:
        yield f"- {code(skipped.path)}{f' line {skipped.line}' if skipped.line else ''}: {_cell(skipped.reason)}"


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")


def _proof(fix: Fix) -> str:
    checked = " · ".join(check_line(check) for check in fix.proof.lines(Verdict.PASSED))
    not_checked = " · ".join(check_line(check) for check in fix.proof.lines(Verdict.NOT_CHECKED))
    return f"checked: {checked}\nnot checked: {not_checked}"


def print_text(report: Report, console: Console) -> None:
    """What a person at a terminal reads: findings by file, diffs with their proof, the rest in short."""
    for path, outcomes in groupby(report.outcomes, key=lambda outcome: outcome.hit.path):
        _line(console, Styled(one_line(path), "bold"))
        for outcome in outcomes:
            _print_outcome(console, outcome)
        _line(console, Styled())
    for fix in report.fixes:
        _print_fix(console, fix, secrets_of(report.outcomes))
    _print_rest(console, report)
    _line(console, Styled(totals(report), "bold"))


def _print_outcome(console: Console, outcome: Outcome) -> None:
    hit = outcome.hit
    line = Styled(f"{hit.line:>6}  ")
    line.append(f"{outcome.severity.name.lower():<9}", _COLOURS[outcome.severity])
    line.append(visible(hit.finding.message))
    _line(console, line)
    status = outcome.status.value
    if outcome.status is Status.FIXABLE:
        status += f" ({outcome.safety.name.lower()})"
    if outcome.detail:
        status += f": {one_line(outcome.detail)}"
    _line(console, Styled(f"{'':17}{hit.rule.id} · {hit.fingerprint[:8]} · {status}", "dim"))


def _print_fix(console: Console, fix: Fix, secrets: Sequence[str]) -> None:
    head = f"── {fix.rule.title}  ({fix.rule.id}, {fix.severity.name.lower()}, {fix.safety.name.lower()})"
    _line(console, Styled(head, "bold"))
    for change in fix.changes:
        for line in visible(unified(change, secrets)).splitlines():
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            _line(console, Styled(line, style))
    _line(console, Styled(_proof(fix) + "\n", "dim"))


def _print_rest(console: Console, report: Report) -> None:
    for problem in report.problems:
        _line(console, Styled(f"{problem.path}:{problem.line}: {visible(problem.message)}", "yellow"))
    for skipped in report.skipped[:MAX_SKIPPED_SHOWN]:
        where = f"{one_line(skipped.path)}{f':{skipped.line}' if skipped.line else ''}"
        _line(console, Styled(f"not looked at: {where} {one_line(skipped.reason)}", "dim"))
    if len(report.skipped) > MAX_SKIPPED_SHOWN:
        rest = len(report.skipped) - MAX_SKIPPED_SHOWN
        _line(console, Styled(f"not looked at: {rest} more, all listed by --format json", "dim"))


def _line(console: Console, text: Styled) -> None:
    console.print(text, soft_wrap=True, highlight=False)


def totals(report: Report) -> str:
    """`7 findings: 2 fixable, 1 ignored. 40 files read, 12 parsed, 3 not looked at.`"""
    counts = Counter(outcome.status for outcome in report.outcomes)
    parts = ", ".join(f"{counts[status]} {status.value}" for status in Status if counts[status])
    found = f"{len(report.outcomes)} finding{'' if len(report.outcomes) == 1 else 's'}"
    hidden = f" {report.hidden} below the asked severity not shown." if report.hidden else ""
    files = f"{report.work.read} files read, {report.work.parsed} parsed, {len(report.skipped)} not looked at"
    return f"{found}{f': {parts}' if parts else ''}.{hidden} {files}."


def at_or_above(outcomes: Iterable[Outcome], severity: Severity) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in outcomes if outcome.severity >= severity)
