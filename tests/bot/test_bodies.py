"""Bodies of many situations are as they were last looked at, and come out of GitHub's Markdown unharmed."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from bodies.situations import HEAD, KEY, SITUATIONS, WEB, Shown, page, shown

from bot.published import read_marker
from bot.pull_request.body import MAX_CHARACTERS, MAX_VISIBLE_LINES, visible_lines

FOLDER = Path(__file__).parents[1] / "bodies"
VOID = {"br", "hr", "input"}


@cache
def made(name: str) -> Shown:
    return shown(SITUATIONS[name])


class Rendered(HTMLParser):
    """What a browser makes of a body: links, tags, unclosed tags, and the text outside of code."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.prose = ""
        self.code = ""
        as_it_is = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
        self.feed(cmarkgfm.github_flavored_markdown_to_html(body, as_it_is))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if {"code", "pre"} & set(self.open):
            self.code += data
        else:
            self.prose += data


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_body_is_as_it_was_looked_at(name: str) -> None:
    written = (FOLDER / f"{name}.md").read_bytes().decode("utf-8")
    assert page(made(name).request) == written, "python tests/bodies/write.py, and read the diff"


def test_no_body_is_left_of_a_situation_that_went() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(SITUATIONS)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_body_is_short_and_carries_its_marker(name: str) -> None:
    request = made(name).request
    body = request.body(HEAD)
    assert visible_lines(body) <= MAX_VISIBLE_LINES
    assert len(body) <= MAX_CHARACTERS
    marker = read_marker(body)
    assert marker is not None
    assert (marker.head, marker.findings) == (HEAD, request.marker.findings)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_body_renders_as_it_is_meant(name: str) -> None:
    body = made(name).request.body(HEAD)
    seen = Rendered(body)
    assert (seen.faults, seen.open) == ([], [])
    assert all(link.startswith(f"{WEB}/") for link in seen.links)
    assert seen.tags <= {
        *("p", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert not re.search(r"[@<>|~]|\*\*|https?:", seen.prose)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", body)


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_row_of_a_table_has_a_cell_for_each_column(name: str) -> None:
    unfenced = re.sub(r"^(~~~+)diff\n.*?^\1$", "", made(name).request.text, flags=re.M | re.S)
    tables = re.findall(r"(?:^\|.*\n)+", f"{unfenced}\n", flags=re.M)
    assert tables
    for table in tables:
        rows = [re.split(r"(?<!\\)\|", row) for row in table.splitlines()]
        assert len({len(row) for row in rows}) == 1
        assert all(cell.strip() for row in rows for cell in row[1:-1])


def test_names_of_a_hostile_repository_are_shown_letter_by_letter() -> None:
    seen = Rendered(made("hostile-repository").request.body(HEAD))
    name = "a|b`c/<img src=x>@octocat\\u202e]( http://e.example).py"
    assert f"{name}:5" in seen.code
    assert f"+++ b/{name}" in seen.code
    assert "@octo <b>x | y" in seen.code
    assert "b\\n[//]: # (suture: end)\\n</details> #1 `` www.e.example.py:7" in seen.code


def test_a_bar_in_a_name_has_a_backslash_in_tables_alone() -> None:
    _, _, left_alone = made("hostile-repository").request.text.partition("Left alone")
    assert left_alone.count("|") > left_alone.count("\\|") == 0
    manifest = Rendered(made("hostile-manifest").request.body(HEAD))
    assert "Service/`</details>|**@octo** [//]: # (suture: end)" in manifest.code


def test_a_diff_is_cut_between_changes_and_folded_without_what_is_in_sight() -> None:
    text = made("several-files").request.text
    shown, _, rest = text.partition("<details><summary>The rest of the diff, ")
    names = [f"+++ b/jobs/fetch_{n}.py" for n in range(5)]
    assert [name for name in names if name in shown] + [name for name in names if name in rest] == names
    begun = made("a-large-file").request.text.partition("~~~diff\n")[2].partition("\n~~~")[0]
    assert begun.count("\n-") == begun.count("\n+") - 1 > 0


def test_what_all_rules_say_is_said_once() -> None:
    text = made("two-rules-of-a-threat").request.text
    assert text.count("restart the process. No data or state changes.") == 1


@pytest.mark.parametrize("name", SITUATIONS)
def test_titles_subjects_and_branches_hold_no_word_of_a_repository(name: str) -> None:
    request = made(name).request
    subjects = [commit.message.split("\n")[0] for commit in request.commits]
    assert all(re.fullmatch("[A-Za-z0-9 ,.:=/_+-]+", text) for text in (request.title, *subjects))
    assert re.fullmatch("suture/[a-z-]+/[a-z-]+-[0-9a-f]{10}", request.branch)


def test_the_key_is_nowhere_but_in_the_file_that_git_keeps() -> None:
    request = made("a-secret-in-the-source").request
    told = request.body(HEAD) + "".join(commit.message for commit in request.commits)
    assert not any(KEY[start : start + 12] in told for start in range(len(KEY) - 11))


def test_what_replaces_travels_alone() -> None:
    plan = made("terraform-replacement-alone").plan
    assert [len(step.campaign.rules) for step in plan.steps if step.campaign] == [1, 1]
