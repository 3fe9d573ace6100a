"""GitHub's own examples, posted with a valid signature: each is answered 202 and starts what it should."""

import json
from collections import Counter
from pathlib import Path

import pytest
from queue_rig import queue
from real_server import client, headers
from webhook_examples import Example, examples

from bot.events import Job, Kind

STARTING = {
    ("check_run", "requested_action"): Kind.CHECK_ACTION,
    ("check_run", "rerequested"): Kind.CHECK_AGAIN,
    ("check_suite", "rerequested"): Kind.CHECK_AGAIN,
    ("installation", "created"): Kind.INSTALLATION,
    ("installation", "deleted"): Kind.INSTALLATION,
    ("installation", "new_permissions_accepted"): Kind.INSTALLATION,
    ("installation", "suspend"): Kind.INSTALLATION,
    ("installation", "unsuspend"): Kind.INSTALLATION,
    ("installation_repositories", "added"): Kind.REPOSITORIES,
    ("installation_repositories", "removed"): Kind.REPOSITORIES,
    ("merge_group", "checks_requested"): Kind.MERGE_GROUP,
    ("pull_request", "opened"): Kind.PULL_REQUEST,
    ("pull_request", "ready_for_review"): Kind.PULL_REQUEST,
    ("pull_request", "reopened"): Kind.PULL_REQUEST,
    ("pull_request", "synchronize"): Kind.PULL_REQUEST,
    ("push", ""): Kind.PUSH,
    ("repository", "edited"): Kind.REPOSITORY,
    ("repository", "renamed"): Kind.REPOSITORY,
    ("repository", "transferred"): Kind.REPOSITORY,
    ("repository", "privatized"): Kind.REPOSITORY,
    ("repository", "publicized"): Kind.REPOSITORY,
}
"""Everything else of theirs starts nothing."""


@pytest.fixture(scope="module")
def all_examples(request: pytest.FixtureRequest) -> list[Example]:
    cache = request.config.cache
    assert cache is not None
    return examples(Path(cache.mkdir("webhook-examples")))


def expected(example: Example) -> Kind | None:
    """What the table says, where the payload is from an installation and about a branch that we watch."""
    payload = example.payload
    if not payload.get("installation"):
        return None
    if example.event == "push":
        default = f"refs/heads/{payload['repository']['default_branch']}"
        return Kind.PUSH if payload["ref"] == default and not payload["deleted"] else None
    if (example.event, example.action) == ("repository", "edited"):
        return Kind.REPOSITORY if "default_branch" in payload["changes"] else None
    return STARTING.get((example.event, example.action))


def test_every_example_of_githubs(all_examples: list[Example], tmp_path: Path) -> None:
    wanted = Counter(kind for kind in map(expected, all_examples) if kind)
    url = f"sqlite:///{tmp_path / 'suture.sqlite'}"
    done: Counter[Kind] = Counter()

    def work(job: Job) -> None:
        done[job.kind] += 1

    with queue(url, work) as rig, client(tmp_path, rig.jobs.accept) as app:
        for number, example in enumerate(all_examples):
            body = json.dumps(example.payload).encode()
            sent = headers(body, example.event, x_github_delivery=f"example-{number}")
            answer = app.post("/webhooks/github", content=body, headers=sent)
            outcome = "queued" if expected(example) else "ignored"
            assert (answer.status_code, answer.json()) == (202, {"outcome": outcome}), example
        rig.endings(wanted.total())
        assert rig.jobs.depth().waiting == 0
    assert done == wanted
    assert len(all_examples) > 400
    assert len(wanted) >= 8
