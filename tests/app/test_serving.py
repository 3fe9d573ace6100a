"""`suture serve`: a signed delivery in, its job done, an orderly end; and what it says without settings."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import typer
from real_server import SECRET, headers

from bot import credentials
from bot.cli import pausing, serving
from bot.jobs import Pauses
from bot.settings import settings

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
SHA = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
PUSH = {
    "ref": "refs/heads/main",
    "after": SHA,
    "installation": {"id": 7},
    "repository": {"id": 9, "full_name": "octo/hello", "default_branch": "main"},
}


def environment(folder: Path) -> dict[str, str]:
    return {
        "SUTURE_APP_ID": "1",
        "SUTURE_PRIVATE_KEY": KEY,
        "SUTURE_WEBHOOK_SECRET": SECRET,
        "SUTURE_DATA": str(folder),
    }


@contextmanager
def serve(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    program = Path(__file__).with_name("serving_process.py")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(program), "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment(folder),
    )
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        with process:
            yield process
            process.kill()
    finally:
        watchdog.cancel()
        process.kill()


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"running on (http://\S+)", line):
            return found[1]
    raise AssertionError("it ended before it listened")


def test_a_delivery_is_done_and_the_end_is_orderly(tmp_path: Path) -> None:
    with serve(tmp_path / "data") as process:
        body = json.dumps(PUSH).encode()
        with httpx.Client(base_url=address(process), timeout=60, trust_env=False) as client:
            assert client.get("/readyz").json() == {"status": "ready"}
            answer = client.post("/webhooks/github", content=body, headers=headers(body))
            assert answer.json() == {"outcome": "queued"}
            assert process.stdout is not None
            assert process.stdout.readline() == "push done\n"
            assert client.post("/webhooks/github", content=body, headers=headers(body)).json() == {
                "outcome": "duplicate"
            }
            measured = client.get("/metrics").text
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert 'suture_pull_requests{outcome="merged"} 2.0' in measured
    assert 'suture_job_seconds_count{kind="push",outcome="done"} 1.0' in measured
    assert "Traceback" not in errors
    assert SECRET not in errors


def said_by_refusal(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as caught:
        serving.configured()
    assert caught.value.exit_code == 2
    return capsys.readouterr().err


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting but the data folder, which is empty."""
    for name in os.environ:
        if name.startswith("SUTURE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SUTURE_DATA", str(tmp_path))
    return tmp_path


def test_without_credentials(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = said_by_refusal(capsys)
    assert "SUTURE_APP_ID" in said
    assert "suture serve" in said


@pytest.mark.parametrize("command", [pausing.pause, pausing.resume])
def test_pausing_without_credentials(
    bare: Path, capsys: pytest.CaptureFixture[str], command: Callable[[], None]
) -> None:
    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == 2
    assert "the App has no credentials" in capsys.readouterr().err
    assert list(bare.iterdir()) == []


def test_pausing_with_stored_credentials(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credentials.store(bare, credentials.Stored("https://github.com", "Suture", 1, KEY, (SECRET,)))
    pausing.pause()
    pausing.resume()
    assert capsys.readouterr().out.startswith("paused: everything")


def test_stored_credentials_of_another_github(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credentials.store(bare, credentials.Stored("https://github.example.com", "Suture", 1, KEY, (SECRET,)))
    assert "belongs to https://github.example.com" in said_by_refusal(capsys)


def test_nothing_is_registered_that_could_not_be_stored(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (bare / "file").touch()
    config = replace(settings(), data=bare / "file")
    with closing(serving.Door("127.0.0.1", 0)) as door, pytest.raises(typer.Exit) as caught:
        serving._registered(config, door)
    assert caught.value.exit_code == 2
    said = capsys.readouterr()
    assert "SUTURE_DATA" in said.err
    assert "/setup/" not in said.out


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("::1", "[::1]"), ("::", "localhost")],
)
def test_the_address_is_one_for_a_browser(host: str, shown: str) -> None:
    try:
        door = serving.Door(host, 0)
    except SystemExit:
        pytest.skip(f"{host} can't be listened at here")
    with closing(door):
        assert re.fullmatch(rf"http://{re.escape(shown)}:[1-9][0-9]*", door.url)


def test_with_credentials_in_part(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUTURE_APP_ID", "1")
    assert "SUTURE_WEBHOOK_SECRET must be set" in said_by_refusal(capsys)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    assert "pip install 'suture[serve]'" in said_by_refusal(capsys)


def test_the_command_line_imports_nothing_of_the_extra() -> None:
    program = (
        "import sys, bot.cli.serving, bot.cli.pausing, bot.__main__\n"
        f"print(sorted(set(sys.modules) & set({serving._EXTRA!r})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_pausing_and_resuming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    pausing.pause()
    pausing.pause(repository="Octo/Hello")
    pausing.pause(installation=7)
    pausing.resume()
    pausing.pause(is_list=True)
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown[-2:]] == ["installation:7", "repository:octo/hello"]
    pauses = Pauses(f"sqlite:///{tmp_path / 'suture.sqlite'}")
    assert len(pauses.all()) == 2
    pauses.close()
    with pytest.raises(typer.Exit):
        pausing.pause(installation=7, repository="octo/hello")
