"""Any bytes are read in bounded work, or refused with a reason that a person can act on."""

import time

import pytest

from fixers.kubernetes.source import KubernetesFile
from fixers.repository import Repository
from fixers.text import Unreadable

HEAD = "apiVersion: v1\nkind: Pod\n"
BOMB = HEAD + "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 40))
LONG = "apiVersion: v1\nkind: Pod\nx: "


def read(content: str | bytes, path: str = "a.yaml", **others: bytes) -> KubernetesFile:
    data = content.encode() if isinstance(content, str) else content
    return KubernetesFile.parse(path, data, Repository.of({path: data, **others}))


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        pytest.param(HEAD + "a: [\n", "isn't YAML", 4, id="syntax"),
        pytest.param(HEAD + "a: b: c\n", "isn't YAML", 3, id="mapping in a plain value"),
        pytest.param(HEAD + "\ta: b\n", "isn't YAML", 3, id="tab as indentation"),
        pytest.param(HEAD + "a: 1\nb: 2\na: 3\n", "key twice", 5, id="duplicate key"),
        pytest.param(HEAD + "a: {{ .Values.a }}\n", "a template", 3, id="Helm value"),
        pytest.param(HEAD + "{{- if .Values.a }}\na: 1\n{{- end }}\n", "a template", 3, id="Helm block"),
        pytest.param(HEAD + "{% if a %}\na: 1\n{% endif %}\n", "a template", 3, id="Jinja block"),
        pytest.param(HEAD + "? [a, b]\n: c\n", "isn't a text", 3, id="list as a key"),
        pytest.param(HEAD + "a: \x01\n", "isn't YAML", 0, id="control character"),
        pytest.param(HEAD.encode() + b"a: \0\n", "NUL", 3, id="NUL"),
        pytest.param(HEAD.encode() + b"a: \xe9\n", "UTF-8", 3, id="latin-1"),
        pytest.param(HEAD + "a: " + "[" * 20_000, "levels deep", 3, id="deep flow"),
        pytest.param(HEAD + "a: " + "[" * 20_000 + "]" * 20_000, "levels deep", 3, id="deep, closed flow"),
        pytest.param(HEAD + "a: " + "{a: " * 20_000, "levels deep", 3, id="deep flow mappings"),
        pytest.param(
            HEAD + "".join(f"{' ' * n}a:\n" for n in range(1_500)), "isn't YAML", None, id="deep block"
        ),
        pytest.param("- " * 20_000 + "\n" + HEAD, "levels deep", 1, id="deep block lists"),
        pytest.param(HEAD + "---\n" * 100_000, "documents", 0, id="100,000 documents"),
        pytest.param(HEAD + "a:\n" + "- b\n" * 300_000, "values", 0, id="300,000 values"),
    ],
)
def test_refuses_with_a_reason_and_a_line(content: str | bytes, words: str, line: int | None) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert words in caught.value.reason or (line is None and "levels deep" in caught.value.reason)
    assert line is None or caught.value.line == line
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOMB, id="bomb of aliases"),
        pytest.param(LONG + "a" * 1_900_000 + "\n", id="one long value"),
        pytest.param(LONG + "|\n" + "  text\n" * 250_000, id="one long block"),
        pytest.param(HEAD + "# comment\n" * 180_000, id="comments"),
        pytest.param(HEAD + "a: !!python/object:os.system x\n", id="tag that would make an object"),
        pytest.param("---\n---\n# nothing\n...\n---\n" + HEAD + "...\n", id="empty documents"),
    ],
)
def test_reads_what_is_only_large_or_strange(content: str) -> None:
    started = time.process_time()
    file = read(content)
    assert [resource.kind for resource in file.resources] == ["Pod"]
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("values.yaml", "image: {{ a }}\nkind: x\n", id="values that aren't YAML"),
        pytest.param("ci.yml", "a: !reference [b]\nb: {\n", id="another tool's file"),
        pytest.param(
            "crd.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {{\n",
            id="schema of a custom resource",
        ),
        pytest.param("empty.yaml", "", id="empty"),
    ],
)
def test_passes_over_what_is_not_kubernetes(path: str, content: str) -> None:
    file = read(content, path)
    assert file.resources == ()
    assert list(file.pod_specs()) == []


def test_a_scalar_may_hold_braces() -> None:
    file = read(HEAD + "a: --name={{.Name}}\nb: '{{ x }}'\n")
    assert file.resources[0].root.string("a") == "--name={{.Name}}"


def test_a_template_of_a_chart_is_refused_although_it_parses() -> None:
    content = HEAD + "a: '{{ .Values.a }}'\n"
    with pytest.raises(Unreadable, match="Helm"):
        read(content, "chart/templates/a.yaml", **{"chart/Chart.yaml": b"name: a\n"})


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("a/b.yaml", True),
        ("a/b.yml", True),
        (".github/workflows/ci.yml", False),
        ("web/pnpm-lock.yaml", False),
        ("a.json", False),
    ],
)
def test_claims(path: str, claimed: bool) -> None:
    assert KubernetesFile.claims(path) is claimed


SPANS = """\
%YAML 1.1
---
apiVersion: v1
kind: Pod
a: größe 😀 # é
"b": 'x'
c:
d: |+
  text

e: |
  text

# behind
f:
- x
-
- [a, {b: c}] # d
g: &g
  h: >-
    folded
    text
i: *g
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_spans_are_the_characters_of_the_values(newline: str, bom: str) -> None:
    root = read(bom + SPANS.replace("\n", newline)).documents[0].root
    assert root is not None
    sources = {key.text: value.source.replace(newline, "\n") for key, value in root.entries()}
    assert sources == {
        "apiVersion": "v1",
        "kind": "Pod",
        "a": "größe 😀",
        "b": "'x'",
        "c": "",
        "d": "|+\n  text\n\n",
        "e": "|\n  text",
        "f": "- x\n-\n- [a, {b: c}]",
        "g": "h: >-\n    folded\n    text",
        "i": "*g",
    }


def test_an_empty_value_lies_behind_its_colon_or_dash() -> None:
    root = read("apiVersion: v1\nkind: Pod\na:   # why\nb:\n-\n- # x\nc:").documents[0].root
    assert root is not None
    content = root.document.text.content
    empty = [root.get("a"), *root.each("b"), root.get("c")]
    assert [content[node.end - 2 : node.end] for node in empty if node is not None] == [
        "a:",
        "\n-",
        "\n-",
        "c:",
    ]


def test_symbols_name_the_object_and_its_container() -> None:
    content = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\napiVersion: v1\nkind: Pod\n"
        "metadata:\n  name: llm\nspec:\n  containers:\n  - name: vllm\n    image: a\n"
    )
    file = read(content)
    assert file.symbol_at(content.index("web")) == "Service/web"
    assert file.symbol_at(content.index("llm")) == "Pod/llm"
    assert file.symbol_at(content.index("image")) == "Pod/llm container vllm"


@pytest.mark.parametrize(
    "head",
    ["# Code generated by controller-gen. DO NOT EDIT.\n", "\n---\n# This file is auto-generated by make\n"],
)
def test_a_generated_file_says_so(head: str) -> None:
    document = read(head + HEAD).documents[-1]
    assert "generated" in document.obstacle
