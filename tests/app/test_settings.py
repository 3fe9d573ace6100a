"""The environment: what is understood, what is refused by which name, and what no `repr` shows."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot import credentials
from bot.credentials import Stored
from bot.settings import SettingsError, settings

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
WHOLE = {
    "SUTURE_APP_ID": "12",
    "SUTURE_PRIVATE_KEY": KEY,
    "SUTURE_WEBHOOK_SECRET": "current",
    "SUTURE_WEBHOOK_SECRET_PREVIOUS": "before",
    "SUTURE_DATA": "/data",
}
STORED = Stored("https://github.com", "Suture", 34, KEY + "2", ("stored",))


def test_all_of_it() -> None:
    found = settings(WHOLE)
    assert found.has_credentials
    assert (found.app_id, found.private_key, found.webhook_secrets) == (12, KEY, ("current", "before"))
    assert found.database_url == "sqlite:////data/suture.sqlite"
    assert (found.github_url, found.api_url) == ("https://github.com", "https://api.github.com")
    assert (found.is_paused, found.has_metrics, found.at_once) == (False, True, 8)


def test_nothing_at_all_is_no_error(tmp_path: Path) -> None:
    found = settings({"XDG_DATA_HOME": str(tmp_path)})
    assert not found.has_credentials
    assert found.data == tmp_path / "suture"


def test_no_secret_is_shown() -> None:
    found = settings(WHOLE | {"SUTURE_DATABASE_URL": "postgres://suture:hunter2@db/suture"})
    assert found.database_url == "postgresql+psycopg://suture:hunter2@db/suture"
    for secret in ("MIIE", "current", "before", "hunter2"):
        assert secret not in repr(found)


def test_a_key_from_a_file_and_a_key_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(KEY + "\n")
    without = {name: value for name, value in WHOLE.items() if name != "SUTURE_PRIVATE_KEY"}
    path = str(tmp_path / "key.pem")
    assert settings(without | {"SUTURE_PRIVATE_KEY_FILE": path}).private_key == KEY
    assert settings(WHOLE | {"SUTURE_PRIVATE_KEY": KEY.replace("\n", "\\n")}).private_key == KEY


@pytest.mark.parametrize(
    ("github", "api"),
    [
        ("https://github.com/", "https://api.github.com"),
        ("https://octocorp.ghe.com", "https://api.octocorp.ghe.com"),
        ("https://github.example.com", "https://github.example.com/api/v3"),
        ("http://localhost:4000", "http://localhost:4000/api/v3"),
    ],
)
def test_where_github_answers(github: str, api: str) -> None:
    assert settings({"SUTURE_GITHUB_URL": github}).api_url == api
    own = settings({"SUTURE_GITHUB_URL": github, "SUTURE_GITHUB_API_URL": "http://localhost:1/"})
    assert own.api_url == "http://localhost:1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUTURE_APP_ID", "twelve"),
        ("SUTURE_APP_ID", "0"),
        ("SUTURE_APP_ID", "٣"),
        ("SUTURE_APP_ID", "9" * 5000),
        ("SUTURE_PRIVATE_KEY", "MIIE"),
        ("SUTURE_PRIVATE_KEY_FILE", "/nowhere"),
        ("SUTURE_WEBHOOK_SECRET", ""),
        ("SUTURE_DATABASE_URL", "mysql://x"),
        ("SUTURE_DATABASE_URL", "sqlite://"),
        ("SUTURE_DATABASE_URL", "sqlite:///:memory:"),
        ("SUTURE_GITHUB_URL", "github.com"),
        ("SUTURE_GITHUB_URL", "ftp://github.com"),
        ("SUTURE_GITHUB_URL", "https://user@github.com"),
        ("SUTURE_GITHUB_API_URL", "https://[github.com"),
        ("SUTURE_PUBLIC_URL", "https://x?y"),
        ("SUTURE_PAUSED", "perhaps"),
        ("SUTURE_METRICS", "perhaps"),
        ("SUTURE_JOBS_AT_ONCE", "65"),
    ],
)
def test_what_is_refused_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(WHOLE | {name: value})


@pytest.mark.parametrize("name", ["SUTURE_APP_ID", "SUTURE_PRIVATE_KEY", "SUTURE_WEBHOOK_SECRET"])
def test_credentials_in_part(name: str) -> None:
    absent = {key: value for key, value in WHOLE.items() if not key.startswith(name)}
    with pytest.raises(SettingsError, match=f"{name}.* must be set too"):
        settings(absent)


def test_a_key_that_cannot_be_read_does_not_show_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(b"\xffsecret")
    without = {name: value for name, value in WHOLE.items() if name != "SUTURE_PRIVATE_KEY"}
    with pytest.raises(SettingsError) as caught:
        settings(without | {"SUTURE_PRIVATE_KEY_FILE": str(tmp_path / "key.pem")})
    assert "secret" not in str(caught.value).replace("WEBHOOK_SECRET", "")


def test_stored_credentials_stand_in_for_an_environment_without(tmp_path: Path) -> None:
    credentials.store(tmp_path, STORED)
    found = settings({"SUTURE_DATA": str(tmp_path)})
    assert (found.app_id, found.private_key, found.webhook_secrets) == (34, KEY + "2", ("stored",))
    assert found.has_credentials
    assert settings(WHOLE | {"SUTURE_DATA": str(tmp_path)}).app_id == 12


def test_a_person_may_add_the_secret_before(tmp_path: Path) -> None:
    credentials.store(tmp_path, replace(STORED, webhook_secrets=("new", "old")))
    assert settings({"SUTURE_DATA": str(tmp_path)}).webhook_secrets == ("new", "old")


def test_stored_credentials_do_not_complete_others(tmp_path: Path) -> None:
    credentials.store(tmp_path, STORED)
    with pytest.raises(SettingsError, match=r"SUTURE_PRIVATE_KEY .* must be set too"):
        settings({"SUTURE_DATA": str(tmp_path), "SUTURE_APP_ID": "34"})


def test_credentials_are_not_shown_to_another_github(tmp_path: Path) -> None:
    credentials.store(tmp_path, STORED)
    with pytest.raises(SettingsError, match=r"belongs to https://github\.com, and SUTURE_GITHUB_URL"):
        settings({"SUTURE_DATA": str(tmp_path), "SUTURE_GITHUB_URL": "https://github.example.com"})


def test_nothing_stored_is_written_over(tmp_path: Path) -> None:
    path = credentials.store(tmp_path, STORED)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        credentials.store(tmp_path, replace(STORED, app_id=35))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "changed",
    [
        {"app_id": 0},
        {"app_id": "34"},
        {"app_id": None},
        {"private_key": ""},
        {"private_key": 5},
        {"webhook_secrets": []},
        {"webhook_secrets": [""]},
        {"webhook_secrets": "topsecret"},
        {"webhook_secrets": [["topsecret"]]},
        {"github_url": None},
    ],
    ids=str,
)
def test_a_file_that_was_not_written_so(tmp_path: Path, changed: dict[str, object]) -> None:
    path = credentials.store(tmp_path, replace(STORED, webhook_secrets=("topsecret",)))
    path.write_text(json.dumps(asdict(STORED) | changed))
    with pytest.raises(SettingsError, match=r"credentials\.json can't be used") as caught:
        settings({"SUTURE_DATA": str(tmp_path)})
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "topsecret", "[]", "5", '{"app_id": 34}', "\udcff", '{"a":' * 9], ids=repr
)
def test_a_file_with_something_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"credentials\.json can't be used"):
        settings({"SUTURE_DATA": str(tmp_path)})


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").mkdir()
    with pytest.raises(SettingsError, match=r"credentials\.json can't be used \(IsADirectoryError\)"):
        settings({"SUTURE_DATA": str(tmp_path)})
