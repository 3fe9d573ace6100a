"""Registering the App on its page: what is asked for, who may ask, what each answer of GitHub's leads to."""

import json
import os
import pkgutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import httpx
import pytest
from emulator.world import GitHub
from real_server import served
from registration_rig import Page, settings_of

import bot.work
from bot import credentials, github
from bot.events import EVENTS
from bot.registration import Registration, create_pages
from bot.registration.manifest import ALWAYS_SENT, NEEDED, OPTIONAL, Choices, choices_of, manifest
from bot.settings import settings

pytest_plugins = ["emulator.plugin", "app_fixtures"]

CODE = "a180b1a3d263c81bc6441d7b990bae27d4c10679"
HOOK = "https://smee.io/abc"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE-topsecret\n-----END RSA PRIVATE KEY-----"
MADE = github.Credentials(
    99,
    "suture-acme",
    "Suture <b>",
    "https://github.com/apps/suture-acme",
    "acme",
    "Iv1.x",
    "topsecret-client",
    KEY,
    "topsecret-webhook",
)


def converted(api_url: str, code: str) -> github.Credentials:
    return MADE


Convert = Callable[[str, str], github.Credentials]


class Setup:
    """A registration and its pages."""

    def __init__(self, client: httpx.Client, registration: Registration, ended: "Queue[bool]") -> None:
        self.client, self.registration, self.ended = client, registration, ended
        self.place = f"/setup/{registration.token}"

    def review(self, **form: str) -> httpx.Response:
        return self.client.get(f"{self.place}/review", params={"name": "Suture", "webhook": HOOK, **form})

    def back(self, code: str = CODE, state: str | None = None) -> httpx.Response:
        state = self.registration.state if state is None else state
        return self.client.get("/registered", params={"code": code, "state": state})


@pytest.fixture
def setup(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Setup]:
    """Its parameters: how a code is converted, and the public URL."""
    convert, public_url = getattr(request, "param", (converted, ""))
    registration = Registration(settings_of(tmp_path, public_url=public_url), convert)
    ended: Queue[bool] = Queue()
    with served(create_pages(registration, lambda: ended.put(True))) as client:
        yield Setup(client, registration, ended)


def test_the_whole_way(github: GitHub, tmp_path: Path) -> None:
    registration = Registration(settings_of(tmp_path, github.base_url))
    ended: Queue[bool] = Queue()
    with served(create_pages(registration, lambda: ended.put(True))) as client:
        choosing = client.get(f"/setup/{registration.token}")
        form = Page(choosing.text)
        assert form.ticked == {"members": False, "security_events": False, "merge_queues": False}
        filled = form.fields | {"webhook": HOOK, "organisation": "acme", "members": "on"}
        review = client.get(choosing.url.join(form.action), params=filled)
        asking = Page(review.text)
        assert asking.method == "post"
        assert asking.action.startswith(f"{github.base_url}/organizations/acme/settings/apps/new?state=")
        agreed = client.post(asking.action, data=asking.fields)
        assert agreed.status_code == 302
        assert github.deliveries_go_to == HOOK
        done = client.get(agreed.headers["location"])
        assert done.status_code == 200
        assert f"{github.base_url}/apps/suture/installations/new" in Page(done.text).links
        assert ended.get(timeout=60)
        assert client.get(f"/setup/{registration.token}").status_code == 404
    environment = {
        "SUTURE_DATA": str(tmp_path / "data"),
        "SUTURE_GITHUB_URL": github.base_url,
        "SUTURE_GITHUB_API_URL": github.base_url,
    }
    found = settings(environment)
    assert (found.app_id, found.webhook_secrets) == (github.app_id, (github.webhook_secret,))
    github.seed()
    with bot.github.App(found) as app:
        assert [one.full_name for one in app.repositories(github.installation_id)] == ["acme/service"]


def test_what_is_stored_is_for_its_user_alone(setup: Setup, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert setup.back().status_code == 200
    finally:
        os.umask(before)
    assert setup.registration.file == tmp_path / "data" / "credentials.json"
    assert stat.S_IMODE(setup.registration.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(setup.registration.file.parent.stat().st_mode) == 0o700
    assert [path.name for path in setup.registration.file.parent.iterdir()] == ["credentials.json"]
    stored = credentials.load(tmp_path / "data")
    assert stored is not None
    assert (stored.app_id, stored.private_key, stored.webhook_secrets) == (99, KEY, ("topsecret-webhook",))
    assert "topsecret" not in repr(stored)
    assert "topsecret-client" not in setup.registration.file.read_text()


def test_permissions_are_no_wider_than_what_was_agreed_on() -> None:
    made = manifest(Choices(webhook=HOOK), "https://suture.example.com", "http://localhost:8000/registered")
    assert made["default_permissions"] == {
        "contents": "write",
        "pull_requests": "write",
        "checks": "write",
        "issues": "write",
        "statuses": "read",
        "metadata": "read",
    }
    assert made["public"] is False
    assert made["hook_attributes"] == {"url": HOOK}
    assert "merge_group" not in made["default_events"]


@pytest.mark.parametrize(
    ("name", "access", "events"),
    [
        ("members", "read", set()),
        ("security_events", "write", set()),
        ("merge_queues", "read", {"merge_group"}),
    ],
)
def test_more_is_asked_for_where_it_was_chosen(name: str, access: str, events: set[str]) -> None:
    less = manifest(choices_of({}, HOOK), "https://x", "https://y")
    more = manifest(choices_of({name: "on"}, HOOK), "https://x", "https://y")
    added = more["default_permissions"].items() - less["default_permissions"].items()
    assert added == {(name, access)}
    assert set(more["default_events"]) - set(less["default_events"]) == events


def test_every_event_that_starts_something_comes() -> None:
    listed = [event for one in (*NEEDED, *OPTIONAL) for event in one.events]
    assert sorted((*listed, *ALWAYS_SENT)) == sorted(EVENTS)


def test_no_job_needs_what_was_not_asked_for() -> None:
    asked = {one.name: one.access for one in NEEDED}
    modules = [import_module(f"bot.work.{found.name}") for found in pkgutil.iter_modules(bot.work.__path__)]
    wanted = [module.PERMISSIONS for module in modules if hasattr(module, "PERMISSIONS")]
    assert wanted
    for permissions in wanted:
        assert all(asked.get(name) in (access, "write") for name, access in permissions.items()), permissions


def test_the_page_says_what_is_asked_for_and_why(setup: Setup) -> None:
    text = setup.client.get(setup.place).text.replace("&#39;", "'")
    for one in (*NEEDED, *OPTIONAL):
        assert str(one) in text
        assert one.reason in text
        assert all(event in text for event in one.events)


def test_who_does_not_know_the_token_finds_nothing(setup: Setup) -> None:
    nowhere = setup.client.get("/nowhere")
    token = setup.registration.token
    for guess in ("x", token[:-1], token + "x", token.swapcase(), "%FF", "%ED%A0%80", "é"):
        for path in (f"/setup/{guess}", f"/setup/{guess}/review?name=x"):
            found = setup.client.get(path)
            assert (found.status_code, found.content) == (404, nowhere.content)
    assert setup.client.get("/healthz").json() == {"status": "alive"}


@pytest.mark.parametrize("state", ["", "x", "ÿ", "%ED%A0%BD"])
def test_an_answer_to_nothing_exchanges_nothing(setup: Setup, state: str) -> None:
    refused = setup.client.get(f"/registered?code={CODE}&state={state}")
    assert refused.status_code == 400
    assert "The App is not registered" in refused.text
    assert not setup.registration.file.exists()
    assert setup.ended.empty()


@pytest.mark.parametrize("code", ["", "../x", "a b", "x" * 201, "é"])
def test_what_is_no_code_is_not_sent_to_github(setup: Setup, code: str) -> None:
    refused = setup.back(code)
    assert refused.status_code == 400
    assert not setup.registration.is_done


def test_a_code_is_exchanged_once_however_often_the_page_is_loaded(tmp_path: Path) -> None:
    codes = []

    def convert(api_url: str, code: str) -> github.Credentials:
        codes.append((api_url, code))
        return MADE

    registration = Registration(settings_of(tmp_path), convert)
    state = registration.state
    assert registration.complete(CODE, state) is registration.complete(CODE, state)
    assert codes == [("https://api.github.com", CODE)]


def test_a_code_that_is_spent_spends_the_state(github: GitHub, tmp_path: Path) -> None:
    asked = settings_of(tmp_path, github.base_url)
    registration = Registration(asked)
    with served(create_pages(registration, lambda: None)) as client:
        state = registration.state
        refused = client.get("/registered", params={"code": CODE, "state": state})
        assert refused.status_code == 400
        assert "good once, and for one hour" in refused.text
        assert registration.state != state
        code = github.new_manifest_code()
        assert client.get("/registered", params={"code": code, "state": state}).status_code == 400
        assert not registration.is_done
        again = client.get("/registered", params={"code": code, "state": registration.state})
        assert again.status_code == 200


def test_github_is_down_and_the_page_is_loaded_again(tmp_path: Path) -> None:
    answers: list[github.Credentials | Exception] = [github.Unavailable("GitHub can't be reached"), MADE]

    def convert(api_url: str, code: str) -> github.Credentials:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    registration = Registration(settings_of(tmp_path), convert)
    with served(create_pages(registration, lambda: None)) as client:
        address = f"/registered?code={CODE}&state={registration.state}"
        down = client.get(address)
        assert down.status_code == 502
        assert "GitHub can&#39;t be reached." in down.text
        assert "reload this page" in down.text
        assert client.get(address).status_code == 200


def without_secret(api_url: str, code: str) -> github.Credentials:
    return replace(MADE, webhook_secret="")


@pytest.mark.parametrize("setup", [(without_secret, "")], indirect=True)
def test_credentials_in_part_are_not_stored(setup: Setup) -> None:
    state = setup.registration.state
    half = setup.back()
    assert half.status_code == 500
    assert "GitHub gave no webhook secret." in half.text
    assert MADE.html_url in Page(half.text).links
    assert not setup.registration.file.exists()
    assert setup.back(state=state).status_code == 400


def test_credentials_that_cannot_be_stored(setup: Setup) -> None:
    setup.registration.file.parent.mkdir()
    setup.registration.file.write_text("of another registration")
    unstored = setup.back()
    assert unstored.status_code == 500
    assert "could not be written (FileExistsError)" in unstored.text
    assert "SUTURE_APP_ID=99" in unstored.text
    assert "topsecret" not in unstored.text
    assert setup.registration.file.read_text() == "of another registration"
    assert setup.ended.empty()


def test_what_people_and_github_write_does_not_come_alive(setup: Setup) -> None:
    evil = '"><script>alert(1)</script>'
    chosen = setup.client.get(setup.place, params={"name": evil, "organisation": evil, "webhook": evil})
    assert Page(chosen.text).fields["organisation"] == evil
    named = setup.review(name='"><script>x</script>')
    assert json.loads(Page(named.text).fields["manifest"])["name"] == '"><script>x</script>'
    for page in (chosen, named, setup.back()):
        assert "<script" not in page.text
        assert "<b>" not in page.text


def test_every_page_keeps_to_itself(setup: Setup) -> None:
    pages = [setup.client.get(setup.place), setup.review(), setup.review(name=""), setup.back(state="x")]
    for page in [*pages, setup.back()]:
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-")
        assert policy.partition("'nonce-")[2].partition("'")[0] in page.text
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "topsecret" not in page.text
        assert "src=" not in page.text
    assert "form-action 'self' https://github.com;" in pages[1].headers["content-security-policy"]
    assert len({page.headers["content-security-policy"] for page in pages}) == len(pages)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 35),
        ("name", "a\nb"),
        ("organisation", "a/b"),
        ("organisation", "-a"),
        ("organisation", "a?b"),
        ("organisation", "é"),
        ("webhook", ""),
        ("webhook", "smee.io/x"),
        ("webhook", "ftp://smee.io/x"),
        ("webhook", "https://"),
        ("webhook", "https://[x"),
        ("webhook", "https://x:99999999"),
        ("webhook", "https://me:secret@x/"),
        ("webhook", "https://x/#y"),
        ("webhook", "https://x/y z"),
        ("webhook", "https://x/" + "y" * 1000),
    ],
)
def test_what_github_would_refuse_is_asked_for_again(setup: Setup, field: str, value: str) -> None:
    page = setup.review(**{field: value})
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    shown = Page(page.text)
    assert shown.method == "get"
    assert shown.fields[field] == value


def test_what_was_chosen_survives_a_change_of_mind(setup: Setup) -> None:
    review = setup.review(name="Suture of acme", organisation="acme", merge_queues="on")
    (back,) = Page(review.text).links
    shown = Page(setup.client.get(review.url.join(back)).text)
    assert shown.fields == {"name": "Suture of acme", "organisation": "acme", "webhook": HOOK}
    assert [name for name, is_ticked in shown.ticked.items() if is_ticked] == ["merge_queues"]


@pytest.mark.parametrize("setup", [(converted, "https://suture.example.com/x")], indirect=True)
def test_a_public_address_is_not_asked_for(setup: Setup) -> None:
    assert "webhook" not in Page(setup.client.get(setup.place).text).fields
    made = json.loads(Page(setup.review(webhook="https://elsewhere.example").text).fields["manifest"])
    assert made["hook_attributes"] == {"url": "https://suture.example.com/x/webhooks/github"}
    assert made["redirect_url"] == "https://suture.example.com/x/registered"
    assert made["url"] == "https://suture.example.com/x"


@pytest.mark.parametrize("setup", [(converted, "https://sütüre.example")], indirect=True)
def test_a_public_address_that_github_does_not_take(setup: Setup) -> None:
    page = setup.review()
    assert page.status_code == 400
    assert "SUTURE_PUBLIC_URL" in page.text


def test_on_the_own_account(setup: Setup) -> None:
    page = Page(setup.review(organisation=" ").text)
    assert urlsplit(page.action).path == "/settings/apps/new"
    assert json.loads(page.fields["manifest"])["url"] == "https://github.com"
