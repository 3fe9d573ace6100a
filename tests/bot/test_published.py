"""What a body carries hidden comes back as it was written, or not at all; findings are known again."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_rules import made_hit, made_rule

from bot.published import (
    BEGIN,
    END,
    Known,
    Marker,
    Published,
    Recognition,
    State,
    around,
    known,
    read_marker,
    written_marker,
)
from fixers.engine import Hit, digest

DIGEST = st.text("0123456789abcdef", min_size=16, max_size=16)
COMMIT = st.text("0123456789abcdef", min_size=40, max_size=40)
DAY = st.dates().map(date.isoformat)
KNOWN = st.builds(Known, st.sampled_from(["python/a-b", "terraform/x2"]), DIGEST, DAY, DIGEST, DIGEST)
MARKER = st.builds(
    Marker, DIGEST, COMMIT | st.just(""), st.lists(KNOWN, unique=True).map(lambda some: tuple(sorted(some)))
)
ONE = Marker("0" * 16, "1" * 40, (Known("python/a", "2" * 16, "2026-11-22", "3" * 16, "4" * 16),))


def body_of(marker: Marker, before: str = "", words: str = "Our words.\n") -> str:
    return around(before, f"{words}{written_marker(marker)}")


# --- there and back ---


@given(MARKER)
def test_a_marker_comes_back(marker: Marker) -> None:
    assert read_marker(body_of(marker)) == marker
    assert "\n" not in written_marker(marker)
    assert not set("()\\") & set(written_marker(marker).removeprefix("[//]: # (").removesuffix(")"))


@given(MARKER)
def test_githubs_editor_ends_lines_with_carriage_returns(marker: Marker) -> None:
    assert read_marker(body_of(marker).replace("\n", "\r\n")) == marker


def test_a_findings_day_is_the_one_on_which_it_was_first_seen() -> None:
    hit = made_hit(made_rule("python/a"), "a.py", symbol="f")
    assert known(hit, date(2026, 1, 2)).seen == "2026-01-02"
    assert "a.py" not in str(known(hit, date(2026, 1, 2)))


def test_many_findings_have_room_in_a_body() -> None:
    """As many as a rule may have in one file."""
    places = [f"{number:016x}" for number in range(1_000)]
    marker = Marker(
        "0" * 16, "1" * 40, tuple(Known("python/a", "2" * 16, "2026-11-22", p, p) for p in places)
    )
    assert read_marker(body_of(marker)) == marker


# --- what others made of it ---


def data_of(marker: Marker) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        written_marker(marker).partition("suture-marker ")[2].removesuffix(")")
    )
    return found


def with_data(text: str) -> str:
    return around("", f"Our words.\n\n[//]: # (suture-marker {text})")


def changed(**values: object) -> str:
    return json.dumps(data_of(ONE) | values)


def file(**values: object) -> str:
    """The marker with something else in its one finding."""
    parts = {"rule": "python/a", "path": "2" * 16, "seen": "2026-11-22", "places": [["3" * 16, "4" * 16]]}
    return changed(findings=[list((parts | values).values())])


def test_the_ways_of_this_test_are_those_of_a_marker() -> None:
    assert read_marker(with_data(changed())) == read_marker(with_data(file())) == ONE


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        changed()[:-1],
        changed()[:40],
        changed(content=None),
        changed(content=7),
        changed(content=""),
        changed(content="G" * 16),
        changed(content="0" * 65),
        changed(content=["0" * 16]),
        changed(head="main"),
        changed(head="1" * 7),
        changed(head=None),
        changed(version=2),
        changed(findings=None),
        changed(findings=7),
        changed(findings="abcdX"),
        changed(findings={"abcde": 1}),
        changed(findings=[[]]),
        changed(findings=[7]),
        changed(findings=[["python/a", "2" * 16, "2026-11-22", [["3" * 16]]]]),
        changed(findings=[["python/a", "2" * 16, "2026-11-22", "more", [["3" * 16, "4" * 16]]]]),
        file(rule="a"),
        file(rule=7),
        file(rule=["python/a"]),
        file(rule="python/a\\n"),
        file(rule="python/" + "a" * 101),
        file(path=None),
        file(path="a.py"),
        file(seen="2026-99-99"),
        file(seen="0000-01-01"),
        file(seen="20261122"),
        file(seen="2026-W47-7"),
        file(seen="２０２６-11-22"),
        file(seen=20261122),
        file(seen=None),
        file(places=[["3" * 16, "4" * 16, "5" * 16]]),
        file(places=[[{}, "4" * 16]]),
        file(places=7),
        changed(content=1).replace("1", "NaN", 1),
        changed(content=1).replace("1", "1e999", 1),
        changed(content=1).replace("1", "9" * 5_000, 1),
        changed(content=1).replace("1", "[" * 20_000, 1) + "]" * 20_000,
        '{"content":' * 5_000 + "{" + "}" * 5_001,
        "[" + changed() + "]",
    ],
    ids=lambda text: text[:50],
)
def test_what_we_did_not_write_is_no_marker(text: str) -> None:
    assert read_marker(with_data(text)) is None


LINE = written_marker(ONE)


@pytest.mark.parametrize(
    "body",
    [
        "",
        LINE,
        f"{BEGIN}\n{LINE}\n",
        f"{LINE}\n{END}\n",
        f"{END}\n{LINE}\n{BEGIN}\n",
        f"{BEGIN}\n{END}\n{LINE}\n",
        f"{LINE}\n{BEGIN}\n{END}\n",
        f"{BEGIN}\n{LINE}\n{LINE}\n{END}\n",
        f"{LINE}\n{BEGIN}\n{LINE}\n{END}\n",
        f"{BEGIN}\n{LINE}\n{END}\n{BEGIN}\n{LINE}\n{END}\n",
        f"{BEGIN}\n{BEGIN}\n{LINE}\n{END}\n",
        f"{BEGIN}\n{LINE}\n{END}\nmine\n{END}\n",
        f"```\n{BEGIN}\n```\nmine\n{BEGIN}\n{LINE}\n{END}\n",
        f"{BEGIN}\n> {LINE}\n{END}\n",
        f"{BEGIN}\n {LINE}\n{END}\n",
        f"{BEGIN}\n{LINE} mine\n{END}\n",
        f"{BEGIN}\n{LINE[:-1]}\n{END}\n",
        f"{BEGIN}\n{LINE[: len(LINE) // 2]}\n{END}\n",
        f"{BEGIN}\n{LINE[:-1]}\n)\n{END}\n",
        f"{BEGIN}\n{LINE.replace('0000', '<b>', 1)}\n{END}\n",
        body_of(replace(ONE, findings=ONE.findings * 2_000)).replace("[[", "[" * 60_000),
    ],
    ids=range(21),
)
def test_a_marker_that_is_not_surely_ours_is_none(body: str) -> None:
    assert read_marker(body) is None
    assert read_marker(body.replace("\n", "\r\n")) is None


@pytest.mark.parametrize(
    "words",
    [
        f" # {BEGIN}\n+# {END}\n-{END}\n {LINE}\n",
        f"~~~diff\n+{LINE}\n~~~\n",
        f"`{BEGIN}` `{END}`\n",
    ],
)
def test_a_diff_that_shows_our_lines_is_no_end_of_ours(words: str) -> None:
    """As one of this very project would: none of its lines begins with them."""
    body = body_of(ONE, words=words)
    assert read_marker(body) == ONE
    assert around(f"before\n{body}after\n", "new") == f"before\n{BEGIN}\n\nnew\n{END}\nafter\n"


@given(st.text(max_size=300) | st.text(max_size=40).map(lambda text: body_of(ONE) + text + LINE))
def test_no_body_is_too_strange(body: str) -> None:
    assert read_marker(body) in (None, ONE)
    assert read_marker(around(body, f"x\n{LINE}")) in (None, ONE)


# --- a person's words ---

WORDS = st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda text: "suture" not in text)


@given(WORDS, WORDS, st.booleans())
def test_what_a_person_wrote_around_ours_stays_byte_for_byte(before: str, after: str, is_crlf: bool) -> None:
    ours = body_of(ONE).removesuffix("\n")
    if is_crlf:
        ours = ours.replace("\n", "\r\n")
    made = body_of(replace(ONE, head="5" * 40), f"{before}{ours}{after}")
    assert made.startswith(f"{before}{BEGIN}\n")
    assert made.endswith(f"\n{END}{after}")
    read = read_marker(made)
    assert read is None or read.head == "5" * 40
    assert body_of(replace(ONE, head="5" * 40), made) == made


def test_a_body_without_words_of_anybody_is_ours_alone() -> None:
    assert around("", "a\n") == around("\r\n ", "a") == f"{BEGIN}\n\na\n{END}\n"


def test_a_persons_own_body_stays_before_ours() -> None:
    made = body_of(ONE, "Fixes #7\r\n")
    assert made.startswith(f"Fixes #7\r\n\n\n{BEGIN}\n")
    assert read_marker(made) == ONE


def test_words_on_our_lines_stay() -> None:
    """A cursor put at the very beginning or end is where a person writes first."""
    body = "Mine: " + body_of(ONE).removesuffix("\n") + " and mine"
    assert read_marker(body) == ONE
    assert around(body, "new") == f"Mine: {BEGIN}\n\nnew\n{END} and mine"


# --- pull requests ---


@pytest.mark.parametrize(
    ("branch", "key"),
    [
        ("suture/unsafe-output/python-review-0123456789", "0123456789"),
        ("suture/unsafe-output/python-review-0123456789-2", "0123456789"),
        ("suture/unsafe-output/python-review-abcdefabcd-12", "abcdefabcd"),
        ("suture/unsafe-output/python-review", ""),
        ("suture/x-0123456789-", ""),
        ("suture/x-012345678", ""),
        ("suture/x-0123456789a", ""),
        ("suture/x-ABCDEFABCD", ""),
        ("suture/x-0123456789/y", ""),
    ],
)
def test_the_key_of_a_branch(branch: str, key: str) -> None:
    assert Published(branch, State.OPEN, date.min, None).key == key


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        ({"marker": None}, "its description was taken over by a person"),
        ({"is_foreign": True, "is_approved": True}, "a person has pushed to it"),
        ({"is_approved": True, "locked": "it is checked out"}, "a person has approved it"),
        ({"locked": "it is checked out"}, "it is checked out"),
        ({"has_conflict": True}, ""),
    ],
)
def test_when_it_belongs_to_a_person(values: dict[str, Any], words: str) -> None:
    one = replace(Published("suture/x", State.OPEN, date.min, ONE), **values)
    assert one.hands_off == words
    assert one.findings == (() if one.marker is None else ONE.findings)


# --- known again ---

RULE, OTHER = made_rule("python/a"), made_rule("python/b")


def at(place: str, snippet: str = "s", rule: str = "python/a") -> Hit:
    """A finding by `path symbol`."""
    path, _, symbol = place.partition(" ")
    hit = made_hit(RULE if rule == "python/a" else OTHER, path, symbol=symbol)
    return replace(hit, snippet=digest(snippet))


@pytest.mark.parametrize(
    ("was", "now", "others", "files", "expected"),
    [
        (at("a.py f"), at("a.py f"), [], "a.py", True),
        (at("a.py f"), at("a.py f", "t"), [], "a.py", True),
        (at("a.py"), at("a.py", "t"), [], "a.py", True),
        (at("a.py f"), at("a.py f", rule="python/b"), [], "a.py", False),
        (at("a.py f"), at("b.py f"), [], "b.py", True),
        (at("a.py f"), at("b.py f", "t"), [], "b.py", True),
        (at("a.py f"), at("b.py g"), [], "b.py", True),
        (at("a.py"), at("b.py"), [], "b.py", True),
        (at("a.py f"), at("b.py g", "t"), [], "b.py", False),
        (at("a.py"), at("b.py", "t"), [], "b.py", False),
        (at("a.py"), at("b.py f", "t"), [], "b.py", False),
        (at("a.py f"), at("b.py f", rule="python/b"), [], "b.py", False),
        (at("a.py f"), at("b.py f"), [], "a.py b.py", True),
        (at("a.py f"), at("a.py g"), [], "a.py", True),
        (at("a.py f"), at("a.py g", "t"), [], "a.py", False),
        (at("a.py f"), at("b.py g"), [], "a.py b.py", False),
        (at("a.py f"), at("b.py f", "t"), [], "a.py b.py", False),
        (at("a.py"), at("b.py"), [], "a.py b.py", False),
        (at("a.py f"), at("b.py f"), [at("a.py f")], "a.py b.py", False),
        (at("a.py f"), at("a.py g"), [at("a.py f", "t")], "a.py", False),
        (at("a.py"), at("a.py f"), [at("a.py")], "a.py", False),
        (at("a.py f"), at("b.py f"), [at("a.py f", rule="python/b")], "a.py b.py", True),
    ],
    ids=[
        *("same", "text around it changed", "no symbol", "another rule"),
        *("renamed file", "renamed and changed", "file and function renamed", "renamed without symbol"),
        *("nothing is the same", "nothing but no symbol", "no symbol then", "another rule in a renamed file"),
        *("moved function", "renamed function", "another function", "equal snippet elsewhere"),
        *("equal name elsewhere", "equal snippet elsewhere without symbol"),
        *("old one still there", "old place still speaks", "still at the top", "old place of another rule"),
    ],
)
def test_known_again(was: Hit, now: Hit, others: list[Hit], files: str, expected: bool) -> None:
    recognition = Recognition([now, *others], files.split())
    one = known(was, date(2026, 11, 22))
    assert recognition.is_in_place(one, now) is expected
    is_same = (was.rule, was.path, was.symbol, was.snippet) == (now.rule, now.path, now.symbol, now.snippet)
    assert recognition.is_same(one, now) is is_same
