"""The configuration is read as meant; what is wrong in it is said all at once, with line and remedy."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_rules import BUCKET, DISK, POD, RULES, TIMEOUT, TORCH, Seconds, made_hit, rated

from bot.policy import ConfigurationError, Policy, Publishing, load, plain_yaml, schema, schema_text
from bot.policy.publishing import SECTIONS, Gathering, Limits, Opens, Size
from fixers import all_rules
from fixers.repository import Repository
from fixers.rule import Rule, Safety, Severity

LISTED = replace(TORCH, opens_unasked=True)
OFF = replace(TORCH, id="python/unproven", is_off=True)
REPLACING = replace(TORCH, opens_unasked=True, replaces=True)
PACKAGE = replace(TORCH, opens_unasked=True, adds_package=True)


def policy(text: str, *paths: str) -> Policy:
    files = {".suture.yml": text.encode(), **dict.fromkeys(paths, b"")}
    return load(Repository.of(files), RULES)


def errors(data: bytes) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(Repository.of({".suture.yml": data}), RULES)
    return [line.removeprefix(".suture.yml:") for line in str(caught.value).split("\n")]


WHOLE = """\
version: 1
paths: {include: ["**"], exclude: ["demo/**"]}
rules:
  python/requests-without-timeout: {enabled: true, severity: low, options: {seconds: 30}}
  terraform/*: {enabled: false}
threshold: {report: medium, fail: high}
open: {safe: never, review: critical, rules: ["terraform/*"]}
ignores:
  - {rule: python/unsafe-torch-load, paths: ["train/**"], symbol: "Trainer.load", reason: "ours", \
owner: "@x", until: 2027-01-31}
"""


def test_everything_that_can_be_said() -> None:
    read = policy(WHOLE)
    assert read.path == ".suture.yml"
    assert read.options == {TIMEOUT.id: Seconds(30)}
    assert read.enabled(RULES) == (TIMEOUT, TORCH, POD)
    assert (read.threshold.report, read.threshold.fail) == (Severity.MEDIUM, Severity.HIGH)
    assert read.publishing.opens == Opens(None, Severity.CRITICAL, ("terraform/*",))
    assert [read.includes(path) for path in ("a.py", "demo/a.py", "x/demo/a.py")] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", False),
        ("rules: {python/unproven: {severity: low}}", False),
        ("rules: {python/unproven: {enabled: true}}", True),
        ("rules: {'python/*': {enabled: true}}", True),
    ],
)
def test_a_rule_that_is_off_runs_where_it_is_enabled(text: str, runs: bool) -> None:
    repo = Repository.of({".suture.yml": text.encode()})
    assert (OFF in load(repo, [TORCH, OFF]).enabled([TORCH, OFF])) is runs


@pytest.mark.parametrize("text", ["", "# only a comment\n", "paths:\nrules:\nignores:\n", "version: 1\n"])
def test_what_isnt_said_is_the_default(text: str) -> None:
    read = policy(text)
    assert read.enabled(RULES) == RULES
    assert read.options == {}
    assert (read.threshold.report, read.threshold.fail) == (Severity.LOW, Severity.MEDIUM)
    assert read.publishing == Publishing()
    assert read.includes("any/file.py")


PUBLISHING = """\
limits: {open: 2, after_first_merge: 5, new_per_day: 4, critical_bypass: true}
size: {safe: {files: 3, lines: 30}}
campaigns: {gather: rule, within: folder}
pull_requests:
  {prefix: "sec(ai):", reviewers: codeowners, sections: [diff, rollback], texts: {closing: "Ask us."}}
"""


def test_what_is_said_of_pull_requests() -> None:
    said = policy(PUBLISHING).publishing
    assert said.limits == Limits(2, 5, 4, critical_bypass=True)
    assert said.sizes == {Safety.SAFE: Size(3, 30), Safety.REVIEW: Size(5, 60)}
    assert said.gathering == Gathering(by_rule=True, by_folder=True)
    assert said.wording.prefix == "sec(ai):"
    assert said.wording.has_reviewers
    assert said.wording.sections[:3] == ("diff", "rollback", "summary")
    assert sorted(said.wording.sections) == sorted(SECTIONS)
    assert said.wording.texts == {"closing": "Ask us."}


@pytest.mark.parametrize(
    ("rule", "safety", "severity", "objection"),
    [
        pytest.param(TORCH, Safety.SAFE, Severity.MEDIUM, "", id="safe"),
        pytest.param(TORCH, Safety.SAFE, Severity.LOW, "open.safe: below medium", id="safe but low"),
        pytest.param(TORCH, Safety.REVIEW, Severity.CRITICAL, "open: only when asked for", id="not listed"),
        pytest.param(LISTED, Safety.REVIEW, Severity.HIGH, "", id="listed"),
        pytest.param(LISTED, Safety.REVIEW, Severity.MEDIUM, "open.review: below high", id="listed, medium"),
        pytest.param(REPLACING, Safety.SAFE, Severity.HIGH, "open: only when asked for", id="replaces"),
        pytest.param(PACKAGE, Safety.SAFE, Severity.HIGH, "open: only when asked for", id="adds a package"),
    ],
)
def test_what_opens_unasked(rule: Rule, safety: Safety, severity: Severity, objection: str) -> None:
    assert Opens().objection(rule, safety, severity) == objection
    assert Opens(rules=(rule.id,)).objection(rule, safety, severity) == ""
    assert Opens(None, None).objection(rule, safety, severity).endswith(": never")


def test_no_file_and_the_other_place() -> None:
    assert load(Repository.of({}), RULES).path == ""
    elsewhere = Repository.of({".github/suture.yml": b"threshold: {fail: info}\n"})
    assert load(elsewhere, RULES).threshold.fail is Severity.INFO


def test_two_files_are_one_too_many() -> None:
    both = Repository.of({".suture.yml": b"", ".github/suture.yml": b""})
    with pytest.raises(ConfigurationError) as caught:
        load(both, RULES)
    assert str(caught.value) == ".suture.yml:1: .github/suture.yml is there as well: keep one of them"


@pytest.mark.parametrize(
    ("rules", "enabled"),
    [
        ("{'*': {enabled: false}}", ()),
        ("{'*': {enabled: false}, terraform/*: {enabled: true}}", (BUCKET, DISK)),
        ("{terraform/*: {enabled: true}, '*': {enabled: false}}", ()),
        ("{terraform/public-bucket: {enabled: true}, '*': {enabled: false}}", (BUCKET,)),
        ("{terraform/public-bucket: {severity: low}, '*': {enabled: false}}", ()),
        ("{'[pt]*': {enabled: false}}", (POD,)),
    ],
)
def test_an_id_wins_over_patterns_and_a_later_one_over_earlier(rules: str, enabled: object) -> None:
    assert policy(f"rules: {rules}").enabled(RULES) == enabled


def test_severity_goes_up_and_down_and_keeps_the_distance_of_a_finding() -> None:
    read = policy("rules: {python/*: {severity: low}, python/unsafe-torch-load: {severity: critical}}")
    torch, timeout = made_hit(TORCH, "a.py"), made_hit(TIMEOUT, "a.py")
    assert read.severity_of(torch) is Severity.CRITICAL
    assert read.severity_of(rated(torch, Severity.MEDIUM)) is Severity.HIGH
    assert read.severity_of(timeout) is Severity.LOW
    assert read.severity_of(rated(timeout, Severity.INFO)) is Severity.INFO
    assert read.severity_of(rated(made_hit(POD, "a.yaml"), Severity.LOW)) is Severity.LOW


ERRORS = {
    "version: 2": ["1: version: is `2`; allowed: 1"],
    "path: {}": [
        "1: path: isn't a setting (did you mean `paths`?); "
        "allowed: branches, campaigns, check, criticality, dashboard, ignores, kinds, limits, open, paths, "
        "pull_requests, rules, size, threshold, version"
    ],
    "paths:\n  exclude: demo\n  exlude: [x]": [
        '2: paths.exclude: is `"demo"`; allowed: a list',
        "3: paths.exlude: isn't a setting (did you mean `exclude`?); allowed: exclude, include",
    ],
    "paths: {include: ['!x'], exclude: ['a*b*c*d*e', '']}": [
        '1: paths.exclude[1]: `"a*b*c*d*e"` isn\'t a pattern that can be used; allowed: a pattern as in a '
        ".gitignore, without `!` and with at most three `*` between slashes",
        "1: paths.exclude[2]: is empty",
        '1: paths.include[1]: `"!x"` isn\'t a pattern that can be used; allowed: a pattern as in a '
        ".gitignore, without `!` and with at most three `*` between slashes",
    ],
    "rules:\n  python/unsafe-torchload: {}\n  cloud/*: {}": [
        "2: rules.python/unsafe-torchload: there is no such rule (did you mean `python/unsafe-torch-load`?)",
        "3: rules.cloud/*: matches no rule",
    ],
    "rules:\n  python/requests-without-timeout:\n    severity: hgih\n    options:\n      second: 1\n"
    "      seconds: x\n      hosts: [1]\n      rate: true": [
        '3: rules.python/requests-without-timeout.severity: is `"hgih"` (did you mean `high`?); '
        "allowed: info, low, medium, high, critical",
        "5: rules.python/requests-without-timeout.options.second: isn't a setting "
        "(did you mean `seconds`?); allowed: hosts, rate, seconds",
        '6: rules.python/requests-without-timeout.options.seconds: is `"x"`; allowed: a whole number',
        "7: rules.python/requests-without-timeout.options.hosts[1]: is `1`; allowed: text",
        "8: rules.python/requests-without-timeout.options.rate: is `true`; allowed: a number",
    ],
    "rules: {python/requests-without-timeout: {options: {seconds: -1}}}": [
        "1: rules.python/requests-without-timeout.options: seconds must be at least 1"
    ],
    "rules: {python/unsafe-torch-load: {options: {a: 1}}, terraform/*: {options: {a: 1}}}": [
        "1: rules.python/unsafe-torch-load.options: this rule has no options",
        "1: rules.terraform/*.options: options belong to one rule, not to a pattern",
    ],
    "pull_requests: {prefix: 'fix $(id):'}": [
        '1: pull_requests.prefix: is `"fix $(id):"`; '
        "allowed: letters, digits and `_.-`, a scope in brackets, a colon: `fix(ai):`"
    ],
    "open: {rules: [terraform/*, python/unsafe-torch-laod]}": [
        '1: open.rules[2]: `"python/unsafe-torch-laod"` matches no rule '
        "(did you mean `python/unsafe-torch-load`?)"
    ],
    "open: yes": ["1: open: is `true`; allowed: a mapping"],
    "ignores:\n  - rule: python/unsafe-torch-laod\n    paths: []\n    until: 2027-02-31\n  - just text": [
        "2: ignores[1].reason: is missing",
        "2: ignores[1].rule: there is no rule `python/unsafe-torch-laod` "
        "(did you mean `python/unsafe-torch-load`?)",
        "3: ignores[1].paths: is empty",
        '4: ignores[1].until: is `"2027-02-31"`; allowed: a date such as 2027-01-31',
        '5: ignores[2]: is `"just text"`; allowed: a mapping',
    ],
    "- a": ["1: isn't a mapping of settings; allowed: `version: 1` and so on"],
    "paths: {include: [": ["1: isn't valid YAML: expected the node content, but found '<stream end>'"],
    "paths:\n\tinclude: []": ["2: holds a tab where YAML wants spaces"],
    "a: &x [1]\nb: *x": ["2: an alias (`*name`) isn't read here: write it out"],
    "paths: !!python/object:os.system {}": [
        "1: paths: the tag 'tag:yaml.org,2002:python/object:os.system' isn't read here"
    ],
    "version: 1\n\nversion: 1": ["3: version: stands here again; line 1 has it already"],
    "version: 1\n---\nversion: 1": ["2: a second document (`---`) isn't read here"],
    "? [a]\n: 1": ["1: a key must be text"],
    "[" * 30_000: ["1: is nested too deeply; allowed: 20 levels"],
    "#" * 70_000: ["1: has 70,000 bytes; allowed: 64,000 bytes"],
    "a: \0": ["1: holds a NUL byte, so it isn't text"],
    "a: \a": ["1: holds a character that YAML doesn't allow"],
}


@pytest.mark.parametrize("text", ERRORS, ids=lambda text: text[:40])
def test_errors_are_for_people(text: str) -> None:
    assert errors(text.encode()) == ERRORS[text]


def test_a_file_that_isnt_utf_8() -> None:
    assert errors("version: 1\n# é".encode("latin-1")) == ["2: isn't utf-8: save it as UTF-8"]


YAML = st.text("ab:-[]{}*&!|>#'\"\n\t ,%@`?<0\0\ufeff\u2028", max_size=60)


@given(st.binary(max_size=200) | YAML.map(str.encode))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    plain_yaml(data)
    repo = Repository.of({".suture.yml": data})
    with suppress(ConfigurationError):
        assert load(repo, RULES).path == ".suture.yml"


def test_plain_yaml_reads_other_peoples_files() -> None:
    assert plain_yaml(b"repos:\n- repo: https://x\n  hooks: [{id: black, args: [-l, 100]}]\n") == {
        "repos": [{"repo": "https://x", "hooks": [{"id": "black", "args": ["-l", 100]}]}]
    }
    assert plain_yaml(b"a: &x 1\nb: *x\n") is None


VALIDATOR = jsonschema.Draft202012Validator(schema(RULES))


@pytest.mark.parametrize("text", ["version: 1", WHOLE, "rules: {terraform/*: {enabled: false}}"])
def test_the_schema_takes_what_is_allowed(text: str) -> None:
    plain = plain_yaml(text.encode())
    assert policy(text).path
    assert list(VALIDATOR.iter_errors(plain)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("version: 2", "path: {}", "open: yes", "rules: {cloud/none: {}}", "ignores: [just text]"),
        *("rules: {python/unsafe-torch-load: {options: {a: 1}}}", "rules: {terraform/*: {options: {a: 1}}}"),
        "rules: {python/requests-without-timeout: {options: {second: 1}}}",
        "ignores: [{rule: cloud/none, paths: [x], reason: x}]",
    ],
)
def test_the_schema_refuses_what_is_refused(text: str) -> None:
    assert errors(text.encode())
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text)))


def test_the_schema_describes_rules_and_options() -> None:
    rules = schema(RULES)["properties"]["rules"]["properties"]
    assert list(rules) == sorted(rule.id for rule in RULES)
    options = rules[TIMEOUT.id]["properties"]["options"]["properties"]
    assert options["seconds"]["description"] == "How long a request may take."
    assert options["seconds"]["default"] == 10


def test_the_committed_schema_is_that_of_the_rules() -> None:
    committed = Path(__file__).parents[2] / "suture.schema.json"
    assert committed.read_text(encoding="utf-8") == schema_text(all_rules()), (
        "run `python -m bot check-config --schema > suture.schema.json`"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(committed.read_text(encoding="utf-8")))
