"""Payload → Job: what starts something, what starts nothing, and what is no payload at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import EVENTS, Job, Kind, MalformedPayload, job_of

SHA = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
HOME = {"id": 9, "full_name": "octo/hello", "default_branch": "main"}
PERSON = {"login": "octocat", "type": "User"}
BOT = {"login": "suture[bot]", "type": "Bot"}
COMMON: dict[str, Any] = {"installation": {"id": 7}, "repository": HOME, "sender": PERSON}


def pull_request(
    branch: str = "feature", repo: int | None = 9, user: dict[str, str] = PERSON
) -> dict[str, Any]:
    head = {"ref": branch, "sha": SHA, "repo": None if repo is None else {"id": repo}}
    return {"number": 5, "head": head, "base": {"ref": "main"}, "user": user}


OURS = pull_request("suture/unsafe-model/api-0123456789", user=BOT)


def read(event: str, **payload: Any) -> Job | None:
    """Both ways in give the same: a webhook's bytes, and an Action's object."""
    whole = COMMON | payload
    found = job_of(event, json.dumps(whole).encode())
    assert job_of(event, whole) == found
    return found


def here(kind: Kind, **more: Any) -> Job:
    usual: dict[str, Any] = {"repository": "octo/hello", "repository_id": 9, "sender": "octocat"}
    return Job(kind, 7, **(usual | more))


def test_push() -> None:
    assert read("push", ref="refs/heads/main", after=SHA) == here(Kind.PUSH, ref="main", commit=SHA)


def test_a_push_to_another_branch_is_told_from_one_to_the_default_branch() -> None:
    job = read("push", ref="refs/heads/release/1", after=SHA)
    assert job == here(Kind.BRANCH_PUSH, ref="release/1", commit=SHA)


@pytest.mark.parametrize(
    "payload",
    [
        {"ref": "refs/heads/suture-fix/12/unsafe-output-0123456789"},
        {"ref": "refs/heads/gh-readonly-queue/main/pr-1"},
        {"ref": "refs/tags/main"},
        {"ref": "refs/heads/suture/unsafe-model/api-0123456789"},
        {"ref": "refs/heads/main", "after": "0" * 40, "deleted": True},
    ],
)
def test_a_push_that_starts_nothing(payload: dict[str, Any]) -> None:
    assert read("push", **({"after": SHA} | payload)) is None


def test_a_push_that_names_no_default_branch_is_left_to_the_job() -> None:
    job = read("push", ref="refs/heads/trunk", after=SHA, repository={"id": 9, "full_name": "octo/hello"})
    assert job is not None
    assert job.ref == "trunk"


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
@pytest.mark.parametrize("repo", [9, 10, None])
def test_a_pull_request(action: str, repo: int | None) -> None:
    job = read("pull_request", action=action, pull_request=pull_request(repo=repo))
    assert job == here(Kind.PULL_REQUEST, ref="main", commit=SHA, number=5)


def test_a_pull_request_that_goes_into_another_branch_now() -> None:
    changes = {"base": {"ref": {"from": "old"}}}
    assert read("pull_request", action="edited", pull_request=pull_request(), changes=changes) is not None
    assert read("pull_request", action="edited", pull_request=pull_request(), changes={"title": {}}) is None


def test_our_own_closing_starts_nothing() -> None:
    assert read("pull_request", action="closed", pull_request=OURS, sender=BOT) is None


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_our_own_pull_requests_are_checked_as_others_are(action: str) -> None:
    found = read("pull_request", action=action, pull_request=OURS, sender=BOT)
    assert found == here(Kind.PULL_REQUEST, ref="main", commit=SHA, number=5, sender=BOT["login"])


def test_what_people_do_to_ours() -> None:
    branch = OURS["head"]["ref"]
    assert read("pull_request", action="closed", pull_request=OURS) == here(
        Kind.PULL_REQUEST_CLOSED, ref=branch, commit=SHA, number=5, into="main"
    )
    review = {"id": 3, "state": "APPROVED"}
    assert read("pull_request_review", action="submitted", pull_request=OURS, review=review) == here(
        Kind.REVIEW, ref=branch, commit=SHA, number=5, subject=3, words=("approved",), into="main"
    )
    assert read("pull_request", action="synchronize", pull_request=OURS) is not None


def test_what_happens_to_others_pull_requests() -> None:
    fork = pull_request("suture/unsafe-model/api-0123456789", 10, BOT)
    persons = pull_request("suture/unsafe-model/api-0123456789")
    for theirs in (pull_request(), fork, persons):
        assert read("pull_request", action="closed", pull_request=theirs) is None
        review = {"id": 3, "state": "approved"}
        assert read("pull_request_review", action="submitted", pull_request=theirs, review=review) is None


def test_merge_group() -> None:
    group = {"head_sha": SHA, "base_ref": "refs/heads/main"}
    assert read("merge_group", action="checks_requested", merge_group=group) == here(
        Kind.MERGE_GROUP, ref="main", commit=SHA
    )
    assert read("merge_group", action="destroyed", merge_group=group) is None


def test_a_button_on_a_check_run_of_a_fork() -> None:
    run = {"id": 4, "head_sha": SHA, "external_id": "5", "pull_requests": []}
    job = read("check_run", action="requested_action", check_run=run, requested_action={"identifier": "fix"})
    assert job == here(Kind.CHECK_ACTION, commit=SHA, number=5, subject=4, words=("fix", "5"))
    assert read("check_run", action="rerequested", check_run=run) == here(
        Kind.CHECK_AGAIN, commit=SHA, number=5, subject=4
    )
    assert read("check_run", action="completed", check_run=run) is None


def test_checks_that_ended_on_our_branch() -> None:
    suite = {"head_sha": SHA, "head_branch": "suture/x/y-0123456789", "pull_requests": [{"number": 5}]}
    assert read("check_suite", action="completed", check_suite=suite) == here(
        Kind.CHECKS, ref="suture/x/y-0123456789", commit=SHA, number=5
    )
    assert read("check_suite", action="completed", check_suite=suite | {"head_branch": "main"}) is None
    assert read("check_suite", action="completed", check_suite=suite | {"head_branch": None}) is None
    branches = [{"name": "main"}, {"name": "suture/x/y-0123456789"}]
    assert read("status", sha=SHA, state="success", branches=branches) == here(
        Kind.CHECKS, ref="suture/x/y-0123456789", commit=SHA
    )
    assert read("status", sha=SHA, state="pending", branches=branches) is None
    assert read("status", sha=SHA, state="success", branches=branches[:1]) is None


def test_a_box_that_a_person_ticked() -> None:
    issue = {"number": 2, "user": BOT, "body": "Text\r\n- [x] open <!-- a -->\r\n- [ ] ask <!-- b -->\r\n"}
    changes = {"body": {"from": "Text\r\n- [ ] open <!-- a -->\r\n- [ ] ask <!-- b -->\r\n"}}
    job = read("issues", action="edited", issue=issue, changes=changes)
    assert job == here(
        Kind.ISSUE_EDITED,
        number=2,
        words=("- [x] open <!-- a -->", "- [ ] ask <!-- b -->"),
        before=("- [ ] open <!-- a -->", "- [ ] ask <!-- b -->"),
    )
    assert read("issues", action="edited", issue=issue, changes=changes, sender=BOT) is None
    assert read("issues", action="edited", issue=issue | {"user": PERSON}, changes=changes) is None
    assert read("issues", action="edited", issue=issue, changes={"title": {"from": "x"}}) is None
    assert read("issues", action="edited", issue=issue, changes={"body": {"from": issue["body"]}}) is None


def test_a_command_in_a_comment() -> None:
    comment = {"id": 6, "body": "Thanks!\n/suture ignore this\nI think /suture is fine\n /suturex"}
    assert read("issue_comment", action="created", issue={"number": 5}, comment=comment) == here(
        Kind.COMMENT, number=5, subject=6, words=("/suture ignore this",)
    )
    assert read("issue_comment", action="created", issue={"number": 5}, comment=comment, sender=BOT) is None
    assert read("issue_comment", action="deleted", issue={"number": 5}, comment=comment) is None


def test_installations_and_repositories() -> None:
    whole = {"repository": "", "repository_id": 0}
    none: dict[str, Any] = {"repository": None}
    for action in ("created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"):
        assert read("installation", action=action, **none) == here(
            Kind.INSTALLATION, words=(action,), **whole
        )
    assert read("installation_repositories", action="added", **none) == here(
        Kind.REPOSITORIES, words=("added",), **whole
    )
    assert read("repository", action="renamed") == here(Kind.REPOSITORY, words=("renamed",))
    assert read("repository", action="edited", changes={"description": {}}) is None
    assert read("repository", action="edited", changes={"default_branch": {"from": "m"}}) is not None


def test_an_action_has_no_installation() -> None:
    whole = {key: value for key, value in COMMON.items() if key != "installation"}
    job = job_of("push", whole | {"ref": "refs/heads/main", "after": SHA})
    assert job is not None
    assert job.installation == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'{"a":NaN}', b"[" * 10_000, b'"\\ud800"']
)
def test_what_is_no_object(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        job_of("push", body)
    assert job_of("an_event_of_tomorrow", body) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"ref": "refs/heads/a b"},
        {"ref": "refs/heads/\x00"},
        {"ref": "refs/heads/" + "a" * 2000},
        {"ref": None},
        {"after": SHA[:-1]},
        {"after": SHA + "\n"},
        {"repository": {"id": 9, "full_name": "octo/hello/../x"}},
        {"repository": {"id": 9, "full_name": "octo/he\x00llo"}},
        {"repository": {"id": -1, "full_name": "octo/hello"}},
        {"repository": {"id": 2**63, "full_name": "octo/hello"}},
        {"repository": {"id": "9", "full_name": "octo/hello"}},
        {"repository": None},
        {"installation": {"id": True}},
        {"sender": {"login": "<script>"}},
    ],
)
def test_a_field_that_github_would_not_send(changed: dict[str, Any]) -> None:
    with pytest.raises(MalformedPayload) as caught:
        read("push", **({"ref": "refs/heads/main", "after": SHA} | changed))
    assert "script" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)
NAMES = """
action ref after deleted repository installation sender id full_name default_branch login type pull_request
number head sha repo base user review state merge_group head_sha base_ref check_suite head_branch
pull_requests check_run external_id requested_action identifier branches name issue comment body changes from
"""
KEYS = st.sampled_from(NAMES.split())
WORDS = st.sampled_from(
    [
        "opened",
        "closed",
        "edited",
        "created",
        "completed",
        "suture/x",
        "refs/heads/main",
        SHA,
        "octo/hello",
        "Bot",
    ]
)
PAYLOADS = st.dictionaries(
    KEYS,
    st.recursive(
        WORDS | st.integers() | st.none() | st.text(max_size=20) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
        max_leaves=30,
    ),
    max_size=8,
)


@given(
    event=st.sampled_from(sorted(EVENTS)),
    payload=PAYLOADS | st.dictionaries(st.text(), JSON),
    raw=st.booleans(),
)
def test_whatever_comes_is_a_job_or_nothing_or_malformed(
    event: str, payload: dict[str, Any], raw: bool
) -> None:
    try:
        found = job_of(event, json.dumps(payload).encode() if raw else payload)
    except MalformedPayload:
        return
    if found is not None:
        assert Job.from_data(json.loads(json.dumps(found.as_data()))) == found


@given(event=st.sampled_from(sorted(EVENTS)), body=st.binary(max_size=200))
def test_whatever_bytes(event: str, body: bytes) -> None:
    try:
        job_of(event, body)
    except MalformedPayload:
        return


def test_a_job_survives_a_field_of_tomorrow() -> None:
    assert Job.from_data({"kind": "push", "installation": 7, "color": "red"}) == Job(Kind.PUSH, 7)


def test_partitions() -> None:
    assert here(Kind.PUSH).partition == "9"
    assert Job(Kind.INSTALLATION, 7).partition == "installation-7"
