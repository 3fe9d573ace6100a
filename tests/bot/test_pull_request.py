"""The pull request of a fix: its own words as they are, the repository's as code, and no secret."""

from dataclasses import replace

import pytest
from rules_on_calls import NESTED, REVIEW, SAFE, mended, on_calls

from bot.outcomes import Fix, Outcome, Status
from bot.pull_request import MAX_DIFF_LINES, MAX_LEFT_ALONE, MAX_ROWS, pull_request, unified, why
from fixers.engine import FileChange
from fixers.python.source import Call
from fixers.rule import Changes, Check, Edit, NewFile, Refusal, Verdict

SOURCE = "import sys\nprint(1)\nprint(2)  # suture: ignore[python/loud-print] the log\n"


def body(source: str) -> str:
    made = mended({"a.py": source}, (REVIEW,))
    return pull_request(made.fixes[0], made.outcomes).body


def test_the_whole_of_one() -> None:
    made = mended({"a.py": SOURCE}, (REVIEW,))
    request = pull_request(made.fixes[0], made.outcomes)
    assert request.title == "Mind loud-print"
    assert (
        request.body
        == """\
Why it matters, in one paragraph.

1 finding in 1 file, +1 −1 lines, behaviour may change.

| severity | where | in |
|---|---|---|
| medium | `a.py:2` |  |

~~~diff
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@
 import sys
-print(1)
+print(1, fixed=True)
 print(2)  # suture: ignore[python/loud-print] the log
~~~

**Who notices:** Nobody.

**Checked:** parses · compiles · names bound · bytes outside the edits · rule silent · no other finding \
· second run.
**Not checked:** tests (no test of yours was run).

**Try it**

Run it.

**Roll back:** Revert the commit.

**Left alone:**

- `a.py:3`, ignored: the log (a.py:3)


<details><summary>References</summary>

CWE-1

</details>
"""
    )


def test_a_safe_fix_says_so() -> None:
    made = mended({"a.py": "open(1)\n"}, (SAFE,))
    assert "behaviour stays." in pull_request(made.fixes[0], made.outcomes).body


def test_what_a_fix_takes_stands_above_its_size() -> None:
    rule = replace(REVIEW, replaces=True, adds_package=True)
    made = mended({"a.py": "print(1)\n"}, (rule,))
    paragraphs = pull_request(made.fixes[0], made.outcomes).body.split("\n\n")
    assert paragraphs[1] == "**Applying this destroys and recreates the resource.**"
    assert paragraphs[2] == "**Adds a package: refresh the lock file before merging.**"


def test_lines_that_look_like_a_diff_s_own_are_counted() -> None:
    rule = on_calls("signs", "print", lambda call: (Edit(call.span, "--1\n++1"),))
    made = mended({"a.py": "-- print(1)\n"}, (rule,))
    assert "+2 −1 lines" in pull_request(made.fixes[0], made.outcomes).body


def test_separators_that_python_takes_for_line_ends_break_no_line() -> None:
    text = body("x = '\x0c\x1c\u2028\x85'\nprint(1)\n")
    assert " x = '\\x0c\\x1c\\u2028\\x85'" in text.splitlines()
    assert "+1 −1 lines" in text


def test_only_the_first_of_many_are_listed() -> None:
    count = 2 * MAX_DIFF_LINES
    text = body("print(1)\n" * count)
    assert text.count("| medium |") == MAX_ROWS
    assert f"|  | and {count - MAX_ROWS} more |  |" in text
    diff = text.split("~~~diff\n")[1].split("\n~~~")[0].splitlines()
    assert len(diff) == MAX_DIFF_LINES + 1
    assert diff[-1] == f"… {3 + 2 * count - MAX_DIFF_LINES} more lines"


def test_only_the_first_of_many_left_alone_are_listed() -> None:
    ignored = "print(1)  # suture: ignore[python/loud-print] ours\n"
    text = body("print(2)\n" + ignored * (MAX_LEFT_ALONE + 3))
    assert text.count("ignored: ours") == MAX_LEFT_ALONE
    assert "- and 3 more" in text.splitlines()


def test_the_words_of_a_repository_are_code() -> None:
    hostile = "@everyone [look](https://e.example) <img src=x> \u202e `x`"
    source = f"print(1)\nprint(2)  # suture: ignore[python/loud-print] {hostile}\n"
    line = next(line for line in body(source).splitlines() if line.startswith("- "))
    prefix = "- `a.py:2`, ignored: ``@everyone [look](https://e.example) <img src=x> \\u202e `x`"
    assert line.startswith(prefix)
    assert line.endswith("``")


def test_notes_are_quoted_once_and_harmless() -> None:
    def noted(outcome: Outcome) -> Outcome:
        finding = replace(outcome.hit.finding, notes=("Mind `x`.", "<b>@x</b>"))
        return replace(outcome, hit=replace(outcome.hit, finding=finding))

    made = mended({"a.py": "print(1)\nprint(2)\n"}, (REVIEW,))
    fix = replace(made.fixes[0], outcomes=tuple(map(noted, made.fixes[0].outcomes)))
    lines = [line for line in pull_request(fix, made.outcomes).body.splitlines() if line.startswith(">")]
    assert lines == ["> Mind `x`.", "> `<b>@x</b>`"]


def test_a_template_s_braces_in_a_repository_are_text() -> None:
    text = body("print(1)  # {{ 7 * 7 }} {% raw %}\n")
    assert "{{ 7 * 7 }} {% raw %}" in text


def test_a_fence_in_a_file_ends_no_fence_of_ours() -> None:
    text = body("x = '''\n~~~\n~~~~\n'''\nprint(1)\n")
    assert "~~~~~diff\n" in text


@pytest.mark.parametrize("secrets", [("hush-hush-hush",), ()])
def test_secrets_are_masked_everywhere(secrets: tuple[str, ...]) -> None:
    made = mended({"a.py": "print(1)  # hush-hush-hush\n"}, (REVIEW,))
    hit = made.outcomes[0].hit
    finding = replace(
        hit.finding, secrets=() if secrets else ("hush-hush-hush",), notes=("It's hush-hush-hush.",)
    )
    outcome = replace(made.outcomes[0], hit=replace(hit, finding=finding, symbol="hush-hush-hush"))
    fix = Fix(REVIEW, (outcome,), made.fixes[0].changes, made.fixes[0].proof)
    text = pull_request(fix, (outcome,), secrets).body
    assert "hush" not in text
    assert text.count("•••") == 4


def test_a_check_that_passed_nowhere_is_not_claimed() -> None:
    made = mended({"a.py": "print(1)\n"}, (REVIEW,))
    proof = replace(made.fixes[0].proof, checks=(Check("parses", Verdict.NOT_CHECKED, "no `parser` here"),))
    text = pull_request(replace(made.fixes[0], proof=proof), made.outcomes).body
    assert "**Checked:** nothing.\n**Not checked:** parses (no `parser` here)." in text


def test_left_alone_is_what_the_rule_found_and_did_not_fix() -> None:
    def choosy(call: Call) -> Changes:
        argument = call.positional(0)
        is_one = argument is not None and argument.code == "1"
        return (Edit(call.span, "1"),) if is_one else (Refusal("only you know"),)

    made = mended({"a.py": "print(1)\nprint(2)\nabs(1)\n"}, (on_calls("choosy", "print", choosy), NESTED))
    assert [one.status for one in made.outcomes] == [Status.FIXED, Status.REFUSED, Status.FIXED]
    fix = next(fix for fix in made.fixes if fix.rule.id == "python/choosy")
    text = pull_request(fix, made.outcomes).body
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- `a.py:2`, refused: only you know"
    ]


# --- diffs ---


def changed(before: bytes | None, after: bytes, path: str = "a.py") -> str:
    return unified(FileChange(path, before, after, ()))


def test_a_new_file_comes_from_nowhere() -> None:
    rule = on_calls("adding", "print", lambda call: (Edit(call.span, "1"), NewFile("new.py", "x = 1\n")))
    made = mended({"a.py": "print(1)\n"}, (rule,))
    text = pull_request(made.fixes[0], made.outcomes).body
    assert "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x = 1\n" in text
    assert "1 finding in 2 files, +2 −1 lines" in text


def test_line_endings_and_marks_are_not_what_a_diff_is_about() -> None:
    bom = b"\xef\xbb\xbf"
    assert changed(bom + b"a\r\nb\r\n", bom + b"a\r\nc\r\n") == changed(b"a\nb\n", b"a\nc\n")
    assert changed(b"a\rb\r", b"a\rc\r") == changed(b"a\nb\n", b"a\nc\n")


def test_a_missing_last_line_end_is_told_as_git_does() -> None:
    assert changed(b"a", b"b").splitlines()[-4:] == [
        "-a",
        "\\ No newline at end of file",
        "+b",
        "\\ No newline at end of file",
    ]


def test_a_declared_encoding_is_read() -> None:
    source = "# coding: latin-1\nx = '\xe9'\n".encode("latin-1")
    assert "-x = '\xe9'" in changed(source, source.replace(b"x", b"y")).splitlines()


def test_a_name_breaks_no_line() -> None:
    assert changed(b"a\n", b"b\n", "x\n+++ b/y\t\x1b.py").splitlines()[:2] == [
        "--- a/x\\n+++ b/y\\t\\x1b.py",
        "+++ b/x\\n+++ b/y\\t\\x1b.py",
    ]


@pytest.mark.parametrize(
    ("documentation", "prose"),
    [
        ("Title\n\nOne.\n\nTwo.\n\n```diff\n-x\n```\n\nThree.\n", "One.\n\nTwo."),
        ("Title.\n\nOne.\n\n## Test\n\nTwo.\n", "One."),
        ("Title\n", ""),
    ],
)
def test_why_is_what_stands_before_the_first_example(documentation: str, prose: str) -> None:
    assert why(documentation) == prose
