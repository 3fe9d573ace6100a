"""What scan, rules, explain, check-config and demo print on real repositories, and how they end."""

import json
from pathlib import Path

import pytest
from command_line import CALL, CALL_RULE, FIXED_LOAD, LOAD, YAML_RULE, findings, places, suture
from real_git import commit, own_home, root

from fixers import all_rules

__all__ = ["own_home", "root"]


def test_scan_prints_findings_by_file_and_the_total_behind_them(root: Path) -> None:
    commit(root, {"app.py": LOAD, "jobs/call.py": CALL, "README.md": "hello"})
    ended = suture("scan", root)
    fingerprints = [one["fingerprint"][:8] for one in findings("scan", root)]
    assert ended.stdout.splitlines() == [
        "app.py",
        "     3  high      a document that this reads may run code",
        f"        python/unsafe-yaml-load · {fingerprints[0]} · fixable (review)",
        "",
        "jobs/call.py",
        "     3  low       a server that doesn't answer holds this thread for good",
        f"        python/request-without-timeout · {fingerprints[1]} · fixable (review)",
        "",
        "2 files read, 2 parsed.",
        "2 findings: 2 fixable",
        "`suture fix` shows the fixes and writes nothing",
    ]
    assert ended.stderr == ""
    assert ended.exit_code == 1


def test_scan_of_nothing_says_so(root: Path) -> None:
    commit(root, {"app.py": "x = 1\n"})
    ended = suture("scan", root)
    assert ended.stdout == "1 file read, 0 parsed.\nno findings\n"
    assert ended.exit_code == 0


def test_scan_as_json_has_all_there_is(root: Path) -> None:
    commit(root, {"app.py": LOAD, "bad.py": LOAD + "(\n"})
    document = json.loads(suture("scan", root, "--format", "json").stdout)
    assert document["findings"][0] | {"fingerprint": ""} == {
        "rule": YAML_RULE,
        "severity": "high",
        "confidence": "high",
        "threat": document["findings"][0]["threat"],
        "safety": "review",
        "path": "app.py",
        "line": 3,
        "end_line": 3,
        "symbol": "",
        "message": "a document that this reads may run code",
        "notes": document["findings"][0]["notes"],
        "status": "fixable",
        "detail": "",
        "fingerprint": "",
        "references": document["findings"][0]["references"],
    }
    assert document["written"] is False
    assert [one["path"] for one in document["skipped"]] == ["bad.py"]
    assert document["work"] == {"read": 2, "parsed": 2, "checked": document["work"]["checked"]}


def test_scan_as_markdown_is_a_table(root: Path) -> None:
    commit(root, {"a|b.py": LOAD})
    lines = suture("scan", root, "--format", "markdown").stdout.splitlines()
    assert lines[0] == "# Suture: 1 finding: 1 fixable"
    assert (
        lines[-1]
        == f"| high | `a\\|b.py:3` | {YAML_RULE} | a document that this reads may run code | fixable |"
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), [YAML_RULE, CALL_RULE]),
        (("--rule", CALL_RULE), [CALL_RULE]),
        (("--rule", CALL_RULE, "--rule", YAML_RULE), [YAML_RULE, CALL_RULE]),
        (("--threat", "unbounded-cost"), [CALL_RULE]),
        (("--threat", "unbounded-cost", "--rule", YAML_RULE), []),
        (("--min-severity", "high"), [YAML_RULE]),
        (("--min-severity", "critical"), []),
    ],
)
def test_scan_finds_what_is_asked_for(root: Path, options: tuple[str, ...], found: list[str]) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    assert [rule for _, rule in places("scan", root, *options)] == found


def test_less_severe_findings_are_counted(root: Path) -> None:
    commit(root, {"a.py": LOAD, "b.py": CALL})
    assert (
        "1 finding: 1 fixable; 1 less severe one not shown"
        in suture("scan", root, "--min-severity", "high").stdout.splitlines()
    )


def test_the_code_tells_of_findings_that_are_severe_enough(root: Path) -> None:
    commit(root, {"b.py": CALL})
    assert suture("scan", root).exit_code == 0, "by default it takes a medium one"
    assert suture("scan", root, "--min-severity", "low").exit_code == 1
    commit(root, {"a.py": LOAD})
    assert suture("scan", root).exit_code == 1


def test_the_threshold_of_the_configuration_decides_what_fails(root: Path) -> None:
    commit(root, {"b.py": CALL, ".suture.yml": "version: 1\nthreshold: {report: info, fail: high}\n"})
    assert suture("scan", root).exit_code == 0
    assert places("scan", root) == [("b.py", CALL_RULE)]
    assert suture("scan", root, "--min-severity", "low").exit_code == 1


def test_only_what_changed_since_a_revision(root: Path) -> None:
    first = commit(root, {"old.py": LOAD, "edited.py": "x = 1\n"})
    assert places("scan", root, "--changed-since", first) == []
    commit(root, {"edited.py": LOAD})
    (root / "new.py").write_text(LOAD)
    found = [path for path, _ in places("scan", root, "--changed-since", first)]
    assert found == ["edited.py", "new.py"]
    assert [path for path, _ in places("scan", root / "new.py", "--changed-since", first)] == ["new.py"]


def test_what_was_left_out_is_listed_where_it_was_asked_for(root: Path) -> None:
    first = commit(root, {"vendor/a.py": LOAD, "sub/b.py": "x = 1\n", "c.py": "x = 1\n"})
    (root / "link.py").symlink_to("c.py")

    def left_out(*arguments: str | Path) -> list[str]:
        skipped = json.loads(suture("scan", *arguments, "--format", "json").stdout)["skipped"]
        return [one["path"] for one in skipped]

    assert left_out(root) == ["link.py", "vendor/"]
    assert left_out(root / "sub") == []
    assert left_out(root, "--changed-since", first) == ["link.py"]


def test_a_commit_or_the_tree_as_it_lies_there(root: Path) -> None:
    first = commit(root, {"a.py": LOAD})
    commit(root, {"a.py": FIXED_LOAD})
    assert places("scan", root) == places("scan", root, "--revision", "HEAD") == []
    assert places("scan", root, "--revision", first) == [("a.py", YAML_RULE)]
    (root / "a.py").write_text(LOAD)
    assert places("scan", root) == [("a.py", YAML_RULE)]
    assert places("scan", root, "--revision", "HEAD") == []


def test_a_folder_a_file_and_what_git_ignores(root: Path) -> None:
    commit(root, {"a.py": LOAD, "sub/b.py": LOAD, "sub/c.py": LOAD, ".gitignore": "out/\n"})
    (root / "out").mkdir()
    (root / "out/d.py").write_text(LOAD)
    assert [path for path, _ in places("scan", root)] == ["a.py", "sub/b.py", "sub/c.py"]
    assert [path for path, _ in places("scan", root / "sub")] == ["sub/b.py", "sub/c.py"]
    assert [path for path, _ in places("scan", root / "sub/b.py")] == ["sub/b.py"]


def test_a_folder_outside_of_git(tmp_path: Path) -> None:
    for name in ("a.py", "out/b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(LOAD)
    (tmp_path / ".gitignore").write_text("out/\n")
    assert [path for path, _ in places("scan", tmp_path)] == ["a.py"]


def test_rules_lists_every_rule_on_a_line() -> None:
    lines = suture("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in all_rules()]
    assert len({line.index(line.split()[1]) for line in lines}) == 1, "the columns are aligned"
    assert json.loads(suture("rules", "--json").stdout)[0]["id"] == all_rules()[0].id
    assert suture("rules", "--markdown").stdout.startswith("# Rules\n")


def test_explain_tells_of_a_rule_what_holds_here(root: Path) -> None:
    options = f"rules:\n  {CALL_RULE}: {{severity: high, options: {{seconds: 7}}}}\n"
    commit(root, {"b.py": CALL, ".suture.yml": f"version: 1\n{options}"})
    said = suture("explain", CALL_RULE, root).stdout
    assert f"`{CALL_RULE}` is on here." in said
    assert "- severity: high" in said
    assert "- options: `seconds = 7" in said
    assert "- findings: 1 fixable" in said
    assert "## Roll back" in said
    commit(root, {".suture.yml": f"version: 1\nrules:\n  {CALL_RULE}: {{enabled: false}}\n"})
    assert f"`{CALL_RULE}` is switched off here." in suture("explain", CALL_RULE, root).stdout


def test_explain_tells_of_a_finding_why_there_is_or_is_no_fix(root: Path) -> None:
    commit(
        root,
        {
            "a.py": LOAD,
            "b.py": CALL.replace("')", "')  # suture: ignore[python/request-without-timeout] ours"),
        },
    )
    first, second = (one["fingerprint"] for one in findings("scan", root))
    assert "There is a fix: `suture fix` shows it." in suture("explain", first[:8], root).stdout
    assert "It is ignored: ours (b.py:3)" in suture("explain", second, root).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explain", "python/unsafe-yaml"), "(did you mean python/unsafe-yaml-load?)"),
        (("explain", "abc"), "'abc' is neither a rule nor the start of a finding's fingerprint"),
        (("explain", "00000000"), "'00000000' is neither a rule nor the start"),
        (("scan", "--rule", "python/nope"), "there is no rule 'python/nope'"),
        (("scan", "--revision", "nope"), "git knows no commit 'nope' here"),
        (("scan", "--changed-since", "nope"), "git knows no commit 'nope' here"),
        (("scan", "--changed-since", "HEAD", "--revision", "HEAD"), "--changed-since compares with"),
        (("fix", "--write", "--revision", "HEAD"), "--write and --changed-since are about the working tree"),
        (("fix", "--review"), "--review goes with --write"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(root: Path, arguments: tuple[str, ...], words: str) -> None:
    commit(root, {"a.py": LOAD})
    ended = suture(*arguments, root)
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert (ended.exit_code, ended.stdout) == (2, "")


def test_an_ambiguous_fingerprint_names_all_that_begin_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixers.engine.digest", lambda *parts: "abcd" + str(len(parts[-1])) * 12)
    commit(root, {"a.py": LOAD, "b.py": LOAD})
    ended = suture("explain", "abcd", root)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("suture: 2 findings begin with 'abcd': abcd")


@pytest.mark.parametrize("arguments", [("scan", "--format", "xml"), ("scan", "/no/such/place"), ("nope",)])
def test_usage_errors_end_with_two(arguments: tuple[str, ...]) -> None:
    assert suture(*arguments).exit_code == 2


def test_check_config_names_file_line_key_and_what_is_allowed(root: Path) -> None:
    commit(root, {"a.py": LOAD})
    good = suture("check-config", root)
    on = sum(not rule.is_off for rule in all_rules())
    assert good.stdout == f"no .suture.yml: the defaults hold: valid, {on} rules on\n"
    commit(root, {".suture.yml": "version: 1\nthreshold: {fail: loud}\n"})
    for command in ("check-config", "scan", "fix"):
        bad = suture(command, root)
        assert bad.exit_code == 2
        assert bad.stderr.startswith("suture: .suture.yml:2: threshold.fail: ")
        assert "critical" in bad.stderr
    assert json.loads(suture("check-config", "--schema").stdout)["title"]


def test_demo_shows_a_pull_request() -> None:
    ended = suture("demo")
    assert ended.exit_code == 0
    assert "**Roll back:**" in ended.stdout
    assert "~~~diff" in ended.stdout


@pytest.mark.parametrize("command", ["scan", "fix", "rules", "explain", "check-config", "demo"])
def test_help_has_examples(command: str) -> None:
    shown = suture(command, "--help")
    assert shown.exit_code == 0
    assert f"suture {command}" in " ".join(shown.stdout.replace("│", "").split())
    assert "Example" in shown.stdout
