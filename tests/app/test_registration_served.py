"""`suture serve` without credentials: it registers the App, and goes on as it."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from emulator.world import GitHub
from registration_rig import Page

pytest_plugins = ["emulator.plugin", "app_fixtures"]

DEADLINE = 120


@contextmanager
def serving(github: GitHub, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """`suture serve`, without any credentials."""
    told = {"SUTURE_GITHUB_URL": github.base_url, "SUTURE_GITHUB_API_URL": github.base_url}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUTURE_")}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "bot", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=inherited | told | {"SUTURE_DATA": str(folder)},
    )
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    with process:
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def printed(process: "subprocess.Popen[str]") -> str:
    """The address of the page."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.fullmatch(r"  (http://\S+/setup/\S+)\n", line):
            return found[1]
    raise AssertionError("it ended before it printed an address")


def logged(process: "subprocess.Popen[str]", words: str) -> str:
    """All up to a line with these words."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"it ended without {words!r}: {''.join(lines)}")


def test_the_server_registers_and_goes_on_as_the_app(github: GitHub, tmp_path: Path) -> None:
    github.seed()
    with serving(github, tmp_path) as process, httpx.Client(timeout=DEADLINE, trust_env=False) as client:
        address = printed(process)
        here = httpx.URL(address).join("/")
        webhooks = str(here.join("webhooks/github"))
        asking = Page(client.get(f"{address}/review", params={"name": "Suture", "webhook": webhooks}).text)
        agreed = client.post(asking.action, data=asking.fields)
        github.push("acme/service", {"a": "1"}, by="bob")
        github.settle()
        (early,) = github.delivered("push")
        assert early.code == 404
        assert client.get(agreed.headers["location"]).status_code == 200
        said = logged(process, "Finished server process")
        assert client.get(here.join("readyz")).json() == {"status": "ready"}
        said += logged(process, "failed deliveries again")
        github.settle()
        process.send_signal(signal.SIGINT)
        said += process.communicate()[1]
    assert process.returncode == 0, said
    assert [one.guid for one in github.deliveries if one.code == 202] == [
        one.guid for one in github.deliveries if one.code == 404
    ]
    there = httpx.URL(agreed.headers["location"]).params
    secrets = (address.rpartition("/")[2], there["code"], there["state"], github.webhook_secret)
    assert not [secret for secret in (*secrets, "PRIVATE KEY") if secret in said]
    assert "Traceback" not in said


def test_a_server_that_is_ended_before(github: GitHub, tmp_path: Path) -> None:
    with serving(github, tmp_path) as process:
        assert httpx.get(printed(process), trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
