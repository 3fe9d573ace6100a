"""The API: what is reached, and asking for first contacts, for who has the token."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from real_server import served

from bot.api import create_api
from bot.ledger import Ledger
from bot.overview import as_data, ask, listing
from bot.settings import SettingsError, settings

TOKEN = "0123456789abcdef0123456789abcdef"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 's.sqlite'}", lambda: 1000)
    made.migrate()
    made.installed(7, "octo")
    made.repository(1, 7, "octo/hello", is_private=True)
    made.repository(2, 7, "octo/fork", is_private=False, is_fork=True)
    yield made
    made.close()


@pytest.fixture
def client(ledger: Ledger) -> Iterator[httpx.Client]:
    app = FastAPI()
    api = create_api(
        TOKEN, lambda: [as_data(one) for one in listing(ledger)], lambda names: ask(ledger, names)
    )
    app.include_router(api)
    with served(app) as client:
        yield client


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": TOKEN}])
def test_nobody_else_is_told_anything(client: httpx.Client, ledger: Ledger, header: dict[str, str]) -> None:
    assert client.get("/api/repositories", headers=header).status_code == 401
    body = {"names": ["octo/hello"]}
    assert client.post("/api/onboarding", json=body, headers=header).status_code == 401
    assert not ledger.contact(1).is_wanted


def test_what_is_reached(client: httpx.Client) -> None:
    (installation,) = client.get("/api/repositories", headers=AUTHORISED).json()
    assert (installation["account"], [one["name"] for one in installation["repositories"]]) == (
        "octo",
        ["octo/fork", "octo/hello"],
    )


def test_asking_for_a_first_contact(client: httpx.Client, ledger: Ledger) -> None:
    body = {"names": ["Octo/Hello", "octo/fork"]}
    answer = client.post("/api/onboarding", json=body, headers=AUTHORISED)
    assert answer.json() == {"octo/hello": "wanted", "octo/fork": "nothing is opened in a fork"}
    assert ledger.contact(1).is_wanted


def test_one_that_is_unknown_stops_all(client: httpx.Client, ledger: Ledger) -> None:
    body = {"names": ["octo/hello", "octo/other"]}
    answer = client.post("/api/onboarding", json=body, headers=AUTHORISED)
    assert (answer.status_code, "octo/other" in answer.json()["detail"]) == (404, True)
    assert not ledger.contact(1).is_wanted


@pytest.mark.parametrize("body", [{}, {"names": []}, {"names": ["x"] * 101}, {"names": [1]}, []])
def test_what_is_no_list_of_names(client: httpx.Client, body: object) -> None:
    assert client.post("/api/onboarding", json=body, headers=AUTHORISED).status_code == 422


@pytest.mark.parametrize("token", ["short", "x" * 31, "ü" * 40])
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    with pytest.raises(SettingsError, match="openssl rand"):
        settings({"SUTURE_API_TOKEN": token})
