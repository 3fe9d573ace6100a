"""An answer that is a script, read by a parser as a browser reads the page."""

import sys
from html.parser import HTMLParser
from types import ModuleType, SimpleNamespace

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/model-output-as-html")
SCRIPT = "<script>alert(1)</script>"


class Page(HTMLParser):
    """The tags of a page and the text that is seen on it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(source: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> Page:
    """What the example's function answers when the model says this."""
    sdk = ModuleType("openai")
    said = SimpleNamespace(output_text=answer)
    vars(sdk)["responses"] = SimpleNamespace(create=lambda **request: said)
    monkeypatch.setitem(sys.modules, "openai", sdk)
    response = run(source)["page"]("cats")
    assert response.headers["content-type"].startswith("text/html")
    return Page(response.body.decode())


def test_a_hostile_answer_is_a_script_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(BEFORE, SCRIPT, monkeypatch).tags == ["h1", "p", "script"]


def test_a_hostile_answer_is_text_after(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(AFTER, SCRIPT, monkeypatch)
    assert (shown.tags, shown.text) == (["h1", "p"], f"Answer{SCRIPT}")


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_answer_is_read_the_same(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page(source, "cats & dogs", monkeypatch)
    assert (shown.tags, shown.text) == (["h1", "p"], "Answercats & dogs")
