"""emulate's answers and payloads as GitHub would write them: heads that moved, verification, times, apps."""

import re
import time
from typing import TYPE_CHECKING, Any

from emulator.wire import Answer, Data
from emulator.wire import answer as json_answer

if TYPE_CHECKING:
    from emulator.hub import Hub

FRACTIONS = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z"')


def answer(hub: "Hub", done: Answer) -> Answer:
    """Times without fractions of a second, as GitHub's are; everything that `value` puts right."""
    done = Answer(done.status, done.body, limits() | dict(done.headers))
    if not done.is_json or not done.body:
        return done
    right = json_answer(value(hub, done.value)).body
    if not hub.behaviour.has_fractions:
        right = FRACTIONS.sub(rb'"\1Z"', right)
    return Answer(done.status, right, done.headers)


def limits() -> dict[str, str]:
    """emulate counts what it answers; what the proxy answers is free."""
    end = str(int(time.time()) + 3600)
    kept = {"Limit": "5000", "Remaining": "4999", "Used": "1", "Reset": end, "Resource": "core"}
    return {f"X-Ratelimit-{name}": one for name, one in kept.items()}


def value(hub: "Hub", data: Any) -> Any:
    if isinstance(data, list):
        return [value(hub, one) for one in data]
    if not isinstance(data, dict):
        return data
    data = {name: value(hub, one) for name, one in data.items()}
    if "verification" in data or "verification" in (data.get("commit") or {}):
        return _verified(hub, data)
    if {"merge_commit_sha", "head", "base"} <= data.keys():
        return _pull(hub, data)
    if {"check_suite", "external_id", "output"} <= data.keys():
        return _check_run(hub, data)
    if {"timeline_url", "number", "repository_url"} <= data.keys():
        return _issue(hub, data)
    if {"access_tokens_url", "repository_selection"} <= data.keys():
        return _installation(hub, data)
    return data


def repository_id(hub: "Hub", url: str) -> int:
    """Of an address below /repos; 0 where it isn't known."""
    return hub.state.repositories.get("/".join(url.partition("/repos/")[2].split("/")[:2]), 0)


def _verified(hub: "Hub", commit: Data) -> Data:
    if commit.get("sha") not in hub.state.verified:
        return commit
    kept = {"verified": True, "reason": "valid", "signature": "-----BEGIN PGP SIGNATURE-----", "payload": ""}
    right = kept | {"verified_at": hub.now()}
    if "verification" in commit:
        return commit | {"verification": right}
    return commit | {"commit": commit["commit"] | {"verification": right}}


def _pull(hub: "Hub", pull: Data) -> Data:
    key = (repository_id(hub, pull["url"]), pull["number"])
    head = hub.state.heads.get(key, pull["head"]["sha"])
    merged = hub.state.merges.get(key, pull["merge_commit_sha"])
    return pull | {"head": pull["head"] | {"sha": head}, "merge_commit_sha": merged}


def app(hub: "Hub") -> Data:
    setup = hub.setup
    return {
        "id": setup.app_id,
        "slug": setup.slug,
        "name": setup.name,
        "owner": {"login": "acme"},
        "html_url": f"{hub.base_url}/apps/{setup.slug}",
        "permissions": dict(setup.permissions),
        "events": list(setup.events),
    }


OTHER_APP = {"id": 15368, "slug": "github-actions", "name": "GitHub Actions", "owner": {"login": "github"}}


def _check_run(hub: "Hub", run: Data) -> Data:
    extras = hub.state.runs.get(run["id"], {})
    count = len(extras.get("annotations", []))
    url = f"{run['url']}/annotations"
    output = run["output"] | {"annotations_count": count, "annotations_url": url}
    suite = run["check_suite"] or {}
    pulls = _pulls_at(hub, run)
    by = app(hub) if extras.get("is_ours") else OTHER_APP
    return run | {"app": by, "output": output, "check_suite": suite | {"app": by}, "pull_requests": pulls}


def _pulls_at(hub: "Hub", run: Data) -> list[Data]:
    """Open pull requests of the same repository with that head; those of forks are never among them."""
    repository = repository_id(hub, run["url"])
    own = [(number, sha) for (at, number), sha in hub.state.heads.items() if at == repository]
    url = run["url"].partition("/check-runs/")[0]
    return [
        {"number": number, "url": f"{url}/pulls/{number}", "head": {"sha": sha}}
        for number, sha in own
        if sha == run["head_sha"] and (repository, number) not in hub.state.from_forks
    ]


def _issue(hub: "Hub", issue: Data) -> Data:
    if (repository_id(hub, issue["url"]), issue["number"]) not in hub.state.pulls:
        return issue
    url = issue["url"].replace("/issues/", "/pulls/")
    return issue | {"pull_request": {"url": url, "html_url": issue["html_url"].replace("/issues/", "/pull/")}}


def _installation(hub: "Hub", found: Data) -> Data:
    installed = hub.state.installations.get(found["id"])
    if installed is None:
        return found
    selection = "all" if installed.selection is None else "selected"
    return found | {"repository_selection": selection, "suspended_at": installed.suspended_at}
