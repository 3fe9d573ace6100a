"""Whom a CODEOWNERS file names, as GitHub reads it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conventions import owners
from bot.conventions.codeowners import MAX_LINES, MAX_REVIEWERS
from fixers.repository import Repository


def owners_of(content: str, *paths: str) -> tuple[str, ...]:
    return owners(Repository.of({".github/CODEOWNERS": content.encode()}), paths)


# https://docs.github.com/…/about-code-owners has these in its example and its sections.
@pytest.mark.parametrize(
    ("pattern", "owned", "not_owned"),
    [
        ("*", "a/b/c.py", None),
        ("*.js", "a/b.js", "a/b.jsx"),
        ("/build/logs/", "build/logs/a/b", "x/build/logs/a"),
        ("docs/*", "docs/a.md", "docs/build/a.md"),
        ("docs/*", "docs/b.md", "x/docs/b.md"),
        ("/*", "a.py", "a/b.py"),
        ("docs/*.md", "docs/a.md", "docs/x/a.md"),
        ("**/docs/*", "a/docs/docs/b", "a/docs/docs/b/c"),
        ("apps/", "x/apps/a/b", "apps"),
        ("/docs/", "docs/a/b", "x/docs/a"),
        ("/scripts/", "scripts/a", "scripts.py"),
        ("**/logs", "deeply/nested/logs/a", "deeply/logs.txt"),
        ("/apps/github", "apps/github/a", "apps/githubs"),
        ("apps", "x/apps/y", "x/apps.py"),
        ("a/**/b", "a/x/y/b/c", "x/a/b"),
        ("src/**", "src/a/b", "x/src/a"),
        (r"my\ docs/", "my docs/a", "docs/a"),
        ("a?.py", "a1.py", "a12.py"),
        ("Docs/", "Docs/a", "docs/a"),
    ],
)
def test_patterns(pattern: str, owned: str, not_owned: str | None) -> None:
    assert owners_of(f"{pattern} @octocat", owned) == ("@octocat",)
    if not_owned:
        assert owners_of(f"{pattern} @octocat", not_owned) == ()


def test_the_last_line_that_matches_decides() -> None:
    content = "*.py @python\n/apps/ @apps\n"
    assert owners_of(content, "apps/a.py") == ("@apps",)
    assert owners_of(content, "a.py") == ("@python",)


def test_a_line_without_owners_takes_them_away() -> None:
    assert owners_of("/apps/ @octocat\n/apps/github\n", "apps/github/a") == ()
    assert owners_of("/apps/ @octocat\n/apps/github # nobody\n", "apps/github/a") == ()


def test_comments_stand_alone_or_behind() -> None:
    assert owners_of("# * @no\n  # * @no\n*.go @go # and @not-this\r\n", "a.go") == ("@go",)


@pytest.mark.parametrize(
    "line",
    [
        "!*.py @b",
        "*.p[xy] @b",
        r"\#*.py @b",
        "***/a.py @b",
        "*.py b",
        "*.py docs@",
        "*.py @-b",
        "*.py @b-",
        "*.py @b--c",
        "*.py @" + "b" * 40,
        "*.py @a/b/c",
        "*.py @b @c, @d",
        "a.py\\",
        "****************.py @b",
        "a*a*a*a*a*a*.py @b",
    ],
)
def test_a_line_with_an_error_is_passed_over(line: str) -> None:
    assert owners_of(f"* @a\n{line}\n", "a.py", "aaaaaaa.py") == ("@a",)


def test_users_and_teams_are_kept_and_addresses_are_not() -> None:
    content = "* @Octo-Cat docs@example.com @org/team_a.b @emu_corp\n"
    assert owners_of(content, "a") == ("@Octo-Cat", "@org/team_a.b", "@emu_corp")
    assert owners_of("* @a\n*.py docs@example.com\n", "a.py") == ()


def test_each_owner_is_named_once_in_order_of_appearance() -> None:
    content = "*.py @b @a\n*.tf @c @B\n"
    assert owners_of(content, "x.py", "x.tf", "y.py") == ("@b", "@a", "@c")
    assert owners_of(content, "x.tf", "x.py") == ("@c", "@B", "@a")


def test_no_more_are_named_than_can_be_asked() -> None:
    names = [f"@u{number}" for number in range(40)]
    assert owners_of(f"* {' '.join(names)}", "a") == tuple(names[:MAX_REVIEWERS])


def test_the_first_place_counts_even_where_it_is_empty() -> None:
    files = {"docs/CODEOWNERS": b"* @docs", "CODEOWNERS": b"* @root"}
    assert owners(Repository.of(files), ["a"]) == ("@root",)
    assert owners(Repository.of({**files, ".github/CODEOWNERS": b""}), ["a"]) == ()
    assert owners(Repository.of({"docs/CODEOWNERS": b"* @docs"}), ["a"]) == ("@docs",)
    assert owners(Repository.of({"a/CODEOWNERS": b"* @a"}), ["a"]) == ()


def test_an_endless_file_names_nobody() -> None:
    assert owners_of("* @a\n" * (MAX_LINES + 1), "a") == ()


def test_a_file_made_to_be_slow_is_soon_read() -> None:
    started = time.process_time()
    paths = ["abc/" * 60 + str(number) for number in range(5)]
    assert owners_of("* @a\n" + "**/a*b*c*/**/*d*e @b\n" * 1_000, *paths) == ("@a",)
    assert time.process_time() - started < 10


@given(st.binary(max_size=300), st.text(min_size=1, max_size=20))
def test_nothing_in_it_raises_or_passes_for_a_name(data: bytes, path: str) -> None:
    for owner in owners(Repository.of({"CODEOWNERS": data}), [path]):
        assert owner.startswith("@")
        assert owner.isascii()
        assert not set(owner) & set(" \n`$();<>|&'\"")
