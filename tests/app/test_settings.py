"""The environment: what is understood, what is refused by which name, and what no `repr` shows."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, settings

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
WHOLE = {
    "SUTURE_APP_ID": "12",
    "SUTURE_PRIVATE_KEY": KEY,
    "SUTURE_WEBHOOK_SECRET": "current",
    "SUTURE_WEBHOOK_SECRET_PREVIOUS": "before",
    "SUTURE_DATA": "/data",
}


def test_all_of_it() -> None:
    found = settings(WHOLE)
    assert found.has_credentials
    assert (found.app_id, found.private_key, found.webhook_secrets) == (12, KEY, ("current", "before"))
    assert found.database_url == "sqlite:////data/suture.sqlite"
    assert (found.github_url, found.api_url) == ("https://github.com", "https://api.github.com")
    assert (found.is_paused, found.has_metrics, found.at_once) == (False, True, 8)


def test_nothing_at_all_is_no_error() -> None:
    found = settings({})
    assert not found.has_credentials
    assert found.data.name == "suture"


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
