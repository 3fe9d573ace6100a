"""Whoever runs it, and in whatever order things come: the same branches and bodies, to the byte."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import lifecycle_world
import pytest
from command_line import child
from lifecycle_checks import state_of
from lifecycle_texts import Files, One, add_call, add_file, add_function, first_files
from lifecycle_world import RULES, World
from real_git import own_home as own_home
from real_git import run as git_says

from bot import demo
from bot.snapshot import Snapshot, snapshot_of

ANYTHING = {"limits": {"open": 50, "new_per_day": 50}, "open": {"rules": ["python/*"]}}
DAY = re.compile(rb"\d{4}-\d{2}-\d{2}")
"""What differs if midnight comes in between."""
State = tuple[dict[str, str], dict[str, bytes]]


def clone(source: Path, folder: Path) -> World:
    git_says(folder.parent, "clone", "-q", "--no-local", str(source), str(folder))
    git_says(folder, "remote", "remove", "origin")
    return World(folder)


def many_files(seed: int) -> Files:
    chance = random.Random(seed)
    numbers = iter(range(1_000))

    def pick(some: Sequence[One]) -> One:
        return chance.choice(list(some))

    def fresh() -> int:
        return next(numbers)

    files = first_files(pick, fresh)
    for change in [add_file, add_function, add_call] * 12:
        change(files, pick, fresh)
    return files


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository in which working rules find much."""
    root = tmp_path / "source"
    root.mkdir()
    git_says(root, "init", "-q", "-b", "main")
    world = World(root, settings=dict(ANYTHING))
    world.write(many_files(7))
    world.configure("limits", ANYTHING["limits"])
    return root


def shuffled(seed: int) -> Callable[[Path, str | None], Snapshot]:
    """Snapshots whose files come in another order."""

    def taken(path: Path, revision: str | None = None) -> Snapshot:
        snapshot = snapshot_of(path, revision)
        some = list(snapshot.paths)
        random.Random(seed).shuffle(some)
        return replace(snapshot, paths=tuple(some), scope=tuple(some))

    return taken


def test_order_of_files_and_rules_changes_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = clone(source, tmp_path / "plain")
    plain.run()
    assert len(plain.heads()) > 3
    for seed in range(3):
        monkeypatch.setattr(lifecycle_world, "snapshot_of", shuffled(seed))
        other = clone(source, tmp_path / f"other-{seed}")
        rules = list(RULES)
        random.Random(seed).shuffle(rules)
        other.run(rules)
        assert state_of(other) == state_of(plain)


def test_order_of_records_and_files_on_disk_changes_nothing(source: Path, tmp_path: Path) -> None:
    """Two machines on which the same happens at the same time stay equal, whatever is on their disks."""
    one, two = clone(source, tmp_path / "one"), clone(source, tmp_path / "two")
    for round_ in range(3):
        files = many_files(round_)
        for world, paths in ((one, sorted(files)), (two, sorted(files, reverse=True))):
            commit_at_noon(world, {path: files[path] for path in paths})
            world.run()
            world.tomorrow()
        git_says(two.root, "gc", "-q", "--prune=now")
        assert state_of(one) == state_of(two)


def commit_at_noon(world: World, files: Files) -> None:
    """The same commit on every machine, at every time of the day."""
    world.write(files)
    times = ("-c", "user.name=A", "commit", "-q", "--amend", "--no-edit", "--reset-author")
    with pytest.MonkeyPatch.context() as patch:
        for who in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{who}_DATE", "1767225600 +0000")
        world.git(*times, "--allow-empty")


def test_hash_seed_and_place_change_nothing(tmp_path: Path) -> None:
    """The whole command, with the real rules, in three places and with three orders of sets."""
    found: list[State] = []
    with demo.repository() as root:
        for seed in ("0", "1", "4711"):
            world = clone(root, tmp_path / f"clone-{seed}")
            folder = tmp_path / f"bodies-{seed}"
            for _ in range(2):
                answer = child(
                    *("fix", "--branches", "--most", "9", "--folder", folder, world.root), PYTHONHASHSEED=seed
                )
                assert answer.returncode == 0, answer.stderr
            bodies = {path.name: DAY.sub(b"a day", path.read_bytes()) for path in folder.iterdir()}
            found.append((world.heads(), bodies))
    assert len(found[0][0]) > 3
    assert found[0] == found[1] == found[2]
