"""What `suture plan` shows and `suture fix --branches` makes, and what both leave as it was."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from command_line import CALL, CALL_RULE, LOAD, YAML_RULE, state, suture
from real_git import commit, own_home, root, run

from bot import demo
from bot.outcomes import Status
from bot.published import BEGIN, END, read_marker
from fixers import all_rules
from fixers.engine import scan
from fixers.repository import Repository

__all__ = ["own_home", "root"]

MANY = "limits: {open: 9, new_per_day: 9}\n"

BROKEN = (
    "{",
    "[]",
    "null",
    "\x00",
    "",
    "[" * 100_000,
    '{"branch": 1}',
    '{"branch": "suture/a\\u0000b/c"}',
    '{"branch": "suture/\\ud800/x"}',
    '{"branch": "suture/../x"}',
    '{"state": "odd"}',
    '{"approved": "yes"}',
    '{"comments": "abc"}',
)


def planned(*arguments: str | Path) -> dict[str, Any]:
    ended = suture("plan", *arguments, "--format", "json")
    assert ended.exit_code == 0, ended.output
    made: dict[str, Any] = json.loads(ended.stdout)
    return made


def actions(made: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(step["action"], step.get("rules", [])) for step in made["steps"]]


def statuses(made: dict[str, Any]) -> dict[str, str]:
    return {f"{one['path']} {one['rule']}": one["status"] for one in made["findings"]}


def branches(root: Path) -> dict[str, str]:
    listed = run(root, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/suture/")
    return dict(line.split() for line in listed.splitlines())


def kept(root: Path) -> dict[str, bytes]:
    folder = root / ".git/suture"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.exists() else {}


def record(root: Path) -> Path:
    (path,) = (root / ".git/suture").glob("*.json")
    return path


def rewrite(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


# --- plan ---


def test_a_plan_has_its_steps_and_every_finding_once(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL, "c/d.py": LOAD})
    made = planned(root)
    assert actions(made) == [("open", [YAML_RULE])]
    (step,) = made["steps"]
    assert step["branch"].startswith("suture/")
    assert (step["severity"], step["safety"], step["files"], step["lines"]) == ("high", "review", 2, 4)
    assert statuses(made)[f"b.py {CALL_RULE}"] == Status.WITHHELD.value
    names = [one["fingerprint"] for one in made["findings"]]
    assert len(names) == len(set(names)) >= 3
    assert set(step["findings"]) <= set(names)
    scanned = json.loads(suture("scan", root, "--format", "json").stdout)["findings"]
    assert {one["fingerprint"] for one in scanned} <= set(names)
    assert (branches(root), kept(root)) == ({}, {})


def test_a_plan_as_text(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    lines = suture("plan", root).stdout.splitlines()
    assert lines[0].split() == ["step", "severity", "size", "pull", "request"]
    assert lines[1].split()[:8] == ["open", "high", "1", "finding,", "1", "file,", "2", "lines"]
    assert "Read YAML with a loader that builds plain data" in lines[1]
    assert lines[2].strip() == planned(root)["steps"][0]["branch"]
    assert lines[-2:] == [
        "2 findings: 1 in a pull request, 1 withheld",
        "  1 withheld: open: only when asked for",
    ]


def test_text_and_data_say_the_same(root: Path) -> None:
    commit(root, {".suture.yml": "open: {rules: ['python/*']}\n", "a.py": LOAD, "svc/b.py": CALL})
    made, shown = planned(root), suture("plan", root).stdout
    for step in made["steps"]:
        assert step["branch"] in shown
        assert step["reason"] in shown
        assert step["title"] in shown
    counts = Counter(one["status"] for one in made["findings"])
    assert f"{len(made['findings'])} findings: {counts['fixed']} in a pull request" in shown


def test_no_findings(root: Path) -> None:
    commit(root, {"a.py": "x = 1\n"})
    assert suture("plan", root).stdout == "no findings\n"
    assert planned(root) == {"steps": [], "findings": []}
    assert suture("fix", root, "--branches").stdout == "no findings\n"


def test_a_plan_stands_on_the_commit_not_on_the_tree(root: Path) -> None:
    commit(root, {"a.py": LOAD, ".suture.yml": "open: {review: never}\n"})
    clean = planned(root)
    (root / "a.py").write_text("x = 1\n")
    (root / "new.py").write_text(LOAD)
    (root / ".suture.yml").unlink()
    run(root, "add", "new.py")
    assert planned(root) == clean
    assert statuses(clean) == {f"a.py {YAML_RULE}": "withheld"}
    assert "what isn't committed isn't seen" in " ".join(suture("plan", "--help").stdout.split())


@pytest.mark.parametrize("place", ["", "svc", "svc/b.py"])
def test_whatever_is_named_the_plan_is_of_the_whole_repository(root: Path, place: str) -> None:
    commit(root, {"a.py": LOAD, "svc/b.py": CALL})
    assert set(statuses(planned(root / place))) == {f"a.py {YAML_RULE}", f"svc/b.py {CALL_RULE}"}


@pytest.mark.parametrize("command", ["plan", "fix"])
def test_the_help_says_so(command: str) -> None:
    words = " ".join(suture(command, "--help").stdout.replace("│", " ").split())
    assert "whole repository" in words


def test_what_is_asked_for_and_nothing_else(root: Path) -> None:
    commit(root, {"a.py": LOAD, "svc/b.py": CALL, "svc/requirements.txt": ""})
    made = planned(root, "--rule", CALL_RULE)
    assert actions(made) == [("open", [CALL_RULE])]
    assert statuses(made) == {f"a.py {YAML_RULE}": "withheld", f"svc/b.py {CALL_RULE}": "fixed"}
    assert actions(planned(root, "--threat", "unbounded-cost")) == [("open", [CALL_RULE])]
    both = planned(root, "--rule", CALL_RULE, "--rule", YAML_RULE)
    assert sorted(actions(both)) == [("open", [YAML_RULE]), ("withhold", [CALL_RULE])]
    more = planned(root, "--rule", CALL_RULE, "--rule", YAML_RULE, "--most", "2")
    assert sorted(actions(more)) == [("open", [CALL_RULE]), ("open", [YAML_RULE])]
    assert actions(planned(root, "--most", "0")) == [("withhold", [YAML_RULE])]


def test_a_revision_and_a_bare_repository(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = commit(root, {"a.py": LOAD})
    commit(root, {"a.py": "x = 1\n"})
    assert planned(root) == {"steps": [], "findings": []}
    for revision in (first, "HEAD~1", first[:9]):
        assert actions(planned(root, "--revision", revision)) == [("open", [YAML_RULE])]
    bare = tmp_path_factory.mktemp("bare") / "b.git"
    run(root, "clone", "-q", "--bare", str(root), str(bare))
    assert planned(bare, "--revision", first)["steps"] == planned(root, "--revision", first)["steps"]
    assert suture("fix", bare, "--branches", "--revision", first).exit_code == 0
    assert list(branches(bare)) == [step["branch"] for step in planned(bare, "--revision", first)["steps"]]


def test_records_in_a_folder_of_ones_own(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit(root, {"a.py": LOAD})
    folder = tmp_path_factory.mktemp("kept") / "deep" / "er"
    assert suture("fix", root, "--branches", "--folder", folder).exit_code == 0
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".md"]
    assert kept(root) == {}
    assert [step["action"] for step in planned(root, "--folder", folder)["steps"]] == ["leave alone"]


# --- what can't be done ---


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "--rule", "python/nope"], "there is no rule 'python/nope'"),
        (["fix", "--branches", "--rule", "python/nope"], "there is no rule 'python/nope'"),
        (["plan", "--rule", YAML_RULE, "--threat", "exposed-secret"], "no rule is named by --rule and is"),
        (["plan", "--revision", "nope"], "git knows no commit 'nope' here"),
        (["plan", "--revision", "--all"], "'--all' isn't a revision"),
        (["fix", "--branches", "--write"], "--branches makes pull requests of a commit"),
        (["fix", "--branches", "--changed-since", "HEAD"], "--branches makes pull requests of a commit"),
        (["fix", "--branches", "--min-severity", "low"], "--branches makes pull requests of a commit"),
        (["fix", "--branches", "--review"], "--review goes with --write"),
        (["fix", "--branches", "--format", "json"], "--branches tells what it did as text"),
        (["fix", "--branches", "--format", "markdown"], "--branches tells what it did as text"),
        (["fix", "--folder", "x"], "--folder, --most and --private go with --branches"),
        (["fix", "--most", "0"], "--folder, --most and --private go with --branches"),
        (["fix", "--private", "--write"], "--folder, --most and --private go with --branches"),
        (["fix", "--branches", "--most", "-1"], "should be greater than or equal to 0"),
        (["plan", "--threat", "nope"], "'nope' is not one of"),
        (["plan", "--format", "markdown"], "'markdown' is not one of"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_what_does_not_go_together(root: Path, arguments: list[str], words: str) -> None:
    commit(root, {"a.py": LOAD})
    ended = suture(arguments[0], root, *arguments[1:])
    assert ended.exit_code == 2
    assert words in " ".join(ended.stderr.replace("│", " ").split())
    assert (branches(root), kept(root)) == ({}, {})


@pytest.mark.parametrize("arguments", [["plan"], ["fix", "--branches"]], ids=" ".join)
class TestWithoutARepository:
    def test_a_plain_folder(self, arguments: list[str], tmp_path: Path) -> None:
        ended = suture(arguments[0], tmp_path, *arguments[1:])
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert ended.stderr == f"suture: {tmp_path} isn't in a git repository\n"

    def test_no_commit_yet(self, arguments: list[str], root: Path) -> None:
        (root / "a.py").write_text(LOAD)
        ended = suture(arguments[0], root, *arguments[1:])
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert ended.stderr.startswith(f"suture: {root} has no commit yet")

    @pytest.mark.parametrize("is_named", [False, True], ids=["checked out", "named"])
    def test_on_a_branch_of_its_own(self, arguments: list[str], root: Path, is_named: bool) -> None:
        commit(root, {"a.py": LOAD})
        suture("fix", root, "--branches")
        before, (branch,) = kept(root), branches(root)
        if not is_named:
            run(root, "checkout", "-q", branch)
        ended = suture(arguments[0], root, *arguments[1:], *(["--revision", branch] * is_named))
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert ended.stderr == (
            f"suture: {branch if is_named else 'HEAD'} is {branch}, a pull request's own branch: check out "
            "the branch that it goes into, or name that with --revision\n"
        )
        assert kept(root) == before
        assert suture(arguments[0], root, *arguments[1:], "--revision", "main").exit_code == 0

    @pytest.mark.parametrize("text", BROKEN)
    def test_a_broken_record(self, arguments: list[str], root: Path, text: str) -> None:
        commit(root, {"a.py": LOAD})
        suture("fix", root, "--branches")
        path, heads = record(root), branches(root)
        if text.startswith('{"'):
            text = json.dumps(json.loads(path.read_text()) | json.loads(text))
        path.write_text(text)
        before = kept(root)
        ended = suture(arguments[0], root, *arguments[1:])
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert str(path) in ended.stderr
        assert "mend or delete it" in ended.stderr
        assert (kept(root), branches(root)) == (before, heads)


def test_a_folder_that_cannot_be_written_stops_it_before_anything_is_made(root: Path) -> None:
    commit(root, {"a.py": LOAD})
    (root / ".git/suture").write_text("mine\n")
    ended = suture("fix", root, "--branches")
    assert ended.exit_code == 2
    words = "can't be written (File exists): free it, or name another with --folder"
    assert ended.stderr == f"suture: {root}/.git/suture: {words}\n"
    assert branches(root) == {}


def test_a_branch_in_the_way(root: Path) -> None:
    commit(root, {"a.py": LOAD})
    run(root, "branch", "suture")
    ended = suture("fix", root, "--branches")
    assert ended.exit_code == 2
    assert "FAILED, the branch suture is in the way of suture/" in ended.stdout
    assert "rename it (`git branch -m suture …`)" in ended.stdout
    assert ended.stderr == "suture: not every step could be done, see above\n"
    assert kept(root) == {}


# --- branches ---


@pytest.fixture
def published(root: Path) -> Path:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    assert suture("fix", root, "--branches").exit_code == 0
    return root


def test_a_branch_with_its_body_and_nothing_else_changes(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": "x = 1\n"})
    (root / "b.py").write_text("mine\n")
    (root / "staged.py").write_text("mine\n")
    run(root, "add", "staged.py")
    index = root / ".git/index"
    before = state(root), index.read_bytes(), index.stat().st_mtime_ns, run(root, "rev-parse", "HEAD", "main")
    ended = suture("fix", root, "--branches")
    after = state(root), index.read_bytes(), index.stat().st_mtime_ns, run(root, "rev-parse", "HEAD", "main")
    assert after == before
    ((branch, head),) = branches(root).items()
    body = next((root / ".git/suture").glob("*.md"))
    assert ended.stdout.splitlines()[:2] == [f"open         {branch}", f"             {body}"]
    assert run(root, "diff", "--name-only", "HEAD", branch) == "a.py"
    assert run(root, "rev-parse", f"{branch}^") == run(root, "rev-parse", "HEAD")
    text = body.read_text()
    marker = read_marker(text)
    assert marker is not None
    assert marker.head == head
    assert text.startswith(BEGIN)
    assert text.endswith(f"{END}\n")
    said = json.loads(record(root).read_text())
    assert (said["branch"], said["state"], said["approved"]) == (branch, "open", False)


def test_a_second_run_leaves_it_alone(published: Path) -> None:
    before = kept(published), branches(published), run(published, "reflog", "--all")
    ended = suture("fix", published, "--branches")
    assert ended.stdout.startswith("leave alone  suture/")
    assert (kept(published), branches(published), run(published, "reflog", "--all")) == before


def test_what_githubs_editor_did_to_the_body_changes_nothing(published: Path) -> None:
    body = next((published / ".git/suture").glob("*.md"))
    edited = ("Ours: #7\n\n" + body.read_text() + "\nThanks!").replace("\n", "\r\n").encode()
    body.write_bytes(edited)
    ended = suture("fix", published, "--branches")
    assert ended.stdout.splitlines()[0].endswith("(nothing changed)")
    assert body.read_bytes() == edited


def test_a_persons_line_ends_stay(published: Path) -> None:
    body = next((published / ".git/suture").glob("*.md"))
    edited = ("Ours: #7\n\n" + body.read_text() + "\nThanks!").replace("\n", "\r\n").encode()
    body.write_bytes(edited)
    commit(published, {"c.py": LOAD})
    assert suture("fix", published, "--branches").stdout.startswith("update ")
    assert body.read_bytes().startswith(b"Ours: #7\r\n\r\n" + BEGIN.encode() + b"\n")
    assert body.read_bytes().endswith(b"\n" + END.encode() + b"\r\n\r\nThanks!")


@pytest.mark.parametrize("way", ["branch", "record"])
def test_what_a_person_closed_stays_closed(published: Path, way: str) -> None:
    (branch,) = branches(published)
    if way == "branch":
        run(published, "branch", "-q", "-D", branch)
    else:
        rewrite(record(published), state="closed")
    heads = branches(published)
    for _ in range(2):
        made = planned(published)
        assert (made["steps"], statuses(made)[f"a.py {YAML_RULE}"]) == ([], "ignored")
        assert suture("fix", published, "--branches", "--most", "9").exit_code == 0
        assert branches(published) == heads
        assert json.loads(record(published).read_text())["state"] == "closed"


def test_what_a_person_approved_is_not_touched(published: Path) -> None:
    rewrite(record(published), approved=True)
    commit(published, {"c.py": LOAD})
    before = branches(published)
    ended = suture("fix", published, "--branches")
    assert ended.stdout.startswith("leave alone  ")
    assert "(a person has approved it)" in ended.stdout
    assert branches(published) == before
    assert statuses(planned(published))[f"c.py {YAML_RULE}"] == "withheld"


# --- secrets ---


def test_no_secret_of_the_demo_is_told() -> None:
    with demo.repository() as root:
        files = {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and ".git" not in path.parts
        }
        found = scan(Repository.of(files), all_rules()).hits
        secrets = {secret for hit in found for secret in hit.finding.secrets}
        assert secrets, "the demo has some"
        (root / ".suture.yml").write_text(MANY + "open: {safe: info, review: info, rules: ['*']}\n")
        commit(root, {})
        told = [suture("plan", root, "--format", "json").stdout, suture("plan", root).stdout]
        ended = suture("fix", root, "--branches", "--private", "--most", "99")
        assert ended.exit_code == 0, ended.output
        told += [ended.output, run(root, "log", "--branches=suture/*", "--format=%B%an%ae%D")]
        told += [data.decode() for data in kept(root).values()]
        assert len(branches(root)) > 9
        assert [secret for secret in secrets for text in told if secret in text] == []
        assert any("exposed-secret" in branch for branch in branches(root))
