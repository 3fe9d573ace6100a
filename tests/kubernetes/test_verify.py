"""The proof says no to what wasn't meant, and says what it couldn't check."""

import builtins
from typing import Any

import pytest
from ruamel.yaml import YAML

from fixers.engine import splice
from fixers.kubernetes.source import KubernetesFile, reading, verify
from fixers.repository import Repository
from fixers.rule import REMOVED, Check, Edit, Intent, Span, Verdict
from fixers.text import Text

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
    tty: false
"""


def opened(content: str) -> KubernetesFile:
    return KubernetesFile.parse("a.yaml", content.encode(), Repository.of({"a.yaml": content.encode()}))


def checks(before: str, old: str, new: str, *intents: Intent) -> dict[str, Check]:
    start = before.index(old)
    edit = Edit(Span(start, start + len(old)), new, intents=intents)
    made = KubernetesFile.verify(opened(before), opened(splice(before, [edit])), [edit])
    return {check.name: check for check in made}


def verdict(before: str, old: str, new: str, *path: str | int, value: object) -> Verdict:
    return checks(before, old, new, Intent((0, *path), value))["data"].verdict


TTY = ("spec", "containers", 0, "tty")


@pytest.mark.parametrize(
    ("old", "new", "path", "value", "holds"),
    [
        ("false", "true", TTY, True, True),
        ("false", "yes", TTY, True, False),
        ("false", '"true"', TTY, True, False),
        ("false", "true", TTY, False, False),
        ("false", "true", ("spec", "tty"), True, False),
        ("false", "true", ("spec", "nothing", "tty"), True, False),
        ("    tty: false\n", "", TTY, REMOVED, True),
        ("    tty: false\n", "", ("spec",), REMOVED, False),
        ("name: vllm", 'name: "vllm"', ("metadata", "name"), "llm", True),
        ("name: vllm", "name: sglang", ("metadata", "name"), "llm", False),
    ],
)
def test_data(old: str, new: str, path: tuple[str | int, ...], value: object, holds: bool) -> None:
    assert (verdict(POD, old, new, *path, value=value) is Verdict.PASSED) is holds


def test_an_anchor_that_disappears_is_no_equal_data() -> None:
    before = POD + "  a: &a 1\n  b: *a\n"
    result = checks(before, "&a 1\n  b: *a", "1\n  b: 1", Intent((0, *TTY), False))
    assert result["data"].verdict is Verdict.FAILED


@pytest.mark.parametrize(
    "value", [">\n      folded\n      text\n", "|-\n      literal\n", "'it''s'", '"\\t\\u00e9"', "0o7"]
)
def test_both_parsers_read_every_style_alike(value: str) -> None:
    content = POD.replace("vllm/vllm-openai:v0.11.0", value)
    result = checks(content, "tty: false", "tty: true", Intent((0, *TTY), True))
    assert result["parses"].verdict is Verdict.PASSED


def test_the_schema_complains_about_what_is_new() -> None:
    pytest.importorskip("kubernetes_validate")
    good = checks(POD, "tty: false", "tty: true", Intent((0, *TTY), True))
    bad = checks(POD, "tty: false", "tyt: true", Intent((0, "spec", "containers", 0, "tyt"), True))
    known = checks(POD + "  odd: 1\n", "tty: false", "tty: true", Intent((0, *TTY), True))
    assert good["schema"].verdict is Verdict.PASSED
    assert bad["schema"].verdict is Verdict.FAILED
    assert known["schema"].verdict is Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("api", "kind"),
    [("ray.io/v1", "RayCluster"), ("batch.volcano.sh/v1", "Job"), ("v1", "../../secret"), ("../v1", "Pod")],
)
def test_no_schema_for_others_kinds(api: str, kind: str) -> None:
    pytest.importorskip("kubernetes_validate")
    content = POD.replace("v1", api, 1).replace("Pod", kind)
    result = checks(content, "tty: false", "tty: true", Intent((0, *TTY), True))
    assert result["schema"].verdict is Verdict.NOT_CHECKED
    assert "no schema" in result["schema"].detail


def test_without_the_validator_the_schema_is_said_to_be_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    importing = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "kubernetes_validate":
            raise ImportError(name)
        return importing(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    result = checks(POD, "tty: false", "tty: true", Intent((0, *TTY), True))
    assert result["schema"].verdict is Verdict.NOT_CHECKED
    assert "isn't installed" in result["schema"].detail


def test_a_new_file_has_no_data_to_compare() -> None:
    names = [check.name for check in KubernetesFile.verify(None, opened(POD), ())]
    assert names == ["parses", "schema"]


def test_parsers_that_see_different_kinds_of_nodes_disagree() -> None:
    (document,) = reading.read(Text("a: {b: c}\n"))
    theirs = YAML(typ="safe", pure=True).compose("a: [{b: c}]\n")
    assert not verify.same(theirs, document.root)
