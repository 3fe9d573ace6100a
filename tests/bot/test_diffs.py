"""What a body shows of a change: hunks, lines, and the words of a rule."""

import pytest
from made_campaigns import requested
from rules_on_calls import REVIEW, on_calls

from bot.pull_request import unified, why
from bot.pull_request.body import visible_lines
from bot.pull_request.words import items, sentences, shared, unwrapped
from fixers.engine import FileChange
from fixers.rule import Edit, NewFile


def changed(before: bytes | None, after: bytes, path: str = "a.py") -> str:
    return unified(FileChange(path, before, after, ()))


def test_a_new_file_comes_from_nowhere() -> None:
    rule = on_calls("adding", "print", lambda call: (Edit(call.span, "1"), NewFile("new.py", "x = 1\n")))
    text = requested({"a.py": "print(1)\n"}, (rule,)).text
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


def test_lines_are_joined_and_lists_are_kept() -> None:
    text = "One\ntwo.\n\nThree:\n\n1. four\n   five\n2. six\n"
    assert unwrapped(text) == "One two.\n\nThree:\n\n1. four five\n2. six"
    assert items("1. four\n   five\n2. six") == ["four five", "six"]
    assert items("One\ntwo.\n") == ["One two."]
    assert items("") == []
    assert sentences("It runs `a.b` of\n3.11. Then more.") == ["It runs `a.b` of 3.11.", "Then more."]


def test_whole_sentences_with_which_texts_begin_or_end_are_shared() -> None:
    assert shared(["Redeploy. It ends.", "Redeploy. It ends."]) == ("Redeploy. It ends.", ["", ""], "")
    assert shared(["Redeploy. Wait.", "Redeploy."]) == ("Redeploy.", ["Wait.", ""], "")
    assert shared(["Redeploy and wait.", "Redeploy."]) == ("", ["Redeploy and wait.", "Redeploy."], "")
    assert shared(["A. Pods restart.", "B. Pods restart."]) == ("", ["A.", "B."], "Pods restart.")
    assert shared(["A. It stops.", "B. It stops."]) == ("", ["A. It stops.", "B. It stops."], "")
    assert shared([]) == ("", [], "")


def test_hunks_are_shown_whole_and_the_others_folded() -> None:
    far = "".join(f"print({n})\n" + "x = 1\n" * 9 for n in range(8))
    text = requested({"a.py": far}, (REVIEW,)).text
    shown, title, rest = text.partition("<details><summary>The rest of the diff, ")
    assert title
    assert [f"-print({n})" in shown for n in range(8)] == [f"-print({n})" not in rest for n in range(8)]
    assert rest.partition("~~~diff\n")[2].startswith("--- a/a.py\n+++ b/a.py\n@@ ")


def test_a_file_with_a_finding_stands_before_the_others() -> None:
    rule = on_calls("adding", "print", lambda call: (Edit(call.span, "1"), NewFile("a.py", "x = 1\n")))
    text = requested({"b.py": "print(1)\n"}, (rule,)).text
    assert text.index("+++ b/b.py") < text.index("+++ b/a.py")


def test_lines_that_a_reader_sees_are_counted_as_they_are_shown() -> None:
    link = f"[`a`](https://github.com/o/r/{'x' * 500})"
    assert visible_lines(f"{link}\n\n{'word ' * 40}\n") == 3
    assert visible_lines(f"~~~diff\n{'x' * 500}\n\n~~~\n") == 2
    assert visible_lines("<details><summary>More</summary>\n\na\n\nb\n\n</details>\n") == 1
