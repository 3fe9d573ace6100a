"""What the proxy adds to emulate, each over HTTP: Apps, git's objects, repositories, installations."""

import base64
import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from emulator.acting import Files
from emulator.app_client import AppClient, app_client
from emulator.setup import PERMISSIONS, Setup
from emulator.world import GitHub

pytest_plugins = ["emulator.plugin"]

REPO = "acme/service"
FIRST: Files = {"app.py": "import torch\n", "run.sh": ("100755", "#!/bin/sh\n"), "docs/a.md": "a\n"}


@pytest.fixture
def app(github: GitHub) -> Iterator[AppClient]:
    github.seed(REPO, FIRST)
    with app_client(github) as client:
        yield client


def test_a_seeded_repository_is_what_was_asked_for_and_told_nobody(github: GitHub, app: AppClient) -> None:
    assert github.files(REPO) == {"app.py": b"import torch\n", "run.sh": b"#!/bin/sh\n", "docs/a.md": b"a\n"}
    assert github.modes(REPO)["run.sh"] == "100755"
    assert github.deliveries == ()
    tree = app.get(f"/repos/{REPO}/git/trees/main?recursive=1")
    assert [one["path"] for one in tree["tree"] if one["type"] == "blob"] == ["app.py", "docs/a.md", "run.sh"]


def test_every_test_begins_with_an_empty_github(github: GitHub) -> None:
    assert github.seen == ()
    assert github.request("GET", "/search/repositories?q=service")["total_count"] == 0


def test_a_token_has_no_fractions_unless_they_are_wanted(github: GitHub, app: AppClient) -> None:
    assert "." not in app.new_token()["expires_at"]
    github.behaviour.has_fractions = True
    assert "." in app.new_token()["expires_at"]


def test_a_token_reaches_what_it_was_narrowed_to(github: GitHub, app: AppClient) -> None:
    github.seed("acme/other", is_private=True)
    assert {one["name"] for one in app.get("/installation/repositories")["repositories"]} == {
        "service",
        "other",
    }
    app.new_token(repositories=["service"], permissions={"contents": "read"})
    reached = app.get("/installation/repositories")
    assert (reached["total_count"], reached["repositories"][0]["full_name"]) == (1, REPO)
    assert app.ask("GET", "/repos/acme/other").status_code == 404
    refused = app.ask("POST", f"/repos/{REPO}/git/blobs", {"content": "x"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")


def test_repositories_come_in_pages(github: GitHub, app: AppClient) -> None:
    github.seed("acme/other")
    first = app.ask("GET", "/installation/repositories?per_page=1")
    assert first.json()["total_count"] == 2
    second = app.ask("GET", first.links["next"]["url"])
    assert second.json()["repositories"][0]["full_name"] == "acme/other"
    assert "next" not in second.links


@pytest.mark.parametrize("token", ["ghs_made_up", "whatever"])
def test_a_token_that_nobody_gave_is_refused(app: AppClient, token: str) -> None:
    app.token = token
    assert app.ask("GET", f"/repos/{REPO}").status_code == 401


def test_a_jwt_that_lives_too_long_is_refused(app: AppClient) -> None:
    refused = app.http.get("/app", headers=app.jwt(seconds=3600))
    assert refused.status_code == 401
    assert "too far in the future" in refused.json()["message"]


def test_expired_tokens_are_refused_until_there_is_a_new_one(github: GitHub, app: AppClient) -> None:
    github.expire_tokens()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 401
    app.new_token()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 200


def test_uninstalled_and_suspended_installations_end_their_tokens(github: GitHub, app: AppClient) -> None:
    github.suspend()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 403
    github.suspend(is_suspended=False)
    assert app.ask("GET", f"/repos/{REPO}").status_code == 200
    github.uninstall()
    assert app.ask("GET", f"/repos/{REPO}").status_code == 401
    path = f"/app/installations/{github.installation_id}/access_tokens"
    assert app.as_app("POST", path).status_code == 404
    assert app.as_app("GET", "/app/installations").json() == []
    told = [one.action for one in github.delivered("installation")]
    assert told == ["suspend", "unsuspend", "deleted"]


def test_chosen_repositories_are_told_of_and_reached(github: GitHub, app: AppClient) -> None:
    github.seed("acme/other", is_private=True)
    github.choose("acme", {REPO})
    (removed,) = github.delivered("installation_repositories", "removed")
    assert [one["full_name"] for one in removed.payload["repositories_removed"]] == ["acme/other"]
    assert app.ask("GET", "/repos/acme/other").status_code == 404
    assert app.as_app("GET", "/repos/acme/other/installation").status_code == 404
    assert app.as_app("GET", f"/repos/{REPO}/installation").json()["repository_selection"] == "selected"
    github.push("acme/other", {"a": "b"})
    assert github.delivered("push") == []


def test_the_app_commits_verified_and_people_do_not(github: GitHub, app: AppClient) -> None:
    head = github.head(REPO, "main")
    assert head is not None
    signed = app.commit(REPO, {"app.py": "x = 1\n"}, head)
    shown = app.get(f"/repos/{REPO}/commits/{signed}")
    assert shown["commit"]["verification"]["verified"] is True
    assert shown["author"]["login"] == github.bot
    assert shown["committer"]["login"] == "web-flow"
    assert app.get(f"/repos/{REPO}/git/commits/{signed}")["verification"]["reason"] == "valid"
    author = {"name": "Suture", "email": "suture@example.com"}
    named = app.commit(REPO, {"app.py": "x = 2\n"}, head, author=author)
    assert app.get(f"/repos/{REPO}/commits/{named}")["commit"]["verification"]["verified"] is False
    theirs = github.push(REPO, {"app.py": "x = 3\n"}, by="bob")
    shown = app.get(f"/repos/{REPO}/commits/{theirs}")
    assert (shown["commit"]["verification"]["verified"], shown["author"]["login"]) == (False, "bob")


def test_blobs_are_raw_where_that_is_asked_for_and_their_hash_is_gits(app: AppClient) -> None:
    content = b"\x00\xff\r\n"
    body = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
    oid = app.post(f"/repos/{REPO}/git/blobs", body)["sha"]
    assert oid == hashlib.sha1(b"blob 4\0" + content).hexdigest()
    raw = app.ask("GET", f"/repos/{REPO}/git/blobs/{oid}", accept="application/vnd.github.raw+json")
    assert raw.content == content


def test_a_recursive_tree_is_cut_at_the_limit(github: GitHub, app: AppClient) -> None:
    github.behaviour.tree_limit = 2
    tree = app.get(f"/repos/{REPO}/git/trees/main?recursive=1")
    assert (len(tree["tree"]), tree["truncated"]) == (2, True)
    assert app.get(f"/repos/{REPO}/git/trees/main")["truncated"] is False


def test_a_tarball_is_elsewhere_and_lacks_what_is_not_exported(github: GitHub, app: AppClient) -> None:
    more: Files = {".gitattributes": "docs/ export-ignore\n", "link": ("120000", "app.py")}
    sha = github.push(REPO, more)
    moved = app.ask("GET", f"/repos/{REPO}/tarball/{sha}")
    assert moved.status_code == 302
    packed = app.http.get(moved.headers["location"]).raise_for_status().content
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = {one.name: one for one in tar.getmembers()}
        root = f"acme-service-{sha[:7]}"
        assert set(members) - {root} == {
            f"{root}/{path}" for path in (".gitattributes", "app.py", "link", "run.sh")
        }
        assert members[f"{root}/run.sh"].mode == 0o775
        assert members[f"{root}/link"].issym()
        assert tar.pax_headers["comment"] == sha
    assert app.http.get(moved.headers["location"].replace("TICKET", "T")).status_code == 404


def test_references_keep_gits_rules(github: GitHub, app: AppClient) -> None:
    sha = github.head(REPO, "main")
    refs = f"/repos/{REPO}/git/refs"

    def create(name: str) -> int:
        return app.ask("POST", refs, {"ref": f"refs/heads/{name}", "sha": sha}).status_code

    assert create("suture/a") == 201
    assert create("suture/a") == 422
    assert create("suture/a/b") == 422
    assert create("suture") == 422
    assert create("suture/a b") == 422
    assert create("suture/b") == 201
    matching = app.get(f"/repos/{REPO}/git/matching-refs/heads/suture/")
    assert [one["ref"] for one in matching] == ["refs/heads/suture/a", "refs/heads/suture/b"]
    assert app.get(f"/repos/{REPO}/git/matching-refs/heads/none") == []
    assert app.ask("DELETE", f"{refs}/heads/suture/a").status_code == 204
    assert app.ask("DELETE", f"{refs}/heads/suture/a").status_code == 422
    assert app.ask("PATCH", f"{refs}/heads/suture/a", {"sha": sha}).status_code == 422


def test_only_a_fast_forward_moves_a_branch_unforced(github: GitHub, app: AppClient) -> None:
    base = github.head(REPO, "main")
    assert base is not None
    one, other = (app.commit(REPO, {"app.py": text}, base) for text in ("1\n", "2\n"))
    app.post(f"/repos/{REPO}/git/refs", {"ref": "refs/heads/suture/x", "sha": one})
    moving = f"/repos/{REPO}/git/refs/heads/suture/x"
    assert app.ask("PATCH", moving, {"sha": other}).status_code == 422
    assert app.ask("PATCH", moving, {"sha": other, "force": True}).status_code == 200
    assert github.delivered("push")[-1].payload["forced"] is True


def test_comparisons_tell_the_merge_base(github: GitHub, app: AppClient) -> None:
    base = github.head(REPO, "main")
    github.push(REPO, {"b.py": "b\n"}, branch="topic")
    github.push(REPO, {"c.py": "c\n"})
    compared = app.get(f"/repos/{REPO}/compare/main...topic")
    assert compared["merge_base_commit"]["sha"] == base
    assert (compared["ahead_by"], compared["behind_by"], compared["status"]) == (1, 1, "diverged")
    assert [one["filename"] for one in compared["files"]] == ["b.py"]


def test_a_renamed_repository_leaves_its_address(github: GitHub, app: AppClient) -> None:
    github.rename(REPO, "renamed")
    moved = app.ask("GET", f"/repos/{REPO}/branches")
    assert moved.status_code == 301
    assert app.ask("GET", moved.headers["location"]).json()[0]["name"] == "main"
    assert app.ask("POST", f"/repos/{REPO}/issues", {"title": "x"}).status_code == 307
    (told,) = github.delivered("repository", "renamed")
    assert told.payload["changes"] == {"repository": {"name": {"from": "service"}}}
    assert told.payload["repository"]["full_name"] == "acme/renamed"


def test_a_transferred_repository_is_found_by_its_id_and_a_deleted_one_is_gone(
    github: GitHub, app: AppClient
) -> None:
    number = app.get(f"/repos/{REPO}")["id"]
    github.transfer(REPO, "ann")
    moved = app.ask("GET", f"/repos/{REPO}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"{github.base_url}/repositories/{number}")
    assert app.get(moved.headers["location"])["full_name"] == "ann/service"
    assert app.ask("POST", "/repos/ann/service/issues", {"title": "x"}).status_code == 403
    github.delete_repository("ann/service")
    assert app.ask("GET", f"/repositories/{number}").status_code == 404


def test_archived_and_public_repositories_are_told_of(github: GitHub, app: AppClient) -> None:
    github.request("PATCH", f"/repos/{REPO}", {"private": True})
    github.request("PATCH", f"/repos/{REPO}", {"archived": True})
    assert [one.action for one in github.delivered("repository")] == ["privatized", "archived"]
    refused = app.ask("POST", f"/repos/{REPO}/git/blobs", {"content": "x"})
    assert (refused.status_code, "archived" in refused.json()["message"]) == (403, True)


def test_sarif_is_taken_where_the_app_may(github: GitHub, app: AppClient) -> None:
    packed = base64.b64encode(gzip.compress(b'{"version": "2.1.0"}')).decode()
    asked = {"commit_sha": github.head(REPO, "main"), "ref": "refs/heads/main", "sarif": packed}
    uploads = f"/repos/{REPO}/code-scanning/sarifs"
    assert app.ask("POST", uploads, asked).status_code == 403
    permissions = PERMISSIONS | {"security_events": "write"}
    github.reset(replace(github.setup, permissions=permissions))
    github.seed(REPO)
    app.new_token()
    assert app.ask("POST", uploads, asked | {"sarif": "no"}).status_code == 400
    assert app.get(app.post(uploads, asked)["url"])["processing_status"] == "complete"
    assert github.sarif()[0]["sarif"] == {"version": "2.1.0"}


def test_enterprise_paths_and_head_requests_are_understood(app: AppClient) -> None:
    assert app.get(f"/api/v3/repos/{REPO}")["full_name"] == REPO
    assert app.http.head(f"/repos/{REPO}").status_code == 200


def test_search_finds_repositories(app: AppClient) -> None:
    assert app.get("/search/repositories?q=user:acme")["total_count"] == 1


def test_a_setup_of_its_own(github: GitHub) -> None:
    setup = Setup(github.private_key, slug="mender", people=("zoe",), members={}, installations={"zoe": 7})
    github.reset(setup)
    github.seed("zoe/tool", is_private=True)
    with app_client(github) as client:
        assert client.get("/repos/zoe/tool")["private"] is True
        assert client.as_app("GET", "/app").json()["slug"] == "mender"
