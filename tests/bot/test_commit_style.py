"""How a repository words its commits, and what may stand in a subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conventions import CommitStyle, commit_style, plain
from fixers import all_rules
from fixers.repository import Repository
from fixers.rule import Rule

EMPTY = Repository.of({})
CUSTOM = ["feat(api): a", "fix: b", "docs!: c", "chore(core)!: d", "refactor: e", "security: f"]
PLAIN = ["Add a", "Fix b", "[Bugfix] c", "UI: d", "wip", "fix e"]


def is_conventional(subjects: list[str]) -> bool:
    return commit_style(subjects, EMPTY).is_conventional


def test_six_of_ten_are_a_custom_and_five_are_none() -> None:
    assert is_conventional(CUSTOM + PLAIN[:4])
    assert not is_conventional(CUSTOM[:5] + PLAIN[:5])


def test_nine_messages_are_no_custom() -> None:
    assert is_conventional(["fix: x"] * 10)
    assert not is_conventional(["fix: x"] * 9)


@pytest.mark.parametrize("subject", ["fix:x", "Fix x: y", "fixup: x", "fix(a: x", "fix : x", "note: x"])
def test_what_only_looks_like_the_convention(subject: str) -> None:
    assert not is_conventional([subject] * 20)


@pytest.mark.parametrize(
    "made",
    [
        "Merge branch 'a'",
        'Revert "x"',
        "Bump a from 1 to 2",
        "build(deps): bump a",
        "chore(deps-dev): bump a",
    ],
)
def test_bots_and_merges_have_no_say(made: str) -> None:
    assert is_conventional([made] * 50 + ["fix: x"] * 10)
    assert not is_conventional([made] * 50 + ["Fix x"] * 10)


def test_only_the_newest_hundred_count() -> None:
    assert is_conventional(["fix: x"] * 100 + ["Fix x"] * 400)
    assert not is_conventional(["Fix x"] * 100 + ["fix: x"] * 400)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("commitlint.config.mjs", ""),
        (".commitlintrc", ""),
        (".commitlintrc.yaml", ""),
        (".czrc", ""),
        (".github/semantic.yml", ""),
        ("release-please-config.json", "{}"),
        ("package.json", '{"commitlint": {}}'),
        ("pyproject.toml", "[tool.commitizen]\nname = 'cz_conventional_commits'\n"),
        (".pre-commit-config.yaml", "repos:\n  - repo: https://github.com/x/conventional-pre-commit\n"),
        (".pre-commit-config.yaml", "    hooks:\n      - id: commitizen\n"),
        (".github/workflows/a.yml", "      - uses: amannn/action-semantic-pull-request@v5\n"),
    ],
)
def test_a_tool_that_holds_subjects_to_the_convention(path: str, content: str) -> None:
    assert commit_style([], Repository.of({path: content.encode()})).is_conventional


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("web/commitlint.config.js", ""),
        ("package.json", '{"devDependencies": {"commitlint": "1"}}'),
        ("package.json", "[" * 100_000),
        ("package.json", '["commitlint"]'),
        ("pyproject.toml", "[tool.ruff]\n"),
        (".pre-commit-config.yaml", "# repo: https://github.com/x/conventional-pre-commit\n"),
        (".github/workflows/a.yml", "      # - uses: amannn/action-semantic-pull-request@v5\n"),
    ],
)
def test_a_file_that_configures_no_such_tool(path: str, content: str) -> None:
    assert not commit_style([], Repository.of({path: content.encode()})).is_conventional


def test_eight_of_ten_signed_messages_are_a_custom() -> None:
    signed, unsigned = "Fix x\n\nSigned-off-by: A <a@b.c>\n", "Fix x\n\nSee Signed-off-by: rules\n"
    assert commit_style([signed] * 8 + [unsigned] * 2, EMPTY).is_signed_off
    assert not commit_style([signed] * 7 + [unsigned] * 3, EMPTY).is_signed_off
    assert not commit_style([signed] * 9, EMPTY).is_signed_off


@pytest.mark.parametrize(
    ("path", "content", "asks"),
    [
        (".github/dco.yml", "", True),
        ("CONTRIBUTING.md", "Use `git commit -s`.", True),
        ("CONTRIBUTING.md", "Run git commit --amend --signoff now", True),
        ("docs/contributing.rst", "We use the Developer Certificate of Origin", True),
        (".github/CONTRIBUTING", "add a Signed-off-by line", True),
        ("CONTRIBUTING.md", "Use `git commit -S` to sign with a key", False),
        ("CONTRIBUTING.md", "Run git commit -m 'x'", False),
        ("src/CONTRIBUTING.md", "Use `git commit -s`.", False),
        ("README.md", "Use `git commit -s`.", False),
    ],
)
def test_a_repository_asks_for_a_sign_off(path: str, content: str, asks: bool) -> None:
    assert commit_style([], Repository.of({path: content.encode()})).is_signed_off is asks


@pytest.mark.parametrize(
    ("style", "title", "subject"),
    [
        (CommitStyle(True, False), "Load it with `x=True`", "fix: load it with x=True"),
        (CommitStyle(True, False), "CORS stays closed", "fix: CORS stays closed"),
        (CommitStyle(True, False), "FastAPI stays closed", "fix: FastAPI stays closed"),
        (CommitStyle(True, False), "A load is safe", "fix: a load is safe"),
        (CommitStyle(False, False), "Load it with `x=True`", "Load it with x=True"),
        (CommitStyle(True, False, "security:"), "Load it", "security: load it"),
        (CommitStyle(False, False, "SEC-7 "), "Load it", "SEC-7 Load it"),
    ],
)
def test_a_subject(style: CommitStyle, title: str, subject: str) -> None:
    assert style.subject(title) == subject


@pytest.mark.parametrize(
    "title", ["Don't", "a$(id)", "a;b", "a\nb", 'a"b', "a|b", "a>b", "a&b", "naïve", "", "``", "a\\b", "a!b"]
)
def test_a_title_that_a_shell_may_act_on_is_refused(title: str) -> None:
    with pytest.raises(ValueError, match="a title may hold"):
        plain(title)
    with pytest.raises(ValueError, match="a title may hold"):
        CommitStyle(False, False).subject(title)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_title_that_may_be_a_subject(rule: Rule) -> None:
    assert plain(rule.title)


@given(st.lists(st.text(max_size=40), max_size=15), st.binary(max_size=200))
def test_no_message_or_file_is_too_much(messages: list[str], data: bytes) -> None:
    names = ("package.json", "pyproject.toml", ".pre-commit-config.yaml", "CONTRIBUTING.md")
    commit_style(messages, Repository.of(dict.fromkeys(names, data)))
