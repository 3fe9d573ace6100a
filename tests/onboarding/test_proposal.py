"""The configuration that is proposed means what holds without it; its body tells no more than it may."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.conventions.commit_style import CommitStyle
from bot.lifecycle import make_plan
from bot.onboarding import BRANCH, PATH, configuration, proposal
from bot.pipeline import examine
from bot.policy import load
from bot.policy.configuration import validated
from bot.policy.document import read_document
from bot.policy.sections import Configuration
from bot.published import read_marker
from bot.pull_request import Background, PullRequest
from bot.pull_request.body import MAX_VISIBLE_LINES, visible_lines
from bot.snapshot import Snapshot
from fixers import all_rules
from fixers.repository import Repository
from fixers.stitch import no_formatter

TODAY = date(2026, 11, 28)
LOAD = "import yaml\n\n\ndef read(stream):\n    return yaml.load(stream, Loader=yaml.UnsafeLoader)\n"
WAITS = "import torch\n\n\ndef read(path):\n    return torch.load(path)\n"
PRIVATE = Background("b" * 40, TODAY, is_private=True)
PUBLIC = replace(PRIVATE, is_private=False)


def proposed(files: Mapping[str, str], told: Background) -> PullRequest:
    held = {path: text.encode() for path, text in files.items()}
    paths = tuple(sorted(held))
    snapshot = Snapshot(Path("r"), "", paths, paths, (), frozenset(), held.__getitem__)
    rules = all_rules()
    found = examine(snapshot, load(snapshot.repository(), rules), rules, told.today)
    return proposal(make_plan(found, (), no_formatter), found, told)


def keys_of(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from keys_of(part)


def test_the_configuration_is_what_holds_without_it() -> None:
    read, options = validated(read_document(PATH, configuration().encode()), all_rules())
    assert (read, options) == (Configuration(), {})
    policy = load(Repository.of({PATH: configuration().encode()}), all_rules())
    assert (policy.path, policy.criticality) == (PATH, "")


def test_the_configuration_names_every_setting_and_says_what_each_is() -> None:
    text = configuration()
    absent = {key for key in keys_of(Configuration) if not re.search(rf"(?m)(?:^[ #-]*|\{{|, ){key}:", text)}
    assert absent == set()
    blocks = [block for block in text.split("\n\n") if block.strip()]
    assert [block for block in blocks if not block.startswith("# ")] == []
    assert max(map(len, text.splitlines())) <= 110


def test_what_is_commented_out_can_be_used_too() -> None:
    text = configuration().replace("rules: {}", "rules:").replace("ignores: []", "ignores:")
    text = re.sub(r"(?m)^#  ", "  ", text).replace("# criticality:", "criticality:")
    read, options = validated(read_document(PATH, text.encode()), all_rules())
    assert (read.criticality, len(read.rules), len(read.ignores), len(options)) == ("medium", 2, 1, 1)


def test_the_branch_gets_the_configuration_and_nothing_else() -> None:
    made = proposed({"a.py": LOAD}, PRIVATE)
    (commit,) = made.commits
    assert (made.branch, commit.files) == (BRANCH, {PATH: configuration().encode()})
    assert commit.message.startswith("Configure Suture\n\nEvery setting is as it is")
    assert "Signed-off-by" not in commit.message


@pytest.mark.parametrize(
    ("prefix", "title"), [("", "chore: configure Suture"), ("ops:", "ops: configure Suture")]
)
def test_it_is_worded_as_the_repository_does(prefix: str, title: str) -> None:
    style = CommitStyle(is_conventional=True, is_signed_off=True, prefix=prefix)
    made = proposed({"a.py": LOAD}, replace(PRIVATE, style=style, signature="us <us@example.com>"))
    assert made.title == title
    assert made.commits[0].message.startswith(f"{title}\n\n")
    assert made.commits[0].message.endswith("\n\nSigned-off-by: us <us@example.com>\n")


def test_it_lists_what_opens_first_and_counts_the_rest() -> None:
    files = {
        f"service{n}/{name}": text for n in range(9) for name, text in (("a.py", LOAD), ("setup.py", ""))
    }
    made = proposed({**files, "model.py": WAITS}, PRIVATE)
    rows = [line for line in made.text.splitlines() if re.match(r"\| (?:at once|later) \|", line)]
    assert rows[0] == (
        "| at once | high | Read YAML with a loader that builds plain data | 1 finding, 1 file, 2 lines |"
    )
    assert len(rows) == 6
    assert "3 more pull requests would follow." in made.text
    counts = {words: int(count) for count, words in re.findall(r"\| (\d+) \| (.+) \|", made.text)}
    assert counts == {
        "fixed at once": 1,
        "waiting their turn: few pull requests stand open at a time (`limits`)": 8,
        "waiting until somebody asks for them (`open.rules`)": 1,
    }
    assert visible_lines(made.text) <= MAX_VISIBLE_LINES


def test_in_public_it_tells_how_much_and_not_what() -> None:
    made = proposed({"chat.py": LOAD, "model.py": WAITS}, PUBLIC)
    assert "1 pull request opens, with the fixes of 1 finding." in made.text
    assert "| 1 | waiting until somebody asks for them" in made.text
    words = ("YAML", "torch", "chat.py", "model.py", "high", "critical", "untrusted")
    assert [word for word in words if word in made.text] == []


def test_where_nothing_opens_it_says_so() -> None:
    made = proposed({"a.py": "import torch\n"}, PUBLIC)
    assert "nothing opens at once" in made.text
    assert "| findings |" not in made.text
    assert "Anybody can read this" not in made.text


@pytest.mark.parametrize("told", [PRIVATE, PUBLIC])
def test_no_name_of_the_repository_is_in_it(told: Background) -> None:
    name = "`@octo/all`<img src=x>|.py"
    made = proposed({name: LOAD.replace("read", "at_octo_all")}, told)
    assert "octo" not in made.text + made.title + made.commits[0].message


def test_what_it_lists_is_known_again() -> None:
    made = proposed({"a.py": LOAD}, PRIVATE)
    later = proposed({"a.py": "# moved\n" + LOAD}, replace(PRIVATE, today=TODAY + timedelta(days=3)))
    more = proposed({"a.py": LOAD, "b.py": LOAD}, PRIVATE)
    public = proposed({"a.py": LOAD}, PUBLIC)
    assert made.marker.content == later.marker.content
    assert len({one.marker.content for one in (made, more, public)}) == 3
    read = read_marker(made.body("c" * 40))
    assert read == replace(made.marker, head="c" * 40)
