"""What the App asks in its own name: installations, deliveries that failed, and how it came to be."""

import httpx
import pytest
import respx
from github_bench import API, NAME, NOW, Bench, bench, formatted, no, ok, token

from bot.github import App, InstallationFacts, Missing, Problem, Refused, Unavailable

__all__ = ["bench"]
DELIVERIES = "/app/hook/deliveries"


def installation(number: int, **more: object) -> dict[str, object]:
    account = {"login": "acme", "type": "Organization"}
    found = {"id": number, "account": account, "suspended_at": None, "repository_selection": "all"}
    return found | {"permissions": {"contents": "write", "metadata": "read"}, "events": []} | more


def test_where_the_app_is_installed(bench: Bench) -> None:
    path = "/app/installations"
    person = {"account": {"login": "ann", "type": "User"}, "repository_selection": "selected"}
    enterprise = {"account": {"slug": "big", "name": "Big"}, "suspended_at": "2026-01-01T00:00:00Z"}
    bench.on("GET", path, [installation(3, **enterprise)], query={"page": "2"})
    first = [installation(1), installation(2, **person)]
    bench.on("GET", path, ok(first, link=f'<{API}{path}?page=2>; rel="next"'))
    permissions = {"contents": "write", "metadata": "read"}
    assert bench.app.installations() == (
        InstallationFacts(1, "acme", True, False, True, permissions),
        InstallationFacts(2, "ann", False, False, False, permissions),
        InstallationFacts(3, "big", False, True, True, permissions),
    )


def test_one_installation_or_none_any_more(bench: Bench) -> None:
    bench.on("GET", "/app/installations/7", installation(7, account=None), no(404))
    found = bench.app.installation_facts(7)
    assert found is not None
    assert (found.id, found.account) == (7, "")
    assert bench.app.installation_facts(7) is None


def test_what_an_installation_reaches(bench: Bench) -> None:
    path = "/installation/repositories"
    one = {"id": 5, "full_name": NAME, "private": False, "default_branch": "main", "language": None}
    bench.on(
        "GET",
        path,
        {"repositories": [one | {"id": 6, "full_name": "acme/b", "archived": True}]},
        query={"page": "2"},
    )
    bench.on("GET", path, ok({"repositories": [one]}, link=f'<{API}{path}?page=2>; rel="next"'))
    found = bench.app.repositories(7)
    assert [(each.id, each.full_name, each.is_archived) for each in found] == [
        (5, NAME, False),
        (6, "acme/b", True),
    ]
    assert bench.bodies("POST", "/app/installations/7/access_tokens") == [
        {"permissions": {"metadata": "read"}}
    ]


def test_an_installation_that_is_gone_reaches_nothing(bench: Bench) -> None:
    bench.on("POST", "/app/installations/7/access_tokens", no(404))
    with pytest.raises(Missing):
        bench.app.repositories(7)


def delivery(number: int, guid: str, code: int, ago: float, **more: object) -> dict[str, object]:
    at = formatted(NOW - ago).replace("Z", ".123Z")
    found = {"id": number, "guid": guid, "delivered_at": at, "redelivery": False, "duration": 0.1, "url": "x"}
    said = {"status": "OK" if code == 202 else "failed to connect to host", "status_code": code}
    return found | said | {"event": "push", "action": None, "installation_id": 7, "repository_id": 5} | more


def test_deliveries_that_never_arrived_are_named_once_by_their_last_attempt(bench: Bench) -> None:
    first = [
        delivery(9, "late", 202, 10),
        delivery(8, "twice", 503, 20),
        delivery(
            7, "fresh", 0, 30, event="pull_request", action="opened", installation_id=None, repository_id=None
        ),
    ]
    second = [
        delivery(6, "twice", 500, 40),
        delivery(5, "late", 500, 50),
        delivery(4, "old", 500, 100),
        delivery(3, "older", 500, 200),
    ]
    never = delivery(2, "ancient", 500, 300)
    bench.on("GET", DELIVERIES, [never], query={"cursor": "c2"})
    bench.on(
        "GET",
        DELIVERIES,
        ok(second, link=f'<{API}{DELIVERIES}?cursor=c2>; rel="next"'),
        query={"cursor": "c1"},
    )
    bench.on("GET", DELIVERIES, ok(first, link=f'<{API}{DELIVERIES}?cursor=c1>; rel="next"'))
    found = bench.app.failed_deliveries(NOW - 100)
    assert [(one.id, one.guid) for one in found] == [(4, "old"), (7, "fresh"), (8, "twice")]
    assert not any(one.is_delivered for one in found)
    assert (found[1].event, found[1].action, found[1].installation, found[1].repository_id) == (
        "pull_request",
        "opened",
        0,
        0,
    )
    assert (found[0].installation, found[0].repository_id, found[0].delivered_at) == (7, 5, NOW - 100 + 0.123)
    assert len(bench.sent("GET", DELIVERIES)) == 2


def test_a_delivery_is_asked_for_again(bench: Bench) -> None:
    bench.on("POST", f"{DELIVERIES}/8/attempts", ok({}, 202))
    bench.app.redeliver(8)
    (asked,) = bench.sent("POST")
    assert asked.content == b""
    assert asked.headers["authorization"].startswith("Bearer eyJ")


@pytest.mark.parametrize(("answer", "kind"), [(no(404), Missing), (no(422), Problem), (no(500), Unavailable)])
def test_a_delivery_that_is_not_to_be_had_again(
    bench: Bench, answer: httpx.Response, kind: type[Problem]
) -> None:
    bench.on("POST", f"{DELIVERIES}/8/attempts", answer)
    with pytest.raises(kind):
        bench.app.redeliver(8)


CONVERTED = {
    "id": 99,
    "slug": "suture-acme",
    "name": "Suture (acme)",
    "html_url": "https://github.com/apps/suture-acme",
    "owner": {"login": "acme"},
    "client_id": "Iv1.x",
    "client_secret": "topsecret1",
    "pem": "topsecret2",
    "webhook_secret": "topsecret3",
}


def test_a_manifest_s_code_becomes_credentials() -> None:
    with respx.mock(base_url=API) as router:
        route = router.post("/app-manifests/c0de/conversions").mock(return_value=ok(CONVERTED, 201))
        made = App.convert_manifest(API, "c0de")
    assert (made.app_id, made.slug, made.owner, made.client_id) == (99, "suture-acme", "acme", "Iv1.x")
    assert (made.client_secret, made.private_key, made.webhook_secret) == (
        "topsecret1",
        "topsecret2",
        "topsecret3",
    )
    assert "topsecret" not in repr(made)
    assert "authorization" not in route.calls.last.request.headers


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(404, "Not Found"), Missing),
        (no(422), Problem),
        (no(401), Refused),
        (ok({"id": 99, "pem": "topsecret"}, 201), Unavailable),
        (httpx.ReadTimeout("x"), Unavailable),
    ],
    ids=repr,
)
def test_a_code_that_is_spent(answer: httpx.Response | Exception, kind: type[Problem]) -> None:
    with respx.mock(base_url=API) as router:
        route = router.post("/app-manifests/c0de/conversions")
        route.mock(side_effect=[answer])
        with pytest.raises(kind) as caught:
            App.convert_manifest(API, "c0de")
    assert "topsecret" not in str(caught.value)
    assert route.call_count == 1


@pytest.mark.parametrize("code", ["", "../x", "a/../b"])
def test_a_code_that_leads_elsewhere_is_refused(code: str) -> None:
    with pytest.raises(Refused):
        App.convert_manifest(API, code)


def test_tokens_are_forgotten_in_the_end(bench: Bench) -> None:
    bench.router.route(method="POST", url__regex=".*/access_tokens").mock(return_value=token())
    for number in range(1, 1_101):
        bench.app.installation(number, NAME, {})
    assert len(bench.app._tokens) == 1_000
