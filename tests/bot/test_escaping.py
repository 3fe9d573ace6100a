"""Nothing of a repository's text comes alive in a terminal or in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escaping import code, fenced, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("naïve 模型", "naïve 模型"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("carriage\rreturn", "carriage\\x0dreturn"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("app.py:3", "`app.py:3`"),
        ("a|b", "`a\\|b`"),
        ("a`b", "``a`b``"),
        ("`x`", "`` `x` ``"),
        ("two\nlines", "`two\\nlines`"),
        ("@everyone <img src=x>", "`@everyone <img src=x>`"),
    ],
)
def test_a_code_span_holds_any_name(name: str, span: str) -> None:
    assert code(name) == span


@given(st.text())
def test_no_line_of_a_text_ends_its_fence(text: str) -> None:
    opening, *body, closing = fenced(text, "diff").split("\n")
    assert opening.rstrip("dif") == closing
    assert not any(line.startswith(closing) for line in body)


@given(st.text())
def test_a_name_stays_on_its_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
