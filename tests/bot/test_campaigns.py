"""Findings gathered into campaigns, by keys that stay the same while the repository moves on."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_campaigns import made
from made_rules import NoFile, made_hit, made_rule
from real_git import own_home
from rules_on_calls import QUIET, REVIEW, SAFE, examined

from bot.campaigns import Group, Key, gather, key_of, keys_of, travels_alone
from bot.lifecycle import NOTHING_ASKED, Asked, make_plan
from bot.outcomes import Outcome, Status
from bot.policy.publishing import Gathering
from fixers import all_rules
from fixers.repository import Repository
from fixers.rule import Rule, Safety, Severity, Threat
from fixers.stitch import no_formatter

__all__ = ["own_home"]


class Manifest(NoFile):
    language: ClassVar[str] = "kubernetes"


ONE, TWO = made_rule("python/one"), made_rule("python/two")
OTHER_THREAT = replace(made_rule("python/other"), threat=Threat.EXPOSED_SECRET)
OTHER_LANGUAGE = replace(made_rule("kubernetes/other"), file_type=Manifest)  # type: ignore[arg-type]
SAFE_ONE = replace(made_rule("python/safe"), safety=Safety.SAFE)
REPLACING = replace(made_rule("python/replacing"), replaces=True)
ADDING = replace(made_rule("python/adding"), adds_package=True)
BEFORE = replace(made_rule("python/before"), before_deploy=True)
REPO = Repository.of({"svc/requirements.txt": b"", "svc/deep/Dockerfile": b"", "a.py": b""})
WHOLE, BY_RULE, BY_FOLDER = Gathering(), Gathering(by_rule=True), Gathering(by_folder=True)


def found(rule: Rule, path: str, symbol: str = "", number: int = 1) -> Outcome:
    hit = replace(made_hit(rule, path, number, symbol=symbol), fingerprint=f"{rule.id} {path} {number}")
    return Outcome(hit, rule.severity, Status.FIXABLE)


def key(outcome: Outcome, gathering: Gathering = WHOLE) -> Key:
    return key_of(outcome, REPO, gathering)


# --- keys ---


@pytest.mark.parametrize(
    ("one", "two", "gathering", "is_same"),
    [
        (found(ONE, "svc/a.py"), found(TWO, "svc/lib/b.py", "f"), WHOLE, True),
        (found(ONE, "svc/a.py"), found(OTHER_THREAT, "svc/a.py"), WHOLE, False),
        (found(ONE, "svc/a.py"), found(OTHER_LANGUAGE, "svc/a.py"), WHOLE, False),
        (found(ONE, "svc/a.py"), found(SAFE_ONE, "svc/a.py"), WHOLE, False),
        (found(ONE, "svc/a.py"), found(ONE, "svc/deep/a.py"), WHOLE, False),
        (found(ONE, "svc/a.py"), found(ONE, "a.py"), WHOLE, False),
        (found(ONE, "svc/a.py"), found(TWO, "svc/a.py"), BY_RULE, False),
        (found(ONE, "svc/a.py"), found(ONE, "svc/lib/a.py"), BY_RULE, True),
        (found(ONE, "svc/a.py"), found(TWO, "svc/b.py"), BY_FOLDER, True),
        (found(ONE, "svc/a.py"), found(ONE, "svc/lib/a.py"), BY_FOLDER, False),
        (found(ADDING, "svc/a.py"), found(ADDING, "svc/lib/b.py"), WHOLE, True),
        (found(ADDING, "svc/a.py"), found(ONE, "svc/a.py"), WHOLE, False),
        (found(BEFORE, "svc/a.py"), found(BEFORE, "svc/b.py"), WHOLE, True),
        (found(BEFORE, "svc/a.py"), found(ADDING, "svc/a.py"), WHOLE, False),
        (found(REPLACING, "svc/a.py", "r.a"), found(REPLACING, "svc/a.py", "r.a", 7), WHOLE, True),
        (found(REPLACING, "svc/a.py", "r.a"), found(REPLACING, "svc/a.py", "r.b"), WHOLE, False),
        (found(REPLACING, "svc/a.py", "r.a"), found(REPLACING, "svc/b.py", "r.a"), WHOLE, False),
        (found(REPLACING, "svc/a.py", "r.a"), found(REPLACING, "svc/a.py", "r.b"), BY_RULE, False),
    ],
)
def test_what_goes_together(one: Outcome, two: Outcome, gathering: Gathering, is_same: bool) -> None:
    assert (key(one, gathering) == key(two, gathering)) is is_same
    assert (key(one, gathering).branch == key(two, gathering).branch) is is_same


def test_a_finding_that_is_less_safe_than_its_rule_goes_with_its_like() -> None:
    safe = found(SAFE_ONE, "a.py")
    timid = replace(safe, hit=replace(safe.hit, finding=replace(safe.hit.finding, safety=Safety.REVIEW)))
    assert (key(safe).safety, key(timid).safety) == (Safety.SAFE, Safety.REVIEW)


def test_what_travels_alone_keeps_its_key_whatever_is_gathered() -> None:
    assert key(found(ADDING, "svc/a.py")) == key(found(ADDING, "svc/a.py"), BY_RULE)
    assert [travels_alone(rule) for rule in (ONE, REPLACING, ADDING, BEFORE)] == [False, True, True, True]


def test_parts_and_names_are_told_apart() -> None:
    """Whatever a person calls a folder: each of these keys is another."""
    base = Key(Threat.UNSAFE_OUTPUT, "python", Safety.REVIEW, "")
    keys = [
        base,
        replace(base, component="a"),
        replace(base, alone=("a",)),
        base.narrowed("a"),
        base.narrowed("a").narrowed("0"),
        base.narrowed("a").narrowed(".").narrowed("0"),
        base.narrowed("a0"),
        replace(base, alone=("a", "0")),
        replace(base, alone=("a",), parts=("0",)),
    ]
    assert len({one.digest for one in keys}) == len(keys)


# --- gathering ---


def groups(
    outcomes: Sequence[Outcome],
    files: int,
    gathering: Gathering = WHOLE,
    taken: Iterable[Outcome] = (),
    open_keys: Iterable[Key] = (),
) -> list[Group]:
    """What is gathered where a pull request may have so many files."""
    return list(
        gather(
            outcomes,
            lambda outcome: key(outcome, gathering),
            lambda some: len({one.hit.path for one in some}) <= files,
            taken=frozenset(one.hit.fingerprint for one in taken),
            open_keys=frozenset(one.digest for one in open_keys),
        )
    )


def shown(made: Iterable[Group]) -> list[tuple[tuple[str, ...], list[str]]]:
    return sorted((group.key.parts, [one.hit.path for one in group.outcomes]) for group in made)


ONE_ID, TWO_ID = ONE.id, TWO.id


@pytest.mark.parametrize(
    ("outcomes", "files", "expected"),
    [
        ([], 1, []),
        ([found(ONE, "svc/a.py"), found(TWO, "svc/b.py")], 2, [((), ["svc/a.py", "svc/b.py"])]),
        (
            [found(ONE, "svc/a.py"), found(TWO, "svc/b.py")],
            1,
            [((ONE_ID,), ["svc/a.py"]), ((TWO_ID,), ["svc/b.py"])],
        ),
        (
            [
                found(ONE, "svc/x/a.py"),
                found(ONE, "svc/x/b.py"),
                found(ONE, "svc/c.py"),
                found(TWO, "svc/d.py"),
            ],
            2,
            [
                ((ONE_ID, "."), ["svc/c.py"]),
                ((ONE_ID, "x"), ["svc/x/a.py", "svc/x/b.py"]),
                ((TWO_ID,), ["svc/d.py"]),
            ],
        ),
        (
            [found(ONE, "svc/x/y/a.py"), found(ONE, "svc/x/z/b.py"), found(ONE, "svc/x/z/c.py")],
            2,
            [
                ((ONE_ID, "x", "y"), ["svc/x/y/a.py"]),
                ((ONE_ID, "x", "z"), ["svc/x/z/b.py", "svc/x/z/c.py"]),
            ],
        ),
    ],
    ids=["nothing", "fits", "by rule", "by folder", "by the folder below"],
)
def test_what_does_not_fit_is_split(
    outcomes: list[Outcome], files: int, expected: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    assert shown(groups(outcomes, files)) == expected


def test_the_files_of_one_folder_are_halved_until_they_fit() -> None:
    outcomes = [found(ONE, f"svc/{number}.py") for number in range(64)]
    made = groups(outcomes, 3)
    assert all(len(group.outcomes) <= 3 for group in made)
    assert all(group.key.parts[:2] == (ONE_ID, ".") for group in made)
    assert {one.hit.path for group in made for one in group.outcomes} == {one.hit.path for one in outcomes}


def test_what_cannot_be_split_stays_whole() -> None:
    outcomes = [found(ONE, "svc/a.py", number=number) for number in range(9)]
    (group,) = gather(outcomes, key, lambda some: False, taken=frozenset(), open_keys=frozenset())
    assert group.outcomes == tuple(outcomes)


PATHS = st.lists(st.sampled_from(["svc", "x", "y", ".x", "0", "1", "a b"]), max_size=4).flatmap(
    lambda folders: st.integers(0, 9).map(lambda number: "/".join(("svc", *folders, f"{number}.py")))
)
FOUND = st.lists(
    st.builds(found, st.sampled_from([ONE, TWO, SAFE_ONE, ADDING, REPLACING]), PATHS),
    max_size=25,
    unique_by=lambda one: one.hit.fingerprint,
)


@given(FOUND, st.integers(1, 4), st.sampled_from([WHOLE, BY_RULE, BY_FOLDER]), st.data())
def test_every_finding_is_in_one_group(
    outcomes: list[Outcome], files: int, gathering: Gathering, data: st.DataObject
) -> None:
    some = st.lists(st.sampled_from(outcomes), max_size=5) if outcomes else st.just([])
    taken, asked = data.draw(some), data.draw(some)
    open_keys = [made.key for made in groups(asked, 1, gathering)]
    made = groups(outcomes, files, gathering, taken, open_keys)
    gathered = [one.hit.fingerprint for group in made for one in group.outcomes]
    left = {one.hit.fingerprint for one in outcomes} - {one.hit.fingerprint for one in taken}
    assert sorted(gathered) == sorted(left)
    assert len({group.key.digest for group in made}) == len(made)
    for group in made:
        names = {group.key.digest}
        assert all(names <= keys_of(one, key(one, gathering)) for one in group.outcomes)
        paths = {one.hit.path for one in group.outcomes}
        assert len(paths) <= files or names & {one.digest for one in open_keys}


@given(FOUND, st.integers(1, 4))
def test_the_order_in_which_findings_come_means_nothing(outcomes: list[Outcome], files: int) -> None:
    assert [group.key for group in groups(outcomes, files)] == [
        group.key for group in groups(outcomes[::-1], files)
    ]


@given(FOUND, st.integers(1, 3), st.integers(0, 9))
def test_a_file_in_another_folder_changes_no_other_key(
    outcomes: list[Outcome], files: int, number: int
) -> None:
    """Where a campaign is split: one that was whole until then is split by it, unless it is open."""
    before = groups(outcomes, files)
    after = groups([*outcomes, found(ONE, f"svc/new/{number}.py")], files)
    was = {one.hit.fingerprint: group.key for group in before for one in group.outcomes}
    now = {one.hit.fingerprint: group.key for group in after for one in group.outcomes}
    changed = {was[name] for name in was if was[name] != now[name]}
    assert all(len(old.parts) <= 1 for old in changed), "what is split by folder stays as it is"
    kept = groups([*outcomes, found(ONE, f"svc/new/{number}.py")], files, open_keys=set(was.values()))
    still = {one.hit.fingerprint: group.key for group in kept for one in group.outcomes}
    assert all(still[name] == was[name] for name in was), "what is open stays as it is"


def test_what_is_open_gets_what_belongs_to_it_whether_it_fits_or_not() -> None:
    outcomes = [found(ONE, f"svc/{number}.py") for number in range(5)]
    whole = key(outcomes[0])
    assert shown(groups(outcomes, 2, taken=outcomes[:2], open_keys=[whole])) == [
        ((), ["svc/2.py", "svc/3.py", "svc/4.py"])
    ]


def test_no_whole_is_made_while_a_part_is_open() -> None:
    outcomes = [found(ONE, "svc/a.py"), found(TWO, "svc/b.py"), found(ONE, "svc/x/c.py")]
    part = key(outcomes[0]).narrowed(ONE_ID).narrowed("x")
    assert shown(groups(outcomes, 9, open_keys=[part])) == [
        ((ONE_ID, "."), ["svc/a.py"]),
        ((ONE_ID, "x"), ["svc/x/c.py"]),
        ((TWO_ID,), ["svc/b.py"]),
    ]
    assert shown(groups(outcomes[:2], 9, open_keys=[part])) == [((), ["svc/a.py", "svc/b.py"])]


def test_what_is_taken_still_holds_its_part() -> None:
    """The part's only finding is in its pull request; the rest doesn't become the whole."""
    outcomes = [found(ONE, "svc/x/a.py"), found(ONE, "svc/b.py")]
    part = key(outcomes[0]).narrowed(ONE_ID).narrowed("x")
    assert shown(groups(outcomes, 9, taken=outcomes[:1], open_keys=[part])) == [((ONE_ID, "."), ["svc/b.py"])]


# --- branches ---

HOSTILE = (
    *("$(id)/`id`.py", "refs/heads/main.lock", "-x/--exec=id.py", "a..b/@{0}.py", "a b/c\td.py"),
    *(
        "line\nend.py",
        "q'\"uote.py",
        "dot./x.py",
        "~^:?*[\\.py",
        "\u202egnp.py",
        "模型/ü.py",
        "\udcff/\udc80.py",
    ),
    *(
        "con/aux.py",
        "HEAD",
        "suture/x.py",
        "a" * 250 + "/x.py",
        ".hidden/.py",
        "x;id|id&&id.py",
        "${{ x }}.py",
    ),
)
BRANCH = re.compile(r"suture/([a-z]+(?:-[a-z]+)*)/([a-z0-9-]+)-[0-9a-f]{10}")


def _down(outcome: Outcome, gathering: Gathering) -> Iterator[Key]:
    """A finding's key, and what it is narrowed to."""
    one = key(outcome, gathering)
    for part in (outcome.hit.rule.id, ".", "0"):
        yield one
        one = one.narrowed(part)


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
@pytest.mark.parametrize("rule", [ONE, REPLACING, ADDING, SAFE_ONE], ids=lambda rule: rule.id)
@pytest.mark.parametrize("gathering", [WHOLE, BY_RULE, BY_FOLDER])
def test_no_word_of_the_repository_is_in_a_branch(path: str, rule: Rule, gathering: Gathering) -> None:
    outcome = found(rule, path, symbol=path)
    plain = found(rule, "a.py", symbol="a")
    names, plains = ([one.branch for one in _down(some, gathering)] for some in (outcome, plain))
    assert all(BRANCH.fullmatch(name) for name in names)
    words = [[name.rsplit("-", 1)[0] for name in some] for some in (names, plains)]
    assert words[0] == words[1]
    assert len(keys_of(outcome, key(outcome, gathering))) >= 14


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_branches_of_all_rules_are_names_that_git_takes_and_no_folders_of_each_other(rule: Rule) -> None:
    outcome = found(rule, "svc/a.py", "f")
    one, two = key(outcome), key(outcome).narrowed(rule.id)
    for name in (one.branch, two.branch, f"{one.branch}-2"):
        assert name.count("/") == 2
        command = ["git", "check-ref-format", "--branch", name]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert BRANCH.fullmatch(one.branch)


# --- campaigns ---


def test_a_campaign_knows_its_worst_and_its_size() -> None:
    campaign, _, _ = made({"a.py": "open(1)\nx = 1\nprint(1)\n", "b.py": "open(1)\n"}, (SAFE, REVIEW))
    assert (campaign.severity, campaign.safety) == (Severity.HIGH, Safety.REVIEW)
    assert [rule.id for rule in campaign.rules] == [SAFE.id, REVIEW.id]
    assert (campaign.size.files, campaign.size.lines) == (2, 6)
    assert len(campaign.fixed) == 3


def test_content_is_about_findings_and_options_alone() -> None:
    one, found_one, _ = made({"a.py": "print(1)\n"}, (REVIEW,))
    moved, _, _ = made({"a.py": "\n\nprint( 1 )\n"}, (REVIEW,))
    more, _, _ = made({"a.py": "print(1)\nprint(2)\n"}, (REVIEW,))
    options = found_one.policy.options
    assert one.content(options) == moved.content(options)
    assert one.content(options) != more.content(options)
    assert one.content(options) != one.content({REVIEW.id: 7})
    assert one.content(options) == one.content({"python/another": 7})


SIZES = (
    "size: {safe: {files: 3, lines: 8}, review: {files: 2, lines: 60}}\nlimits: {open: 50, new_per_day: 50}\n"
)


@pytest.mark.parametrize("asked", [NOTHING_ASKED, Asked(frozenset({QUIET.id, REVIEW.id}))])
def test_no_pull_request_is_larger_than_the_policy_says(asked: Asked) -> None:
    files = {f"pkg/{name}.py": "open(1)\nprint(1)\n" for name in "abcdefghij"}
    files |= {f"pkg/deep/{name}.py": "open(1)\n" for name in "abc"}
    files["pkg/long.py"] = "open(1)\n" * 9
    plan = make_plan(
        examined({**files, ".suture.yml": SIZES}, (SAFE, REVIEW, QUIET)), [], no_formatter, asked
    )
    sizes = [(step.campaign.size, step.campaign) for step in plan.steps if step.campaign]
    assert len(sizes) > 4
    most = {Safety.SAFE: (3, 8), Safety.REVIEW: (2, 60)}
    too_large = [one for size, one in sizes if (size.files, size.lines) > most[one.safety]]
    too_large += [one for size, one in sizes if size.lines > most[one.safety][1]]
    assert {change.path for one in too_large for change in one.changes} <= {"pkg/long.py"}
