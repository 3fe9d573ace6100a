"""What must still hold of a Terraform file once edits are made: a second parser, `fmt`, the data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fixers.rule import Check, Edit, Verdict
from fixers.terraform.source.data import Unloadable, as_text, data_of, intended
from fixers.terraform.source.fmt import is_clean

if TYPE_CHECKING:
    from fixers.terraform.source.file import TerraformFile


def verify(before: "TerraformFile | None", after: "TerraformFile", edits: Sequence[Edit]) -> Iterator[Check]:
    """`after` was parsed by tree-sitter already; python-hcl2 reads the blocks that differ."""
    yield _parses(before, after)
    yield _fmt(before, after)
    if before is not None:
        yield _data(before, after, edits)


def _parses(before: "TerraformFile | None", after: "TerraformFile") -> Check:
    try:
        data_of(after, _changed(after, before))
    except Unloadable as error:
        if before is not None and _is_unloadable(before, after):
            return Check("parses", Verdict.NOT_CHECKED, "python-hcl2 can't read the old text either")
        return Check("parses", Verdict.FAILED, str(error))
    return Check("parses", Verdict.PASSED, "tree-sitter and python-hcl2")


def _fmt(before: "TerraformFile | None", after: "TerraformFile") -> Check:
    if before is not None and not is_clean(before.text.content):
        return Check("fmt-clean", Verdict.NOT_CHECKED, "`terraform fmt` would have changed the old text")
    clean = is_clean(after.text.content)
    return Check("fmt-clean", Verdict.PASSED if clean else Verdict.FAILED, "indentation and alignment")


def _data(before: "TerraformFile", after: "TerraformFile", edits: Sequence[Edit]) -> Check:
    intents = [intent for edit in edits for intent in edit.intents]
    try:
        old = data_of(before, _changed(before, after))
    except Unloadable:
        return Check("data", Verdict.NOT_CHECKED, "python-hcl2 can't read the old text")
    try:
        same = as_text(intended(old, intents)) == as_text(data_of(after, _changed(after, before)))
    except (Unloadable, LookupError, TypeError, AttributeError, RecursionError) as error:
        return Check("data", Verdict.FAILED, str(error))
    if same:
        return Check("data", Verdict.PASSED, "as before but for what was meant")
    return Check("data", Verdict.FAILED, "differs by more than what was meant")


def _is_unloadable(file: "TerraformFile", other: "TerraformFile") -> bool:
    try:
        data_of(file, _changed(file, other))
    except Unloadable:
        return True
    return False


def _changed(file: "TerraformFile", other: "TerraformFile | None") -> frozenset[str]:
    """The texts of top-level blocks that one of the files has more often than the other."""
    mine, theirs = Counter(_texts(file)), Counter(_texts(other) if other else ())
    return frozenset(mine - theirs) | frozenset(theirs - mine)


def _texts(file: "TerraformFile") -> list[str]:
    content = file.text.content
    return [content[block.whole.start : block.whole.end] for block in file.blocks]
