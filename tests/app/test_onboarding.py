"""The first contact: one proposal where it is wanted, people's answers to it, and no second one ever."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from emulator.world import GitHub
from onboarding_rig import EVAL, FILES, TORCH, install, soon, state_of
from story import LOAD, NAME, NOW, branch_of, opened

from bot.ledger import Onboarding
from bot.onboarding import BRANCH, PATH, configuration
from bot.work import Worker
from bot.work.membership import DAY
from fixers import all_rules

pytest_plugins = ["emulator.plugin", "app_fixtures"]


def pull(github: GitHub, number: int) -> dict[str, Any]:
    found: dict[str, Any] = github.pull_request(NAME, number)
    return found


def test_one_repository_is_asked_once(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    assert branch_of(github, number) == BRANCH
    assert (pull(github, number)["title"], pull(github, number)["draft"]) == ("Configure Suture", False)
    files = github.files(NAME, BRANCH)
    assert {path for path in files if path not in FILES} == {PATH}
    assert files[PATH].decode() == configuration()
    commit = github.show_commit(NAME, BRANCH)
    assert commit["commit"]["verification"]["verified"] is True
    assert commit["commit"]["message"].startswith("Configure Suture\n\n")
    assert state_of(worker) is Onboarding.OPEN
    (repository,) = worker.ledger.reachable()
    assert worker.ledger.events(repository.id, number) == (("open", "", ""),)


def test_an_unchanged_proposal_is_left_alone(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    before = (github.branches(NAME), github.pull_requests(NAME))
    github.forget_calls()
    look()
    assert (github.branches(NAME), github.pull_requests(NAME)) == before
    assert {method for method, route in github.calls() if "access_tokens" not in route} == {"GET"}


@pytest.mark.parametrize("is_private", [True, False])
def test_it_tells_what_opens_and_in_public_only_how_much(
    github: GitHub, worker: Worker, look: Callable[[], None], is_private: bool
) -> None:
    github.seed(NAME, FILES, is_private=is_private)
    install(github, worker)
    look()
    (number,) = opened(github)
    body = pull(github, number)["body"]
    assert "**Once it is merged,** 1 pull request opens, with the fixes of 1 finding." in body
    assert "| 1 | fixed at once |" in body
    assert ("| at once | critical | " in body) is is_private
    assert ("Anybody can read this" in body) is not is_private
    weaknesses = [rule.title for rule in all_rules()] + [rule.id for rule in all_rules()] + list(FILES)
    told = [words for words in weaknesses if words in body]
    assert is_private or told == []
    assert not any(path in body for path in FILES)


def test_a_repository_that_becomes_public_tells_less(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES, is_private=True)
    install(github, worker)
    look()
    github.request("PATCH", f"/repos/{NAME}", {"private": False})
    look()
    (number,) = opened(github)
    assert "Anybody can read this" in pull(github, number)["body"]
    assert "| at once |" not in pull(github, number)["body"]


def test_many_repositories_are_asked_only_where_somebody_wants_it(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    github.seed("acme/other", FILES)
    install(github, worker)
    look()
    assert github.pull_requests(NAME) == []
    assert state_of(worker) is Onboarding.WAITING
    wanted = next(row for row in worker.ledger.reachable() if row.name == NAME)
    worker.ledger.want(wanted.id)
    look()
    assert len(opened(github)) == 1
    assert github.pull_requests("acme/other") == []


def test_nobody_is_asked_before_it_is_known_how_many_there_are(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    look()
    assert github.pull_requests(NAME) == []
    assert state_of(worker) is Onboarding.WAITING


def test_a_rescan_finds_out_and_asks(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, FILES)
    look()
    (rescan,) = worker.rescans()
    worker.do(rescan.job)
    assert len(opened(github)) == 1


def test_without_a_trace_of_ai_nothing_opens_whoever_asks(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {"app.py": LOAD})
    install(github, worker)
    (repository,) = worker.ledger.reachable()
    worker.ledger.want(repository.id)
    look()
    assert github.pull_requests(NAME) == []
    assert state_of(worker) is Onboarding.NO_AI
    assert len(worker.ledger.lives(repository.id)) == 1, "it was looked at all the same"


def test_what_a_person_closed_is_never_asked_again(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.close(NAME, number, by="ann")
    github.delete_branch(NAME, BRANCH)
    (repository,) = worker.ledger.reachable()
    for _ in range(2):
        worker.ledger.want(repository.id)
        look()
    assert (opened(github), state_of(worker)) == ([], Onboarding.CLOSED)
    assert BRANCH not in github.branches(NAME)
    assert worker.ledger.events(repository.id, number) == (("open", "", ""), ("closed", "", "ann"))


def test_a_no_is_known_from_github_alone(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.close(NAME, number, by="ann")
    worker.ledger.uninstalled(github.installation_id)
    worker.ledger.forget(before=NOW + 1)
    install(github, worker)
    look()
    assert (opened(github), state_of(worker)) == ([], Onboarding.CLOSED)


def test_a_merge_begins_the_work(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.merge(NAME, number, by="ann")
    look()
    (first,) = opened(github)
    assert first != number
    assert github.files(NAME, branch_of(github, first))["answer.py"] != EVAL.encode()


def test_a_configuration_that_was_taken_away_is_not_proposed_again(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.merge(NAME, number, by="ann")
    github.push(NAME, {PATH: None}, by="bob")
    look()
    assert (opened(github), state_of(worker)) == ([], Onboarding.CLOSED)


def test_who_took_an_own_configuration_away_is_not_asked_either(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, {**FILES, PATH: "limits: {open: 0}\n"})
    install(github, worker)
    look()
    assert state_of(worker) is Onboarding.CONFIGURED
    github.push(NAME, {PATH: None}, by="bob")
    look()
    look()
    assert (opened(github), state_of(worker)) == ([], Onboarding.CLOSED)


def test_what_somebody_else_closed_on_that_branch_is_no_answer(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    github.push(NAME, {"notes.md": "mine\n"}, branch=BRANCH, by="bob")
    github.close(NAME, github.open_pull_request(NAME, BRANCH, by="bob"), by="bob")
    github.delete_branch(NAME, BRANCH)
    install(github, worker)
    look()
    assert len(opened(github)) == 1


def test_what_it_lists_is_kept_up_to_date_without_a_word(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    head = github.head(NAME, BRANCH)
    body = pull(github, number)["body"]
    github.edit_issue(NAME, number, body=f"Let's talk on Monday.\n\n{body}", by="bob")
    github.push(NAME, {"more.py": EVAL}, by="bob")
    look()
    changed = pull(github, number)["body"]
    assert changed.startswith("Let's talk on Monday.\n\n")
    assert "with the fixes of 2 findings." in changed
    assert (github.head(NAME, BRANCH), github.comments(NAME, number)) == (head, [])


def test_a_person_who_pushes_to_it_has_it(github: GitHub, worker: Worker, look: Callable[[], None]) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    theirs = github.push(NAME, {PATH: "limits: {open: 2}\n"}, branch=BRANCH, by="bob")
    body = pull(github, number)["body"]
    github.push(NAME, {"more.py": EVAL}, by="bob")
    look()
    assert (github.head(NAME, BRANCH), pull(github, number)["body"]) == (theirs, body)
    github.push(NAME, {PATH: ""}, by="ann")
    look()
    assert (pull(github, number)["state"], github.head(NAME, BRANCH)) == ("open", theirs)


def test_a_branch_that_github_updated_is_still_ours(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.push(NAME, {"more.py": EVAL}, by="bob")
    github.update_branch(NAME, number, by="bob")
    look()
    assert "with the fixes of 2 findings." in pull(github, number)["body"]


def test_a_branch_of_somebody_elses_is_left_to_them(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    theirs = github.push(NAME, {"notes.md": "mine\n"}, branch=BRANCH, by="bob")
    install(github, worker)
    look()
    assert (opened(github), github.head(NAME, BRANCH)) == ([], theirs)
    assert state_of(worker) is Onboarding.WAITING


def test_a_configuration_that_came_otherwise_ends_it(
    github: GitHub, worker: Worker, look: Callable[[], None]
) -> None:
    github.seed(NAME, FILES)
    install(github, worker)
    look()
    (number,) = opened(github)
    github.push(NAME, {PATH: ""}, by="bob")
    look()
    look()
    assert (pull(github, number)["state"], state_of(worker)) == ("closed", Onboarding.CONFIGURED)
    assert BRANCH not in github.branches(NAME)
    (comment,) = github.comments(NAME, number)
    assert comment["body"].startswith("Closed: the default branch has a configuration now.")
    (repository,) = worker.ledger.reachable()
    states = {row.number: row.state for row in worker.ledger.pull_requests(repository.id)}
    assert states[number] == "done", "nobody said no"
    assert len(opened(github)) == 1, "the work has begun"


def test_no_more_than_five_begin_in_a_day(
    github: GitHub,
    worker: Worker,
) -> None:
    names = [f"acme/service-{number}" for number in range(7)]
    for name in names:
        github.seed(name, {"model.py": TORCH})
    install(github, worker)

    def rescan() -> None:
        for one in worker.rescans():
            worker.do(one.job)

    def asked() -> list[str]:
        return [name for name in names if github.pull_requests(name)]

    rescan()
    assert asked() == []
    for row in worker.ledger.reachable():
        worker.ledger.want(row.id)
    rescan()
    rescan()
    assert len(asked()) == 5
    assert soon(worker) == [], "nobody is looked at for what can't begin"
    worker.ledger.now = lambda: NOW + DAY + 1
    tomorrow = replace(worker, now=worker.ledger.now)
    assert sorted([*soon(tomorrow), *asked()]) == names
    for one in tomorrow.rescans():
        tomorrow.do(one.job)
    assert asked() == names
