"""What a change introduces: what stood there before in another place or form is no new finding."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pull_requests_in_memory import Files, head, places, seen
from rules_on_calls import QUIET, RULES, SAFE, consequence, in_memory, keyword, on_calls

from bot.check import introduced
from bot.pipeline import mend
from fixers import all_rules
from fixers.rule import Rule, Severity
from fixers.stitch import no_formatter

READ = 'def read(path):\n    return open(path, "r")\n'
OTHER = "def other():\n    return 1\n\n\n"
STEPS = "".join(f"    step_{number}()\n" for number in range(5))
FOOT = "".join(f"\n\ndef foot_{number}():\n    return {number}\n" for number in range(9))


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n") if line)


def test_what_stands_where_it_stood_is_not_new() -> None:
    assert seen({"a.py": READ}, {"a.py": f"import os\n\n\n{OTHER}{READ}"}) == seen({}, {})


def test_of_equal_findings_in_one_function_the_written_one_is_new() -> None:
    before = "def read(path):\n    open(path)\n    done()\n    open(path)\n    end()\n"
    after = (
        "def read(path):\n    open(path)\n    done()\n    open(path)\n    more()\n    open(path)\n    end()\n"
    )
    assert places(seen({"a.py": before}, {"a.py": after})) == [("a.py", 6)]
    first = (
        "def read(path):\n    open(path)\n    more()\n    open(path)\n    done()\n    open(path)\n    end()\n"
    )
    assert places(seen({"a.py": before}, {"a.py": first})) == [("a.py", 2)]


MOVED: dict[str, tuple[Files, Files, dict[str, str]]] = {
    "in its file": ({"a.py": READ + FOOT}, {"a.py": FOOT + READ}, {}),
    "in its file, under another name": (
        {"a.py": READ + FOOT},
        {"a.py": FOOT + READ.replace("read", "load")},
        {},
    ),
    "renamed": ({"a.py": READ + FOOT}, {"a.py": READ.replace("read", "load") + FOOT}, {}),
    "with its file": ({"a.py": READ}, {"b/c.py": READ}, {"b/c.py": "a.py"}),
    "with its file, edited": (
        {"a.py": READ + FOOT},
        {"b.py": READ.replace("path", "name") + FOOT + OTHER},
        {"b.py": "a.py"},
    ),
    "to another file": ({"a.py": READ + FOOT, "b.py": OTHER}, {"a.py": FOOT, "b.py": OTHER + READ}, {}),
    "into a class": (
        {"a.py": READ + FOOT},
        {"a.py": FOOT, "b.py": "class Reader:\n    def read(path):\n        return open(path, 'r')\n"},
        {},
    ),
    "to its end, edited": (
        {"a.py": "def read(path):\n    open(path)\n    wait()\n    return 1\n" + FOOT},
        {"a.py": "def read(path):\n    wait()\n    return open(path, buffering=0)\n" + FOOT},
        {},
    ),
}


@pytest.mark.parametrize(("before", "after", "renamed"), MOVED.values(), ids=MOVED)
def test_what_moved_is_not_new(before: Files, after: Files, renamed: dict[str, str]) -> None:
    assert seen(before, after, renamed) == seen({}, {})


EDITED = {
    "another argument": (READ, READ.replace("(path, ", "(path.name, ")),
    "indented": (READ, "def read(path):\n    if path:\n        return open(path, 'r')\n"),
    "over two lines": (READ, READ.replace("(path, ", "(\n        path,\n        ")),
    "a line in its midst": ("open(\n    a,\n)\n", "open(\n    a,\n    b,\n)\n"),
    "outside of functions": ("x = 1\nwith open(a): pass\n", "x = 1\nwith open(b): pass\n"),
    "its class has another name": (
        "class A:\n    x = 1\n\n" + indented(READ) + FOOT,
        "import os\n\n\nclass B:\n    x = 1\n\n" + indented(READ) + FOOT,
    ),
    "moved a little, in a function of another name": (
        f"def read(path):\n    open(path)\n{STEPS}{FOOT}",
        f"def load(path):\n{STEPS}    open(path.name)\n{FOOT}",
    ),
    "its function has another name": (READ, READ.replace("def read", "def load").replace("(path, ", "(a, ")),
    "its function got a file's other end": (READ + FOOT, FOOT + READ.replace("path", "name")),
    "other line ends": (READ + FOOT, (READ + FOOT).replace("\n", "\r\n")),
    "other line ends, edited": (READ, READ.replace("(path, ", "(path.name, ").replace("\n", "\r\n")),
    "no line end": (READ, READ.rstrip("\n")),
}


@pytest.mark.parametrize(("before", "after"), EDITED.values(), ids=EDITED)
def test_what_was_edited_is_not_new(before: str, after: str) -> None:
    assert seen({"a.py": before}, {"a.py": after}) == seen({}, {})


def test_a_copy_is_new() -> None:
    assert places(seen({"a.py": READ}, {"a.py": READ, "b.py": READ})) == [("b.py", 2)]
    again = READ.replace("read", "again")
    assert places(seen({"a.py": READ}, {"a.py": f"{READ}\n\n{again}"})) == [("a.py", 6)]


def test_a_copy_is_new_where_the_original_is_edited() -> None:
    edited = READ.replace("(path, ", "(path.name, ")
    assert places(seen({"a.py": READ}, {"a.py": edited, "b.py": READ})) == [("b.py", 2)]
    again = READ.replace("read", "again")
    assert places(seen({"a.py": READ + FOOT}, {"a.py": edited + FOOT + again})) == [("a.py", 40)]


@pytest.mark.parametrize("other", ["a.py", "b.py"])
def test_a_copy_of_what_is_fixed_now_is_new(other: str) -> None:
    fixed = READ.replace('"r"', '"r", fixed=True') + FOOT
    after = {"a.py": fixed} | {other: (fixed if other == "a.py" else "") + READ.replace("read", "again")}
    result = seen({"a.py": READ + FOOT}, after)
    assert ([path for path, _ in places(result)], result.closed) == ([other], 1)


def test_a_fix_hides_no_other_finding_in_its_function() -> None:
    before = "def read(path):\n    open(path)\n    wait()\n    return 1\n"
    after = "def read(path):\n    open(path, fixed=True)\n    wait()\n    return open(path.other)\n"
    result = seen({"a.py": before}, {"a.py": after})
    assert (places(result), result.closed) == ([("a.py", 4)], 1)


def test_what_a_changed_import_closes_did_not_move() -> None:
    """Its line is as it was: it can't stand elsewhere now."""
    before = "def one(path):\n    return open(path)\n" + FOOT
    after = "from mine import open\n" + before
    more = {"b.py": "def one(path):\n    return open(path)\n"}
    result = seen({"a.py": before}, {"a.py": after} | more)
    assert (places(result), result.closed) == ([("b.py", 2)], 1)


def test_what_is_far_from_what_went_is_new() -> None:
    """Removed with one function, and written in another."""
    before = f"def one(path):\n    open(path)\n{FOOT}"
    after = f"def two(path):\n    return 1\n{FOOT}\n\ndef three(path):\n    return open(path.name)\n"
    result = seen({"a.py": before}, {"a.py": after})
    assert (len(result.outcomes), result.closed) == (1, 1)


def test_what_stands_in_no_function_stays_where_it_is() -> None:
    """Where hunks aren't known, it is still the one that was there."""
    files = {"a.py": "def f():\n    open(a)\n\n\nopen(a)\n"}
    before = in_memory({"a.py": "open(a)\n"}).repository()
    assert places(introduced(head({}, files), before, {}, {"a.py"}, {})) == [("a.py", 2)]


POD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  template:
    spec:
      containers:
        - name: server
          image: vllm/vllm-openai
"""


def test_a_resource_moves_as_a_whole() -> None:
    rules = tuple(rule for rule in all_rules() if rule.id == "kubernetes/unhardened-container")
    one, two = POD.format(name="one"), POD.format(name="two")
    before = {"a.yaml": f"{one}---\n{two}", "b.yaml": "x: 1\n"}
    assert seen(before, {"a.yaml": two, "b.yaml": one}, rules=rules) == seen({}, {})
    other = POD.format(name="other")
    assert places(seen(before, {"a.yaml": one, "b.yaml": other}, rules=rules)) == [("b.yaml", 9)]


def test_a_resource_that_is_fixed_did_not_move() -> None:
    rules = tuple(rule for rule in all_rules() if rule.id == "kubernetes/unhardened-container")
    one = POD.format(name="one")
    (fix,) = mend(head({}, {"a.yaml": one}, rules), lambda outcome: "", no_formatter).fixes
    fixed = fix.changes[0].after.decode()
    result = seen({"a.yaml": one}, {"a.yaml": f"{fixed}---\n{POD.format(name='two')}"}, rules=rules)
    assert (len(result.outcomes), result.closed) == (1, 1)


def test_more_in_a_function_than_before_is_new() -> None:
    before = "def read(path):\n    return open(path)\n"
    after = "def read(path):\n    if path:\n        return open(path.a)\n    return open(path.b)\n"
    assert len(seen({"a.py": before}, {"a.py": after}).outcomes) == 1


def test_files_begin_alike() -> None:
    """What stands in no function is too little to be known by in another file."""
    top = "open(path)\n"
    assert places(seen({"a.py": top + FOOT}, {"a.py": FOOT, "b.py": top})) == [("b.py", 1)]


def rated(name: str) -> Rule:
    """A rule that is louder about an argument `loud`."""
    rule = on_calls(name, "open", keyword("fixed"), Severity.HIGH)

    def check(file):  # type: ignore[no-untyped-def]
        for finding in rule.check(file):
            text = file.text.content[finding.span.start : finding.span.end]
            yield replace(finding, severity=Severity.HIGH if "loud" in text else Severity.LOW)

    return replace(rule, check=check)


def test_what_is_more_severe_now_is_new() -> None:
    rules = (rated("rated-open"),)
    quiet, loud = "def a(x):\n    open(x)\n", "def a(x):\n    open(x.loud)\n"
    assert [one.severity for one in seen({"a.py": quiet}, {"a.py": loud}, rules=rules).outcomes] == [
        Severity.HIGH
    ]
    assert seen({"a.py": loud}, {"a.py": quiet}, rules=rules) == seen({}, {})


def test_what_a_worse_finding_hid_is_not_new() -> None:
    hiding = on_calls(
        "hidden-open",
        "open",
        lambda call: None if call.has_keyword("worse") else call.add_keyword("named", "1"),
    )
    worse = on_calls("worse-open", "open", lambda call: () if call.has_keyword("worse") else None)
    rules = (hiding, consequence(worse, hiding))
    before, after = "def a(x):\n    open(x, worse=1)\n", "def a(x):\n    open(x)\n"
    result = seen({"a.py": before}, {"a.py": after, "b.py": after}, rules=rules)
    assert (places(result), result.closed) == ([("b.py", 2)], 1)


def test_what_could_not_be_read_before_is_judged_by_what_was_written() -> None:
    broken = f"{READ}\n\nopen(\n{FOOT}"
    whole = {"a.py": f"{READ}\n\nopen(a)\n{FOOT}"}
    assert places(seen({"a.py": broken}, whole)) == [("a.py", 5)]
    parted = in_memory({"a.py": broken}).repository()
    unknown = introduced(head({}, whole), parted, {}, {"a.py"}, {})
    assert len(unknown.outcomes) == 2, "what it wrote isn't known"


def test_what_can_not_be_read_any_more_is_not_closed() -> None:
    result = seen({"a.py": READ + FOOT}, {"a.py": READ + "open(\n" + FOOT})
    assert (result.outcomes, result.closed) == ((), 0)


def test_what_is_excluded_was_never_a_finding() -> None:
    policy = {".suture.yml": "paths: {exclude: [tests/]}\n"}
    moved = seen(policy | {"tests/a.py": READ}, policy | {"a.py": READ}, {"a.py": "tests/a.py"})
    assert places(moved) == [("a.py", 2)]
    away = seen(policy | {"a.py": READ}, policy | {"tests/a.py": READ}, {"tests/a.py": "a.py"})
    assert (away.outcomes, away.closed) == ((), 0)
    assert seen(policy | {"tests/a.py": READ}, policy) == seen({}, {})


def test_what_a_generator_wrote_was_never_a_finding() -> None:
    policy = {".suture.yml": "kinds: {generated: skip}\n"}
    made = {"a.py": f"# Code generated by a machine\n{READ}"}
    moved = seen(policy | made, policy | {"b.py": READ})
    assert (places(moved), moved.closed) == ([("b.py", 2)], 0)
    away = seen(policy | {"b.py": READ}, policy | {"b.py": f"# Code generated by a machine\n{READ}"})
    assert (away.outcomes, away.closed) == ((), 0)


def test_closed_is_what_was_spoken_of() -> None:
    policy = {".suture.yml": "threshold: {report: medium}\n"}
    text = "open(a)  # suture: ignore[python/unsafe-open] ours\nopen(b)\nprint(1)\n"
    rules = (SAFE, QUIET)
    result = seen(policy | {"a.py": text}, policy | {"a.py": ""}, rules=rules)
    assert (result.outcomes, result.closed, result.less) == ((), 1, 0)
    result = seen(policy | {"a.py": ""}, policy | {"a.py": text}, rules=rules)
    assert (len(result.outcomes), result.less) == (2, 1)


def test_the_worst_comes_first() -> None:
    result = seen({}, {"b.py": "print(1)\nopen(a)\n", "a.py": "print(1)\n"}, rules=RULES)
    assert [one.severity for one in result.outcomes] == sorted(
        (one.severity for one in result.outcomes), reverse=True
    )
    assert places(result)[:2] == [("b.py", 2), ("a.py", 1)]


NAMES = st.sampled_from(["one", "two", "three"])
LINES = st.sampled_from(["open(a)", "open(b)", "print(a)", "wait()", "open(a, fixed=True)", "x = 1"])
FUNCTION = st.builds(
    lambda name, body: f"def {name}():\n" + "".join(f"    {line}\n" for line in body),
    NAMES,
    st.lists(LINES, min_size=1, max_size=5),
)
TEXT = st.builds("".join, st.lists(st.one_of(FUNCTION, LINES.map(lambda line: f"{line}\n")), max_size=5))
FILES = st.dictionaries(st.sampled_from(["a.py", "b.py", "c/d.py"]), TEXT, max_size=3)


@given(FILES, FILES)
def test_what_comes_and_goes_is_what_there_is_more_and_less(before: Files, after: Files) -> None:
    result = seen(before, after)
    then, now = (Counter(one.hit.rule.id for one in head({}, files).outcomes) for files in (before, after))
    new = Counter(one.hit.rule.id for one in result.outcomes)
    assert new.total() - result.closed == now.total() - then.total()
    assert new <= now
    assert now - then <= new


@given(FILES)
def test_nothing_comes_with_what_stays_or_moves_as_a_whole(files: Files) -> None:
    assert seen(files, files) == seen({}, {})
    moved = {f"moved/{path}": path for path in files}
    assert seen(files, {path: files[then] for path, then in moved.items()}, moved) == seen({}, {})
