"""The dashboard's issue: one, edited in place, with boxes that are obeyed."""

from collections.abc import Callable

import pytest
from emulator.world import GitHub
from story import CORS, FIXED, LOAD, NAME, opened

from bot.events import Job, Kind
from bot.jobs import Hopeless
from bot.work import Worker

pytest_plugins = ["emulator.plugin", "app_fixtures"]

ONE = {".suture.yml": "limits: {open: 1, new_per_day: 9}\n"}
Edit = Callable[..., None]
Look = Callable[[], None]


@pytest.fixture
def edit(github: GitHub, worker: Worker) -> Edit:
    """Let a person change the dashboard's text, and do what that starts."""

    def done(before: str, after: str, by: str = "bob", *, is_kept: bool = True) -> None:
        (issue,) = github.issues(NAME)
        assert before in issue["body"]
        body = issue["body"].replace(before, after, 1)
        if is_kept:
            github.edit_issue(NAME, issue["number"], body=body, by=by)
        boxes = [tuple(one for one in text.splitlines() if "- [" in one) for text in (issue["body"], body)]
        about = {"number": issue["number"], "sender": by, "before": boxes[0], "words": boxes[1]}
        repository = github.read(f"/repos/{NAME}")["id"]
        worker.do(Job(Kind.ISSUE_EDITED, github.installation_id, NAME, repository, **about))

    return done


def body(github: GitHub) -> str:
    (issue,) = github.issues(NAME)
    return str(issue["body"])


def private(github: GitHub, files: dict[str, str]) -> None:
    github.seed(NAME, files, is_private=True)


def test_a_public_repository_is_told_a_count(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    (number,) = opened(github)
    assert f"#{number}" in body(github)
    assert "of 1 pull request with 1 finding that wait" in body(github)
    assert "YAML" not in body(github)


def test_a_private_one_is_told_what_waits_and_why(github: GitHub, look: Look) -> None:
    private(github, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    assert "limits.open: 1 open" in body(github)
    assert body(github).count("- [ ]") == 2, "one waits, and the pause"


def test_it_is_one_and_left_alone(github: GitHub, look: Look) -> None:
    private(github, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    github.forget_calls()
    look()
    assert {method for method, route in github.calls() if "access_tokens" not in route} == {"GET"}
    assert len(github.issues(NAME)) == 1


@pytest.mark.parametrize("is_private", [True, False])
def test_a_tick_opens_what_waits(github: GitHub, look: Look, edit: Edit, is_private: bool) -> None:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS, **ONE}, is_private=is_private)
    look()
    edit("- [ ] ", "- [x] ")
    assert len(opened(github)) == 2
    assert "[x]" not in body(github)
    look()
    assert len(opened(github)) == 2


def test_a_tick_by_who_may_not_write_is_nothing(github: GitHub, look: Look, edit: Edit) -> None:
    github.seed(NAME, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    edit("- [ ] ", "- [x] ", by="eve", is_kept=False)
    assert len(opened(github)) == 1


def test_a_tick_whose_delivery_was_lost_is_seen_at_the_next_look(github: GitHub, look: Look) -> None:
    private(github, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    (issue,) = github.issues(NAME)
    github.edit_issue(NAME, issue["number"], body=issue["body"].replace("- [ ]", "- [x]", 1), by="bob")
    look()
    assert len(opened(github)) == 2


def test_a_tick_that_was_overwritten_is_not_lost(github: GitHub, look: Look, edit: Edit) -> None:
    private(github, {"app.py": LOAD, "chat.py": CORS, **ONE})
    look()
    edit("- [ ] ", "- [x] ", is_kept=False)
    assert len(opened(github)) == 2


def test_what_nobody_asked_for_opens_when_somebody_does(github: GitHub, look: Look, edit: Edit) -> None:
    private(github, {"app.py": LOAD, ".suture.yml": "open: {safe: never, review: never}\n"})
    look()
    assert opened(github) == []
    assert ": never)" in body(github)
    edit("- [ ] ", "- [x] ")
    (number,) = opened(github)
    look()
    assert opened(github) == [number]


def test_what_a_person_closed_is_asked_for_again(github: GitHub, look: Look, edit: Edit) -> None:
    private(github, {"app.py": LOAD, **ONE})
    look()
    (number,) = opened(github)
    github.close(NAME, number, by="ann")
    look()
    assert opened(github) == []
    (issue,) = github.issues(NAME)
    assert f"#{number} Read YAML with a loader that builds plain data, closed by `ann` on " in issue["body"]
    edit("- [ ] ", "- [x] ")
    (again,) = opened(github)
    look()
    assert opened(github) == [again], "the old no doesn't close it"
    github.close(NAME, again, by="ann")
    look()
    assert opened(github) == [], "the new one does"


def test_the_box_pauses_and_lets_go_on(github: GitHub, look: Look, edit: Edit, worker: Worker) -> None:
    private(github, {"app.py": LOAD, **ONE})
    look()
    edit("- [ ] Hold", "- [x] Hold")
    repository = github.read(f"/repos/{NAME}")["id"]
    job = Job(Kind.PUSH, github.installation_id, NAME, repository)
    assert worker.pauses.scope_over(job) == f"repository:{repository}"
    assert "- [x] Hold" in body(github)
    edit("- [x] Hold", "- [ ] Hold")
    assert worker.pauses.scope_over(job) == ""


def test_a_pause_that_was_overwritten_is_shown(github: GitHub, look: Look, edit: Edit) -> None:
    private(github, {"app.py": LOAD, **ONE})
    look()
    edit("- [ ] Hold", "- [x] Hold", is_kept=False)
    assert "- [x] Hold" in body(github)


def test_it_closes_itself_and_comes_back(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, **ONE})
    look()
    github.push(NAME, {"app.py": FIXED}, by="bob")
    look()
    assert [one["state"] for one in github.issues(NAME)] == ["closed"]
    github.push(NAME, {"more.py": LOAD}, by="bob")
    look()
    assert [one["state"] for one in github.issues(NAME)] == ["open"]


def test_one_that_a_person_closed_stays_so(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, **ONE})
    look()
    (issue,) = github.issues(NAME)
    github.edit_issue(NAME, issue["number"], state="closed", by="ann")
    before = body(github)
    github.push(NAME, {"app.py": FIXED, "chat.py": CORS}, by="bob")
    look()
    assert ([one["state"] for one in github.issues(NAME)], body(github)) == (["closed"], before)


def test_who_wants_none_gets_none(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, ".suture.yml": "dashboard: false\n"})
    look()
    assert github.issues(NAME) == []


def test_a_configuration_that_broke_is_told_there(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, **ONE})
    look()
    github.push(NAME, {".suture.yml": "limits: {open: lots}\n"}, by="bob")
    with pytest.raises(Hopeless):
        look()
    assert "The configuration can't be used" in body(github)
    assert "- `.suture.yml:1`: " in body(github)


def test_what_could_not_be_read_is_told(github: GitHub, look: Look) -> None:
    github.seed(NAME, {"app.py": LOAD, "bad.py": "import yaml\nyaml.load(\n", **ONE})
    look()
    assert "- `bad.py:2`" in body(github)


def test_the_day_s_limit_holds_across_an_installation(github: GitHub, worker: Worker, look: Look) -> None:
    github.seed("acme/other", {"app.py": LOAD, ".suture.yml": ""})
    worker.do(Job(Kind.RESCAN, github.installation_id, "acme/other"))
    private(github, {"app.py": LOAD, ".suture.yml": "limits: {installation_per_day: 1}\n"})
    look()
    assert opened(github) == []
    assert "limits.installation_per_day: 1 opened today in all repositories" in body(github)
