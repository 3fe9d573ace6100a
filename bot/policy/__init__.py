"""The repository's own say: `.suture.yml` and the ignores in its code."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from pathspec import GitIgnoreSpec

from bot.policy.configuration import is_pattern, publishing, validated
from bot.policy.document import ConfigurationError, Document, Problem, plain_yaml, read_document
from bot.policy.inline import InlineIgnore, inline_ignores
from bot.policy.kinds import Kind, Treatment, kind_by_path, kind_of
from bot.policy.marks import Mark, marks
from bot.policy.publishing import Publishing
from bot.policy.schema import schema, schema_text
from bot.policy.sections import Configuration
from fixers.engine import Hit
from fixers.repository import Repository
from fixers.rule import Rule, Severity
from fixers.text import Unreadable

__all__ = [
    "FILES",
    "ConfigurationError",
    "Ignored",
    "Policy",
    "Problem",
    "Publishing",
    "Treatment",
    "load",
    "plain_yaml",
    "schema",
    "schema_text",
]

FILES = (".suture.yml", ".github/suture.yml")


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why a finding stays as it is, where that is written, who answers for it and how long it counts."""

    path: str
    line: int
    reason: str
    owner: str = ""
    until: date | None = None

    def __str__(self) -> str:
        by = f"by {self.owner}, " if self.owner else ""
        until = f"until {self.until}, " if self.until else ""
        return f"{self.reason} ({by}{until}{self.path}:{self.line})"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least severity that is shown, and the least that ends a scan with exit code 1."""

    report: Severity
    fail: Severity


@dataclass(frozen=True, slots=True)
class _PathIgnore:
    rule: str
    files: GitIgnoreSpec
    symbol: str
    said: Ignored

    def covers(self, hit: Hit) -> bool:
        is_symbol = not self.symbol or hit.symbol == self.symbol
        return hit.rule.id == self.rule and is_symbol and self.files.match_file(hit.path)

    def has_expired(self, today: date) -> bool:
        return self.said.until is not None and self.said.until < today


@dataclass(frozen=True)
class Policy:
    """What the repository wants of a scan. `path` is the configuration's file, or empty.

    `options` is what `fixers.engine.scan` takes: rule ids to instances of their options. `criticality` is
    empty where the configuration doesn't speak of it.
    """

    path: str
    threshold: Threshold
    publishing: Publishing
    options: Mapping[str, Any]
    criticality: str
    branches: tuple[str, ...]
    kinds: Mapping[Kind, Treatment]
    _switched_off: frozenset[str] = field(repr=False)
    _severities: Mapping[str, Severity] = field(repr=False)
    _include: GitIgnoreSpec = field(repr=False)
    _exclude: GitIgnoreSpec = field(repr=False)
    _ignores: tuple[_PathIgnore, ...] = field(repr=False)
    _rules: frozenset[str] = field(repr=False)
    _repo: Repository = field(repr=False)
    _base: Repository | None = field(repr=False)

    def over(self, repo: Repository) -> "Policy":
        """The same say over other texts of the same files, with the ignores that stand in those."""
        return replace(self, _repo=repo)

    def enabled(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules if rule.id not in self._switched_off)

    @property
    def _judge(self) -> Repository:
        """Where attributes and headers are read: a change doesn't make its own files a machine's."""
        return self._repo if self._base is None else self._base

    def includes(self, path: str, *, is_named: bool = False) -> bool:
        """Whether the file is scanned; `is_named`: a person named it, or a folder around it."""
        if not self._include.match_file(path) or self._exclude.match_file(path):
            return False
        return is_named or self.kinds.get(kind_by_path(self._judge, path)) is not Treatment.SKIP

    def treatment_of(self, path: str) -> Treatment:
        """What is done about the findings of a file that was scanned."""
        return self.kinds.get(kind_of(self._judge, path), Treatment.FIX)

    def objection_to(self, path: str) -> str:
        """Why nothing opens unasked for a file of this kind, or nothing."""
        kind = kind_of(self._judge, path)
        is_fixed = self.kinds.get(kind, Treatment.FIX) is Treatment.FIX
        return "" if is_fixed else f"kinds.{kind.value}: only when asked for"

    def severity_of_rule(self, rule: Rule) -> Severity:
        """The severity of what the rule finds, unless a finding is rated lower."""
        return self._severities.get(rule.id, rule.severity)

    def severity_of(self, hit: Hit) -> Severity:
        """The severity that is shown: a finding that its rule rates lower stays as much lower."""
        chosen = self._severities.get(hit.rule.id)
        if chosen is None:
            return hit.severity
        return Severity(max(Severity.INFO, chosen - (hit.rule.severity - hit.severity)))

    def ignore_for(self, hit: Hit, today: date) -> Ignored | None:
        """What makes the finding stay as it is, if anything does; what has expired doesn't."""
        for ignore in self._ignores:
            if ignore.covers(hit) and not ignore.has_expired(today):
                return ignore.said
        for comment in self._inline(hit.path):
            if comment.covers(hit) and self._counts(comment):
                return Ignored(comment.path, comment.line, comment.reason)
        for mark in self._marks(hit.path):
            if mark.covers(hit) and self._was_there(mark):
                return Ignored(mark.path, mark.line, f"marked for another tool: `{mark.text}`")
        return None

    def problems(
        self, hits: Iterable[Hit], today: date, *, ran: Iterable[Rule], paths: Iterable[str]
    ) -> tuple[Problem, ...]:
        """What a report should say of the ignores: expired, without effect, or written so that they
        don't count. `hits` is all that `ran` found in `paths`, ignored findings included."""
        by_path: dict[str, list[Hit]] = {}
        for hit in hits:
            by_path.setdefault(hit.path, []).append(hit)
        names = {rule.id for rule in ran}
        scanned = sorted(set(paths))
        found = list(self._of_configuration(by_path, today, names, frozenset(scanned)))
        for path in scanned:
            for comment in self._inline(path):
                found += self._of_comment(comment, by_path.get(path, ()), names)
        return tuple(sorted(found, key=lambda one: (one.path, one.line, one.message)))

    def _of_configuration(
        self, hits: Mapping[str, Sequence[Hit]], today: date, ran: Collection[str], scanned: frozenset[str]
    ) -> Iterator[Problem]:
        for ignore in self._ignores:
            said = ignore.said
            covered = [
                path for path in self._repo.paths if ignore.files.match_file(path) and self.includes(path)
            ]
            if ignore.has_expired(today):
                yield Problem(said.path, said.line, f"the ignore of `{ignore.rule}` expired on {said.until}")
            elif not covered:
                yield Problem(
                    said.path, said.line, f"the ignore of `{ignore.rule}` names no file that is scanned"
                )
            elif ignore.rule in ran and scanned.issuperset(covered):
                near = (hit for path in covered for hit in hits.get(path, ()))
                if not any(map(ignore.covers, near)):
                    yield Problem(said.path, said.line, f"the ignore of `{ignore.rule}` matches no finding")

    def _of_comment(
        self, comment: InlineIgnore, hits: Sequence[Hit], ran: Collection[str]
    ) -> Iterator[Problem]:
        if comment.fault:
            yield Problem(comment.path, comment.line, f"this ignore {comment.fault}")
            return
        for name in comment.rules:
            if name not in self._rules:
                close = difflib.get_close_matches(name, self._rules, n=1)
                meant = f" (did you mean `{close[0]}`?)" if close else ""
                yield Problem(comment.path, comment.line, f"there is no rule `{name}`{meant}")
            elif name in ran and not any(comment.covers(hit) and hit.rule.id == name for hit in hits):
                yield Problem(comment.path, comment.line, f"this ignore of `{name}` matches no finding")
        if not self._counts(comment):
            words = "this ignore is new here: it counts once it is merged"
            yield Problem(comment.path, comment.line, words)

    def _inline(self, path: str) -> tuple[InlineIgnore, ...]:
        return self._repo.fact(inline_ignores, path) if path in self._repo else ()

    def _marks(self, path: str) -> tuple[Mark, ...]:
        return self._repo.fact(marks, path) if path in self._repo else ()

    def _was_there(self, mark: Mark) -> bool:
        if self._base is None:
            return True
        before = self._base.fact(marks, mark.path) if mark.path in self._base else ()
        return mark.text in {one.text for one in before}

    def _counts(self, comment: InlineIgnore) -> bool:
        if self._base is None:
            return True
        before = self._base.fact(inline_ignores, comment.path) if comment.path in self._base else ()
        return comment.words in {one.words for one in before}


def load(repo: Repository, rules: Iterable[Rule], base: Repository | None = None) -> Policy:
    """The policy of a repository; without a configuration, the defaults hold. Raises ConfigurationError.

    With `base`, what is being judged doesn't judge: the configuration is that of `base`, and a comment
    in `repo` counts only if its file has one with the same words there.
    """
    known = {rule.id: rule for rule in rules}
    document = _document(base or repo)
    configuration, options = validated(document, known.values()) if document else (Configuration(), {})
    settings = {name: _settled(configuration, rule) for name, rule in known.items()}
    threshold = configuration.threshold
    return Policy(
        path=document.path if document else "",
        threshold=Threshold(Severity[threshold.report.upper()], Severity[threshold.fail.upper()]),
        publishing=publishing(configuration),
        options=options,
        criticality=configuration.criticality or "",
        branches=configuration.branches,
        kinds={Kind(name): Treatment(said) for name, said in configuration.kinds.model_dump().items()},
        _switched_off=frozenset(name for name, (enabled, _) in settings.items() if not enabled),
        _severities={name: severity for name, (_, severity) in settings.items() if severity is not None},
        _include=GitIgnoreSpec.from_lines(configuration.paths.include),
        _exclude=GitIgnoreSpec.from_lines(configuration.paths.exclude),
        _ignores=tuple(_ignores(document, configuration)) if document else (),
        _rules=frozenset(known),
        _repo=repo,
        _base=base,
    )


def _document(repo: Repository) -> Document | None:
    present = [path for path in FILES if path in repo]
    if not present:
        return None
    if len(present) > 1:
        words = f"{present[1]} is there as well: keep one of them"
        raise ConfigurationError([Problem(present[0], 1, words)])
    try:
        return read_document(present[0], repo.read(present[0]))
    except Unreadable as error:
        raise ConfigurationError([Problem(present[0], error.line or 1, error.reason)]) from error


def _settled(configuration: Configuration, rule: Rule) -> tuple[bool, Severity | None]:
    """Whether the rule runs, and its severity: patterns in their order, then the rule's own entry."""
    enabled, severity = not rule.is_off, None
    matching = (name for name in configuration.rules if is_pattern(name) and fnmatchcase(rule.id, name))
    for name in (*matching, rule.id):
        said = configuration.rules.get(name)
        if said is not None and said.enabled is not None:
            enabled = said.enabled
        if said is not None and said.severity is not None:
            severity = Severity[said.severity.upper()]
    return enabled, severity


def _ignores(document: Document, configuration: Configuration) -> Iterator[_PathIgnore]:
    for number, ignore in enumerate(configuration.ignores):
        line = document.line_of(("ignores", number))
        said = Ignored(document.path, line, ignore.reason, ignore.owner, ignore.until)
        yield _PathIgnore(ignore.rule, GitIgnoreSpec.from_lines(ignore.paths), ignore.symbol, said)
