"""What a pull request changes, from its files before and after: as GitHub lists it, as the check sees it."""

from collections.abc import Mapping, Sequence
from difflib import unified_diff

from rules_on_calls import RULES, TODAY, in_memory

from bot.check import Introduced, introduced, patches
from bot.github import FileChange
from bot.pipeline import Examination, examine
from bot.policy import load
from fixers.rule import Rule

Files = Mapping[str, str]


def changes(before: Files, after: Files, renamed: Mapping[str, str] | None = None) -> tuple[FileChange, ...]:
    """`renamed` are the paths of now with those of then."""
    renamed = renamed or {}
    return tuple(
        _change(path, renamed.get(path, path), before, after)
        for path in sorted({*before, *after} - set(renamed.values()))
        if before.get(renamed.get(path, path)) != after.get(path) or path in renamed
    )


def _change(path: str, then: str, before: Files, after: Files) -> FileChange:
    status = "renamed" if path != then else "modified"
    status = "added" if then not in before else "removed" if path not in after else status
    return FileChange(path, then, status, patch(before.get(then, ""), after.get(path, "")))


def patch(before: str, after: str) -> str:
    """The hunks as GitHub shows them: without the lines that name the file."""
    lines = []
    for line in list(unified_diff(_lines(before), _lines(after), n=3))[2:]:
        lines.append(line.removesuffix("\n"))
        lines += [] if line.endswith("\n") else ["\\ No newline at end of file"]
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + [piece for piece in pieces[-1:] if piece]


def head(before: Files, after: Files, rules: Sequence[Rule] = RULES) -> Examination:
    """The files of now under the policy of those before."""
    snapshot = in_memory(after)
    policy = load(snapshot.repository(), rules, in_memory(before).repository())
    return examine(snapshot, policy, rules, TODAY)


def seen(
    before: Files,
    after: Files,
    renamed: Mapping[str, str] | None = None,
    rules: Sequence[Rule] = RULES,
) -> Introduced:
    files = changes(before, after, renamed)
    touched = {path for one in files for path in (one.path, one.before)}
    parted = in_memory(before).repository()
    found = head(before, after, rules)
    return introduced(found, parted, patches.renamed(files), touched, patches.written(files))


def places(result: Introduced) -> list[tuple[str, int]]:
    return [(one.hit.path, one.hit.line) for one in result.outcomes]
