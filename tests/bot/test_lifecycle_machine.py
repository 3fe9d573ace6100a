"""The lifecycle over a real repository: whatever people do in between, the promises hold after each run."""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from lifecycle_checks import check, state_of
from lifecycle_people import ENDS, ON_PULL_REQUESTS, Act
from lifecycle_texts import CHANGES, One, Pick, first_files
from lifecycle_world import ASKED, SETTINGS, BrokenOff, FragileRecords, World
from real_git import own_home as own_home
from real_git import run as git_says

from bot.outcomes import Outcome


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="suture-machine-")).resolve()
        root = self.folder / "root"
        root.mkdir()
        git_says(root, "init", "-q", "-b", "main")
        self.world = World(root)

    def teardown(self) -> None:
        try:
            if self.world.last_base:
                self.check_run()
        finally:
            shutil.rmtree(self.folder)

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.world.write(first_files(_picking(data), self.world.fresh))
        self.world.configure("limits", self.world.settings["limits"])

    @rule(data=st.data())
    def turn(self, data: st.DataObject) -> None:
        """Somebody does something, and perhaps Suture runs: one rule, for the machine leaves out some."""
        pick = _picking(data)
        kinds = (
            *[self.edit] * 4,
            *[self.handle] * 3,
            *[self.end] * 3,
            self.settle,
            self.wait,
            self.break_off,
        )
        pick(kinds)(pick)
        if pick((True, False)):
            self.check_run()

    def edit(self, pick: Pick) -> None:
        change, files = pick(CHANGES), self.world.files()
        if any(path.endswith(".py") for path in files) or change is CHANGES[0]:
            note(change.__name__)
            change(files, pick, self.world.fresh)
            self.world.write(files, change.__name__)

    def handle(self, pick: Pick) -> None:
        self.somebody(ON_PULL_REQUESTS, pick)

    def end(self, pick: Pick) -> None:
        self.somebody(ENDS, pick)

    def somebody(self, acts: Sequence[Act], pick: Pick) -> None:
        found = self.world.open_records()
        if found:
            act, record = pick(acts), pick(found)
            note(f"{act.__name__} {record.branch}")
            act(self.world, record, pick)

    def settle(self, pick: Pick) -> None:
        """The repository is configured, or a run is asked for some rules."""
        if pick((True, True, False)):
            self.world.configure(*pick(SETTINGS))
        else:
            self.world.asked = pick(ASKED)

    def wait(self, pick: Pick) -> None:
        self.world.tomorrow()

    def break_off(self, pick: Pick) -> None:
        """A run that ends in its middle."""
        left, is_body_kept = pick(range(4)), pick((True, False))
        fragile = FragileRecords(self.world.records.folder, left, is_body_kept=is_body_kept)
        try:
            self.world.run(records=fragile)
        except BrokenOff:
            note("broken off")

    def check_run(self) -> None:
        world = self.world
        before = world.heads()
        ran = world.run()
        for step in ran.plan.steps:
            note(f"  {step.action.value} {step.branch} {step.reason} {told(step.outcomes)}")
        check(world, ran, before)
        world.remember(ran)
        after = state_of(world)
        again = world.run()
        assert state_of(world) == after, [
            (step.action, step.branch, step.reason) for step in again.plan.steps
        ]


def told(outcomes: Iterable[Outcome]) -> list[str]:
    places = ((f"{one.hit.path}:{one.hit.line} {one.hit.rule.id}", one) for one in outcomes)
    return [f"{place} {one.status.value} {one.detail}" for place, one in places]


def _picking(data: st.DataObject) -> Pick:
    def pick(some: Sequence[One]) -> One:
        return data.draw(st.sampled_from(list(some)))

    return pick


QUICK = settings(
    max_examples=15,
    stateful_step_count=16,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_promises_hold_whatever_people_do() -> None:
    run_state_machine_as_test(Lifecycle, settings=QUICK)


if __name__ == "__main__":
    thorough = settings(
        QUICK,
        derandomize=False,
        max_examples=int(sys.argv[1]),
        stateful_step_count=int(sys.argv[2]),
        phases=(Phase.generate, Phase.shrink),
        database=None,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Lifecycle, settings=thorough)
