"""Take tokens of AI providers out of manifests

A token in a manifest is in the repository, in every clone, in the history, and in what `kubectl
describe` shows. It buys model calls on your account and reads private models and data. Where the same
variable already comes from a Secret elsewhere in these manifests, this place is made to take it from
there as well.

```diff
 apiVersion: v1
 kind: Pod
 metadata:
   name: api
 spec:
   containers:
   - name: api
     image: example.com/api:1
     env:
     - name: OPENAI_API_KEY
       valueFrom:
         secretKeyRef:
           name: openai
           key: token
   - name: worker
     image: example.com/worker:1
     env:
     - name: OPENAI_API_KEY
-      value: "sk-proj-Zx81kQm4Ww7TtY2vLr93"
+      valueFrom:
+        secretKeyRef:
+          name: openai
+          key: token
```

Everywhere else it is reported only, because the Secret has to be there before the pod starts:

```yaml found
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
    env:
    - name: HF_TOKEN
      value: hf_QkZtYwLmPbXcRvNdHsJgFaTeUo
```

Placeholders and references are left alone:

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
    env:
    - name: HF_TOKEN
      value: <your-hugging-face-token>
    - name: OPENAI_API_KEY
      value: $(SHARED_KEY)
    - name: VLLM_API_KEY
      value: "EMPTY"
```

## Who notices

The container that used the literal: from now on it uses the token that the Secret holds, which may be another
account's. Where the Secret or its key isn't in the pod's namespace, the container doesn't start
(`CreateContainerConfigError`). Pods of a Deployment restart; a RayService moves to a second cluster; a
RayCluster or a Job changes when it is made anew.

## Before merging

1. Make a new token at the provider and put it into the Secret; other pods read it at their next start.
2. `kubectl describe secret NAME` in the workload's namespace must list the key that the diff names.
3. Revoke the old token. Pods without this change fail then, so merge and apply right after.

## Test

1. Roll the workload out: it becomes ready, and a call to the provider succeeds.
2. `kubectl describe pod` shows where the variable comes from, and no token.

## Roll back

apply the manifests again, with the same restarts. They get the literal token, which works only while it isn't
revoked.

## Does not close

The token stays in the history, in clones and in caches: only revoking it ends its use.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

from fixers.kubernetes.source import KubernetesFile, Node, swap
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_NAME = re.compile(
    r"(?:\w+_)?(?:HF|HUGGING_?FACE|OPENAI|ANTHROPIC|CLAUDE|GEMINI|GOOGLE|COHERE|MISTRAL|GROQ|REPLICATE|TOGETHER"
    r"|OPENROUTER|DEEPSEEK|FIREWORKS|PERPLEXITY|XAI|NVIDIA|NGC|WANDB|LANGCHAIN|LANGSMITH|LANGFUSE|PINECONE|QDRANT"
    r"|WEAVIATE|MILVUS|COMET|NEPTUNE|VLLM|LITELLM|DASHSCOPE|VOYAGE|JINA)(?:_\w+)?_(?:TOKEN|KEY|SECRET)\Z"
)
_PREFIX = re.compile(
    r"(?:hf_[A-Za-z]{20,}|sk-(?:ant-|proj-|or-|lf-)?[\w-]{16,}|gsk_\w{20,}|nvapi-[\w-]{20,}|AIza[\w-]{30,}"
    r"|r8_\w{20,}|lsv2_\w+|pcsk_\w{20,}|xai-\w{20,})\Z"
)
_PLACEHOLDER = re.compile(
    r"[<>{}$*\s]|x{4}|your|example|change|replace|insert|dummy|fake|test|todo|secret|password|none|empty|local",
    re.I,
)
_LONGEST_NAME = 100
_LONGEST_TOKEN = 500
_ENOUGH_ENTROPY = 3.5
"""Bits for each character; words and runs have less, random tokens more."""


@rule(
    KubernetesFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SECRET,
    references=(
        "CWE-798",
        "CWE-312",
        "LLM02:2025",
        "LLM02:2026",
        "AML.T0055",
        "checkov:CKV_K8S_35",
        "kubescape:C-0012",
    ),
    mentions=("_TOKEN", "_KEY", "_SECRET"),
    before_deploy=True,
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    found = [
        (container, name, value)
        for container in file.containers()
        for name, entry in container.env.items()
        if (value := entry.get("value")) is not None and _is_named(name) and _is_token(value.text)
    ]
    known = _references(file) if found else {}
    for container, name, value in found:
        message = f"container `{container.name}` carries the token of `{name}` in its manifest"
        entry = container.env[name]
        sources = known.get((container.pod.resource.namespace, name), set())
        yield Finding(message, entry.span, _fix(entry, sources), secrets=(value.text,))


def _is_named(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and bool(_NAME.match(name))


def _is_token(value: str) -> bool:
    if len(value) > _LONGEST_TOKEN or _PLACEHOLDER.search(value):
        return False
    return bool(_PREFIX.match(value)) or (len(value) >= 20 and _is_random(value))


def _is_random(value: str) -> bool:
    """Whether letters and digits alternate as no words do."""
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and entropy >= _ENOUGH_ENTROPY and not re.search(r"[/:.]", value)


def _references(file: KubernetesFile) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Namespace and variable to the Secrets and keys that this folder's containers take it from."""
    known: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for resource in file.together():
        for container in (container for pod in resource.pod_specs() for container in pod.containers):
            for name, entry in container.env.items():
                reference = entry.get("valueFrom", "secretKeyRef")
                if reference is not None and reference.string("name") and reference.string("key"):
                    place = (reference.string("name"), reference.string("key"))
                    known.setdefault((resource.namespace, name), set()).add(place)
    return known


def _fix(entry: Node, sources: set[tuple[str, str]]) -> Changes:
    if len(sources) != 1 or len(entry.items) != 2:
        return (Refusal("a Secret has to be made first: put a new token there and revoke this one"),)
    ((secret, key),) = sources
    return swap(entry, "value", {"valueFrom": {"secretKeyRef": {"name": secret, "key": key}}})
