"""An ignore counts only with a rule and a reason, in a real comment, until its day; else it is reported."""

from dataclasses import replace
from datetime import date

import pytest
from made_rules import BUCKET, POD, RULES, TORCH, made_hit

from bot.policy import Ignored, Policy, load
from fixers.engine import Hit
from fixers.repository import Repository

TODAY = date(2026, 11, 23)
RULE_OF = {"py": TORCH, "tf": BUCKET, "yaml": POD}


def policy(files: dict[str, str]) -> Policy:
    return load(Repository.of({path: text.encode() for path, text in files.items()}), RULES)


def said(read: Policy, hits: list[Hit], *paths: str) -> list[str]:
    return list(map(str, read.problems(hits, TODAY, ran=RULES, paths=paths)))


def ignored_lines(path: str, text: str, newline: str = "\n") -> list[int]:
    """The lines on which a finding of the language's rule would be ignored."""
    rule = RULE_OF[path.rpartition(".")[2]]
    read = policy({path: text.replace("RULE", f"suture: ignore[{rule.id}]").replace("\n", newline)})
    lines = range(1, text.count("\n") + 2)
    return [line for line in lines if read.ignore_for(made_hit(rule, path, line), TODAY)]


PYTHON = {
    "x = load(p)  # RULE ours\ny = load(p)\n": [1],
    "# RULE ours\nx = load(p)\ny = load(p)\n": [2],
    "# RULE ours\n# and why\nx = load(p)\n": [3],
    "x = load(p)  # noqa # RULE ours\n": [1],
    "# RULE ours\n\nx = load(p)\n": [2],
    "# RULE ours\n@one\n@two(\n    a)\nclass A:\n    x = 1\n": [2, 3, 4, 5],
    "# RULE ours\n@one\n# more\nasync def f(a):\n    pass\n": [2, 3, 4],
    "f(\n    # RULE ours\n    load(p),\n)\n": [3],
    's = "# RULE ours"\n': [],
    's = """\n# RULE ours\n"""\nload(p)\n': [],
    's = f"""\n# RULE ours\n{x}"""\n': [],
    "x = 1  # RULE\n": [],
    "x = 1  # suture: ignore ours\n": [],
    "x = 1  # suture: ignore[*] ours\n": [],
    "x = 1  # unsuture: ignore[python/unsafe-torch-load] ours\n": [],
    "x = 1  # RULE ours\ny = (\n": [1],
    "# RULE ours": [],
}
HCL = {
    'a = "x" # RULE ours\n': [1],
    'a = "x" // RULE ours\nb = 1\n': [1],
    '# RULE ours\nresource "a" "b" {\n  c = "}"\n  d {\n  }\n}\ne = 1\n': [2, 3, 4, 5, 6],
    '// RULE ours\nresource "a" "b" {\n  c = "${f("}")} # "\n}\ne = 1\n': [2, 3, 4],
    'resource "a" "b" {\n  # RULE ours\n  c = 1\n  d = 2\n}\n': [3],
    'resource "a" "b" {\n  # RULE ours\n  tags = {\n    c = 1\n  }\n}\n': [3],
    'a = "# RULE ours"\n': [],
    'a = "${"# RULE ours"}"\n': [],
    'a = "\\"# RULE ours"\n': [],
    'a = "$${" # RULE ours\n': [1],
    "a = <<EOT\n# RULE ours\nEOT\nb = 1 # RULE ours\n": [4],
    "a = <<-EOT\n  # RULE ours\n  EOT\nb = 1\n": [],
    "/*\n# RULE ours\n*/\nb = 1\n": [],
    "a = <<EOT\n# RULE ours\n": [],
}
YAML = {
    "a: b # RULE ours\nc: d\n": [1],
    "# RULE ours\na: b\nc: d\n": [2],
    "a:\n  # RULE ours\n  # more\n  - b\n": [4],
    "a: | # RULE ours\n  b\n": [1],
    "a: |\n  # RULE ours\n  b\nc: d\n": [],
    "a: >-\n  b\n# RULE ours\nc: d\n": [4],
    'a: "b # RULE ours"\n': [],
    "a: 'b\n\n  # RULE ours'\n": [],
    "a: b#RULE ours\n": [],
    "é: ü # RULE ours\n": [1],
    "a: b # RULE ours\nc: [\n": [1],
    "a: 'b\n# RULE ours\n": [],
}
CASES = [
    *(("a.py", text, lines) for text, lines in PYTHON.items()),
    *(("a.tf", text, lines) for text, lines in HCL.items()),
    *(("a.yaml", text, lines) for text, lines in YAML.items()),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("path", "text", "lines"), CASES)
def test_where_a_comment_counts(path: str, text: str, lines: list[int], newline: str) -> None:
    assert ignored_lines(path, text, newline) == lines


def test_behind_the_last_line_where_a_formatter_puts_it() -> None:
    text = f"x = load(\n    p\n)  # suture: ignore[{TORCH.id}] ours\n"
    read = policy({"a.py": text})
    assert read.ignore_for(made_hit(TORCH, "a.py", 1, 3), TODAY) == Ignored("a.py", 3, "ours")
    assert read.ignore_for(made_hit(TORCH, "a.py", 1, 2), TODAY) is None


def test_several_rules_and_other_rules() -> None:
    read = policy({"a.py": f"x = 1  # suture: ignore[{TORCH.id}, {POD.id}]: both are ours\n"})
    assert read.ignore_for(made_hit(TORCH, "a.py"), TODAY) == Ignored("a.py", 1, "both are ours")
    assert read.ignore_for(made_hit(POD, "a.py"), TODAY)
    assert read.ignore_for(made_hit(BUCKET, "a.py"), TODAY) is None


def test_what_is_said_of_comments() -> None:
    text = (
        "x = 1  # suture: ignore[python/unsafe-torch-load]\n"
        "x = 1  # suture: ignore\n"
        "x = 1  # suture: ignore[*] all\n"
        "x = 1  # suture: ignore[python/unsafe-torch-laod] typo\n"
        "x = 1  # suture: ignore[python/unsafe-torch-load] nothing here\n"
        "x = 1  # suture: ignore[python/unsafe-torch-load] found here\n"
        "x = 1  # suture: ignore[python/unsafe-torch-load, python/requests-without-timeout] half\n"
    )
    hits = [made_hit(TORCH, "a.py", line) for line in (1, 6, 7)]
    timeouts = "python/requests-without-timeout"
    assert said(policy({"a.py": text}), hits, "a.py") == [
        "a.py:1: this ignore gives no reason, so it doesn't count: write it after the bracket",
        "a.py:2: this ignore names no rule, so it doesn't count: write `suture: ignore[rule-id] reason`",
        "a.py:3: this ignore names a pattern, so it doesn't count: name the rules one by one",
        "a.py:4: there is no rule `python/unsafe-torch-laod` (did you mean `python/unsafe-torch-load`?)",
        "a.py:5: this ignore of `python/unsafe-torch-load` matches no finding",
        f"a.py:7: this ignore of `{timeouts}` matches no finding",
    ]


def test_nothing_is_said_of_rules_that_didnt_run_and_files_that_werent_scanned() -> None:
    read = policy({"a.py": f"x = 1  # suture: ignore[{TORCH.id}] why\n"})
    assert read.problems([], TODAY, ran=[POD], paths=["a.py"]) == ()
    assert read.problems([], TODAY, ran=RULES, paths=[]) == ()


CONFIGURED = """\
ignores:
  - {rule: python/unsafe-torch-load, paths: ["train/**"], reason: ours, owner: "@x", until: 2026-11-23}
  - {rule: python/unsafe-torch-load, paths: [a.py], symbol: Trainer.load, reason: theirs}
"""


def test_a_configured_ignore_counts_by_path_symbol_and_day() -> None:
    read = policy({".suture.yml": CONFIGURED, "train/deep/a.py": "", "a.py": ""})
    trained = made_hit(TORCH, "train/deep/a.py")
    ignored = Ignored(".suture.yml", 2, "ours", "@x", TODAY)
    assert read.ignore_for(trained, TODAY) == ignored
    assert str(ignored) == "ours (by @x, until 2026-11-23, .suture.yml:2)"
    assert read.ignore_for(trained, date(2026, 11, 24)) is None
    assert read.ignore_for(made_hit(BUCKET, "train/deep/a.py"), TODAY) is None
    here = made_hit(TORCH, "a.py")
    assert read.ignore_for(here, TODAY) is None
    assert read.ignore_for(replace(here, symbol="Trainer.load"), TODAY) == Ignored(".suture.yml", 3, "theirs")


def test_what_is_said_of_configured_ignores() -> None:
    text = """\
paths: {exclude: ["demo/**"]}
ignores:
  - {rule: python/unsafe-torch-load, paths: [a.py], reason: x, until: 2026-11-22}
  - {rule: python/unsafe-torch-load, paths: [gone.py], reason: x}
  - {rule: python/unsafe-torch-load, paths: [demo], reason: x}
  - {rule: python/unsafe-torch-load, paths: [b.py], reason: x}
  - {rule: python/unsafe-torch-load, paths: [c.py], reason: x}
  - {rule: python/unsafe-torch-load, paths: ["*.py"], reason: x}
  - {rule: terraform/public-bucket, paths: [c.py], symbol: elsewhere, reason: x}
"""
    read = policy({".suture.yml": text} | dict.fromkeys(("a.py", "b.py", "c.py", "demo/d.py"), ""))
    hits = [made_hit(TORCH, "a.py"), made_hit(TORCH, "c.py"), made_hit(BUCKET, "c.py")]
    load_ = "the ignore of `python/unsafe-torch-load`"
    assert said(read, hits, "a.py", "b.py", "c.py") == [
        f".suture.yml:3: {load_} expired on 2026-11-22",
        f".suture.yml:4: {load_} names no file that is scanned",
        f".suture.yml:5: {load_} names no file that is scanned",
        f".suture.yml:6: {load_} matches no finding",
        ".suture.yml:9: the ignore of `terraform/public-bucket` matches no finding",
    ]
    assert [one.line for one in read.problems([], TODAY, ran=RULES, paths=["a.py"])] == [3, 4, 5]


def test_the_judged_doesnt_judge() -> None:
    old, new = f"# suture: ignore[{TORCH.id}] old\nx\n", f"y  # suture: ignore[{TORCH.id}] new\n"
    base = Repository.of({"a.py": old.encode()})
    head = Repository.of({"a.py": (new + old).encode(), ".suture.yml": b"rules: {'*': {enabled: false}}"})
    read = load(head, RULES, base)
    assert read.enabled(RULES) == RULES
    hits = [made_hit(TORCH, "a.py", line) for line in (1, 3)]
    assert [read.ignore_for(hit, TODAY) for hit in hits] == [None, Ignored("a.py", 2, "old")]
    assert said(read, hits, "a.py") == ["a.py:1: this ignore is new here: it counts once it is merged"]
