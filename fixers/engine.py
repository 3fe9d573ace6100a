"""Scan files for findings, and splice the edits of findings into the text they were found in."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Any

from fixers.repository import Repository
from fixers.rule import Edit, Finding, NewFile, Rule, Severity, SourceFile
from fixers.text import Text, Unreadable

MAX_FINDINGS = 1_000
"""Of one rule in one file; what has more is made by a machine, and the first ones tell it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding at home: its rule, its file, its lines (from 1) and what encloses it.

    The identity survives a move, a reformat and changes around it: it is drawn from rule, path,
    symbol and the snippet without blanks and secrets. The fingerprint adds the number among equals.
    `snippet` is a digest of that snippet alone, by which a finding is known again in another place.
    """

    rule: Rule
    path: str
    finding: Finding
    line: int
    end_line: int
    symbol: str
    snippet: str
    identity: str
    fingerprint: str

    @property
    def severity(self) -> Severity:
        own = self.finding.severity
        return self.rule.severity if own is None else min(own, self.rule.severity)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that a rule would have read, and why it wasn't; line 0 is the whole file."""

    path: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """What a scan cost: files read, files parsed, and how often a rule looked at a file."""

    read: int = 0
    parsed: int = 0
    checked: int = 0

    def __add__(self, other: "Work") -> "Work":
        return Work(self.read + other.read, self.parsed + other.parsed, self.checked + other.checked)


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found, what couldn't be looked at, and what it cost."""

    hits: tuple[Hit, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    work: Work = field(default_factory=Work)

    def __add__(self, other: "Scan") -> "Scan":
        return Scan(self.hits + other.hits, self.skipped + other.skipped, self.work + other.work)


Options = Mapping[str, Any]
"""Rule ids to instances of their options."""


def scan(
    repo: Repository,
    rules: Sequence[Rule],
    *,
    options: Options | None = None,
    paths: Iterable[str] | None = None,
    on_file: Callable[[str], None] = lambda path: None,
) -> Scan:
    """Run the rules over the repository, or over `paths` of it, in order of path, place and rule."""
    hits: list[Hit] = []
    skipped: list[Skipped] = []
    work = Work()
    for path in repo.paths if paths is None else sorted(set(paths)):
        on_file(path)
        result = scan_file(repo, path, rules, options or {})
        hits += result.hits
        skipped += result.skipped
        work += result.work
    return Scan(tuple(hits), tuple(skipped), work)


def scan_file(repo: Repository, path: str, rules: Sequence[Rule], options: Options) -> Scan:
    """Run the rules over one file: read it once, parse it once, and only if a rule's words are in it."""
    claimants = [rule for rule in rules if rule.file_type.claims(path)]
    if not claimants:
        return Scan()
    try:
        data = repo.read(path)
    except Unreadable as error:
        return Scan(skipped=(Skipped(path, error.reason, error.line),), work=Work(read=1))
    wanted = [rule for rule in claimants if rule.may_speak(data)]
    scanned = Scan(work=Work(read=1))
    for file_type in dict.fromkeys(rule.file_type for rule in wanted):
        mine = [rule for rule in wanted if rule.file_type is file_type]
        scanned += _check(file_type, path, data, repo, mine, options)
    return scanned


def _check(
    file_type: type[SourceFile],
    path: str,
    data: bytes,
    repo: Repository,
    rules: Sequence[Rule],
    options: Options,
) -> Scan:
    try:
        file = file_type.parse(path, data, repo)
    except Unreadable as error:
        return Scan(skipped=(Skipped(path, error.reason, error.line),), work=Work(parsed=1))
    found: list[tuple[Rule, Finding]] = []
    skipped: list[Skipped] = []
    for rule in rules:
        try:
            found += [(rule, f) for f in islice(rule.run(file, options.get(rule.id)), MAX_FINDINGS)]
        except Exception as error:  # one rule's defect on one file must not end the run: it is listed
            skipped.append(Skipped(path, f"{rule.id} stopped with {type(error).__name__}: {error}"))
    found.sort(key=lambda pair: (pair[1].span, pair[0].id))
    work = Work(parsed=1, checked=len(rules))
    return Scan(_hits(file, found), tuple(skipped), work)


def _hits(file: SourceFile, found: Sequence[tuple[Rule, Finding]]) -> tuple[Hit, ...]:
    equals: Counter[str] = Counter()
    hits = []
    for rule, finding in found:
        start, end = finding.span.start, finding.span.end
        symbol = file.symbol_at(start)
        snippet = normalised(mask(file.text.content[start:end], finding.secrets))
        identity = digest(rule.id, file.path, symbol, snippet)
        fingerprint = digest(identity, str(equals[identity]))
        equals[identity] += 1
        line, end_line = file.text.line_at(start), file.text.line_at(max(start, end - 1))
        known_by = (symbol, digest(snippet), identity, fingerprint)
        hits.append(Hit(rule, file.path, finding, line, end_line, *known_by))
    return tuple(hits)


def digest(*parts: str) -> str:
    """A short name for these texts, in this order: 16 hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret in it replaced: a secret found is never shown again."""
    for secret in secrets:
        text = text.replace(secret, "•••")
    return text


def normalised(snippet: str) -> str:
    """The snippet as no formatter changes it: without blanks, one kind of quote, no last comma."""
    return re.sub(r",(?=[)\]}])", "", re.sub(r"\\?\s+", "", snippet).replace("'", '"'))


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after (None: it is new), with the edits that lie between."""

    path: str
    before: bytes | None
    after: bytes
    edits: tuple[Edit, ...]


class Overlap(ValueError):
    """Two edits want the same characters."""


def splice(content: str, edits: Iterable[Edit]) -> str:
    """Write the edits into the text; equal ones count once. Raises Overlap where two collide."""
    ordered = ordered_edits(edits)
    pieces: list[str] = []
    position = 0
    for edit in ordered:
        pieces += (content[position : edit.span.start], edit.text)
        position = edit.span.end
    return "".join((*pieces, content[position:]))


def ordered_edits(edits: Iterable[Edit]) -> list[Edit]:
    """The edits by place, equal ones once. Raises Overlap where two collide."""
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: edit.span)
    for one, two in pairwise(ordered):
        same_place = one.span.start == two.span.start
        if two.span.start < one.span.end or (same_place and one.span.end == one.span.start == two.span.end):
            raise Overlap(f"two edits at character {two.span.start}")
    return ordered


def compatible(hits: Iterable[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Hits whose fixes can be spliced in together, and those that must wait for another run."""
    taken: list[Hit] = []
    waiting: list[Hit] = []
    edits: dict[str, list[Edit]] = {}
    new_files: dict[str, str] = {}
    for hit in hits:
        mine = edits_of(hit)
        together = {path: edits.get(path, []) + added for path, added in mine.items()}
        files = {c.path: c.text for c in hit.finding.changes if isinstance(c, NewFile)}
        try:
            for path in mine:
                ordered_edits(together[path])
        except Overlap:
            waiting.append(hit)
            continue
        if any(new_files.get(path, text) != text for path, text in files.items()):
            waiting.append(hit)
            continue
        edits.update(together)
        new_files.update(files)
        taken.append(hit)
    return taken, waiting


def text_of(path: str, data: bytes) -> Text:
    """A file's text, whatever its language. Raises Unreadable."""
    return Text.decode(data, coding_cookie=path.endswith((".py", ".pyw")))


def edits_of(hit: Hit) -> dict[str, list[Edit]]:
    """A fixable hit's edits by the file they belong to."""
    edits: dict[str, list[Edit]] = {}
    for change in hit.finding.changes:
        if isinstance(change, Edit):
            path = change.path or hit.path
            edits.setdefault(path, []).append(replace(change, path=path))
    return edits


def apply(repo: Repository, hits: Iterable[Hit]) -> tuple[FileChange, ...]:
    """The files as the fixes of `hits` leave them, by path. Raises Overlap or Unreadable."""
    edits: dict[str, list[Edit]] = {}
    new_files: dict[str, str] = {}
    for hit in hits:
        for path, mine in edits_of(hit).items():
            edits.setdefault(path, []).extend(mine)
        new_files |= {c.path: c.text for c in hit.finding.changes if isinstance(c, NewFile)}
    changes = []
    for path, mine in sorted(edits.items()):
        before = repo.read(path)
        text = text_of(path, before)
        after = text.encode(splice(text.content, mine))
        changes.append(FileChange(path, before, after, tuple(ordered_edits(mine))))
    changes += [FileChange(path, None, text.encode(), ()) for path, text in sorted(new_files.items())]
    return tuple(changes)
