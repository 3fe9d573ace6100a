"""What a person asks for against limits and old answers, and what a failed check says."""

from dataclasses import replace
from pathlib import Path

import pytest
from lifecycle_world import Ran, World
from real_git import own_home as own_home
from real_git import root as root

from bot.lifecycle import NOTHING_ASKED, Action, Asked, make_plan
from bot.outcomes import Status
from bot.published import State, key_in
from fixers.stitch import no_formatter

CLOSED = {"limits": {"open": 0, "after_first_merge": 0, "new_per_day": 0}}


@pytest.fixture
def world(root: Path) -> World:
    world = World(root, settings=dict(CLOSED))
    world.write({"app.py": "open(1)\n\n\n\nvars(1)\n"})
    world.configure("limits", CLOSED["limits"])
    return world


def waiting(ran: Ran) -> list[str]:
    return [step.branch for step in ran.plan.steps if step.action is Action.WITHHOLD]


def ask(world: World, *branches: str, next_one: bool = False) -> Ran:
    """One run in which a person asks for these, and no longer."""
    world.asked = Asked(campaigns=frozenset(map(key_in, branches)), next_one=next_one)
    ran = world.run()
    world.asked = NOTHING_ASKED
    return ran


def test_what_is_asked_for_opens_whatever_the_limits_say_and_nothing_else(world: World) -> None:
    first, second = waiting(world.run())
    ask(world, second)
    assert set(world.heads()) == {second}
    assert waiting(world.run()) == [first]
    assert set(world.heads()) == {second}, "it stays, though nobody asks any more"


def test_the_next_one_is_the_most_urgent(world: World) -> None:
    first, _ = waiting(world.run())
    ask(world, next_one=True)
    assert set(world.heads()) == {first}


def test_of_a_campaign_that_was_split_one_part_opens(world: World) -> None:
    world.write({f"m{number}.py": "open(1)\n" for number in range(4)})
    (whole,) = waiting(world.run())
    world.configure("size", {"safe": {"files": 1, "lines": 9}, "review": {"files": 1, "lines": 9}})
    assert len(waiting(world.run())) == 4
    ask(world, whole)
    assert len(world.heads()) == 1
    ask(world, whole)
    assert len(world.heads()) == 2


def test_asked_for_again_it_stands_against_the_old_no_until_the_next(world: World) -> None:
    _, branch = waiting(world.run())
    ask(world, branch)
    world.git("branch", "-D", branch)
    assert branch not in waiting(world.run())
    ask(world, branch)
    (again,) = world.heads()
    assert (again, key_in(again)) == (f"{branch}-2", key_in(branch))
    world.write({"app.py": "x = 1\n\n\nopen(1)\n\n\n\nvars(1)\n"})
    world.run()
    assert set(world.heads()) == {again}
    world.git("branch", "-D", again)
    assert not {branch, again} & {*waiting(world.run())}
    assert world.heads() == {}


def test_lines_of_another_one_are_waited_for_all_the_same(world: World) -> None:
    world.write({"app.py": "open(1)\nvars(1)\n"})
    first, second = waiting(world.run())
    ask(world, first)
    ran = ask(world, second)
    assert [step.reason for step in ran.plan.steps if step.branch == second] == [
        f"overlap: waits for {first}"
    ]


def test_what_a_check_failed_on_waits_until_it_changes_or_somebody_asks(world: World) -> None:
    (branch, other) = waiting(world.run())
    ask(world, branch)
    (record,) = world.open_records()
    world.records.write(replace(record, state=State.RED))
    world.git("branch", "-D", branch)
    ran = world.run()
    held = [one for one in ran.plan.outcomes if one.detail == f"{branch}: a check failed on it"]
    assert [one.status for one in held] == [Status.WITHHELD]
    assert waiting(ran) == [other]
    ask(world, branch)
    assert set(world.heads()) == {f"{branch}-2"}


def test_a_check_s_failure_does_not_hold_for_another_text(world: World) -> None:
    branch, _ = waiting(world.run())
    ask(world, branch)
    (record,) = world.open_records()
    world.records.write(replace(record, state=State.RED))
    world.git("branch", "-D", branch)
    world.write({"app.py": "open(2)\n\n\n\nvars(2)\n"})
    assert f"{branch}-2" in waiting(world.run())


def test_the_day_s_limit_counts_the_other_repositories_of_an_installation(world: World) -> None:
    limits = {"open": 9, "after_first_merge": 9, "new_per_day": 9, "installation_per_day": 3}
    world.configure("limits", limits)
    ran = world.run()
    assert len(world.heads()) == 2
    plan = make_plan(ran.examined, (), no_formatter, opened_elsewhere=2)
    words = "limits.installation_per_day: 3 opened today in all repositories"
    assert [(step.action, step.reason) for step in plan.steps] == [
        (Action.OPEN, ""),
        (Action.WITHHOLD, words),
    ]
