"""Every finding ends in exactly one status, and a fix changes nothing but what was asked for."""

from dataclasses import replace
from datetime import date

import pytest
from rules_on_calls import (
    BREAKING,
    NESTED,
    QUIET,
    REFUSING,
    REPORTING,
    REVIEW,
    RULES,
    SAFE,
    TODAY,
    consequence,
    examined,
    in_memory,
    keyword,
    mended,
    on_calls,
    statuses,
    texts,
    whole,
)

from bot.outcomes import Status
from bot.pipeline import MAX_RUNS, examine, mend, secrets_in
from bot.policy import load
from fixers.engine import Skipped, Work
from fixers.python.source import Call, PythonFile
from fixers.repository import Repository
from fixers.rule import Changes, Edit, Finding, Refusal, Safety, Severity, Span, Threat
from fixers.stitch import Formatted, no_formatter

ALL = """\
open(1)
print(1)
sum(1)
id(1)
hash(1)
print(2)  # suture: ignore[python/loud-print] the log of the job
"""


def test_a_scan_gives_every_finding_a_status() -> None:
    found = examined({"a.py": ALL}, (SAFE, REVIEW, REFUSING, REPORTING, BREAKING)).outcomes
    assert statuses(found) == [
        (1, "unsafe-open", Status.FIXABLE),
        (2, "loud-print", Status.FIXABLE),
        (3, "long-sum", Status.REFUSED),
        (4, "bare-id", Status.REPORT_ONLY),
        (5, "broken-hash", Status.FIXABLE),
        (6, "loud-print", Status.IGNORED),
    ]
    assert [one.detail for one in found] == [
        "",
        "",
        "only you know how long",
        "",
        "",
        "the log of the job (a.py:6)",
    ]


def test_fixing_leaves_no_finding_fixable() -> None:
    rules = (SAFE, REVIEW, REFUSING, REPORTING, BREAKING)
    made = mended({"a.py": ALL}, rules, lambda one: "not today" if one.safety is Safety.SAFE else "")
    assert statuses(made.outcomes) == [
        (1, "unsafe-open", Status.WITHHELD),
        (2, "loud-print", Status.FIXED),
        (3, "long-sum", Status.REFUSED),
        (4, "bare-id", Status.REPORT_ONLY),
        (5, "broken-hash", Status.FAILED),
        (6, "loud-print", Status.IGNORED),
    ]
    assert made.outcomes[0].detail == "not today"
    assert made.outcomes[4].detail.startswith("parses: `a.py:")
    assert texts(made) == {"a.py": ALL.replace("print(1)", "print(1, fixed=True)")}


def test_what_was_fixed_is_not_found_again() -> None:
    made = mended({"a.py": ALL})
    again = mended({"a.py": texts(made)["a.py"]})
    assert not again.fixes
    assert Status.FIXED not in {one.status for one in again.outcomes}


def test_fixes_of_several_rules_on_one_call_stand_on_one_another() -> None:
    made = mended({"a.py": "print(1)\nprint(2)\n"}, (REVIEW, QUIET))
    assert [fix.rule for fix in made.fixes] == [REVIEW, QUIET]
    assert made.fixes[0].changes[0].after == made.fixes[1].changes[0].before
    assert texts(made) == {"a.py": "print(1, fixed=True, named=True)\nprint(2, fixed=True, named=True)\n"}
    assert {one.status for one in made.outcomes} == {Status.FIXED}


def test_the_most_severe_rule_goes_first_as_the_policy_rates_it() -> None:
    policy = ".suture.yml", "version: 1\nrules:\n  python/unnamed-print: {severity: critical}\n"
    made = mended(dict([policy, ("a.py", "print(1)\n")]), (REVIEW, QUIET))
    assert [fix.rule for fix in made.fixes] == [QUIET, REVIEW]
    assert [fix.severity for fix in made.fixes] == [Severity.CRITICAL, Severity.MEDIUM]


def test_colliding_edits_wait_for_the_next_run_of_the_same_command() -> None:
    made = mended({"a.py": "x = abs(abs(abs(1)))\nabs(2)\n"}, (NESTED,))
    assert [len(fix.outcomes) for fix in made.fixes] == [2, 1, 1]
    assert texts(made) == {"a.py": "x = round(round(round(1)))\nround(2)\n"}
    assert {one.status for one in made.outcomes} == {Status.FIXED}


def test_what_still_collides_after_all_runs_says_so() -> None:
    deep = MAX_RUNS + 2
    made = mended({"a.py": "abs(" * deep + "1" + ")" * deep + "\n"}, (NESTED,))
    left = [one for one in made.outcomes if one.status is Status.WITHHELD]
    assert [one.detail for one in left] == ["collides with another fix: run again"] * 2
    assert sum(one.status is Status.FIXED for one in made.outcomes) == MAX_RUNS


def test_a_fix_that_fails_keeps_no_other_from_being_made() -> None:
    touchy = on_calls("touchy", "hash", lambda call: _broken_if_two(call))
    made = mended({"a.py": "hash(1)\nhash(2)\nhash(3)\n"}, (touchy,))
    assert [one.status for one in made.outcomes] == [Status.FIXED, Status.FAILED, Status.FIXED]
    assert texts(made) == {"a.py": "hash(1, fixed=True)\nhash(2)\nhash(3, fixed=True)\n"}


def _broken_if_two(call: Call) -> Changes | None:
    argument = call.positional(0)
    is_two = argument is not None and argument.code == "2"
    return (Edit(call.span, "hash((("),) if is_two else keyword("fixed")(call)


def test_a_fix_without_effect_fails_by_the_name_of_the_check() -> None:
    made = mended({"a.py": "hash(1)\n"}, (on_calls("idle", "hash", whole("hash(ARGUMENT)")),))
    assert [one.status for one in made.outcomes] == [Status.FAILED]
    assert made.outcomes[0].detail == "rule silent: python/idle still speaks at `a.py`"
    assert not made.fixes


TO_PRINT = on_calls("to-print", "repr", whole("print(ARGUMENT)"), Severity.LOW)


def test_a_fix_that_makes_another_rule_speak_fails() -> None:
    made = mended({"a.py": "repr(1)\n"}, (TO_PRINT, REVIEW))
    assert statuses(made.outcomes) == [(1, "to-print", Status.FAILED)]
    assert made.outcomes[0].detail == "no other finding: python/loud-print speaks at `a.py`"


def test_what_follows_from_a_fix_as_its_rule_says_is_fixed_with_it() -> None:
    made = mended({"a.py": "print(1)\nrepr(1)\n"}, (consequence(TO_PRINT, REVIEW), REVIEW))
    assert [(one.hit.line, one.status, one.detail) for one in made.outcomes] == [
        (1, Status.FIXED, ""),
        (2, Status.FIXED, ""),
        (2, Status.FIXED, "follows from another fix"),
    ]
    assert texts(made) == {"a.py": "print(1, fixed=True)\nprint(1, fixed=True)\n"}


def test_what_follows_from_a_fix_may_be_ignored_or_withheld() -> None:
    rules = (consequence(TO_PRINT, REVIEW), REVIEW)
    ignored = mended({"a.py": "\nrepr(1)  # suture: ignore[python/loud-print] on purpose\n"}, rules)
    assert [one.status for one in ignored.outcomes] == [Status.FIXED, Status.IGNORED]
    withheld = mended({"a.py": "repr(1)\n"}, rules, lambda one: "no" if one.severity > Severity.LOW else "")
    assert [one.status for one in withheld.outcomes] == [Status.FIXED, Status.WITHHELD]
    assert texts(withheld) == {"a.py": "print(1)\n"}


def test_what_follows_beside_an_equal_one_that_stays_is_left_to_another_run() -> None:
    rules = (consequence(TO_PRINT, REVIEW), REVIEW)
    source = "repr(1)\nprint(1)  # suture: ignore[python/loud-print] on purpose\n"
    once = mended({"a.py": source}, rules)
    assert texts(once) == {"a.py": source.replace("repr", "print")}
    twice = mended({"a.py": texts(once)["a.py"]}, rules)
    assert texts(twice) == {"a.py": source.replace("repr(1)", "print(1, fixed=True)")}


def test_rules_that_follow_from_each_other_come_to_an_end() -> None:
    back = on_calls("to-repr", "print", whole("repr(ARGUMENT)"), Severity.LOW)
    made = mended({"a.py": "repr(1)\n"}, (consequence(TO_PRINT, back), consequence(back, TO_PRINT)))
    assert {one.status for one in made.outcomes} <= {Status.FIXED, Status.FAILED, Status.WITHHELD}


def test_what_the_formatter_would_change_fails_by_name() -> None:
    def unstable(repo: Repository, path: str, data: bytes) -> Formatted:
        return Formatted("ruff", data + b"#\n" if b"fixed" in data else data)

    made = mend(examined({"a.py": "print(1)\n"}, (REVIEW,)), lambda one: "", unstable)
    assert [(one.status, one.detail) for one in made.outcomes] == [
        (Status.FAILED, "formatter: ruff is content")
    ]


# --- which finding is which, once others have been fixed ---


EQUALS = """\
abs(1)
x = abs(abs(1))
abs(1)  # suture: ignore[python/nested-abs] on purpose
"""
"""The second line's inner call waits for a second run, in which it has another number among equals."""


def test_an_ignored_finding_among_equals_is_never_fixed() -> None:
    made = mended({"a.py": EQUALS}, (NESTED,))
    assert [one.status for one in made.outcomes] == [*[Status.FIXED] * 3, Status.IGNORED]
    assert texts(made) == {"a.py": EQUALS.replace("abs", "round", 3)}


def test_a_withheld_finding_among_equals_is_never_fixed() -> None:
    source = EQUALS.replace("suture", "")
    made = mended({"a.py": source}, (NESTED,), lambda one: "not this one" if one.hit.line == 3 else "")
    assert [one.status for one in made.outcomes] == [*[Status.FIXED] * 3, Status.WITHHELD]
    assert texts(made) == {"a.py": source.replace("abs", "round", 3)}


def test_a_finding_that_another_fix_took_along_is_fixed() -> None:
    outer = on_calls("outer", "abs", whole("None"), Severity.HIGH)
    made = mended({"a.py": "abs(print(1))\nprint(2)\n"}, (outer, REVIEW))
    assert [(one.hit.line, one.status, one.detail) for one in made.outcomes] == [
        (1, Status.FIXED, ""),
        (1, Status.FIXED, "went with another fix"),
        (2, Status.FIXED, ""),
    ]
    assert texts(made) == {"a.py": "None\nprint(2, fixed=True)\n"}


def test_what_stays_beside_one_that_went_is_not_guessed() -> None:
    """One of two equal findings went with another fix, and one of them is ignored: which is left?"""
    outer = on_calls("outer", "abs", whole("None"), Severity.HIGH)
    source = "abs(print(1))\nprint(1)  # suture: ignore[python/loud-print] on purpose\n"
    made = mended({"a.py": source}, (outer, REVIEW))
    assert texts(made) == {"a.py": source.replace("abs(print(1))", "None")}
    assert [one.status for one in made.outcomes] == [Status.FIXED, Status.WITHHELD, Status.IGNORED]


def test_a_finding_that_another_fix_made_unfixable_is_not_called_fixed() -> None:
    def shy(call: Call) -> Changes | None:
        if call.has_keyword("named"):
            return None
        if call.has_keyword("fixed"):
            return (Refusal("it is fixed already"),)
        return call.add_keyword("named", "True")

    made = mended({"a.py": "print(1)\n"}, (REVIEW, on_calls("shy", "print", shy, Severity.LOW)))
    assert [(one.status, one.detail) for one in made.outcomes] == [
        (Status.FIXED, ""),
        (Status.REFUSED, "it is fixed already"),
    ]


def test_a_finding_that_another_fix_left_without_a_fix_is_reported() -> None:
    def shy(call: Call) -> Changes | None:
        return () if call.has_keyword("fixed") else call.add_keyword("named", "True")

    made = mended({"a.py": "print(1)\n"}, (REVIEW, on_calls("shy", "print", shy, Severity.LOW)))
    assert [one.status for one in made.outcomes] == [Status.FIXED, Status.REPORT_ONLY]


# --- ignores, and what is to be said of them ---

CONFIGURATION = """\
version: 1
ignores:
  - rule: python/loud-print
    paths: [a.py]
    reason: until the logger is there
    owner: "@platform"
    until: {until}
"""


def test_an_ignore_says_by_whom_where_why_and_until_when() -> None:
    files = {".suture.yml": CONFIGURATION.format(until="2026-11-23"), "a.py": "print(1)\n"}
    found = examined(files, (REVIEW,))
    assert [(one.status, one.detail) for one in found.outcomes] == [
        (
            Status.IGNORED,
            "until the logger is there (by @platform, until 2026-11-23, .suture.yml:3)",
        )
    ]
    assert not found.problems


def test_an_expired_ignore_counts_no_more_and_is_reported() -> None:
    files = {".suture.yml": CONFIGURATION.format(until="2026-11-22"), "a.py": "print(1)\n"}
    found = examined(files, (REVIEW,))
    assert [one.status for one in found.outcomes] == [Status.FIXABLE]
    assert [str(problem) for problem in found.problems] == [
        ".suture.yml:3: the ignore of `python/loud-print` expired on 2026-11-22"
    ]


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("ignore[python/loud-prin] why", "there is no rule `python/loud-prin`"),
        ("ignore[python/loud-print]", "gives no reason"),
        ("ignore why", "names no rule"),
        ("ignore[python/unsafe-open] why", "matches no finding"),
    ],
)
def test_an_ignore_that_does_not_count_is_reported(comment: str, problem: str) -> None:
    found = examined({"a.py": f"print(1)  # suture: {comment}\n"}, (SAFE, REVIEW))
    assert [one.status for one in found.outcomes] == [Status.FIXABLE]
    assert len(found.problems) == 1
    assert problem in found.problems[0].message
    assert (found.problems[0].path, found.problems[0].line) == ("a.py", 1)


# --- what is looked at ---


def test_work_is_counted_and_a_file_is_read_once() -> None:
    """Of four files, one is nobody's, one holds no rule's words; two are parsed, once for all rules."""
    files = {"a.py": "print(1)\nopen(1)\n", "b.py": "print(1)\n", "c.py": "x = 1\n", "notes.txt": "print"}
    snapshot = in_memory(files)
    reads: list[str] = []

    def read(path: str) -> bytes:
        reads.append(path)
        return files[path].encode()

    counting = replace(snapshot, read=read)
    found = examine(counting, load(snapshot.repository(), RULES), RULES, TODAY)
    assert found.work == Work(read=3, parsed=2, checked=5)
    assert reads == ["a.py", "b.py", "c.py"]


def test_only_what_was_asked_for_is_looked_at() -> None:
    snapshot = in_memory({"a.py": "print(1)\n", "b.py": "print(1)\n", "c.py": "print(1)\n"})
    policy = load(in_memory({".suture.yml": "paths: {exclude: [b.py]}\n"}).repository(), RULES)
    seen: list[str] = []
    found = examine(snapshot, policy, RULES, TODAY, paths=["b.py", "c.py"], on_file=seen.append)
    assert {one.hit.path for one in found.outcomes} == {"c.py"}
    assert seen == ["c.py"]
    assert found.work.read == 1


def test_a_rule_that_is_switched_off_neither_finds_nor_parses() -> None:
    off = "rules:\n  python/loud-print: {enabled: false}\n"
    found = examined({".suture.yml": off, "a.py": "print(1)\n"}, (REVIEW,))
    assert (found.outcomes, found.rules, found.work.parsed) == ((), (), 0)


def test_what_is_past_a_limit_is_told_and_what_no_rule_reads_is_not() -> None:
    left_out = [
        Skipped(".", "3 more files, past the limit"),
        Skipped(".gitignore", "a pattern that can't be used", 1),
        Skipped("big.py", "has too many bytes"),
        Skipped("photo.png", "has too many bytes"),
        Skipped("vendor/", "vendored"),
    ]
    snapshot = replace(in_memory({"a.py": "x = 1\n"}), skipped=tuple(left_out))
    found = examine(snapshot, load(snapshot.repository(), RULES), RULES, TODAY)
    assert [one.path for one in found.skipped] == [".", ".gitignore", "big.py", "vendor/"]


def test_a_rule_that_breaks_is_listed_and_the_others_go_on() -> None:
    def burst(call: Call) -> Changes:
        raise RuntimeError("no\nway")

    found = examined({"a.py": "print(1)\n"}, (on_calls("bursting", "print", burst), REVIEW))
    assert statuses(found.outcomes) == [(1, "loud-print", Status.FIXABLE)]
    assert [one.path for one in found.skipped] == ["a.py"]
    assert found.skipped[0].reason.startswith("python/bursting stopped with RuntimeError")


def test_a_finding_may_lower_the_safety_of_its_rule_and_never_raise_it() -> None:
    def lowered(file: PythonFile) -> list[Finding]:
        return [Finding("x", Span(0, 1), safety=Safety.REVIEW), Finding("y", Span(2, 3), safety=Safety.SAFE)]

    for own, expected in ((Safety.SAFE, [Safety.REVIEW, Safety.SAFE]), (Safety.REVIEW, [Safety.REVIEW] * 2)):
        rule = replace(REPORTING, check=lowered, safety=own)
        found = examined({"a.py": "id(1)\n"}, (rule,)).outcomes
        assert [one.safety for one in found] == expected


def test_secrets_are_known_whatever_was_asked_for() -> None:
    def holds(file: PythonFile) -> list[Finding]:
        return [Finding("a key", Span(0, 1), secrets=("hush-hush",))]

    watching = replace(REPORTING, id="python/key", check=holds, threat=Threat.EXPOSED_SECRET, mentions=("k",))
    off = "rules:\n  python/key: {enabled: false}\n"
    found = examined({".suture.yml": off, "a.py": "print('k')\n", "b.py": "k = 1\n"}, (REVIEW, watching))
    made = mend(found, lambda one: "", no_formatter)
    assert secrets_in(found, made.fixes, (REVIEW, watching)) == ("hush-hush",)
    assert secrets_in(found, made.fixes, (REVIEW,)) == ()


def test_days_are_those_of_the_caller() -> None:
    files = {".suture.yml": CONFIGURATION.format(until="2026-11-23"), "a.py": "print(1)\n"}
    snapshot = in_memory(files)
    policy = load(snapshot.repository(), (REVIEW,))
    later = examine(snapshot, policy, (REVIEW,), date(2026, 11, 24))
    assert [one.status for one in later.outcomes] == [Status.FIXABLE]
