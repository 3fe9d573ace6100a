"""What the check run on a change says: each line in its place, and nothing of the code comes alive."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import cmarkgfm
import pytest
from pull_requests_in_memory import changes, head, seen
from rules_on_calls import QUIET, REFUSING, RULES, TODAY, keyword, on_calls, whole

from bot.check import Buttons, Introduced, Verdict, verdict
from bot.pipeline import mend
from bot.pull_request import Background
from bot.snapshot.disk import LINK
from fixers.engine import Skipped
from fixers.python.source import PythonFile
from fixers.rule import Finding, Severity
from fixers.stitch import no_formatter

OPEN = on_calls("unsafe-open", "open", keyword("fixed"), Severity.HIGH)
READ = on_calls("unread-open", "open", keyword("read"))


def said(
    after: Mapping[str, str],
    before: Mapping[str, str] | None = None,
    rules: tuple = (OPEN,),  # type: ignore[type-arg]
    web: str = "https://github.com/acme/service",
) -> Verdict:
    before = before or {}
    found, new = head(before, after, rules), seen(before, after, rules=rules)
    wanted = {one.hit.fingerprint for one in new.outcomes}
    made = mend(found, lambda one: "" if one.hit.fingerprint in wanted else "before", no_formatter)
    touched = frozenset(path for one in changes(before, after) for path in (one.path, one.before))
    told = Background("f" * 40, TODAY, web)
    return verdict(new, found, made, told, changed=touched, buttons=Buttons.ALL)


def test_two_fixes_of_a_file_are_one_diff() -> None:
    text = said({"a.py": "open(a)\nx = 1\nopen(b)\n"}, rules=(OPEN, READ)).output.summary
    assert text.count("+++ b/a.py") == 1
    assert "-open(a)\n+open(a, fixed=True, read=True)\n x = 1\n-open(b)\n" in text


def test_what_was_there_before_is_in_no_diff() -> None:
    text = said({"a.py": "open(a)\n" + "\n" * 9 + "open(b)\n"}, {"a.py": "open(a)\n"}).output.summary
    assert "+open(b, fixed=True)" in text
    assert "open(a, fixed=True)" not in text


def test_a_long_diff_is_folded_and_a_longer_one_left_out() -> None:
    folded = said({"a.py": "open(a)\n" * 50}).output.summary
    assert "<details>" in folded
    assert folded.count("+open(a, fixed=True)") >= 50
    text = said({"a.py": "open(a)\n" * 250, "b.py": "open(b)\n"}).output.summary
    assert "+open(b, fixed=True)" in text
    assert "+open(a" not in text
    assert text.endswith("The fix of 1 file is too long to be shown here.")


def test_what_an_author_must_know_stands_before_the_diff() -> None:
    text = said({"a.py": "open(a)  # suture: ignore[python/unsafe-open] ours\n", "b.py": "open(\n"})
    parts = ["This change introduces 1 finding", "**Ignores in this change**", "**Not looked at:**"]
    order = [text.output.summary.index(part) for part in (*parts, "**The fix**")]
    assert order == sorted(order)


def test_what_a_person_must_do_is_said_once() -> None:
    noted = replace(OPEN, check=_with_a_note)
    text = said({"a.py": "open(a)\nopen(b)\n"}, rules=(noted,)).output.summary
    assert text.count("> Revoke the key, <b>`@now`</b>") == 0, "not as it is"
    assert text.count("Revoke the key") == 1


def _with_a_note(file: PythonFile) -> Iterator[Finding]:
    for finding in OPEN.check(file):
        yield replace(finding, notes=("Revoke the key, <b>`@now`</b>",))


def test_a_link_hides_nothing() -> None:
    """What it leads to is looked at by its own name."""
    found = head({}, {"a.py": "x = 1\n"})
    links = (Skipped("a.py", LINK), Skipped("b.py", "a submodule: scan its own repository"))
    made, told = mend(found, lambda one: "", no_formatter), Background("f" * 40, TODAY)
    found = replace(found, skipped=links)
    touched = frozenset({"a.py", "b.py"})
    text = verdict(Introduced(()), found, made, told, changed=touched, buttons=Buttons.ALL).output.summary
    assert "b.py" in text
    assert "a.py" not in text


def test_many_findings_are_counted() -> None:
    output = said({"a.py": "print(1)\n" * 60}, rules=(QUIET,)).output
    assert output.title == "60 new findings: 60 low"
    assert output.summary.count("`a.py:") == 50
    assert "\nand 10 more.\n" in output.summary


@pytest.mark.parametrize(
    "name", ["a|b.py", "`a`.py", "a~~~b.py", "<b>.py", "@all.py", "x](http://y).py", "a\nb.py"]
)
@pytest.mark.parametrize("web", ["https://github.com/acme/service", ""])
def test_nothing_of_a_file_or_its_name_comes_alive(name: str, web: str) -> None:
    code = "def f():\n    open('~~~', '```', '<img src=x>', '@all', '</details>')\n"
    output = said({name: code}, rules=RULES, web=web).output
    as_it_is = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    html = cmarkgfm.github_flavored_markdown_to_html(output.summary, as_it_is)
    rows = [line for line in output.summary.split("\n") if line.startswith("| high")]
    assert len(rows) == 1
    for alive in ("<img", "<b>", "</details>", 'href="http://y', "@all.py</td>"):
        assert alive not in html
    assert html.count("<table>") == 1
    assert html.count("<pre") == 1, "one fenced diff, however many fences stand in it"
    (note,) = output.annotations
    assert (note.path, note.start_line, note.level) == (name, 2, "warning")


def test_what_has_no_fix_says_why() -> None:
    text = said({"a.py": "sum(a)\n"}, rules=(REFUSING,)).output.summary
    assert "| none here: only you know how long |" in text
    broken = said({"a.py": "hash(a)\n"}, rules=(on_calls("b", "hash", whole("hash("), Severity.LOW),))
    assert "| none that holds: " in broken.output.summary
    assert broken.actions
