"""A proven fix as the pull request that a person reads: title, body, diff."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from bot.escaping import code, fenced, masked, one_line, sentence
from bot.outcomes import Fix, Outcome, Status, secrets_of
from fixers.engine import FileChange, text_of
from fixers.examples import section
from fixers.rule import Check, Safety, Verdict

MAX_LEFT_ALONE = 8
MAX_ROWS = 20
MAX_DIFF_LINES = 120


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is published of a fix, in words of ours and text of the repository that was escaped."""

    title: str
    body: str


def pull_request(fix: Fix, outcomes: Sequence[Outcome], secrets: Iterable[str] = ()) -> PullRequest:
    """The pull request of `fix`; `outcomes` are all of the run, for what was left alone and for their
    secrets, which are masked as `secrets` are."""
    documentation = fix.rule.documentation
    hidden = (*secrets_of(outcomes), *secrets)
    diffs = [unified(change, hidden) for change in fix.changes]
    left = [o for o in outcomes if o.hit.rule.id == fix.rule.id and o.status is not Status.FIXED]
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(files("templates").joinpath("pull_request.md").read_text("utf-8"))
    body = template.render(
        summary=_summary(fix, diffs),
        rows=_rows(fix.outcomes),
        diffs=[fenced(diff, "diff") for diff in _shortened(diffs)],
        notices=section(documentation, "Who notices"),
        notes=sorted({sentence(note) for outcome in fix.outcomes for note in outcome.hit.finding.notes}),
        checked=_checks(fix.proof.lines(Verdict.PASSED)) or "nothing",
        not_checked=_checks(fix.proof.lines(Verdict.NOT_CHECKED)) or "nothing was left out",
        test=section(documentation, "Test"),
        rollback=section(documentation, "Roll back"),
        open_ends=section(documentation, "Does not close"),
        left_alone=list(_left_alone(left)),
        references=" · ".join(fix.rule.references),
    )
    return PullRequest(fix.rule.title, masked(body, hidden))


def why(documentation: str) -> str:
    """What a rule's documentation says between its title and its first example."""
    prose = re.split(r"^(?:```|~~~|## )", documentation.strip(), maxsplit=1, flags=re.M)[0]
    return prose.partition("\n")[2].strip()


def unified(change: FileChange, secrets: Iterable[str] = ()) -> str:
    """The change as a unified diff with three lines of context, secrets masked."""
    old = "" if change.before is None else text_of(change.path, change.before).content
    new = text_of(change.path, change.after).content
    name = one_line(change.path)
    source = "/dev/null" if change.before is None else f"a/{name}"
    lines = difflib.unified_diff(_lines(old), _lines(new), source, f"b/{name}", lineterm="")
    return masked("\n".join(lines), secrets)


def _lines(content: str) -> list[str]:
    """Lines without their ends; an end that differs from line to line is not what a diff is about."""
    lines = re.split(r"\r\n|\r|\n", content)
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]}\n\\ No newline at end of file"]


def _summary(fix: Fix, diffs: Sequence[str]) -> str:
    findings, changed = counted(len(fix.outcomes), "finding"), counted(len(fix.changes), "file")
    lines = [line for diff in diffs for line in diff.split("\n")[2:]]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    behaviour = "behaviour stays" if fix.safety is Safety.SAFE else "behaviour may change"
    size = f"{findings} in {changed}, +{added} −{removed} lines, {behaviour}."
    warnings = ["**Applying this destroys and recreates the resource.**"] * fix.rule.replaces
    warnings += ["**Adds a package: refresh the lock file before merging.**"] * fix.rule.adds_package
    return "\n\n".join([why(fix.rule.documentation), *warnings, size])


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _rows(outcomes: Sequence[Outcome]) -> Iterator[dict[str, str]]:
    for outcome in outcomes[:MAX_ROWS]:
        hit = outcome.hit
        where, symbol = code(f"{hit.path}:{hit.line}"), code(hit.symbol) if hit.symbol else ""
        yield {"severity": outcome.severity.name.lower(), "where": where, "symbol": symbol}
    if len(outcomes) > MAX_ROWS:
        yield {"severity": "", "where": f"and {len(outcomes) - MAX_ROWS} more", "symbol": ""}


def _shortened(diffs: Sequence[str]) -> Iterator[str]:
    left = MAX_DIFF_LINES
    for diff in diffs:
        lines = diff.split("\n")
        if left <= 0:
            break
        cut = len(lines) - left
        yield "\n".join([*lines[:left], f"… {cut} more lines"] if cut > 0 else lines)
        left -= len(lines)


def _checks(checks: Sequence[Check]) -> str:
    return " · ".join(sentence(check_line(check)) for check in checks)


def check_line(check: Check) -> str:
    """A check's name, and in brackets what is to be said of it."""
    return f"{check.name} ({check.detail})" if check.detail else check.name


def _left_alone(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes[:MAX_LEFT_ALONE]:
        where = code(f"{outcome.hit.path}:{outcome.hit.line}")
        yield f"{where}, {outcome.status.value}{': ' + sentence(outcome.detail) if outcome.detail else ''}"
    if len(outcomes) > MAX_LEFT_ALONE:
        yield f"and {len(outcomes) - MAX_LEFT_ALONE} more"
