"""Which lines a change touches, held against what git itself merges."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from real_git import merged_text, own_home

from bot import lines
from bot.lines import Hunk, hunks, meeting, merged, net, touched
from fixers.engine import FileChange

__all__ = ["own_home"]

LINE = st.sampled_from([b"a", b"b", b"", b"a\r", b"\r", b"\x85", b"\x0b", "\u2028".encode()])
TEXT = st.builds(
    lambda some, end: b"\n".join(some) + end, st.lists(LINE, max_size=12), st.sampled_from([b"", b"\n"])
)


def git_lines(text: bytes) -> list[bytes]:
    pieces = text.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + [piece for piece in pieces[-1:] if piece]


def replacements(after: bytes, found: Sequence[Hunk]) -> dict[Hunk, list[bytes]]:
    """Each hunk with the lines of the new text that it brings."""
    new, moved, made = git_lines(after), 0, {}
    for hunk in found:
        made[hunk] = new[hunk.start + moved : hunk.start + moved + hunk.added]
        moved += hunk.added - (hunk.end - hunk.start)
    return made


def applied(before: bytes, found: dict[Hunk, list[bytes]]) -> bytes:
    lines = git_lines(before)
    for hunk, added in reversed(found.items()):
        lines[hunk.start : hunk.end] = added
    return b"".join(lines)


@given(TEXT, TEXT)
def test_applied_hunks_give_the_new_text(before: bytes, after: bytes) -> None:
    found = hunks(before, after)
    assert applied(before, replacements(after, found)) == after
    assert (found == ()) == (before == after)
    for one, two in pairwise(found):
        assert one.end < two.start, "an unchanged line lies between"
    assert all(hunk.end > hunk.start or hunk.added for hunk in found)


@given(TEXT, TEXT)
def test_no_more_changes_than_are_needed(before: bytes, after: bytes) -> None:
    changed = sum(hunk.end - hunk.start + hunk.added for hunk in hunks(before, after))
    old, new = git_lines(before), git_lines(after)
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x, mine in enumerate(old):
        for y, theirs in enumerate(new):
            best = max(longest[x][y + 1], longest[x + 1][y])
            longest[x + 1][y + 1] = longest[x][y] + 1 if mine == theirs else best
    assert changed == len(old) + len(new) - 2 * longest[-1][-1]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"", b"", []),
        (b"a\n", b"a\n", []),
        (b"", b"a\nb\n", [(0, 0, 2)]),
        (b"a\nb\n", b"", [(0, 2, 0)]),
        (b"", b"\n", [(0, 0, 1)]),
        (b"a", b"a\n", [(0, 1, 1)]),
        (b"a\nb", b"a\nc", [(1, 2, 1)]),
        (b"a\r\nb\r\n", b"a\r\nc\r\n", [(1, 2, 1)]),
        (b"a\r\nb\r\n", b"a\nb\n", [(0, 2, 2)]),
        (b"a\rb\rc\r", b"a\rx\rc\r", [(0, 1, 1)]),
        (b"a\x0cb\n", b"a\x0cc\n", [(0, 1, 1)]),
        (b"\xff\n\x00\n", b"\xff\n\x01\n", [(1, 2, 1)]),
        (b"a\nb\nc\n", b"x\nb\ny\n", [(0, 1, 1), (2, 3, 1)]),
        (b"a\n}\nb\n", b"a\n}\n}\nb\n", [(2, 2, 1)]),
        (b"}\n}\n}\nb\n", b"}\n}\nb\n", [(2, 3, 0)]),
        (b"x\na\n}\nb\n", b"y\na\n}\n}\nb\n", [(0, 1, 1), (3, 3, 1)]),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_hunks(before: bytes, after: bytes, expected: list[tuple[int, int, int]]) -> None:
    assert hunks(before, after) == tuple(Hunk(*one) for one in expected)


# --- held against git ---

CHANGE = st.tuples(st.sampled_from("rdi"), st.integers(0, 8))
CHANGES = st.lists(CHANGE, min_size=1, max_size=3, unique_by=lambda change: change[1])


def edited(base: Sequence[str], changes: Sequence[tuple[str, int]], who: str) -> list[str]:
    made = list(base)
    for kind, place in sorted(changes, key=lambda change: -change[1]):
        if kind == "i":
            made.insert(min(place, len(base)), f"new {who}{place}")
        elif place < len(base):
            made[place : place + 1] = [f"changed {who}{place}"] * (kind == "r")
    return made


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 8), CHANGES, CHANGES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_meets_is_exactly_what_git_cannot_merge(
    count: int,
    ours: list[tuple[str, int]],
    theirs: list[tuple[str, int]],
    end: str,
    has_end: bool,
) -> None:
    """Lines are unlike each other, and so are the changes."""
    base = [f"line {number}" for number in range(count)]
    mine, other = edited(base, ours, "ours"), edited(base, theirs, "theirs")
    before, one, two = (
        (end.join(some) + end * has_end * bool(some)).encode() for some in (base, mine, other)
    )
    first, second = hunks(before, one), hunks(before, two)
    brought = replacements(two, second)
    assume(all(brought.get(hunk) != added for hunk, added in replacements(one, first).items()))
    made = merged_text(one, before, two)
    assert (meeting({"x": first}, {"x": second}) == []) == (made is not None)
    assert merged(one, before, two) == made


def test_of_equal_changes_nothing_can_be_told() -> None:
    """Git takes them once. Here hunks meet, as they don't know their texts: waiting costs little. To merge
    two texts, they are known."""
    before, after = b"a\nb\n", b"a\nc\n"
    assert merged_text(after, before, after) == merged(after, before, after) == after
    more = b"a\nc\nd\ne\n"
    assert merged_text(after, before, more) is merged(after, before, more) is None
    assert meeting({"x": hunks(before, after)}, {"x": hunks(before, after)}) == ["x"]


@pytest.mark.parametrize(
    ("one", "two", "meets"),
    [
        ((0, 1, 1), (1, 2, 1), True),
        ((0, 1, 1), (2, 3, 1), False),
        ((1, 1, 1), (1, 1, 1), True),
        ((1, 1, 1), (1, 2, 0), True),
        ((1, 1, 1), (0, 1, 0), True),
        ((0, 0, 1), (1, 1, 1), False),
        ((0, 9, 0), (4, 5, 1), True),
        ((0, 0, 5), (0, 0, 3), True),
    ],
)
def test_meeting_hunks(one: tuple[int, int, int], two: tuple[int, int, int], meets: bool) -> None:
    assert Hunk(*one).meets(Hunk(*two)) is meets
    assert Hunk(*two).meets(Hunk(*one)) is meets


def test_only_the_same_file_meets() -> None:
    here, there = (Hunk(0, 1, 1),), (Hunk(5, 6, 1),)
    assert meeting({"a": here, "b": here}, {"b": here, "c": here}) == ["b"]
    assert meeting({"a": (*here, *there)}, {"a": there}) == ["a"]
    assert meeting({"a": here}, {"a": there}) == meeting({"a": here}, {"A": here}) == []


@given(TEXT, TEXT, TEXT)
def test_meeting_is_mutual(before: bytes, one: bytes, two: bytes) -> None:
    first, second = {"x": hunks(before, one)}, {"x": hunks(before, two)}
    assert meeting(first, second) == meeting(second, first)
    if one == before:
        assert meeting(first, second) == []


# --- files ---


def change(path: str, before: bytes | None, after: bytes) -> FileChange:
    return FileChange(path, before, after, ())


def test_changes_that_stand_on_one_another_are_one_for_each_file() -> None:
    steps = [
        change("b", b"1", b"2"),
        change("new", None, b""),
        change("b", b"2", b"3"),
        change("a", b"", b"x"),
    ]
    assert net(steps) == (change("a", b"", b"x"), change("b", b"1", b"3"), change("new", None, b""))


def test_what_was_taken_back_is_no_change() -> None:
    assert net([change("a", b"1", b"2"), change("a", b"2", b"1")]) == ()


def test_a_new_file_is_one_hunk_at_its_beginning() -> None:
    found = touched([change("new", None, b"1\n2\n"), change("empty", None, b""), change("a", b"1", b"2")])
    assert found == {"new": (Hunk(0, 0, 2),), "empty": (), "a": (Hunk(0, 1, 1),)}
    other = touched([change("new", None, b"3\n")])
    assert meeting(found, other) == ["new"]


# --- work, not time ---


class Counted:
    """A line that counts how often it is compared."""

    compared = 0

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return isinstance(other, Counted) and self.text == other.text

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("old", "new", "at_most"),
    [
        ("a" + "." * 50_000 + "b", "c" + "." * 50_000 + "d", 200_000),
        ("x" * 3_000, "y" * 3_000, 2 * lines.MAX_STEPS),
        ("." * 20_000 + "a" * 20_000, "a" * 20_000 + "." * 20_000, 2 * lines.MAX_STEPS),
        ("." * 50_000, "", 0),
    ],
    ids=["two changes far apart", "all different", "two blocks swapped", "all removed"],
)
def test_the_work_is_bounded_whatever_the_texts_are(old: str, new: str, at_most: int) -> None:
    Counted.compared = 0
    lines._matches([*map(Counted, old)], [*map(Counted, new)])
    assert Counted.compared <= at_most


def test_huge_texts_that_are_almost_equal() -> None:
    blank = b"\n" * 200_000
    assert hunks(b"a\n" + blank + b"b\n", b"c\n" + blank + b"d\n") == (
        Hunk(0, 1, 1),
        Hunk(200_001, 200_002, 1),
    )
    assert hunks(blank, blank) == ()


def test_what_takes_too_long_is_one_hunk_between_what_is_the_same() -> None:
    old, new = (b"".join(b"%s%d\n" % (name, number) for number in range(3_000)) for name in (b"x", b"y"))
    assert hunks(b"head\n" + old + b"tail\n", b"head\n" + new + b"tail\n") == (Hunk(1, 3_001, 3_000),)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"A\nb\nc\n", b"B\nb\nc\n", None),
        (b"A\nb\nc\n", b"A\nb\nc\n", b"A\nb\nc\n"),
        (b"A\r\nb\nc\n", b"a\nb\nC", b"A\r\nb\nC"),
    ],
)
def test_two_changes_of_a_text(ours: bytes, theirs: bytes, expected: bytes | None) -> None:
    base = b"a\nb\nc\n"
    assert merged(ours, base, theirs) == merged_text(ours, base, theirs) == expected
