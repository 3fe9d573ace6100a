"""Each fault meets the request that it is scripted for; deliveries are signed, listed and sent again."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import httpx
import pytest

from emulator import faults
from emulator.app_client import AppClient, app_client
from emulator.world import GitHub

pytest_plugins = ["emulator.plugin"]

REPO = "acme/service"
SECONDS = 20.0


@pytest.fixture
def app(github: GitHub) -> Iterator[AppClient]:
    github.seed(REPO)
    with app_client(github) as client:
        github.forget_calls()
        yield client


@pytest.mark.parametrize("code", [500, 502, 503, 404, 409, 422])
def test_a_status_instead_of_githubs_answer(github: GitHub, app: AppClient, code: int) -> None:
    github.fault(faults.status(code), "POST", "/repos/*/issues")
    assert app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"}).status_code == code
    assert github.issues(REPO) == []
    assert app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"}).status_code == 201


def test_the_nth_match_and_as_many_as_wanted(github: GitHub, app: AppClient) -> None:
    github.fault(faults.status(500), "GET", f"/repos/{REPO}", nth=2, times=2)
    assert [app.ask("GET", f"/repos/{REPO}").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert app.ask("GET", f"/repos/{REPO}/branches").status_code == 200
    github.fault(faults.status(503), times=0)
    assert [app.ask("GET", path).status_code for path in ("/zen", f"/repos/{REPO}")] == [503, 503]
    github.forgive()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 200


def test_people_meet_no_faults(github: GitHub, app: AppClient) -> None:
    github.fault(faults.status(500), times=0)
    github.push(REPO, {"a": "b"})


@pytest.mark.parametrize(
    ("fault", "code", "header", "words"),
    [
        (faults.secondary_limit(7), 403, ("retry-after", "7"), "secondary rate limit"),
        (faults.secondary_limit(1, 429), 429, ("retry-after", "1"), "secondary rate limit"),
        (faults.primary_limit(), 403, ("x-ratelimit-remaining", "0"), "API rate limit exceeded"),
        (faults.status(403, "Slow", {"Retry-After": "3"}), 403, ("retry-after", "3"), "Slow"),
        (faults.exists_already(), 422, ("content-type", "application/json; charset=utf-8"), "already exists"),
    ],
)
def test_limits_carry_their_headers(
    github: GitHub, app: AppClient, fault: faults.Fault, code: int, header: tuple[str, str], words: str
) -> None:
    github.fault(fault)
    limited = app.ask("GET", f"/repos/{REPO}")
    assert (limited.status_code, limited.headers[header[0]]) == (code, header[1])
    assert words in limited.json()["message"]


def test_an_expired_token_stays_expired(github: GitHub, app: AppClient) -> None:
    github.fault(faults.EXPIRED, "GET")
    assert [app.ask("GET", f"/repos/{REPO}").status_code for _ in range(2)] == [401, 401]
    app.new_token()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 200


def test_a_reset_connection_did_nothing(github: GitHub, app: AppClient) -> None:
    github.fault(faults.reset(), "POST", "*/issues")
    with pytest.raises(httpx.ReadError):
        app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"})
    assert github.issues(REPO) == []


def test_a_lost_answer_did_it(github: GitHub, app: AppClient) -> None:
    github.fault(faults.lost_answer(), "POST", "*/issues")
    with pytest.raises(httpx.ReadError):
        app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"})
    assert [one["title"] for one in github.issues(REPO)] == ["x"]
    assert len(github.delivered("issues", "opened")) == 1


def test_a_bad_gateway_may_hide_that_it_was_done(github: GitHub, app: AppClient) -> None:
    github.fault(faults.status(502, is_done=True), "POST", "*/issues")
    assert app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"}).status_code == 502
    assert len(github.issues(REPO)) == 1


def test_no_answer_ever_until_the_client_gives_up(github: GitHub, app: AppClient) -> None:
    github.fault(faults.hang(), "GET")
    with pytest.raises(httpx.ReadTimeout):
        app.http.get(f"/repos/{REPO}", headers={"authorization": f"Bearer {app.token}"}, timeout=0.05)


def test_no_answer_ever_until_the_test_gives_up(github: GitHub, app: AppClient) -> None:
    github.fault(faults.hang(), "GET")
    ended: Queue[Exception] = Queue()

    def wait() -> None:
        try:
            app.ask("GET", f"/repos/{REPO}")
        except httpx.HTTPError as problem:
            ended.put(problem)

    waiting = threading.Thread(target=wait)
    waiting.start()
    github.wait_until_held()
    github.forgive()
    assert isinstance(ended.get(timeout=SECONDS), httpx.ReadError)
    waiting.join(SECONDS)


def test_a_truncated_body(github: GitHub, app: AppClient) -> None:
    github.fault(faults.truncated(), "GET", "/codeload/*")
    moved = app.ask("GET", f"/repos/{REPO}/tarball/main")
    with pytest.raises(httpx.RemoteProtocolError):
        app.http.get(moved.headers["location"])
    assert app.http.get(moved.headers["location"]).status_code == 200


def test_a_stale_read_is_the_answer_of_before(github: GitHub, app: AppClient) -> None:
    path = f"/repos/{REPO}/git/ref/heads/main"
    before = app.get(path)["object"]["sha"]
    after = github.push(REPO, {"a": "b"})
    github.fault(faults.STALE, "GET", path)
    assert [app.get(path)["object"]["sha"] for _ in range(2)] == [before, after]


def test_a_stale_read_of_what_was_never_asked_for_finds_nothing(github: GitHub, app: AppClient) -> None:
    sha = github.head(REPO, "main")
    app.post(f"/repos/{REPO}/git/refs", {"ref": "refs/heads/suture/x", "sha": sha})
    github.fault(faults.STALE, times=2)
    assert app.ask("GET", f"/repos/{REPO}/git/ref/heads/suture/x").status_code == 404
    assert app.get(f"/repos/{REPO}/git/matching-refs/heads/suture/") == []


def test_requests_are_counted_by_route(github: GitHub, app: AppClient) -> None:
    github.fault(faults.status(500), "GET", f"/repos/{REPO}")
    for path in (f"/repos/{REPO}", f"/repos/{REPO}", f"/repos/{REPO}/git/ref/heads/suture/x"):
        app.ask("GET", path)
    github.push(REPO, {"a": "b"})
    assert github.calls() == {
        ("GET", "/repos/{owner}/{repo}"): 2,
        ("GET", "/repos/{owner}/{repo}/git/ref/{ref}"): 1,
    }
    first, second, third = github.seen[:3]
    assert (first.status, first.fault, first.who) == (500, "answer", "installation")
    assert (second.status, second.fault) == (200, "")
    assert third.status == 404


@contextmanager
def listener(codes: list[int]) -> Iterator[tuple[str, "Queue[tuple[dict[str, str], bytes]]"]]:
    """An App that answers with these codes, and then with 202; what it got is in the queue."""
    got: Queue[tuple[dict[str, str], bytes]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(codes.pop(0) if codes else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks/github", got
        server.shutdown()
        thread.join(SECONDS)


def test_a_push_by_git_data_is_delivered_and_signed(github: GitHub, app: AppClient) -> None:
    with listener([]) as (url, got):
        github.listen(url)
        before = github.head(REPO, "main")
        after = github.push(REPO, {"new.py": "n\n"}, by="bob", message="Add it")
        headers, body = got.get(timeout=SECONDS)
        github.settle()
    wanted = hmac.new(github.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={wanted}"
    assert (headers["x-github-event"], len(headers["x-github-delivery"])) == ("push", 36)
    payload = json.loads(body)
    assert (payload["ref"], payload["before"], payload["after"]) == ("refs/heads/main", before, after)
    assert payload["installation"]["id"] == github.installation_id
    (commit,) = payload["commits"]
    assert (commit["added"], commit["message"], commit["author"]["username"]) == (["new.py"], "Add it", "bob")
    assert github.deliveries[-1].code == 202


def test_a_failed_delivery_is_found_and_asked_for_again(github: GitHub, app: AppClient) -> None:
    with listener([503]) as (url, got):
        github.listen(url)
        github.push(REPO, {"a": "1"})
        github.settle()
        github.push(REPO, {"a": "2"})
        github.settle()
        listed = app.as_app("GET", "/app/hook/deliveries?per_page=1")
        older = app.as_app("GET", listed.links["next"]["url"]).json()
        assert [one["status_code"] for one in listed.json() + older] == [202, 503]
        shown = app.as_app("GET", f"/app/hook/deliveries/{older[0]['id']}").json()
        assert shown["request"]["payload"]["ref"] == "refs/heads/main"
        assert app.as_app("POST", f"/app/hook/deliveries/{older[0]['id']}/attempts").status_code == 202
        github.settle()
        guids = [got.get(timeout=SECONDS)[0]["x-github-delivery"] for _ in range(3)]
    assert guids[0] == guids[2] != guids[1]
    assert github.deliveries[-1].is_redelivery
    assert app.ask("GET", "/app/hook/deliveries").status_code == 401


def test_an_app_that_is_not_there_gets_its_deliveries_later(github: GitHub, app: AppClient) -> None:
    with listener([]) as (url, _):
        pass
    github.listen(url)
    github.push(REPO, {"a": "1"})
    github.settle()
    assert github.deliveries[-1].code == 502
    with listener([]) as (url, got):
        github.listen(url)
        github.redeliver(github.deliveries[-1])
        assert got.get(timeout=SECONDS)[0]["x-github-event"] == "push"
        github.settle()


def test_the_manifest_flow_gives_credentials_once(github: GitHub, app: AppClient) -> None:
    manifest = {
        "name": "Suture",
        "redirect_url": "http://127.0.0.1:1/setup/done",
        "hook_attributes": {"url": "http://127.0.0.1:1/webhooks/github"},
    }
    page = app.http.post("/settings/apps/new?state=s3cret", data={"manifest": json.dumps(manifest)})
    assert page.status_code == 302
    there = httpx.URL(page.headers["location"])
    assert (there.path, there.params["state"]) == ("/setup/done", "s3cret")
    made = app.http.post(f"/app-manifests/{there.params['code']}/conversions")
    assert made.status_code == 201
    assert (made.json()["id"], made.json()["pem"]) == (github.app_id, github.private_key)
    assert made.json()["webhook_secret"] == github.webhook_secret
    assert app.http.post(f"/app-manifests/{there.params['code']}/conversions").status_code == 404


def test_any_event_can_be_sent(github: GitHub, app: AppClient) -> None:
    group = {"head_sha": github.head(REPO, "main"), "base_ref": "refs/heads/main"}
    github.deliver("merge_group", {"action": "checks_requested", "merge_group": group}, REPO)
    (told,) = github.delivered("merge_group")
    assert told.payload["repository"]["full_name"] == REPO
    assert told.payload["installation"]["id"] == github.installation_id
