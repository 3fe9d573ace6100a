"""What must hold before a fix may travel, as a value with a line for each check."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fixers import manifests
from fixers.engine import FileChange, Hit, Options, ordered_edits, scan, text_of
from fixers.repository import Repository
from fixers.rule import Check, Rule, SourceFile, Verdict
from fixers.text import Unreadable


@dataclass(frozen=True, slots=True)
class Proof:
    """The checks of one set of changes, what was not checked included."""

    checks: tuple[Check, ...]

    @property
    def failure(self) -> Check | None:
        """The first check that failed; None where the proof holds."""
        return next((check for check in self.checks if check.verdict is Verdict.FAILED), None)

    def lines(self, verdict: Verdict) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict is verdict)


def prove(
    repo: Repository,
    hits: Sequence[Hit],
    changes: Sequence[FileChange],
    rules: Sequence[Rule],
    options: Options,
    layout: Sequence[Check] = (),
) -> Proof:
    """Check what `changes`, the fixes of `hits`, do to the repository.

    `rules` are all that are switched on; `layout` is what the repository's formatter said.
    """
    after = repo.changed({change.path: change.after for change in changes})
    checks: list[Check] = []
    for change in changes:
        checks += _check_file(repo, after, change, rules)
    checks += _check_findings(repo, after, hits, changes, rules, options)
    checks += layout
    checks += [Check("comments", Verdict.NOT_CHECKED, words) for words in _comments(changes)]
    checks.append(Check("tests", Verdict.NOT_CHECKED, "no test of yours was run"))
    return Proof(tuple(_merged(checks)))


def _check_file(
    repo: Repository, after: Repository, change: FileChange, rules: Sequence[Rule]
) -> Iterator[Check]:
    parsed = False
    for file_type in dict.fromkeys(rule.file_type for rule in rules):
        if file_type.claims(change.path):
            parsed = True
            yield from _check_language(file_type, repo, after, change)
    if not parsed:
        yield from manifests.verify(change.path, change.before, change.after)
    if change.before is None and change.path in repo:
        yield Check("new file", Verdict.FAILED, f"`{change.path}` is there already")
    if change.before is not None:
        same = _is_spliced(change)
        detail = "" if same else f"`{change.path}` differs elsewhere"
        yield Check("bytes outside the edits", Verdict.PASSED if same else Verdict.FAILED, detail)


def _check_language(
    file_type: type[SourceFile], repo: Repository, after: Repository, change: FileChange
) -> Iterator[Check]:
    try:
        before = None if change.before is None else file_type.parse(change.path, change.before, repo)
        new = file_type.parse(change.path, change.after, after)
    except Unreadable as error:
        where = f"{change.path}:{error.line}" if error.line else change.path
        yield Check("parses", Verdict.FAILED, f"`{where}` {error.reason}")
        return
    yield Check("parses", Verdict.PASSED)
    try:
        checks = list(file_type.verify(before, new, change.edits))
    except Exception as error:  # what can't be checked to its end isn't proven, and must not end the run
        checks = [Check("verifies", Verdict.FAILED, f"`{change.path}`: stopped with {type(error).__name__}")]
    yield from checks


def _is_spliced(change: FileChange) -> bool:
    """Whether the new bytes are the old ones with nothing but the edits between, byte by byte."""
    assert change.before is not None
    text = text_of(change.path, change.before)
    old = change.before[len(text.bom) :]
    position, pieces = 0, [text.bom]
    for edit in ordered_edits(change.edits):
        start = len(text.content[: edit.span.start].encode(text.encoding))
        end = len(text.content[: edit.span.end].encode(text.encoding))
        pieces += (old[position:start], edit.text.encode(text.encoding))
        position = end
    return b"".join((*pieces, old[position:])) == change.after


_COMMENT = re.compile(r"[^\r\n]*?\s(?:#|//)\s*\w")


def _comments(changes: Iterable[FileChange]) -> Iterator[str]:
    """Comments behind a value that was changed: only a person can say whether they are still true."""
    for change in changes:
        if change.before is None:
            continue
        text = text_of(change.path, change.before)
        for edit in change.edits:
            replaces = edit.text and edit.span.start < edit.span.end
            if replaces and _COMMENT.match(text.content, edit.span.end):
                line = text.line_at(edit.span.start)
                yield f"the one at `{change.path}:{line}` may speak of the old value"


def _check_findings(
    repo: Repository,
    after: Repository,
    hits: Sequence[Hit],
    changes: Sequence[FileChange],
    rules: Sequence[Rule],
    options: Options,
) -> Iterator[Check]:
    paths = _reach(after, hits, changes)
    old = scan(repo, rules, options=options, paths=[path for path in paths if path in repo]).hits
    new = scan(after, rules, options=options, paths=paths).hits
    fixed = Counter(_place(hit) for hit in hits)
    before, now = Counter(map(_place, old)), Counter(map(_place, new))

    staying = [place for place in fixed if now[place] > before[place] - fixed[place]]
    yield _check("rule silent", (f"{rule} still speaks at `{path}`" for rule, path, _ in staying))

    allowed = {consequence for hit in hits for consequence in hit.rule.consequences}
    louder = [
        place
        for place in now
        if now[place] > before[place] and place[0] not in allowed and place not in fixed
    ]
    yield _check("no other finding", (f"{rule} speaks at `{path}`" for rule, path, _ in louder))

    known = Counter(_identity(hit) for hit in old)
    mine = {hit.rule.id for hit in hits} - allowed
    fixable = Counter(_identity(hit) for hit in new if hit.rule.id in mine and hit.finding.is_fixable)
    again = [identity for identity in fixable if fixable[identity] > known[identity]]
    yield _check("second run", (f"would change `{path}` again" for _, path, _ in again))


Place = tuple[str, str, str]


def _place(hit: Hit) -> Place:
    return hit.rule.id, hit.path, hit.symbol


def _identity(hit: Hit) -> Place:
    return hit.rule.id, hit.path, hit.identity


def _reach(after: Repository, hits: Sequence[Hit], changes: Sequence[FileChange]) -> list[str]:
    """The files whose findings the changes may touch: their own, and all below a second file.

    What a rule learns of other files comes from its own folder or from above, never from beside.
    """
    own = {hit.path for hit in hits}
    touched = {change.path for change in changes}
    folders = {str(PurePosixPath(path).parent) for path in touched - own}
    below = {path for path in after.paths if _is_below(path, folders)} if folders else set()
    return sorted(own | touched | below)


def _is_below(path: str, folders: set[str]) -> bool:
    return any(str(folder) in folders for folder in PurePosixPath(path).parents)


def _check(name: str, complaints: Iterable[str]) -> Check:
    detail = ", ".join(sorted(set(complaints)))
    return Check(name, Verdict.FAILED if detail else Verdict.PASSED, detail)


def _merged(checks: Iterable[Check]) -> list[Check]:
    """One line for each name and verdict; a check that failed anywhere has not passed."""
    details: dict[tuple[str, Verdict], list[str]] = {}
    for check in checks:
        lines = details.setdefault((check.name, check.verdict), [])
        if check.detail and check.detail not in lines:
            lines.append(check.detail)
    failed = {name for name, verdict in details if verdict is Verdict.FAILED}
    return [
        Check(name, verdict, "; ".join(lines))
        for (name, verdict), lines in details.items()
        if verdict is not Verdict.PASSED or name not in failed
    ]
