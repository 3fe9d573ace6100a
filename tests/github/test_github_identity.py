"""Who we are to GitHub: signed claims, narrowed tokens, and what happens when they end."""

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github_bench import NAME, NOW, REPO, TOKEN, Bench, app_settings, bench, no, ok, private_key, token

from bot.github import App, Missing, Problem, RateLimited, Refused, Suspended, Unavailable

__all__ = ["bench"]
TOKENS = "/app/installations/7/access_tokens"
FACTS = {"id": 5, "full_name": NAME, "default_branch": "main", "private": True, "html_url": "https://x"}


def claims(request: httpx.Request) -> dict[str, object]:
    public = load_pem_private_key(private_key().encode(), None).public_key()
    assert isinstance(public, RSAPublicKey)
    signed = request.headers["authorization"].removeprefix("Bearer ")
    found: dict[str, object] = jwt.decode(
        signed, public, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
    )
    return found


def test_the_app_signs_ten_minutes_that_began_a_minute_ago(bench: Bench) -> None:
    assert bench.app.login == "suture[bot]"
    (asked,) = bench.sent("GET", "/app")
    assert claims(asked) == {"iss": "4242", "iat": NOW - 60, "exp": NOW + 540}
    assert bench.app.slug == "suture"
    assert len(bench.sent("GET", "/app")) == 1


@pytest.mark.parametrize("skew", [-900, 900])
def test_github_s_clock_counts_where_ours_is_wrong(bench: Bench, skew: int) -> None:
    words = "'Expiration time' claim ('exp') is too far in the future"
    date = formatdate(NOW + skew, usegmt=True)
    bench.on("GET", "/app/installations", no(401, words, date=date), [])
    assert bench.app.installations() == ()
    assert claims(bench.sent("GET", "/app/installations")[1])["exp"] == NOW + skew + 540


def test_a_jwt_that_is_refused_for_another_reason_is_not_tried_again(bench: Bench) -> None:
    bench.on("GET", "/app/installations", no(401, "A JSON web token could not be decoded"))
    with pytest.raises(Refused, match="could not be decoded"):
        bench.app.installations()
    assert len(bench.sent("GET", "/app/installations")) == 1


@pytest.mark.parametrize("key", ["-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----", "rubbish"])
def test_a_key_that_is_none_is_told_and_not_shown(key: str) -> None:
    app = App(app_settings(key=key))
    with pytest.raises(Refused, match="private key can't sign") as caught:
        app.installations()
    assert caught.value.__context__ is None
    assert key not in "".join(traceback.format_exception(caught.value))
    app.close()


def test_a_token_is_narrowed_to_the_repository_and_the_permissions(bench: Bench) -> None:
    bench.on("GET", REPO, FACTS)
    wanted = {"pull_requests": "write", "contents": "read"}
    bench.app.installation(7, NAME, wanted).facts()
    bench.app.installation(7, NAME, wanted, repository_id=5).facts()
    assert bench.bodies("POST", TOKENS) == [
        {"repositories": ["service"], "permissions": {"contents": "read", "pull_requests": "write"}},
        {"repository_ids": [5], "permissions": {"contents": "read", "pull_requests": "write"}},
    ]
    assert claims(bench.sent("POST", TOKENS)[0])["iss"] == "4242"
    assert {one.headers["authorization"] for one in bench.sent("GET", REPO)} == {f"Bearer {TOKEN}"}


def test_jobs_share_a_token_until_five_minutes_before_its_end(bench: Bench) -> None:
    bench.on("GET", REPO, FACTS)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bench.again().facts(), range(16)))
    assert len(bench.sent("POST", TOKENS)) == 1
    bench.now[0] = NOW + 3600 - 301
    bench.again().facts()
    assert len(bench.sent("POST", TOKENS)) == 1
    bench.now[0] = NOW + 3600 - 300
    bench.again().facts()
    assert len(bench.sent("POST", TOKENS)) == 2


def test_a_token_s_end_is_told_by_github_s_clock(bench: Bench) -> None:
    ahead = 7200
    bench.on("POST", TOKENS, token(now=NOW + ahead))
    bench.on("GET", REPO, FACTS)
    bench.repo.facts()
    bench.now[0] = NOW + 3600 - 300
    bench.repo.facts()
    assert len(bench.sent("POST", TOKENS)) == 2


@pytest.mark.parametrize(
    "form", ["2027-01-15T09:00:00Z", "2027-01-15T09:00:00.123Z", "2027-01-15T10:00:00+01:00"]
)
def test_a_token_may_end_in_the_middle_of_a_second(bench: Bench, form: str) -> None:
    bench.on("POST", TOKENS, ok({"token": TOKEN, "expires_at": form}, 201))
    bench.on("GET", REPO, FACTS)
    assert bench.repo.facts().id == 5
    assert bench.repo.facts().id == 5
    assert len(bench.sent("POST", TOKENS)) == 1


def test_a_401_in_the_middle_brings_a_new_token_once(bench: Bench) -> None:
    bench.on("POST", TOKENS, token("ghs_first"), token("ghs_second"))
    bench.on("POST", f"{REPO}/git/refs", no(401, "Bad credentials"), ok({}, 201))
    bench.repo.create_branch("suture/a", "a" * 40)
    used = [one.headers["authorization"] for one in bench.sent("POST", f"{REPO}/git/refs")]
    assert used == ["Bearer ghs_first", "Bearer ghs_second"]


def test_a_401_that_stays_ends_as_refused(bench: Bench) -> None:
    bench.on("GET", REPO, no(401, "Bad credentials"))
    with pytest.raises(Refused) as caught:
        bench.repo.facts()
    assert caught.value.status == 401
    assert len(bench.sent("GET", REPO)) == 2


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (no(404, "Not Found"), Missing, "isn't installed there any more"),
        (no(403, "This installation has been suspended"), Suspended, "suspended"),
        (
            no(422, "There is at least one repository that does not exist or is not accessible"),
            Missing,
            "doesn't reach acme/service",
        ),
        (
            no(422, "The permissions requested are not granted to this installation."),
            Refused,
            "its owner has to accept it",
        ),
        (no(403, "slow down", retry_after="30"), RateLimited, "slow down"),
        (ok({"token": TOKEN}, 201), Unavailable, "no usable expires_at"),
        (ok({"token": TOKEN, "expires_at": "2027-01-15T09:00:00"}, 201), Unavailable, "no usable expires_at"),
        (httpx.Response(201, text="<html>"), Unavailable, "text/plain where data was expected"),
    ],
)
def test_why_there_is_no_token(bench: Bench, answer: httpx.Response, kind: type[Problem], words: str) -> None:
    bench.on("POST", TOKENS, answer)
    with pytest.raises(kind, match=words) as caught:
        bench.repo.facts()
    assert type(caught.value) is kind
    assert bench.sent("GET", REPO) == []
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_secrets_show_in_no_text_repr_or_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bench.on("GET", REPO, no(403, f"token {TOKEN} may not"), httpx.ReadError(f"oh {TOKEN}"))
        texts = [repr(bench.app), repr(bench.repo), repr(vars(bench.repo)), repr(vars(bench.app))]
        problems = []
        for _ in range(2):
            with pytest.raises(Problem) as caught:
                bench.repo.facts()
            problems.append(caught.value)
    for problem in problems:
        assert (problem.__cause__, problem.__context__) == (None, None)
        texts += (str(problem), repr(problem), "".join(traceback.format_exception(problem)))
    (asked, *_) = bench.sent("POST", TOKENS)
    secrets = (TOKEN, private_key(), asked.headers["authorization"].removeprefix("Bearer "))
    texts.append(caplog.text)
    assert not [secret for secret in secrets for text in texts if secret in text]
    assert "***" in texts[4]
