"""What the machine found, each as the shortest story that tells it."""

from dataclasses import replace
from pathlib import Path

import pytest
from lifecycle_world import BrokenOff, FragileRecords, Ran, World
from real_git import own_home as own_home
from real_git import root as root

from bot import git
from bot.lifecycle import Action
from bot.outcomes import Status
from bot.published import State

ROOMY = {"limits": {"open": 9, "after_first_merge": 9, "new_per_day": 9}}
SPACED = "open(1)\n\n\n\nx = 1\n"


@pytest.fixture
def world(root: Path) -> World:
    world = World(root, settings=dict(ROOMY))
    world.write({"app.py": SPACED})
    world.configure("limits", ROOMY["limits"])
    return world


def steps(ran: Ran) -> list[tuple[Action, str]]:
    return [(step.action, step.reason) for step in ran.plan.steps]


def opened(world: World) -> str:
    world.run()
    (branch,) = world.heads()
    return branch


def merge_squashed(world: World, branch: str) -> None:
    world.git("merge", "-q", "--squash", branch)
    world.commit("squashed")


def test_what_waits_for_another_pull_request_still_waits_in_the_next_run(world: World) -> None:
    world.write({"app.py": "vars(1)\nopen(1)\n", "tool.py": "vars(1)\n"})
    first = world.run()
    heads = world.heads()
    again = world.run()
    assert {outcome.status for outcome in again.plan.outcomes} == {Status.FIXED, Status.WITHHELD}
    assert [o.detail for o in again.plan.outcomes] == [o.detail for o in first.plan.outcomes]
    assert world.heads() == heads


def test_lines_of_a_branch_that_a_person_took_over_are_kept_for_it(world: World) -> None:
    branch = opened(world)
    world.git("checkout", "-q", branch)
    world.commit("mine")
    world.git("checkout", "-q", "main")
    world.write({"app.py": SPACED.replace("open(1)\n", "open(1)\nvars(1)\n")})
    ran = world.run()
    assert (Action.WITHHOLD, f"overlap: waits for {branch}") in steps(ran)


def test_branch_from_which_a_person_took_a_commit_is_theirs(world: World) -> None:
    world.write({"app.py": "open(1)\n\n\n\nabs(1)\n"})
    branch = opened(world)
    shorter = world.git("rev-parse", f"{branch}~1")
    world.git("update-ref", f"refs/heads/{branch}", shorter)
    assert steps(world.run()) == [(Action.KEEP, "a person has pushed to it")]
    assert world.heads() == {branch: shorter}


@pytest.mark.parametrize("later", [False, True])
def test_squash_beside_other_changes_of_the_file_is_a_merge(world: World, later: bool) -> None:
    branch = opened(world)
    world.write({"app.py": SPACED.replace("x = 1", "x = 2")})
    merge_squashed(world, branch)
    git.delete_branch(world.root, branch, world.heads()[branch])
    if later:
        world.write({"app.py": "open(2, fixed=True)\n"})
    world.run()
    assert [record.state for record in world.records] == [State.MERGED]


def test_branch_that_a_person_amended_and_merged_is_merged(world: World) -> None:
    branch = opened(world)
    world.git("checkout", "-q", branch)
    world.write({"app.py": "open(1, fixed=True, mine=True)\n"})
    world.git("reset", "-q", "--soft", "HEAD~2")
    world.commit("ours and mine")
    world.git("checkout", "-q", "main")
    world.git("merge", "-q", "--ff-only", branch)
    world.run()
    assert [record.state for record in world.records] == [State.MERGED]


@pytest.mark.parametrize("is_body_kept", [False, True])
def test_branch_that_a_run_left_when_it_broke_off_is_finished(world: World, is_body_kept: bool) -> None:
    fragile = FragileRecords(world.records.folder, 0, is_body_kept=is_body_kept)
    with pytest.raises(BrokenOff):
        world.run(records=fragile)
    before = world.heads()
    assert steps(world.run()) == [(Action.UPDATE, "the run that made it broke off")]
    assert world.heads() == before
    assert [record.branch for record in world.records] == list(before)
    assert steps(world.run()) == [(Action.KEEP, "nothing changed")]


def test_branch_that_a_run_left_is_taken_away_once_nothing_is_to_fix(world: World) -> None:
    with pytest.raises(BrokenOff):
        world.run(records=FragileRecords(world.records.folder, 0, is_body_kept=False))
    world.write({"app.py": "x = 1\n"})
    assert steps(world.run()) == [(Action.CLOSE, "nothing is left to fix")]
    assert not world.heads()


def test_update_that_broke_off_is_finished(world: World) -> None:
    branch = opened(world)
    world.write({"app.py": f"import this\n{SPACED}"})
    with pytest.raises(BrokenOff):
        world.run(records=FragileRecords(world.records.folder, 0, is_body_kept=False))
    assert steps(world.run()) == [(Action.UPDATE, "the run that made it broke off")]
    assert world.heads()[branch] in world.records.body(branch)


def test_new_branch_takes_no_name_of_one_that_has_a_record(world: World) -> None:
    branch = opened(world)
    for _ in range(2):
        world.write({"app.py": "x = 1\n"})
        world.run()
        world.write({"app.py": SPACED})
        world.run()
    assert {record.branch for record in world.records} == {branch, f"{branch}-2", f"{branch}-3"}
    world.records.path_of_body(branch).with_suffix(".json").unlink()
    (still_open,) = world.open_records()
    world.rewrite(replace(still_open, state=State.DONE))
    git.delete_branch(world.root, still_open.branch, world.heads()[still_open.branch])
    world.run()
    assert set(world.heads()) == {branch}


def test_finding_that_seems_to_have_moved_waits_for_lines_of_another(world: World) -> None:
    load = "def load():\n    {}\n"
    world.write({"app.py": load.format("open(1)"), "lib/tool.py": load.format("open(1)\n    vars(1)")})
    world.configure("size", {"safe": {"files": 1, "lines": 9}})
    first = world.run()
    assert [o.detail.partition(":")[0] for o in first.plan.outcomes if o.status is Status.WITHHELD] == [
        "overlap"
    ]
    world.write({"lib/tool.py": load.format("open(1)\n    vars(1)")})
    again = world.run()
    assert sum(outcome.status is Status.FIXED for outcome in again.plan.outcomes) == 1


def test_branch_that_is_finished_counts_as_opened_on_that_day(world: World) -> None:
    world.write({"app.py": SPACED, "lib/requirements.txt": "x\n", "lib/tool.py": SPACED})
    world.configure("limits", {"open": 9, "new_per_day": 1})
    with pytest.raises(BrokenOff):
        world.run(records=FragileRecords(world.records.folder, 0, is_body_kept=False))
    world.run()
    assert len(world.heads()) == 1


def test_no_to_a_file_that_is_gone_is_none_to_all_that_is_called_alike(world: World) -> None:
    main = "def main():\n    open({})\n"
    units = {"a/requirements.txt": "x\n", "b/requirements.txt": "x\n"}
    world.write({**units, "a/old.py": main.format(1), "b/other.py": main.format(2)})
    world.run()
    closed = next(one.branch for one in world.records if "a/old.py" in world.records.body(one.branch))
    git.delete_branch(world.root, closed, world.heads()[closed])
    world.write({**units, "b/other.py": main.format(2), "c/third.py": main.format(3)})
    ran = world.run()
    assert {outcome.status for outcome in ran.plan.outcomes} == {Status.FIXED}
    world.write({**units, "a/new.py": main.format(1), "b/other.py": main.format(2)})
    again = world.run()
    assert [outcome.status for outcome in again.plan.outcomes] == [Status.IGNORED, Status.FIXED]
