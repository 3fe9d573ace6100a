"""How a repository words its commits, and a commit's subject in that style."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.conventions.reading import json_of, text_of, toml_of, workflows
from fixers.manifests import toml
from fixers.repository import Repository

MAX_MESSAGES = 100
MIN_MESSAGES = 10
"""Of fewer messages no custom can be read."""

_TYPES = (
    "build|bug|bugfix|chore|ci|deps|doc|docs|feat|feature|fix|hotfix|infra|perf|refactor|release|revert|sec"
    "|security|style|test|tests|wip"
)
_CONVENTIONAL = re.compile(rf"(?:{_TYPES})(?:\([^()]*\))?!?: \S")
_MADE = re.compile(
    r"Merge |Revert \"|Reapply \"|Bump |Update dependency |Lock file maintenance"
    r"|\[pre-commit\.ci\]|(?:build|chore|ci|fix)\(deps[^()]*\)!?: "
)
_SIGNED = re.compile(r"^signed-off-by: \S", re.M | re.I)
_ASKS_TO_SIGN = re.compile(
    r"signed-off-by|developer(?:'s)? certificate of origin"
    r"|git commit\b[^\n]{0,80}? (?:--signoff|-(?-i:[a-z]?s[a-z]?))(?![\w-])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CommitStyle:
    """Whether subjects are conventional commits and messages signed off; `prefix` is what a person set."""

    is_conventional: bool
    is_signed_off: bool
    prefix: str = ""

    def subject(self, title: str) -> str:
        """A rule's title as the subject of a commit: `fix: load checkpoints …`. Raises ValueError."""
        prefix = self.prefix.strip() or ("fix:" if self.is_conventional else "")
        words = _lowered(plain(title)) if self.is_conventional else plain(title)
        return f"{prefix} {words}" if prefix else words


def commit_style(messages: Sequence[str], repo: Repository, prefix: str = "") -> CommitStyle:
    """What the last commits and the repository's files say; `messages` are whole, newest first, no merges."""
    written = list(_by_people(messages))
    subjects = [_subject(message) for message in written]
    is_conventional = _most(map(_CONVENTIONAL.match, subjects), 60) or _asks_for_conventional(repo)
    is_signed_off = _most(map(_SIGNED.search, written), 80) or _asks_to_sign(repo)
    return CommitStyle(is_conventional, is_signed_off, prefix)


def _by_people(messages: Iterable[str]) -> Iterator[str]:
    """The newest messages without those of merges, reverts and bots, which follow no one's custom."""
    written = (message.lstrip() for message in messages)
    for number, message in enumerate(one for one in written if one and not _MADE.match(one)):
        if number == MAX_MESSAGES:
            return
        yield message


def _subject(message: str) -> str:
    return message.partition("\n")[0]


def _most(answers: Iterable[object], percent: int) -> bool:
    said = [bool(answer) for answer in answers]
    return len(said) >= MIN_MESSAGES and sum(said) * 100 >= percent * len(said)


_CONFIGURED = re.compile(
    r"commitlint\.config\.(?:js|cjs|mjs|ts|cts|mts)|\.commitlintrc(?:\.\w{1,4})?"
    r"|\.czrc|\.cz\.(?:toml|json|yaml)|cz\.(?:toml|json|yaml)"
    r"|(?:\.github/)?semantic\.ya?ml|\.?release-please-(?:config|manifest)\.json|\.github/release-please\.yml"
)
_HOOK = re.compile(
    r"^[ \t]*(?:-[ \t]+)?(?:repo|id):[^\n#]*(?:conventional-pre-commit|commitizen|commitlint)", re.M
)
_JOB = re.compile(
    r"^[ \t]*(?:-[ \t]+)?uses:[^\n#]*"
    r"(?:action-semantic-pull-request|release-please-action|commitlint-github-action)",
    re.M,
)


def _asks_for_conventional(repo: Repository) -> bool:
    """Whether a file of the repository configures a tool that holds subjects to the convention."""
    hooks = text_of(repo, ".pre-commit-config.yaml")
    return (
        any(map(_CONFIGURED.fullmatch, repo.paths))
        or "commitlint" in json_of(repo, "package.json")
        or bool(toml.table(toml_of(repo, "pyproject.toml"), "tool", "commitizen"))
        or bool(_HOOK.search(hooks))
        or any(_JOB.search(text_of(repo, path)) for path in workflows(repo))
    )


_CONTRIBUTING = re.compile(r"(?:\.github/|docs/)?contributing(?:\.(?:md|rst|txt|adoc))?", re.I)


def _asks_to_sign(repo: Repository) -> bool:
    """Whether the repository checks for a sign-off, or asks its contributors for one."""
    asked = (text_of(repo, path) for path in repo.paths if _CONTRIBUTING.fullmatch(path))
    return ".github/dco.yml" in repo or any(map(_ASKS_TO_SIGN.search, asked))


_PLAIN = re.compile(r"[A-Za-z0-9 ,.:=/_+-]+")


def plain(title: str) -> str:
    """A rule's title without backticks. Raises ValueError where it holds what a shell may act on.

    It stands in titles and subjects, which others' workflows may paste into a script.
    """
    words = title.replace("`", "")
    if not _PLAIN.fullmatch(words):
        raise ValueError(f"a title may hold letters, digits, spaces and `,.:=/_+-`: {title!r}")
    return words


def _lowered(words: str) -> str:
    """The words with a small first letter, but for a name or an acronym: CORS, FastAPI."""
    first = words.partition(" ")[0]
    is_name = first[1:] != first[1:].lower()
    return words if is_name else words[:1].lower() + words[1:]
