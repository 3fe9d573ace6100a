"""Every edit changes what was meant, in the author's layout, and nothing else."""

from collections.abc import Callable

import pytest

from fixers.engine import splice
from fixers.kubernetes.source import KubernetesFile, Node, append, merge, remove_items, replace, swap
from fixers.repository import Repository
from fixers.rule import Changes, Edit, Refusal, Verdict

HEAD = "apiVersion: v1\nkind: Test\n"
Verb = Callable[[Node], Changes]


def opened(content: str) -> KubernetesFile:
    data = content.encode()
    return KubernetesFile.parse("a.yaml", data, Repository.of({"a.yaml": data}))


def answer(content: str, path: tuple[str | int, ...], verb: Verb) -> Changes:
    root = opened(content).documents[0].root
    assert root is not None
    node = root.get(*path)
    assert node is not None
    return verb(node)


def after(content: str, changes: Changes) -> str:
    """The text with the edits in it, once the language's own proof holds."""
    edits = [change for change in changes if isinstance(change, Edit)]
    assert len(edits) == len(changes), changes
    text = splice(content, edits)
    checks = {c.name: c for c in KubernetesFile.verify(opened(content), opened(text), edits)}
    assert checks["parses"].verdict is Verdict.PASSED, checks
    assert checks["data"].verdict is Verdict.PASSED, checks
    return text


def both(before: str, expected: str, path: tuple[str | int, ...], verb: Verb, newline: str = "\n") -> None:
    content = (HEAD + before).replace("\n", newline)
    written = after(content, answer(content, path, verb))
    assert written == (HEAD + expected).replace("\n", newline)


MERGES = [
    pytest.param("m:\n  a: 1\n", "m:\n  a: 1\n  x: true\n", id="behind the last one-line key"),
    pytest.param("m:\n  a: 1", "m:\n  a: 1\n  x: true", id="no line break at the end"),
    pytest.param("m:\n    a: 1 # é\n", "m:\n    a: 1 # é\n    x: true\n", id="behind its comment"),
    pytest.param("m:\n  name: a\n  b: 1\n", "m:\n  name: a\n  x: true\n  b: 1\n", id="behind a landmark"),
    pytest.param(
        "m:\n  # first\n  a:\n    b: 1\n  # last\n",
        "m:\n  x: true\n  # first\n  a:\n    b: 1\n  # last\n",
        id="only blocks: above the comments",
    ),
    pytest.param(
        "m: # why\n\n  a:\n    b: 1\n",
        "m: # why\n  x: true\n\n  a:\n    b: 1\n",
        id="behind the comment of its own key",
    ),
    pytest.param("m:\n- n\n", None, id="a list isn't a mapping"),
    pytest.param(
        "m:\n  a: |\n    b\n", "m:\n  x: true\n  a: |\n    b\n", id="literal block as the last value"
    ),
    pytest.param("m:\n  a: b\n    c\n", "m:\n  x: true\n  a: b\n    c\n", id="plain value of two lines"),
    pytest.param("m:\n  a:\n", "m:\n  a:\n  x: true\n", id="behind an empty value"),
    pytest.param(
        "m:\n  a:\n    # b: 1\n",
        "m:\n  x: true\n  a:\n    # b: 1\n",
        id="empty value with a comment in its place",
    ),
    pytest.param('m:\n  "a": 1\n', 'm:\n  "a": 1\n  "x": true\n', id="quoted keys"),
    pytest.param("m: {a: 1}\n", "m: {a: 1, x: true}\n", id="flow"),
    pytest.param("m: {a: 1,}\n", "m: {a: 1, x: true,}\n", id="flow with a last comma"),
    pytest.param("m: {a: {b: [1]} } # c\n", "m: {a: {b: [1]}, x: true } # c\n", id="nested flow"),
    pytest.param("m: {a}\n", "m: {a, x: true}\n", id="flow with a key alone"),
    pytest.param("m: {}\n", "m: {x: true}\n", id="empty flow"),
    pytest.param(
        'm: {\n  "a": 1\n}\n', 'm: {\n  "a": 1,\n  "x": true\n}\n', id="flow of several lines, as in JSON"
    ),
    pytest.param("m:\n  x: false # no\n", "m:\n  x: true # no\n", id="another value"),
    pytest.param("m:\n  x: Yes\n", "m:\n  x: Yes\n", id="true already, in other words"),
    pytest.param("m:\n  x:   # no\n", "m:\n  x: true   # no\n", id="an empty value"),
    pytest.param("m:\n  x: 'true'\n", "m:\n  x: true\n", id="a text instead of a truth"),
    pytest.param("m:\n  ? x\n  : off\n", "m:\n  ? x\n  : true\n", id="explicit key"),
    pytest.param("m:\n  x: &b no\n", None, id="an anchor on the value"),
    pytest.param("m:\n  x: !!bool no\n", None, id="a tag on the value"),
    pytest.param("m:\n  x: '{{ a }}'\n", None, id="a templated value"),
    pytest.param("m:\n  x: ${PRIVILEGED}\n", None, id="a value of envsubst"),
    pytest.param("m:\n  x: [a]\n", None, id="a list in its place"),
    pytest.param("m:\n  x: |\n    no\n", None, id="a block in its place"),
    pytest.param("m: &m\n  a: 1\nn: *m\n", None, id="shared by an alias"),
    pytest.param("m: &m\n  a: 1\n", "m: &m\n  a: 1\n  x: true\n", id="an anchor that nobody uses"),
    pytest.param("n: &n {x: no}\nm:\n  <<: *n\n", None, id="merge key"),
    pytest.param("n: &n {a: 1}\nm: *n\n", None, id="an alias itself"),
    pytest.param("m:\n  a: 1\u2028\n", None, id="a line break of Unicode"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "expected"), MERGES)
def test_merge_of_a_scalar(before: str, expected: str | None, newline: str) -> None:
    def verb(node: Node) -> Changes:
        return merge(node, {"x": True})

    if expected is None:
        content = (HEAD + before).replace("\n", newline)
        assert any(isinstance(change, Refusal) for change in answer(content, ("m",), verb))
    else:
        both(before, expected, ("m",), verb, newline)


DEEP = {"c": {"d": ["A"], "e": "text"}}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param("m:\n  a: 1\n", "m:\n  a: 1\n  c:\n    d:\n    - A\n    e: text\n", id="two blanks"),
        pytest.param(
            "o:\n    m:\n        a: 1\n        l:\n          - b\nm:\n    a: 1\n",
            "o:\n    m:\n        a: 1\n        l:\n          - b\nm:\n    a: 1\n"
            "    c:\n        d:\n          - A\n        e: text\n",
            id="four blanks, and two before a dash, from another block",
        ),
        pytest.param(
            "m:\n  a: 1\n  l:\n    - b\n",
            "m:\n  a: 1\n  c:\n    d:\n      - A\n    e: text\n  l:\n    - b\n",
            id="lists deeper than their key",
        ),
        pytest.param("m:\n  c: {}\n", "m:\n  c:\n    d:\n    - A\n    e: text\n", id="{} opens up"),
        pytest.param("m:\n  c:\n", "m:\n  c:\n    d:\n    - A\n    e: text\n", id="nothing opens up"),
        pytest.param(
            "m:\n  c: null # x\n", "m:\n  c: # x\n    d:\n    - A\n    e: text\n", id="null, with a comment"
        ),
        pytest.param("m: {c: ~}\n", "m: {c: {d: [A], e: text}}\n", id="null in flow"),
        pytest.param(
            "m:\n  c:\n    d: [B]\n    e: text\n", "m:\n  c:\n    d: [B, A]\n    e: text\n", id="list in flow"
        ),
        pytest.param(
            'm:\n  c:\n    d: ["B"]\n    e: text\n',
            'm:\n  c:\n    d: ["B", "A"]\n    e: text\n',
            id="quoted list",
        ),
        pytest.param(
            "m:\n  c:\n    e: text\n    d:\n      -   B # b\n",
            "m:\n  c:\n    e: text\n    d:\n      -   B # b\n      -   A\n",
            id="block list",
        ),
        pytest.param("m:\n  c:\n    d: [A]\n", "m:\n  c:\n    d: [A]\n    e: text\n", id="half is there"),
        pytest.param("m:\n  c: 1\n", None, id="a scalar in its place"),
        pytest.param("m:\n  c:\n    d: {B: 1}\n    e: text\n", None, id="a mapping in the list's place"),
        pytest.param("m:\n  c:\n    d:\n    - B: 1\n    e: text\n", None, id="the list ends with a mapping"),
    ],
)
def test_merge_of_a_nested_mapping(before: str, expected: str | None) -> None:
    def verb(node: Node) -> Changes:
        return merge(node, DEEP)

    if expected is None:
        assert any(isinstance(change, Refusal) for change in answer(HEAD + before, ("m",), verb))
        return
    both(before, expected, ("m",), verb)
    assert answer(HEAD + expected, ("m",), verb) == ()


def test_a_text_that_reads_like_something_else_is_quoted() -> None:
    texts = {"a": "yes", "b": "1", "c": "", "d": "a: b", "e": "ALL", "f": "größe", "g": "0x1f"}
    both(
        "m:\n  z: 1\n",
        'm:\n  z: 1\n  a: "yes"\n  b: "1"\n  c: ""\n  d: "a: b"\n  e: ALL\n  f: "größe"\n  g: "0x1f"\n',
        ("m",),
        lambda node: merge(node, texts),
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("l:\n- a\n- x\n- b\n", "l:\n- a\n- b\n"),
        ("l:\n  - x # gone\n  # stays\n  - b\n", "l:\n  # stays\n  - b\n"),
        ("l:\n- a\n- 'x'", "l:\n- a"),
        ("l:\n- a\n-\n  x\n", None),
        ("l:\n- a\n- x\n  y\n", None),
        ("l: [a, x, b]\n", "l: [a, b]\n"),
        ("l: [x, b]\n", "l: [b]\n"),
        ("l: [ a, x ]\n", "l: [ a ]\n"),
        ("l: [a, x,]\n", "l: [a,]\n"),
        ("l: [\n  a,\n  x,\n  b\n]\n", "l: [\n  a,\n  b\n]\n"),
        ("l: [\n  a, # a\n  x # x\n]\n", "l: [\n  a # a\n]\n"),
        ("l: [\n  a,\n  x,\n]\n", "l: [\n  a,\n]\n"),
        ("l: [a,\n  x, b]\n", "l: [a,\n  b]\n"),
        ("l: [a, # a\n  x, b]\n", "l: [a, # a\n  b]\n"),
        ("o:\n  k: 1\n  l:\n  - x\n  m: 1\n", "o:\n  k: 1\n  m: 1\n"),
        ("o:\n  k: 1\n  l: [x]\n", "o:\n  k: 1\n"),
        ("o:\n  k: 1\n  l:\n  # why\n  - x\n", None),
        ("o:\n  l:\n  - x\n", None),
        ("o: {k: 1, l: [x]}\n", None),
        ("o:\n- l: [x]\n  k: 1\n", None),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_remove_items(before: str, expected: str | None, newline: str) -> None:
    content = (HEAD + before).replace("\n", newline)
    lists = [
        n for n in walk(opened(content)) if n.is_sequence and any(i.text.startswith("x") for i in n.items)
    ]
    position = next(n for n, item in enumerate(lists[0].items) if item.text.startswith("x"))
    changes = remove_items(lists[0], position)
    if expected is None:
        assert [type(change) for change in changes] == [Refusal]
    else:
        assert after(content, changes) == (HEAD + expected).replace("\n", newline)


def walk(file: KubernetesFile) -> list[Node]:
    nodes = [document.root for document in file.documents if document.root is not None]
    for node in nodes:
        nodes += node.items
    return nodes


def test_append_keeps_the_gap_behind_the_dash() -> None:
    both(
        "l:\n  -   a # b\n\n# c\n",
        "l:\n  -   a # b\n  -   new.yaml\n\n# c\n",
        ("l",),
        lambda n: append(n, "new.yaml"),
    )


def test_replace_keeps_what_stands_around() -> None:
    both("a:   'x'   # y\n", "a:   ClusterIP   # y\n", ("a",), lambda node: replace(node, "ClusterIP"))


def test_swap_writes_a_block_in_the_place_of_a_line() -> None:
    both(
        "e:\n- name: a\n  value: 'b'\n- name: c\n",
        "e:\n- name: a\n  valueFrom:\n    ref:\n      key: k\n- name: c\n",
        ("e", 0),
        lambda node: swap(node, "value", {"valueFrom": {"ref": {"key": "k"}}}),
    )


def test_a_generated_file_is_refused() -> None:
    content = "# DO NOT EDIT\n" + HEAD + "m:\n  a: 1\n"
    (change,) = answer(content, ("m",), lambda node: merge(node, {"x": True}))
    assert isinstance(change, Refusal)
    assert "generated" in change.reason


@pytest.mark.parametrize("number", [0, 1, 2])
def test_documents_are_told_apart(number: int) -> None:
    content = "a: 1\n---\n# nothing\n---\n" + HEAD + "---\nm: {a: 1}\n...\n---\nm: {a: 1}\n"
    documents = [d for d in opened(content).documents if d.root is not None and d.root.is_mapping]
    root = documents[number].root
    assert root is not None
    target = root.get("m") or root
    assert after(content, merge(target, {"x": "y"})).count("x: y") == 1
