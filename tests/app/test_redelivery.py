"""Deliveries that never arrived: asked for once, whatever GitHub answers, and done once."""

import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from emulator import faults
from emulator.deliveries import Delivery
from emulator.setup import new_key
from emulator.world import GitHub
from queue_rig import queue
from real_server import served

from bot import redelivery
from bot.app import create_app
from bot.events import Job
from bot.github import App
from bot.metrics import Metrics
from bot.redelivery import OFTEN, SOON, Lookout, Redelivery
from bot.settings import Settings

pytest_plugins = ["emulator.plugin", "app_fixtures"]

NAME = "acme/service"
LIST, AGAIN = "/app/hook/deliveries", "/app/hook/deliveries/*/attempts"
DEADLINE = 120


def settings_of(github: GitHub, folder: Path, key: str = "") -> Settings:
    return Settings(
        github.app_id,
        key or github.private_key,
        (github.webhook_secret,),
        folder,
        f"sqlite:///{folder / 'suture.sqlite'}",
        api_url=github.base_url,
    )


def miss(github: GitHub, count: int) -> list[Delivery]:
    """So many pushes while nobody listens."""
    github.seed(NAME)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        github.listen(f"http://127.0.0.1:{nobody.getsockname()[1]}/webhooks/github")
        for number in range(count):
            github.push(NAME, {"a": str(number)}, by="bob")
        github.settle()
    missed: list[Delivery] = github.delivered("push")
    assert [one.code for one in missed] == [502] * count
    return missed


def again(github: GitHub) -> list[str]:
    return [one.guid for one in github.deliveries if one.is_redelivery]


@pytest.fixture
def app(github: GitHub, tmp_path: Path) -> Iterator[App]:
    with App(settings_of(github, tmp_path), pace=0.0, sleep=lambda seconds: None) as made:
        yield made


def test_what_was_missed_is_done_once(github: GitHub, app: App, tmp_path: Path) -> None:
    missed = miss(github, 3)
    settings = settings_of(github, tmp_path)
    done: Queue[Job] = Queue()
    with queue(settings.database_url, done.put) as rig:
        web = create_app(settings, rig.jobs.accept, is_ready=rig.jobs.is_ready, metrics=Metrics())
        with served(web) as client:
            github.listen(str(client.base_url.join("/webhooks/github")))
            looking = Redelivery(app)
            assert looking.look() == OFTEN
            github.settle()
            endings = rig.endings(3)
            assert looking.look() == OFTEN
            assert Redelivery(app).look() == OFTEN
            github.settle()
    assert sorted(ending.delivery for ending in endings) == sorted(one.guid for one in missed)
    assert again(github) == [one.guid for one in missed]
    assert [one.code for one in github.deliveries if one.is_redelivery] == [202] * 3
    assert done.qsize() == 3


def test_what_fails_again_waits_for_the_next_start(github: GitHub, app: App) -> None:
    (missed,) = miss(github, 1)
    looking = Redelivery(app)
    for _ in range(2):
        looking.look()
        github.settle()
    assert again(github) == [missed.guid]
    Redelivery(app).look()
    assert again(github) == [missed.guid] * 2


def test_what_github_keeps_no_more_is_left_alone(github: GitHub, app: App) -> None:
    (missed,) = miss(github, 1)
    now, begun = [0.0], time.time()
    looking = Redelivery(app, lambda: now[0])
    for days in (0, 2.9, 4, 10):
        now[0] = begun + days * 86_400
        assert looking.look() == OFTEN
        assert again(github) == [missed.guid]
    assert Redelivery(app, lambda: begun + 4 * 86_400).look() == OFTEN
    assert again(github) == [missed.guid]


def test_so_many_at_once(github: GitHub, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = miss(github, 3)
    monkeypatch.setattr(redelivery, "MOST", 2)
    looking = Redelivery(app)
    assert looking.look() == SOON
    assert again(github) == [one.guid for one in missed[:2]]
    github.settle()
    assert looking.look() == OFTEN
    assert again(github) == [one.guid for one in missed]


@pytest.mark.parametrize("fault", [faults.status(502), faults.reset(), faults.truncated()], ids=repr)
def test_a_list_that_does_not_come(
    github: GitHub, app: App, fault: faults.Fault, caplog: pytest.LogCaptureFixture
) -> None:
    (missed,) = miss(github, 1)
    github.fault(fault, "GET", LIST, times=0)
    looking = Redelivery(app)
    assert looking.look() == SOON
    (line,) = [record.getMessage() for record in caplog.records if record.name == "suture.redelivery"]
    assert line.startswith("failed deliveries are asked for later: ")
    assert again(github) == []
    github.forgive()
    assert looking.look() == OFTEN
    assert again(github) == [missed.guid]


@pytest.mark.parametrize("path", [LIST, AGAIN])
def test_a_limit_is_waited_out(github: GitHub, app: App, path: str) -> None:
    (missed,) = miss(github, 1)
    github.fault(faults.primary_limit(2_000), "*", path)
    looking = Redelivery(app)
    assert 1_900 < looking.look() <= 2_001
    assert looking.look() == OFTEN
    assert again(github) == [missed.guid]


def test_a_key_that_is_not_the_app_s(
    github: GitHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    miss(github, 1)
    with App(settings_of(github, tmp_path, new_key())) as stranger:
        assert Redelivery(stranger).look() == OFTEN
    assert "can't be asked for" in caplog.text
    assert "PRIVATE KEY" not in caplog.text


@pytest.mark.parametrize("code", [404, 422])
def test_what_github_sends_no_more_holds_up_nothing(github: GitHub, app: App, code: int) -> None:
    missed = miss(github, 2)
    github.fault(faults.status(code), "POST", AGAIN, times=1)
    looking = Redelivery(app)
    assert looking.look() == OFTEN
    github.settle()
    looking.look()
    assert again(github) == [missed[1].guid]


def test_what_github_always_fails_at_comes_last(github: GitHub, app: App) -> None:
    missed = miss(github, 3)
    github.fault(faults.status(500), "POST", f"/app/hook/deliveries/{missed[0].id}/attempts", times=0)
    looking = Redelivery(app)
    assert looking.look() == SOON
    assert again(github) == []
    assert looking.look() == SOON
    assert again(github) == [one.guid for one in missed[1:]]


def test_an_answer_that_is_lost(github: GitHub, app: App) -> None:
    """It may have been sent, or not: asking once more is what loses nothing."""
    (missed,) = miss(github, 1)
    github.fault(faults.lost_answer(), "POST", AGAIN)
    looking = Redelivery(app)
    assert looking.look() == SOON
    github.settle()
    assert looking.look() == OFTEN
    assert again(github) == [missed.guid] * 2


def test_the_lookout_survives_a_defect(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(redelivery, "OFTEN", 0.0)
    looks: Queue[int] = Queue()

    def look() -> float:
        looks.put(1)
        if looks.qsize() == 1:
            raise ValueError("a defect")
        return 0.0 if looks.qsize() < 3 else 3600.0

    lookout = Lookout(look)
    with caplog.at_level(logging.CRITICAL):
        lookout.start()
        for _ in range(3):
            looks.get(timeout=DEADLINE)
    lookout.stop()
    assert not lookout._thread.is_alive()


@contextmanager
def serving(github: GitHub, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    told = {
        "SUTURE_APP_ID": str(github.app_id),
        "SUTURE_PRIVATE_KEY": github.private_key,
        "SUTURE_WEBHOOK_SECRET": github.webhook_secret,
        "SUTURE_GITHUB_API_URL": github.base_url,
        "SUTURE_DATA": str(folder),
    }
    program = [sys.executable, "-W", "error", "-m", "bot", "serve", "--port", "0"]
    process = subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=os.environ | told)
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    with process:
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def logged(process: "subprocess.Popen[str]", pattern: str) -> re.Match[str]:
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"it ended without {pattern}: {''.join(lines)}")


def test_the_app_asks_when_it_is_back(github: GitHub, tmp_path: Path) -> None:
    missed = miss(github, 2)
    github.fault(faults.hang(), "GET", LIST)
    with serving(github, tmp_path) as process:
        address = logged(process, r"running on (http://\S+)")[1]
        github.wait_until_held(1, DEADLINE)
        github.listen(f"{address}/webhooks/github")
        github.forgive()
        logged(process, "asked GitHub for 2 of 2 failed deliveries again")
        github.settle()
        process.terminate()
        _, errors = process.communicate()
    assert again(github) == [one.guid for one in missed]
    assert [one.code for one in github.deliveries if one.is_redelivery] == [202, 202]
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
