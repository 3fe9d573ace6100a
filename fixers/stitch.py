"""From findings to a proven set of changes: splice, reformat as the repository does, prove, drop out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from fixers.engine import FileChange, Hit, Options, Overlap, apply, compatible, text_of
from fixers.proof import Proof, prove
from fixers.repository import Repository
from fixers.rule import Check, Edit, Rule, Span, Verdict
from fixers.text import Unreadable


@dataclass(frozen=True, slots=True)
class Formatted:
    """What the repository's own formatter makes of a file; `data` is None where it couldn't be run.

    `name` is empty where the repository has none for files of this kind.
    """

    name: str
    data: bytes | None = None
    reason: str = ""


Formatter = Callable[[Repository, str, bytes], Formatted | None]
"""Repository, path and bytes to what its formatter says; None where the question doesn't arise."""


NOTHING_PROVEN = Proof(())


@dataclass(frozen=True, slots=True)
class Stitch:
    """A set of changes that was proven as a whole, and what had to stay out of it and why."""

    hits: tuple[Hit, ...] = ()
    changes: tuple[FileChange, ...] = ()
    proof: Proof = NOTHING_PROVEN
    waiting: tuple[Hit, ...] = ()
    failed: tuple[tuple[Hit, Check], ...] = ()


def no_formatter(repo: Repository, path: str, data: bytes) -> None:
    """Nothing is known of how the repository formats its files."""


def stitch(
    repo: Repository,
    hits: Sequence[Hit],
    rules: Sequence[Rule],
    *,
    options: Options | None = None,
    formatter: Formatter = no_formatter,
) -> Stitch:
    """Fix `hits` together. What breaks the proof drops out, and the rest is proven again.

    Hits whose edits collide with an earlier one's are `waiting`: the next run takes them.
    """

    def attempt(some: Sequence[Hit]) -> Stitch:
        return _attempt(repo, some, rules, options or {}, formatter)

    taken, waiting = compatible(hits)
    failed: list[tuple[Hit, Check]] = []
    whole = attempt(taken)
    if whole.proof.failure:
        sound: list[Hit] = []
        for hit in taken:
            failure = attempt([hit]).proof.failure
            if failure:
                failed.append((hit, failure))
            else:
                sound.append(hit)
        whole = attempt(sound)
        if whole.proof.failure:
            whole, late = _one_by_one(sound, attempt)
            failed += late
    return replace(whole, waiting=tuple(waiting), failed=tuple(failed))


def _one_by_one(
    hits: Sequence[Hit], attempt: Callable[[Sequence[Hit]], Stitch]
) -> tuple[Stitch, list[tuple[Hit, Check]]]:
    """Fixes that hold alone but not together: each joins those before it only if all still hold."""
    whole, failed = Stitch(), []
    for hit in hits:
        together = attempt([*whole.hits, hit])
        if together.proof.failure:
            failed.append((hit, together.proof.failure))
        else:
            whole = together
    return whole, failed


def _attempt(
    repo: Repository, hits: Sequence[Hit], rules: Sequence[Rule], options: Options, formatter: Formatter
) -> Stitch:
    if not hits:
        return Stitch()
    try:
        spliced = apply(repo, hits)
    except (Overlap, Unreadable, UnicodeEncodeError) as error:
        return Stitch(tuple(hits), (), Proof((Check("applies", Verdict.FAILED, str(error)),)))
    changes, checks = [], []
    for change in spliced:
        formatted, check = _as_formatted(repo, change, formatter)
        changes.append(formatted)
        checks += [check] if check else []
    proof = prove(repo, hits, changes, rules, options, checks)
    return Stitch(tuple(hits), tuple(changes), proof)


def _as_formatted(
    repo: Repository, change: FileChange, formatter: Formatter
) -> tuple[FileChange, Check | None]:
    """Leave the file as content with the repository's formatter as it was before.

    Where the whole file was clean, the formatter's answer to the new text differs only around the
    edits, so it is the edit: a line that grew too long is wrapped as the author's tools would.
    """
    new = formatter(repo, change.path, change.after)
    if new is None:
        return change, None
    if new.data is None:
        detail = f"{new.name}: {new.reason}" if new.name else new.reason
        return change, Check("formatter", Verdict.NOT_CHECKED, detail)
    old = None if change.before is None else formatter(repo, change.path, change.before)
    if old is not None and old.data != change.before:
        reason = f"`{change.path}` wasn't clean under {new.name} before"
        return change, Check("formatter", Verdict.NOT_CHECKED, reason)
    if new.data != change.after:
        edits = () if change.before is None else _line_edits(change, new.data)
        change = replace(change, after=new.data, edits=edits)
    settled = formatter(repo, change.path, change.after)
    clean = settled is not None and settled.data == change.after
    return change, Check("formatter", Verdict.PASSED if clean else Verdict.FAILED, f"{new.name} is content")


def _line_edits(change: FileChange, after: bytes) -> tuple[Edit, ...]:
    """The edits that lead from the old text to the formatted new one, by lines; intents stay."""
    assert change.before is not None
    old, new = text_of(change.path, change.before), text_of(change.path, after)
    old_lines = old.content.splitlines(keepends=True)
    new_lines = new.content.splitlines(keepends=True)
    starts = [0]
    for line in old_lines:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    edits = [
        Edit(Span(starts[a], starts[b]), "".join(new_lines[c:d]), change.path)
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    intents = tuple(intent for edit in change.edits for intent in edit.intents)
    return (replace(edits[0], intents=intents), *edits[1:]) if edits else ()
