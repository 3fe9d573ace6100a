"""A report says all there is in few words, and nothing of a repository's text comes alive in it."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console
from rules_on_calls import REFUSING, REVIEW, RULES, SAFE, examined, keyword, mended, on_calls

from bot import report
from bot.escaping import sentence
from bot.outcomes import Outcome, Status
from bot.policy import Problem
from bot.report import MAX_SKIPPED_SHOWN, Report
from fixers.engine import Skipped, Work
from fixers.rule import Confidence, Finding, Severity, Span

HOSTILE = "x\x1b[31m\u202e\n| `<img src=x>` @everyone [bold]https://e.example `"


def scanned(source: str = "open(1)\nprint(1)\nsum(1)\n") -> Report:
    found = examined({"a.py": source}, (SAFE, REVIEW, REFUSING))
    return Report(found.outcomes, found.skipped, found.problems, found.work)


def fixed(source: str, is_written: bool = False) -> Report:
    made = mended({"a.py": source})
    return Report(made.outcomes, (), (), Work(1, 1, 1), fixes=made.fixes, is_fix=True, is_written=is_written)


def hostile() -> Report:
    """Every text that may come from a repository is made to break out of its place."""
    found = scanned()
    outcomes = []
    for one in found.outcomes:
        message = f"`{HOSTILE}` isn't fixed"
        finding = replace(one.hit.finding, message=message, notes=(HOSTILE,))
        hit = replace(one.hit, path=f"{HOSTILE}.py", symbol=HOSTILE, finding=finding)
        outcomes.append(replace(one, hit=hit, detail=HOSTILE))
    fixes = mended({f"{HOSTILE}.py": f"# {HOSTILE!r} \x1b[2J\u202e\nprint(1)\n"}, (REVIEW,)).fixes
    assert fixes
    return Report(
        tuple(outcomes),
        (Skipped(HOSTILE, HOSTILE, 3),),
        (Problem(HOSTILE, 1, HOSTILE),),
        Work(1, 1, 1),
        fixes=fixes,
        is_fix=True,
    )


def text(whole: Report, width: int | None = None) -> str:
    """As it is printed into a pipe, or on a terminal so wide."""
    out = io.StringIO()
    is_terminal = width is not None
    report.print_text(whole, Console(file=out, force_terminal=is_terminal, width=width, color_system=None))
    return out.getvalue()


def test_each_status_has_its_words() -> None:
    assert text(scanned()).splitlines() == [
        "a.py",
        "     1  high      `open` isn't fixed",
        f"        python/unsafe-open · {fingerprint(0)} · fixable (safe)",
        "     2  medium    `print` isn't fixed",
        f"        python/loud-print · {fingerprint(1)} · fixable (review)",
        "     3  low       `sum` isn't fixed",
        f"        python/long-sum · {fingerprint(2)} · refused: only you know how long",
        "",
        "1 file read, 1 parsed.",
        "3 findings: 2 fixable, 1 refused",
        "`suture fix` shows the fixes and writes nothing",
    ]


def fingerprint(number: int) -> str:
    return scanned().outcomes[number].hit.fingerprint[:8]


def test_a_narrow_terminal_wraps_words_below_words() -> None:
    whole = scanned()
    first = whole.outcomes[2]
    whole = replace(whole, outcomes=(replace(first, detail="only you know how long " * 4),))
    lines = text(whole, 60).splitlines()
    assert [len(line) <= 60 for line in lines] == [True] * len(lines)
    assert lines[2].startswith("        python/long-sum")
    assert lines[3].startswith("        ")
    assert not lines[3].startswith("         ")
    assert text(whole).splitlines()[2].endswith("only you know how long")


def test_blank_lines_stay_on_a_terminal() -> None:
    assert text(scanned(), 200).splitlines() == text(scanned()).splitlines()


def test_code_is_never_wrapped() -> None:
    source = "print(1)  # " + "wide " * 60 + "\n"
    wide = "+print(1, fixed=True)  # " + "wide " * 60
    assert wide.rstrip() in [line.rstrip() for line in text(fixed(source), 60).splitlines()]


def test_what_was_fixed_is_only_counted_and_what_was_not_is_listed_behind() -> None:
    shown = text(fixed("print(1)\nsum(1)\n", is_written=True))
    assert shown.index("+print(1, fixed=True") < shown.index("── Not fixed") < shown.index("long-sum")
    assert shown.count("python/loud-print") == 1, "above its diff"
    assert shown.splitlines()[-1] == "3 findings: 2 fixed, 1 refused"


def test_a_preview_does_not_say_fixed() -> None:
    whole = fixed("print(1)\n")
    assert "2 findings: 2 would be fixed" in text(whole)
    assert "| would be fixed |" in report.as_markdown(whole)
    assert json.loads(report.as_json(whole))["written"] is False


def test_a_fix_says_what_it_takes() -> None:
    made = mended({"a.py": "print(1)\n"}, (replace(REVIEW, replaces=True, adds_package=True),))
    whole = Report(made.outcomes, (), (), Work(), fixes=made.fixes, is_fix=True)
    about = text(whole).splitlines()[1]
    assert about.endswith("· review · destroys and recreates the resource · adds a package · 1 finding")


def test_notes_stand_below_the_diff_once() -> None:
    made = mended({"a.py": "print(1)\nprint(2)\n"}, (REVIEW,))
    outcomes = tuple(
        replace(one, hit=replace(one.hit, finding=replace(one.hit.finding, notes=("Mind the gap.",))))
        for one in made.fixes[0].outcomes
    )
    whole = Report((), (), (), Work(), fixes=(replace(made.fixes[0], outcomes=outcomes),), is_fix=True)
    assert text(whole).count("note: Mind the gap.") == 1
    assert report.as_markdown(whole).count("> Mind the gap.") == 1


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        (0, "no findings"),
        (1, "no findings; 1 less severe one not shown"),
        (2, "no findings; 2 less severe ones not shown"),
    ],
)
def test_totals(hidden: int, words: str) -> None:
    assert report.totals(Report((), (), (), Work(), hidden=hidden)) == words


def test_only_the_first_of_many_left_out_are_shown_and_json_has_all() -> None:
    left_out = tuple(Skipped(f"{number}.py", "why not") for number in range(MAX_SKIPPED_SHOWN + 5))
    whole = Report((), left_out, (), Work(1, 0, 0))
    assert text(whole).count("why not") == MAX_SKIPPED_SHOWN
    assert "  and 5 more: `--format json` lists them all" in text(whole).splitlines()
    assert len(json.loads(report.as_json(whole))["skipped"]) == len(left_out)
    assert "1 file read, 0 parsed, 25 not looked at." in text(whole)


def test_problems_are_in_every_form() -> None:
    whole = Report((), (), (Problem("a.py", 3, "this ignore names no rule"),), Work())
    assert "  a.py:3: this ignore names no rule" in text(whole).splitlines()
    assert "- `a.py:3`: this ignore names no rule" in report.as_markdown(whole)
    assert json.loads(report.as_json(whole))["problems"][0]["line"] == 3


# --- text that wants to come alive ---


@pytest.mark.parametrize("width", [None, 60, 200])
def test_nothing_raw_reaches_a_terminal(width: int | None) -> None:
    shown = text(hostile(), width)
    assert not {"\x1b", "\u202e", "\r"} & set(shown)
    assert "\\x1b[31m\\u202e\\n" in shown.replace("\n", "").replace(" ", "")
    assert "[bold]" in shown, "markup is text"


def test_nothing_of_it_is_markdown() -> None:
    shown = report.as_markdown(hostile())
    assert not {"\x1b", "\u202e", "\r"} & set(shown)
    for line in outside_of_fences(shown):
        assert "@everyone" not in without_code(line), line
        assert "<img" not in without_code(line), line
        assert "https://" not in without_code(line), line
    rows = [line for line in shown.splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}


def outside_of_fences(page: str) -> list[str]:
    lines, inside = [], False
    for line in page.splitlines():
        if line.startswith("~~~"):
            inside = not inside
        elif not inside:
            lines.append(line)
    return lines


def without_code(line: str) -> str:
    """The line without its code spans, read as CommonMark does: runs of backticks of one length."""
    rest, shown = line, ""
    while "`" in rest:
        before, _, after = rest.partition("`")
        ticks = "`" + after[: len(after) - len(after.lstrip("`"))]
        body = after.lstrip("`")
        end = next((at for at in range(len(body)) if is_run(body, at, ticks)), None)
        shown += before + (ticks if end is None else "")
        rest = body if end is None else body[end + len(ticks) :]
    return shown + rest


def is_run(text: str, at: int, ticks: str) -> bool:
    starts = text.startswith(ticks, at) and not text.startswith("`", at + len(ticks))
    return starts and (at == 0 or text[at - 1] != "`")


def test_json_holds_what_is_there() -> None:
    document = json.loads(report.as_json(hostile()))
    assert document["findings"][0]["path"] == f"{HOSTILE}.py"
    assert report.as_json(hostile()).isascii()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("container `vllm` runs as root", "container `vllm` runs as root"),
        ("container `a|b` runs as root", "container `a\\|b` runs as root"),
        ("`f` and `g_h` and ``i`j``", "`f` and `g_h` and ``i`j``"),
        ("call @everyone", "`call @everyone`"),
        ("see [here](x)", "`see [here](x)`"),
        ("see https://e.example", "`see https://e.example`"),
        ("see WWW.e.example", "`see WWW.e.example`"),
        ("closes #12", "`closes #12`"),
        ("a *bold* word", "`a *bold* word`"),
        ("a &lt; b", "`a &lt; b`"),
        ("in my_folder/app.py", "in my_folder/app.py"),
        ("container `a` _b_ `c` runs", "``container `a` _b_ `c` runs``"),
        ("two\nlines", "`two\\nlines`"),
        ("x" * 1000, "x" * 599 + "…"),
    ],
)
def test_a_sentence_is_prose_unless_something_in_it_comes_alive(said: str, shown: str) -> None:
    assert sentence(said) == shown


def test_what_our_rules_say_stays_prose() -> None:
    for one in (*scanned().outcomes, *mended({"a.py": "hash(1)\n"}).outcomes):
        assert not sentence(one.hit.finding.message).startswith("``")


def test_confidence_may_be_the_lowest() -> None:
    """LOW is zero, and still an answer."""
    rule = replace(
        REVIEW,
        check=lambda file: [Finding("x", Span(0, 1), confidence=Confidence.LOW, severity=Severity.INFO)],
    )
    found = examined({"a.py": "print(1)\n"}, (rule,)).outcomes
    whole = Report(found, (), (), Work())
    assert json.loads(report.as_json(whole))["findings"][0]["confidence"] == "low"
    assert json.loads(report.as_json(whole))["findings"][0]["severity"] == "info"


def test_every_status_can_be_named() -> None:
    for status in Status:
        for is_written in (True, False):
            assert Report((), (), (), Work(), is_written=is_written).name_of(status)


def test_a_name_as_long_as_a_file_is_cut() -> None:
    name = "n" * 100_000
    rule = on_calls("long", "print", keyword("fixed"))
    found = examined({"a.py": "print(1)\n"}, (rule,)).outcomes
    long = [
        replace(one, hit=replace(one.hit, finding=replace(one.hit.finding, message=f"`{name}`")))
        for one in found
    ]
    whole = Report(tuple(long), (), (), Work())
    assert len(text(whole)) < 2_000
    assert len(report.as_markdown(whole)) < 2_000


def test_at_or_above() -> None:
    found = examined({"a.py": "open(1)\nprint(1)\nsum(1)\n"}, RULES).outcomes

    def at(severity: Severity) -> list[Outcome]:
        return list(report.at_or_above(found, severity))

    assert [one.severity for one in at(Severity.HIGH)] == [Severity.HIGH]
    assert at(Severity.INFO) == list(found)
