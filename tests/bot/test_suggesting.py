"""Fixes as suggestions: whole, on lines that the diff shows, and what a press of the button leaves."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from pull_requests_in_memory import changes, head
from rules_on_calls import keyword, on_calls, whole

from bot.check import Suggestion, patches, suggestions
from fixers.python.source import Call
from fixers.rule import Changes, Edit, NewFile, Rule, Span
from fixers.stitch import no_formatter

OPEN = (on_calls("unsafe-open", "open", keyword("fixed")),)
FAR = "".join(f"x_{number} = {number}\n" for number in range(20))


def offered(
    after: Mapping[str, str],
    before: Mapping[str, str] | None = None,
    rules: Sequence[Rule] = OPEN,
    secrets: Sequence[str] = (),
) -> list[Suggestion]:
    found = head(before or {}, after, rules)
    shown = patches.shown(changes(before or {}, after))
    return list(suggestions(found, found.outcomes, shown, secrets, no_formatter))


def pressed(text: str, offer: Suggestion) -> str:
    """The file after a press of the button."""
    ticks = offer.text.rpartition("\n")[2]
    (start,) = [n for n, line in enumerate(offer.text.split("\n")) if line == f"{ticks}suggestion"]
    lines = text.split("\n")
    lines[offer.lines[0] - 1 : offer.lines[1]] = offer.text.split("\n")[start + 1 : -1]
    return "\n".join(lines)


def test_it_takes_the_place_of_the_lines_that_change() -> None:
    text = "if x:\n    open(\n        a,\n    )\n"
    (offer,) = offered({"a.py": text})
    assert pressed(text, offer) == "if x:\n    open(\n        a,\n        fixed=True,\n    )\n"
    assert offer.text.startswith("**Mind unsafe-open** (`python/unsafe-open`): `open` isn't fixed\n")


def inserting(text: str, at: Callable[[Call], int]) -> Rule:
    """A rule whose fix adds a line where `at` says."""

    def answer(call: Call) -> Changes | None:
        is_there = text.strip() in call.file.text.content
        return None if is_there else (Edit(Span(at(call), at(call)), text),)

    return on_calls("unmarked-open", "open", answer)


@pytest.mark.parametrize(
    ("text", "at", "fixed"),
    [
        ("open(a)\nx = 1\n", 0, "y = 1\nopen(a)\nx = 1\n"),
        ("x = 1\nopen(a)\nz = 1\n", 6, "x = 1\ny = 1\nopen(a)\nz = 1\n"),
        ("x = 1\nopen(a)\n", 14, "x = 1\nopen(a)\ny = 1\n"),
    ],
    ids=["the first", "in the midst", "the last"],
)
def test_a_line_that_comes_in_stands_beside_one_that_stays(text: str, at: int, fixed: str) -> None:
    (offer,) = offered({"a.py": text}, rules=(inserting("y = 1\n", lambda call: at),))
    assert pressed(text, offer) == fixed
    assert offer.lines[0] == offer.lines[1]


@pytest.mark.parametrize("text", ["open(a)\n", "x = 1\nopen(a)\n", "open(a)\nx = 1"])
def test_first_and_last_lines(text: str) -> None:
    (offer,) = offered({"a.py": text})
    assert pressed(text, offer) == text.replace("open(a)", "open(a, fixed=True)")


NOT_OFFERED: dict[str, Mapping[str, str]] = {
    "the last line has no end": {"a.py": "x = 1\nopen(a)"},
    "line ends that a suggestion doesn't keep": {"a.py": "x = 1\r\nopen(a)\r\n"},
    "line ends of another kind": {"a.py": "x = 1\ropen(a)\ny = 1\n"},
    "a mark before the line": {"a.py": "\ufeffopen(a)\nx = 1\n"},
    "another encoding": {"a.py": "# coding: latin-1\nopen('ä')\nx = 1\n"},
    "what the eye doesn't see": {"a.py": "open(a)  # \u202e\n"},
}


@pytest.mark.parametrize("after", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_what_is_not_offered(after: Mapping[str, str]) -> None:
    assert len(head({}, after, OPEN).outcomes) == 1
    assert offered(after) == []


@pytest.mark.parametrize(("lines", "count"), [(19, 1), (20, 0)])
def test_a_long_one_is_not_offered(lines: int, count: int) -> None:
    """It has one line more than what is added to it."""
    long = on_calls("long-open", "open", whole("[" + "1,\n" * lines + "]"))
    assert len(offered({"a.py": "open(a)\n"}, rules=(long,))) == count


def test_a_mark_further_up_is_no_hindrance() -> None:
    text = "\ufeffx = 1\nopen(a)\n"
    (offer,) = offered({"a.py": text})
    assert pressed(text, offer) == "\ufeffx = 1\nopen(a, fixed=True)\n"


def test_a_secret_is_not_offered() -> None:
    assert offered({"a.py": "open('hunter2hunter2')\n"}, secrets=["hunter2hunter2"]) == []
    assert len(offered({"a.py": "open('hunter2hunter2')\n"})) == 1


def test_what_the_diff_does_not_show_is_not_offered() -> None:
    before = {"a.py": f"{FAR}open(a)\n{FAR}"}
    assert offered({"a.py": f"y = 1\n{before['a.py']}"}, before) == []
    near = {"a.py": before["a.py"].replace("x_19 = 19\n", "x_19 = 0\n", 1)}
    assert len(offered(near, before)) == 1
    assert offered({"a.py": before["a.py"], "b.py": "x = 1\n"}, before) == []


def test_a_fix_in_two_places_is_not_offered() -> None:
    def answer(call: Call) -> Changes | None:
        if call.has_keyword("fixed"):
            return None
        return (*call.add_keyword("fixed", "True"), Edit(Span(0, 0), "import this\n"))

    assert offered({"a.py": f"{FAR}open(a)\n"}, rules=(on_calls("far-open", "open", answer),)) == []


def test_a_fix_in_two_files_is_not_offered() -> None:
    def answer(call: Call) -> Changes | None:
        if call.has_keyword("fixed"):
            return None
        return (*call.add_keyword("fixed", "True"), NewFile("new.py", "x = 1\n"))

    assert offered({"a.py": "open(a)\n"}, rules=(on_calls("two-open", "open", answer),)) == []


def test_of_what_overlaps_the_first_is_offered() -> None:
    text = "open(a); open(b)\nopen(c)\nopen(d)\n"
    offers = offered({"a.py": text})
    assert [offer.lines for offer in offers] == [(1, 1), (2, 2), (3, 3)]
    assert "open(a, fixed=True); open(b)" in offers[0].text
    assert len({offer.key for offer in offers}) == 3


def test_one_alone_is_in_each() -> None:
    """Pressed in any order, each leaves the others as they are."""
    text = "open(a)\nopen(b)\nopen(c)\n"
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        done = text
        for number in order:
            done = pressed(done, offered({"a.py": text})[number])
        assert done == "open(a, fixed=True)\nopen(b, fixed=True)\nopen(c, fixed=True)\n"


def test_fences_in_the_code_end_nothing() -> None:
    text = "open(a, '```suggestion', '````', '~~~')\nx = 1\n"
    (offer,) = offered({"a.py": text})
    assert "\n`````suggestion\n" in offer.text
    assert pressed(text, offer) == text.replace(")\n", ", fixed=True)\n", 1)


@pytest.mark.parametrize("name", ["a|b.py", "`a`.py", "a b@c.py", "[x](y).py", "ä.py"])
def test_names_of_files_are_told_as_they_are(name: str) -> None:
    (offer,) = offered({name: "open(a)\n"})
    assert (offer.path, name in offer.text) == (name, False)
