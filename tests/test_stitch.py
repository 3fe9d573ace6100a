"""A fix travels only proven: what breaks the proof drops out by name, and the rest is proven again."""

from collections.abc import Iterator

import pytest

from fixers.engine import Hit, scan
from fixers.python.source import PythonFile
from fixers.repository import Repository
from fixers.rule import (
    Changes,
    Confidence,
    Edit,
    Finding,
    NewFile,
    Rule,
    Safety,
    Severity,
    Span,
    Threat,
    Verdict,
)
from fixers.stitch import Formatted, Stitch, stitch


def made(name: str, function: str, answer: str, consequences: tuple[str, ...] = ()) -> Rule:
    """A rule that finds calls of a builtin and writes `answer` in their place."""

    def check(file: PythonFile) -> Iterator[Finding]:
        for call in file.calls_to(function):
            yield Finding(f"calls `{function}`", call.span, _changes(call.span, answer))

    return Rule(
        id=f"python/{name}",
        documentation=f"Replace {function}",
        file_type=PythonFile,
        check=check,
        severity=Severity.LOW,
        safety=Safety.REVIEW,
        threat=Threat.UNSAFE_OUTPUT,
        confidence=Confidence.HIGH,
        references=(),
        mentions=(function,),
        alongside=(),
        options=None,
        consequences=consequences,
        replaces=False,
        adds_package=False,
        opens_unasked=False,
        is_off=False,
        before_deploy=False,
    )


def _changes(span: Span, answer: str) -> Changes:
    if answer.startswith("+"):
        return (Edit(span, "None"), NewFile("added.py", answer[1:]))
    return (Edit(span, answer),)


def stitched(source: str, *rules: Rule, path: str = "a.py") -> tuple[Stitch, tuple[Hit, ...]]:
    repo = Repository.of({path: source.encode()})
    hits = scan(repo, rules[:1]).hits
    return stitch(repo, hits, rules), hits


def test_a_proof_has_a_line_for_each_check_and_for_what_was_not_checked() -> None:
    result, hits = stitched("print(1)\n", made("no-print", "print", "None"))
    assert result.hits == hits
    assert result.changes[0].after == b"None\n"
    names = [check.name for check in result.proof.lines(Verdict.PASSED)]
    assert names == [
        "parses",
        "compiles",
        "names bound",
        "bytes outside the edits",
        "rule silent",
        "no other finding",
        "second run",
    ]
    assert [check.name for check in result.proof.lines(Verdict.NOT_CHECKED)] == ["tests"]
    assert result.proof.failure is None


@pytest.mark.parametrize(
    ("answer", "check", "words"),
    [
        ("(", "parses", "a.py:1"),
        ("return_ if", "parses", "a.py:1"),
        ("unknown_name", "names bound", "unknown_name"),
        ("print( 1)", "rule silent", "python/no-print"),
        ("+def (:", "parses", "added.py:1"),
        ("'\N{SNOWMAN}'", "applies", "latin-1"),
    ],
)
def test_a_fix_that_breaks_something_fails_with_the_checks_name(answer: str, check: str, words: str) -> None:
    cookie = "# coding: latin-1\n" if check == "applies" else ""
    result, hits = stitched(f"{cookie}print(1)\n", made("no-print", "print", answer))
    assert result.changes == ()
    ((hit, failure),) = result.failed
    assert hit == hits[0]
    assert failure.name == check
    assert words in failure.detail


def test_a_new_finding_fails_the_proof_unless_the_rule_declares_it() -> None:
    other = made("no-len", "len", "0")
    result, _ = stitched("print(1)\n", made("no-print", "print", "len(())"), other)
    assert result.failed[0][1].name == "no other finding"
    declared = made("no-print", "print", "len(())", consequences=("python/no-len",))
    result, _ = stitched("print(1)\n", declared, other)
    assert result.proof.failure is None


def test_what_fails_drops_out_and_the_rest_is_proven_again() -> None:
    source = "def f():\n    print(1)\n\n\nprint(2)\nlate = 1\n"
    result, (inside, early) = stitched(source, made("no-print", "print", "late"))
    assert result.hits == (inside,)
    assert [hit for hit, _ in result.failed] == [early]
    assert result.changes[0].after == b"def f():\n    late\n\n\nprint(2)\nlate = 1\n"
    assert result.proof.failure is None


def test_nested_findings_wait_for_the_next_run() -> None:
    result, hits = stitched("print(print(1))\n", made("no-print", "print", "None"))
    assert result.waiting == hits[1:]


def test_names_that_are_bound_only_further_down_fail_at_the_top_level() -> None:
    rule = made("no-print", "print", "late")
    result, _ = stitched("print(1)\nlate = 1\n", rule)
    assert result.failed[0][1].name == "names bound"
    result, _ = stitched("def f():\n    print(1)\n\n\nlate = 1\n", rule)
    assert result.proof.failure is None


def wrap_long_lines(repo: Repository, path: str, data: bytes) -> Formatted:
    """A formatter that wants long calls on lines of their own."""
    text = data.decode().replace("call(1111111111)", "call(\n    1111111111\n)")
    return Formatted("wrapper 1.0", text.encode())


def test_the_repositorys_formatter_settles_a_file_that_was_clean() -> None:
    rule = made("no-print", "print", "call(1111111111)")
    source = b"def call(x):\n    return x\n\n\nprint(1)\nafter = 2\n"
    repo = Repository.of({"a.py": source})
    result = stitch(repo, scan(repo, [rule]).hits, [rule], formatter=wrap_long_lines)
    assert result.changes[0].after == source.replace(b"print(1)", b"call(\n    1111111111\n)")
    assert [c.detail for c in result.proof.checks if c.name == "formatter"] == ["wrapper 1.0 is content"]


def test_a_file_that_was_not_clean_is_not_reformatted() -> None:
    rule = made("no-print", "print", "call(1111111111)")
    source = b"def call(x):\n    return x\n\n\ncall(1111111111)\nprint(1)\n"
    repo = Repository.of({"a.py": source})
    result = stitch(repo, scan(repo, [rule]).hits, [rule], formatter=wrap_long_lines)
    assert result.changes[0].after == source.replace(b"print(1)", b"call(1111111111)")
    assert [c.verdict for c in result.proof.checks if c.name == "formatter"] == [Verdict.NOT_CHECKED]


def test_a_new_file_takes_nobodys_place() -> None:
    rule = made("adds", "print", "+x = 1\n")
    repo = Repository.of({"a.py": b"print(1)\n", "added.py": b"mine = 1\n"})
    hits = [hit for hit in scan(repo, [rule]).hits if hit.path == "a.py"]
    result = stitch(repo, hits, [rule])
    assert result.changes == ()
    assert [(check.name, check.detail) for _, check in result.failed] == [
        ("new file", "`added.py` is there already")
    ]
