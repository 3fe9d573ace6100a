"""What the hunks of a pull request say: which lines it wrote, and which can be commented on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pull_requests_in_memory import changes, patch

from bot.check import patches
from bot.github import FileChange


def one(text: str, status: str = "modified", before: str = "a.py") -> tuple[FileChange, ...]:
    return (FileChange("a.py", before, status, text),)


def lines(parts: tuple[range, ...]) -> set[int]:
    return {line for part in parts for line in part}


HUNKS = {
    "": ([], []),
    "@@ -0,0 +1 @@\n+x": ([1], [1]),
    "@@ -1 +0,0 @@\n-x": ([], []),
    "@@ -1,2 +1,2 @@ def f():\n x\n-y\n+z": ([2], [1, 2]),
    "@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file": ([1], [1]),
    "@@ -1 +1,2 @@\n-x\n\\ No newline at end of file\n+x\n+y\n\\ No newline at end of file": (
        [1, 2],
        [1, 2],
    ),
    "@@ -1,3 +1,4 @@\n x\n+@@ -9,9 +9,9 @@\n+-\n z\n-w": ([2, 3], [1, 2, 3, 4]),
    "@@ -1 +1 @@\n-x\n+y\n@@ -10,2 +10,3 @@\n a\n+b\n c": ([1, 11], [1, 10, 11, 12]),
    "@@ -1,2 +1,3 @@\n a\r\n+b\r\n c\r": ([2], [1, 2, 3]),
    "@@ -1,2 +1,3 @@\n a\n+b\rb\x0cb\u2028b\n c": ([2], [1, 2, 3]),
    "Binary files differ": ([], []),
    "@@ -1,1 +99999999999999999999,1 @@\n+x": ([], []),
}


@pytest.mark.parametrize("text", HUNKS)
def test_hunks(text: str) -> None:
    written, shown = HUNKS[text]
    assert lines(patches.written(one(text))["a.py"]) == set(written)
    assert lines(patches.shown(one(text))["a.py"]) == set(shown)


LINE = st.sampled_from(["a", "b", "", "@@ -1 +1 @@", "+", "-", "\\ No newline at end of file", "\r"])
TEXT = st.builds(
    lambda some, end: "\n".join(some) + end, st.lists(LINE, max_size=14), st.sampled_from(["", "\n"])
)


@given(TEXT, TEXT)
def test_what_is_not_written_stood_there_before(old: str, new: str) -> None:
    text = patch(old, new)
    written = lines(patches.written(one(text))["a.py"])
    shown = lines(patches.shown(one(text))["a.py"])
    kept = [line for number, line in enumerate(_split(new), 1) if number not in written]
    assert written <= shown <= set(range(1, len(_split(new)) + 1))
    rest = iter(_split(old))
    assert all(line in rest for line in kept), "in their order"


def _split(text: str) -> list[str]:
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + [piece for piece in pieces[-1:] if piece]


def test_only_what_has_another_name_is_renamed() -> None:
    assert patches.renamed(one("", "renamed", "b.py")) == {"a.py": "b.py"}
    assert patches.renamed(one("", "copied", "b.py")) == {}
    assert patches.renamed(one("", "modified")) == {}


def test_a_moved_file_has_the_hunks_of_what_was_edited() -> None:
    (moved,) = changes({"a.py": "a\nb\nc\n"}, {"b.py": "a\nB\nc\n"}, {"b.py": "a.py"})
    assert (moved.status, moved.before) == ("renamed", "a.py")
    assert lines(patches.written((moved,))["b.py"]) == {2}
