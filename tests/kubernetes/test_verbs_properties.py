"""Whatever the YAML and however it is laid out: the new data is the old data and the intent."""

import copy
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fixers.engine import splice
from fixers.kubernetes.source import KubernetesFile, Node, merge, remove_items
from fixers.repository import Repository
from fixers.rule import Edit, Refusal, Verdict
from fixers.text import Unreadable

KEYS = st.sampled_from(["a", "b-c", "d.e/f", "größe", "on", "1", "x y", "image", "name"])
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-9, 9),
    st.none(),
    st.text("ab:#-' \"é\n{[*&!|>%@`😀\\", max_size=12),
    st.sampled_from(["yes", "null", "0x1f", "1e3", "~", "", "- a", "a: b", "a #b", "two\nlines\n"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
ROOTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
WANTED = st.dictionaries(
    st.sampled_from(["new", "other", "a"]),
    st.one_of(
        st.booleans(),
        st.sampled_from(["text", "yes", ""]),
        st.just(["A", "B"]),
        st.just({"c": {"d": ["A"], "e": False}}),
    ),
    min_size=1,
    max_size=3,
)


class Indented(yaml.SafeDumper):
    """Writes lists deeper than their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """Data, and a text of it in some layout, with comments and either line ending."""
    data = {"apiVersion": "v1", "kind": "Test", **draw(ROOTS)}
    text = yaml.dump(
        data,
        Dumper=draw(st.sampled_from([yaml.SafeDumper, Indented])),
        default_flow_style=draw(st.sampled_from([True, False, None])),
        indent=draw(st.sampled_from([2, 4])),
        width=draw(st.sampled_from([20, 1_000])),
        allow_unicode=draw(st.booleans()),
        explicit_start=draw(st.booleans()),
        sort_keys=False,
    )
    text = (
        draw(st.sampled_from(["", "# first\n\n"])) + text + draw(st.sampled_from(["", "# last\n", "...\n"]))
    )
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return yaml.safe_load(text), text  # the writer isn't faithful to every backslash


def opened(content: str) -> KubernetesFile:
    data = content.encode()
    return KubernetesFile.parse("a.yaml", data, Repository.of({"a.yaml": data}))


def nodes(file: KubernetesFile) -> list[Node]:
    found = [document.root for document in file.documents if document.root is not None]
    for node in found:
        found += node.items
    return found


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """What the loader made of the node at the path; keys are compared by their text."""
    for step in path:
        data = data[step] if isinstance(step, int) else next(v for k, v in data.items() if k == step)
    return data


def merged(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    for key, value in wanted.items():
        held = data.get(key)
        if isinstance(value, dict) and isinstance(held, dict):
            merged(held, value)
        elif isinstance(value, list) and isinstance(held, list):
            held += [item for item in value if item not in held]
        else:
            data[key] = copy.deepcopy(value)


@settings(max_examples=300, deadline=None)
@given(documents(), WANTED, st.data())
def test_merge(made: tuple[dict[str, Any], str], wanted: dict[str, Any], draws: st.DataObject) -> None:
    data, content = made
    file = opened(content)
    node = draws.draw(st.sampled_from([node for node in nodes(file) if node.is_mapping]))
    changes = merge(node, wanted)
    if any(isinstance(change, Refusal) for change in changes):
        return
    edits = [change for change in changes if isinstance(change, Edit)]
    text = splice(content, edits)
    merged(at(data, node.path[1:]), wanted)
    assert yaml.safe_load(text) == data
    after = opened(text)
    assert {c.name: c.verdict for c in KubernetesFile.verify(file, after, edits)}["data"] is Verdict.PASSED
    again = next(other for other in nodes(after) if other.path == node.path)
    assert merge(again, wanted) == ()


@settings(max_examples=300, deadline=None)
@given(documents(), st.data())
def test_remove_items(made: tuple[dict[str, Any], str], draws: st.DataObject) -> None:
    data, content = made
    file = opened(content)
    lists = [node for node in nodes(file) if node.is_sequence and node.items]
    if not lists:
        return
    node = draws.draw(st.sampled_from(lists))
    position = draws.draw(st.integers(0, len(node.items) - 1))
    changes = remove_items(node, position)
    if any(isinstance(change, Refusal) for change in changes):
        return
    if len(node.items) == 1:
        del at(data, node.path[1:-1])[node.path[-1]]
    else:
        del at(data, node.path[1:])[position]
    assert yaml.safe_load(splice(content, [c for c in changes if isinstance(c, Edit)])) == data


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("apiVersonkd:v1 \n-[]{}&*!|>'\"%@`#?\t\0", max_size=200)))
def test_reading_never_raises_anything_else(data: bytes | str) -> None:
    content = b"apiVersion: v1\n" + (data if isinstance(data, bytes) else data.encode())
    try:
        file = KubernetesFile.parse("a.yaml", content, Repository.of({"a.yaml": content}))
    except Unreadable:
        return
    assert all(0 <= node.start <= node.end <= len(file.text.content) for node in nodes(file))
