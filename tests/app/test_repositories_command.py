"""`suture repositories` and `suture onboard`, on the database of the App: what is listed, what is wanted."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from emulator.setup import new_key
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.ledger import FindingLife, Ledger, Onboarding, PullRequestRow, Reached, Scan

ANSWERS = {
    "octo/archived": "nothing is opened in an archived repository",
    "octo/closed": "a person said no: it begins once somebody adds a configuration",
    "octo/configured": "it has a configuration",
    "octo/fork": "nothing is opened in a fork",
    "octo/no-ai": "nothing is opened, as no AI was found in it",
    "octo/open": "its pull request is open",
    "octo/unknown": "wanted",
    "octo/waiting": "wanted",
}
STATES = {
    1: Onboarding.CLOSED,
    2: Onboarding.CONFIGURED,
    3: Onboarding.NO_AI,
    4: Onboarding.OPEN,
    5: Onboarding.UNKNOWN,
    6: Onboarding.WAITING,
}
REACHED = [
    Reached(1, "octo/closed", is_private=True),
    Reached(2, "octo/configured", is_private=True),
    Reached(3, "octo/no-ai", is_private=False),
    Reached(4, "octo/open", is_private=False),
    Reached(5, "octo/unknown", is_private=False),
    Reached(6, "octo/waiting", is_private=False),
    Reached(7, "octo/archived", is_private=False, is_archived=True),
    Reached(8, "octo/fork", is_private=False, is_fork=True),
]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Of an App that has looked at an organisation."""
    settings = {"APP_ID": "1", "PRIVATE_KEY": new_key(), "WEBHOOK_SECRET": "s" * 20, "DATA": str(tmp_path)}
    for name, value in settings.items():
        monkeypatch.setenv(f"SUTURE_{name}", value)
    made = Ledger(f"sqlite:///{tmp_path / 'suture.sqlite'}", lambda: 100)
    made.migrate()
    made.installed(7, "octo")
    made.reached(7, REACHED)
    for id, state in STATES.items():
        made.came_to(id, state)
    made.rated(2, "critical")
    findings = [
        FindingLife(str(number), "python/x", severity, "a.py", 1, "", "fixed", "")
        for number, severity in enumerate(("low", "high", "high"))
    ]
    made.scanned(2, Scan("c" * 40, 1, 1, 3, 0), findings)
    made.pull_request(2, PullRequestRow(9, "suture/a/b-1", "Fix it", "open", 100))
    yield made
    made.close()


@pytest.fixture
def suture(ledger: Ledger) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(app, arguments, prog_name="suture")


def test_all_that_is_reached_is_listed(suture: Callable[..., Result]) -> None:
    shown = suture("repositories").stdout
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.splitlines()}
    assert shown.splitlines()[0] == "octo (installation 7)"
    assert lines["octo/configured"] == "members critical 2 high, 1 low 1 configured"
    assert lines["octo/closed"] == "members medium closed by a person"
    assert lines["octo/no-ai"] == "everybody medium none: no AI found"
    assert lines["octo/unknown"] == "everybody medium not looked at yet"
    assert lines["octo/archived"] == "everybody medium none: archived"
    assert lines["octo/fork"] == "everybody medium none: a fork"


def test_the_list_as_data(suture: Callable[..., Result], ledger: Ledger) -> None:
    ledger.installed(9, "other")
    ledger.suspended(9, True)
    read: list[dict[str, Any]] = json.loads(suture("repositories", "--format", "json").stdout)
    assert [(one["installation"], one["account"], one["suspended"]) for one in read] == [
        (7, "octo", False),
        (9, "other", True),
    ]
    by_name = {one["name"]: one for one in read[0]["repositories"]}
    assert by_name["octo/configured"] == {
        "name": "octo/configured",
        "private": True,
        "archived": False,
        "fork": False,
        "criticality": "critical",
        "findings": {"high": 2, "low": 1},
        "pull_requests": 1,
        "onboarding": "configured",
        "wanted": False,
    }
    assert by_name["octo/unknown"]["onboarding"] == "unknown"
    one = json.loads(suture("repositories", "--format", "json", "--installation", "9").stdout)
    assert [each["account"] for each in one] == ["other"]


def test_an_installation_that_is_not_known_is_told(suture: Callable[..., Result]) -> None:
    result = suture("repositories", "--installation", "8")
    assert (result.exit_code, "no installation 8 is known" in result.stderr) == (2, True)


def test_before_anything_is_installed_it_says_so(suture: Callable[..., Result], ledger: Ledger) -> None:
    ledger.uninstalled(7)
    assert "no installation is known yet" in suture("repositories").stdout
    assert json.loads(suture("repositories", "--format", "json").stdout) == []


def test_asking_is_answered_for_each(suture: Callable[..., Result], ledger: Ledger) -> None:
    result = suture("onboard", *(name.upper() for name in ANSWERS), "octo/waiting")
    *answers, last = result.stdout.splitlines()
    assert (result.exit_code, answers) == (0, [f"{name}: {words}" for name, words in ANSWERS.items()])
    assert last == "The running App opens them, at most 5 a day in an installation."
    assert ledger.awaited(since=0, most=5) == {5, 6}
    assert {row.id for row in ledger.reachable() if row.due} == {5, 6}
    assert "wanted" in suture("repositories").stdout


def test_where_nothing_can_begin_nothing_is_promised(suture: Callable[..., Result]) -> None:
    assert suture("onboard", "octo/closed").stdout == f"octo/closed: {ANSWERS['octo/closed']}\n"


def test_an_unknown_name_asks_for_nothing(suture: Callable[..., Result], ledger: Ledger) -> None:
    result = suture("onboard", "octo/waiting", "octo/nowhere")
    assert (result.exit_code, "octo/nowhere" in result.stderr) == (2, True)
    assert ledger.awaited(since=0, most=5) == frozenset()
