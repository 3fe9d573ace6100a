"""Working rules, each about the calls of one function, and the examination of files held in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.outcomes import Outcome, Status
from bot.pipeline import Examination, Mending, examine, mend
from bot.policy import load
from bot.snapshot import Snapshot
from fixers.python.source import Call, PythonFile
from fixers.rule import Changes, Confidence, Edit, Finding, Refusal, Rule, Safety, Severity, Threat
from fixers.stitch import no_formatter

TODAY = date(2026, 11, 23)
DOCUMENTATION = """{title}.

Why it matters, in one paragraph.

```diff
-{function}(1)
+{function}(1, fixed=True)
```

## Who notices

Nobody.

## Test

Run it.

## Roll back

restart the process.
"""


def on_calls(
    name: str,
    function: str,
    answer: Callable[[Call], Changes | None],
    severity: Severity = Severity.MEDIUM,
    safety: Safety = Safety.REVIEW,
) -> Rule:
    """A rule that answers each call of `function`; where the answer is None there is no finding."""

    def check(file: PythonFile) -> Iterator[Finding]:
        for call in file.calls_to(function):
            changes = answer(call)
            if changes is not None:
                yield Finding(f"`{function}` isn't fixed", call.span, changes)

    return Rule(
        id=f"python/{name}",
        documentation=DOCUMENTATION.format(title=f"Mind {name}", function=function),
        file_type=PythonFile,
        check=check,
        severity=severity,
        safety=safety,
        threat=Threat.UNSAFE_OUTPUT,
        confidence=Confidence.HIGH,
        references=("CWE-1",),
        mentions=(function,),
        alongside=(),
        options=None,
        consequences=(),
        replaces=False,
        adds_package=False,
        opens_unasked=False,
        is_off=False,
        before_deploy=False,
    )


def keyword(name: str) -> Callable[[Call], Changes | None]:
    """Give the call `name=True`, if it hasn't one."""
    return lambda call: None if call.has_keyword(name) else call.add_keyword(name, "True")


def whole(text: str) -> Callable[[Call], Changes | None]:
    """Write `text` in place of the whole call; `ARGUMENT` in it is the first argument's code."""

    def answer(call: Call) -> Changes:
        argument = call.positional(0)
        return (Edit(call.span, text.replace("ARGUMENT", argument.code if argument else "")),)

    return answer


SAFE = on_calls("unsafe-open", "open", keyword("fixed"), Severity.HIGH, Safety.SAFE)
REVIEW = on_calls("loud-print", "print", keyword("fixed"))
QUIET = on_calls("unnamed-print", "print", keyword("named"), Severity.LOW)
REFUSING = on_calls("long-sum", "sum", lambda call: (Refusal("only you know how long"),), Severity.LOW)
REPORTING = on_calls("bare-id", "id", lambda call: ())
BREAKING = on_calls("broken-hash", "hash", whole("hash("))
NESTED = on_calls("nested-abs", "abs", whole("round(ARGUMENT)"))
RULES = (SAFE, REVIEW, QUIET, REFUSING, REPORTING, BREAKING, NESTED)


def in_memory(files: Mapping[str, str]) -> Snapshot:
    data = {path: text.encode() for path, text in files.items()}
    paths = tuple(sorted(data))
    return Snapshot(Path("/nowhere"), "", paths, paths, (), frozenset(), data.__getitem__)


def examined(files: Mapping[str, str], rules: Sequence[Rule] = RULES) -> Examination:
    snapshot = in_memory(files)
    return examine(snapshot, load(snapshot.repository(), rules), rules, TODAY)


def mended(
    files: Mapping[str, str],
    rules: Sequence[Rule] = RULES,
    withhold: Callable[[Outcome], str] = lambda outcome: "",
) -> Mending:
    return mend(examined(files, rules), withhold, no_formatter)


def texts(made: Mending) -> dict[str, str]:
    """The changed files as the last fix left them."""
    return {change.path: change.after.decode() for fix in made.fixes for change in fix.changes}


def statuses(outcomes: Sequence[Outcome]) -> list[tuple[int, str, Status]]:
    return [(one.hit.line, one.hit.rule.id.partition("/")[2], one.status) for one in outcomes]


def consequence(rule: Rule, of: Rule) -> Rule:
    """The rule, after whose fix `of` may speak."""
    return replace(rule, consequences=(of.id,))
