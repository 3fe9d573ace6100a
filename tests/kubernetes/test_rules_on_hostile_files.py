"""No rule takes more than bounded work, and none stops, on a file that was made to hurt."""

import time

import pytest

from fixers import all_rules
from fixers.engine import scan
from fixers.repository import Repository

RULES = [rule for rule in all_rules() if rule.language == "kubernetes"]
WORDS = "# " + " ".join(word for rule in RULES for word in rule.mentions) + "\n"
POD = WORDS + "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
MANY = "  - {name: a, image: vllm/vllm, env: [{name: HF_TOKEN, value: hf_QkZtYwLmPbXcRvNdHsJg}]}\n"
LONG = 1_500_000


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(WORDS + "\n" * LONG + "apiVersion: v1\nkind: Pod\n", id="blank lines"),
        pytest.param(WORDS + "-" * LONG + "\napiVersion: v1\nkind: Pod\n", id="dashes"),
        pytest.param(WORDS + "{" * LONG + "apiVersion: v1", id="braces"),
        pytest.param(POD + "  - image: " + "jupyter-" * (LONG // 8) + "\n", id="long image"),
        pytest.param(
            POD + "  - image: vllm\n    env: [{name: " + "HF_" * (LONG // 3) + ", value: a}]\n",
            id="long name",
        ),
        pytest.param(
            POD + "  - image: vllm\n    args: ['" + " --trust" * (LONG // 8) + "']\n", id="long argument"
        ),
        pytest.param(POD + MANY * 10_000, id="10,000 containers"),
        pytest.param((POD + MANY + "---\n") * 1_500, id="1,500 pods"),
        pytest.param(
            POD + "  - *a\n  - [vllm]\n  - vllm\n  - {image: [vllm], env: {a: b}, args: {c: d}}\n",
            id="shapes",
        ),
        pytest.param(POD.replace("containers:", "containers: {a: b}"), id="a mapping of containers"),
        pytest.param(POD.replace("spec:\n  containers:", "spec: text"), id="a text for a spec"),
    ],
)
def test_bounded(content: str) -> None:
    files = {
        "a.yaml": content.encode(),
        "kustomization.yaml": b"resources: [a.yaml, kustomization.yaml, ., ../.., https://example.com]\n",
    }
    started = time.process_time()
    scanned = scan(Repository.of(files), RULES)
    assert [skip.reason for skip in scanned.skipped if "stopped with" in skip.reason] == []
    assert time.process_time() - started < 30
