"""Who wrote the lines that a pull request is about: told where GitHub tells it, and never in the way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from emulator import faults
from emulator.world import GitHub
from story import CORS, LOAD, NAME

from bot.campaigns import Campaign
from bot.forge import Blobs, introduced, snapshot_of
from bot.github import App, Installation, RateLimited
from bot.lifecycle import make_plan
from bot.pipeline import examine
from bot.policy import load
from bot.settings import Settings
from fixers import all_rules
from fixers.stitch import no_formatter

pytest_plugins = ["emulator.plugin", "app_fixtures"]


@pytest.fixture
def repository(github: GitHub, settings: Settings) -> Iterator[Installation]:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS, ".suture.yml": "limits: {open: 3}\n"})
    with App(settings, pace=0.0, sleep=lambda seconds: None) as app:
        yield app.installation(github.installation_id, NAME, {"contents": "read"})


def loading(repository: Installation, base: str, folder: Path) -> Campaign:
    """The campaign of everything that loads YAML."""
    snapshot = snapshot_of(repository, base, NAME, Blobs(folder, 1), all_rules())
    policy = load(snapshot.repository(), all_rules())
    found = examine(snapshot, policy, all_rules(), date(2026, 1, 1))
    campaigns = [step.campaign for step in make_plan(found, (), no_formatter).steps if step.campaign]
    return next(one for one in campaigns if one.fixed[0].hit.rule.id == "python/unsafe-yaml-load")


def test_each_line_has_the_commit_that_wrote_it(
    github: GitHub, repository: Installation, tmp_path: Path
) -> None:
    first = github.head(NAME, "main")
    github.push(NAME, {"app.py": "# YAML\n" + LOAD, "README.md": "Hello\n"}, by="bob")
    last = github.push(NAME, {"more.py": LOAD}, by="bob")
    campaign = loading(repository, last, tmp_path)
    assert introduced(repository, last, campaign) == {("app.py", 6): first, ("more.py", 5): last}
    assert github.calls()["POST", "/graphql"] == 1


def test_a_renamed_repository_tells_as_well(github: GitHub, repository: Installation, tmp_path: Path) -> None:
    base = github.head(NAME, "main") or ""
    campaign = loading(repository, base, tmp_path)
    github.rename(NAME, "renamed")
    assert introduced(repository, base, campaign) == {("app.py", 5): base}
    assert repository.head("main") == base
    assert introduced(repository, base, campaign) == {("app.py", 5): base}


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(200),
        faults.status(403, "Resource not accessible by integration"),
        faults.status(404),
        faults.status(422),
        faults.status(502),
        faults.status(503, headers={"Retry-After": "600"}),
        faults.reset(),
        faults.truncated(),
        faults.EXPIRED,
    ],
    ids=lambda fault: f"{fault.manner.name} {fault.instead.status if fault.instead else ''}",
)
def test_where_github_does_not_tell_there_is_nothing(
    github: GitHub, repository: Installation, tmp_path: Path, fault: faults.Fault
) -> None:
    base = github.head(NAME, "main") or ""
    campaign = loading(repository, base, tmp_path)
    github.fault(fault, "POST", "/graphql", times=0)
    assert introduced(repository, base, campaign) == {}


def test_an_unknown_base_is_nothing(github: GitHub, repository: Installation, tmp_path: Path) -> None:
    campaign = loading(repository, github.head(NAME, "main") or "", tmp_path)
    assert introduced(repository, "f" * 40, campaign) == {}


@pytest.mark.parametrize("limit", [faults.secondary_limit(60), faults.primary_limit(900)])
def test_a_limit_is_told_to_who_can_wait(
    github: GitHub, repository: Installation, tmp_path: Path, limit: faults.Fault
) -> None:
    base = github.head(NAME, "main") or ""
    campaign = loading(repository, base, tmp_path)
    github.fault(limit, "POST", "/graphql")
    with pytest.raises(RateLimited):
        introduced(repository, base, campaign)
    assert introduced(repository, base, campaign) == {("app.py", 5): base}
