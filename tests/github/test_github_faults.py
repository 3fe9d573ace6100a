"""What goes wrong between us and GitHub, and what each fault is taken for."""

import gzip
from email.utils import formatdate

import httpx
import pytest
from github_bench import (
    NAME,
    NOW,
    REPO,
    SHA,
    TOKEN,
    Bench,
    Pieces,
    Reply,
    bench,
    no,
    ok,
)

from bot.github import (
    Conflict,
    Missing,
    Oversized,
    Problem,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)

__all__ = ["bench"]
FACTS = {"id": 5, "full_name": NAME, "default_branch": "main", "private": True}
REFS = f"{REPO}/git/refs"
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(400, "Problems parsing JSON"), Refused),
        (no(403, "Resource not accessible by integration"), Refused),
        (no(403, "This installation has been suspended"), Suspended),
        (no(404, "Not Found"), Missing),
        (no(410, "Issues are disabled for this repo"), Missing),
        (no(409, "Git Repository is empty."), Conflict),
        (no(413, "Payload too big"), Refused),
        (no(418), Refused),
        (no(422, "Validation Failed", [{"resource": "X", "field": "y", "code": "custom"}]), Conflict),
        (no(451, "Repository access blocked"), Refused),
        (no(304), Unavailable),
        (no(408), Unavailable),
        (no(500, "Server Error"), Unavailable),
        (no(503, "No server"), Unavailable),
        (httpx.Response(502, html="<html><title>Unicorn!</title></html>"), Unavailable),
        (httpx.Response(403, html="<html>no</html>"), Refused),
        (httpx.Response(404), Missing),
        (httpx.Response(422, content=b'{"message": ["no text"]}'), Conflict),
        (httpx.Response(422, content=b'{"message": "cut o'), Conflict),
    ],
)
def test_a_status_says_what_may_be_done(bench: Bench, answer: httpx.Response, kind: type[Problem]) -> None:
    bench.on("POST", REFS, answer)
    bench.on("GET", f"{REPO}/git/matching-refs/heads/x", [])
    with pytest.raises(Problem) as caught:
        bench.repo.create_branch("x", SHA)
    assert type(caught.value) is kind
    assert caught.value.status == answer.status_code
    assert len(bench.sent("POST", REFS)) == 1
    assert bench.sleeps == []


def test_github_s_words_are_passed_on_short_plain_and_without_tokens(bench: Bench) -> None:
    said = f"Bad\x1b[31m {TOKEN} and eyJhbGciOiJSUzI1NiJ9.abc.def\n" + "x" * 1000
    errors = [{"message": f"see ?token={TOKEN}"}, "plain", {"resource": "Label", "code": "invalid"}, {"a": 1}]
    bench.on("POST", REFS, no(422, said, errors))
    bench.on("GET", f"{REPO}/git/matching-refs/heads/x", [])
    with pytest.raises(Conflict) as caught:
        bench.repo.create_branch("x", SHA)
    text = caught.value.message
    assert text.startswith("GitHub answered 422: Bad [31m *** and *** xxx")
    assert text.endswith("… (see ***; plain; Label invalid)")
    assert len(text) < 500
    assert "\x1b" not in text
    assert caught.value.details == ("see ***", "plain", "Label invalid")


def test_a_refusal_names_the_permission_that_is_needed(bench: Bench) -> None:
    words = "Resource not accessible by integration"
    bench.on("GET", REPO, no(403, words, x_accepted_github_permissions="contents=write"))
    with pytest.raises(Refused, match=r"integration \(needs contents=write\)"):
        bench.repo.facts()


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry_after": "77"}, SECONDARY, 77),
        ({"retry_after": formatdate(NOW + 600 + 77, usegmt=True)}, SECONDARY, 77),
        ({"retry_after": formatdate(NOW + 600 - 77, usegmt=True)}, SECONDARY, 0),
        ({"retry_after": "Soon"}, SECONDARY, 60),
        ({"retry_after": "-5"}, SECONDARY, 60),
        ({"retry_after": "999999999"}, SECONDARY, 86_400),
        (
            {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOW) + 600 + 1800)},
            "API rate limit",
            1800,
        ),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1"}, "API rate limit exceeded", 0),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1e3"}, "API rate limit exceeded", 60),
        ({"x_ratelimit_remaining": "4000"}, SECONDARY, 60),
        ({}, "You have triggered an abuse detection mechanism", 60),
    ],
)
def test_a_limit_says_when_to_come_back_by_our_clock(
    bench: Bench, status: int, headers: dict[str, str], message: str, seconds: int
) -> None:
    ahead = formatdate(NOW + 600, usegmt=True)
    bench.on("GET", REPO, no(status, message, date=ahead, **headers))
    with pytest.raises(RateLimited) as caught:
        bench.repo.facts()
    assert caught.value.retry_at == NOW + seconds
    assert caught.value.status == status
    assert bench.sleeps == ([0.0, 0.0] if seconds == 0 else [])


def test_writing_too_quickly_is_a_limit_too(bench: Bench) -> None:
    bench.on("POST", REFS, no(422, "Validation Failed", [{"message": "was submitted too quickly"}]))
    with pytest.raises(RateLimited) as caught:
        bench.repo.create_branch("x", SHA)
    assert caught.value.retry_at == NOW + 60


def test_a_short_limit_is_waited_for_even_by_a_write_as_nothing_was_done(bench: Bench) -> None:
    bench.on(
        "POST", REFS, no(403, SECONDARY, retry_after="2"), no(429, SECONDARY, retry_after="1"), ok({}, 201)
    )
    bench.repo.create_branch("x", SHA)
    assert bench.sleeps == [2, 1]


@pytest.mark.parametrize(
    "fault",
    [
        no(500),
        no(502),
        no(503),
        no(504),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
        httpx.Response(200, stream=Pieces(b'{"id": 5, "full', httpx.RemoteProtocolError("incomplete"))),
        httpx.Response(200, stream=Pieces(b'{"id": 5, "full', httpx.ReadError("reset"))),
        httpx.Response(200, stream=Pieces(b"no gzip"), headers={"content-encoding": "gzip"}),
    ],
    ids=repr,
)
def test_reading_is_tried_again_a_little_later_and_a_write_is_not(bench: Bench, fault: Reply) -> None:
    bench.on("GET", REPO, fault, fault, FACTS)
    assert bench.repo.facts().id == 5
    assert bench.sleeps == [0.5, 1.5]
    bench.on("POST", f"{REPO}/git/blobs", fault)
    bench.on("GET", f"{REPO}/git/commits/{SHA}", {"sha": SHA, "tree": {"sha": SHA}})
    with pytest.raises(Unavailable):
        bench.repo.commit_files(SHA, {"a": (0o100644, b"a")}, "Fix")
    assert len(bench.sent("POST", f"{REPO}/git/blobs")) == 1


def test_reading_gives_up_after_three_tries(bench: Bench) -> None:
    bench.on("GET", REPO, no(502, retry_after="1"))
    with pytest.raises(Unavailable) as caught:
        bench.repo.facts()
    assert len(bench.sent("GET", REPO)) == 3
    assert bench.sleeps == [1, 1]
    assert caught.value.retry_at == NOW + 1


def test_a_longer_outage_is_for_the_queue_to_wait_for(bench: Bench) -> None:
    bench.on("GET", REPO, no(503, retry_after="120"))
    with pytest.raises(Unavailable) as caught:
        bench.repo.facts()
    assert caught.value.retry_at == NOW + 120
    assert bench.sleeps == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_timeout_is_not_tried_again_at_once(bench: Bench, method: str) -> None:
    path = REPO if method == "GET" else REFS
    bench.on(method, path, httpx.ReadTimeout("30 seconds"))
    with pytest.raises(Unavailable, match="in time"):
        bench.repo.facts() if method == "GET" else bench.repo.create_branch("x", SHA)
    assert len(bench.sent(method, path)) == 1


@pytest.mark.parametrize("fault", [httpx.ConnectError("no route"), httpx.ConnectTimeout("10 seconds")])
def test_what_never_was_sent_is_sent_again(bench: Bench, fault: Exception) -> None:
    bench.on("POST", REFS, fault, fault, ok({}, 201))
    bench.repo.create_branch("x", SHA)
    assert len(bench.sent("POST", REFS)) == 3
    assert [status for _, route, status, _ in bench.calls if route.endswith("refs")] == [0, 0, 201]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(200, content=b'{"id": 5, "full_na'), "broke off"),
        (httpx.Response(200, content=b""), "broke off"),
        (httpx.Response(200, content=b"[" * 100_000), "broke off"),
        (httpx.Response(200, html="<html>Down for maintenance</html>"), "answered with text/html where data"),
        (ok({"id": "five", "full_name": NAME}), "no usable id"),
        (ok([]), "no usable content"),
        (httpx.Response(200, content=b'{"id": 5, "full_name": "\xff", "private": true}'), "broke off"),
    ],
)
def test_what_is_no_answer_is_none(bench: Bench, answer: httpx.Response, words: str) -> None:
    bench.on("GET", REPO, answer)
    with pytest.raises(Unavailable, match=words) as caught:
        bench.repo.facts()
    assert caught.value.__context__ is None


def test_an_answer_without_end_is_not_read_to_its_end(bench: Bench) -> None:
    packed = gzip.compress(b"[" + b" " * 70_000_000)
    bench.on("GET", REPO, httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))
    with pytest.raises(Oversized, match="64,000,000"):
        bench.repo.facts()
    assert len(bench.sent("GET", REPO)) == 1
