"""Serve models without running the code in their repositories

`--trust-remote-code` lets vLLM, SGLang, Text Generation Inference and KServe's Hugging Face server
import Python files from the model's repository. Whoever can push to that repository, or to a branch
of it that isn't pinned, runs code in the pod, beside its GPU, its tokens and its network.

```diff
 apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: llm
 spec:
   selector:
     matchLabels: {app: llm}
   template:
     metadata:
       labels: {app: llm}
     spec:
       containers:
       - name: vllm
         image: vllm/vllm-openai:v0.11.0
         args:
         - --model=Qwen/Qwen3-8B
-        - --trust-remote-code
         - --max-model-len=8192
```

Most model families have long been built into these servers and need no code of their own. A flag inside
a shell script is reported, not changed: cutting words out of a script takes a person.

```yaml found
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
    command: [/bin/sh, -c]
    args:
    - |
      vllm serve Qwen/Qwen3-8B --port 8000
      --trust-remote-code
```

A flag that is switched off is left alone:

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: llm
spec:
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.11.0
    args: ["--model=Qwen/Qwen3-8B", "--no-trust-remote-code"]
```

## Who notices

Models that bring code of their own: the server stops at the start with a message that asks for the flag.
For such a model, pin its `--revision` to a commit that you have read, and keep the flag. The pods restart.

## Test

1. Roll the workload out and wait until it is ready: a server that needs the model's own code stops at once
   and says so in `kubectl logs POD`.
2. Send one request, and compare the answer with one from before.

## Roll back

`git revert` the commit and apply it; the pods restart, no state changes.

## Does not close

Weights that are pickles may run code too: prefer `safetensors`. Without a pinned `--revision`, another
model may lie in the repository at the next start.
"""

import re
from collections.abc import Iterator

from fixers.kubernetes.source import Container, KubernetesFile, Node, remove_items
from fixers.rule import Finding, Refusal, Safety, Severity, Threat, rule

_FLAG = re.compile(r"--trust[-_]remote[-_]code(?:=(?P<value>\w+))?\Z")
_IN_SCRIPT = re.compile(r"^[^#\n]*\s--trust[-_]remote[-_]code(?![-\w])(?!(?:=|\s+)(?i:false|0)\b)", re.M)
_ENVIRONMENT = re.compile(r"(?:\w+_)?TRUST_REMOTE_CODE\Z")
_YES = ("true", "1", "yes")
_NO = ("false", "0", "no")


@rule(
    KubernetesFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-829", "CWE-94", "LLM03:2025", "LLM04:2026", "AML.T0010.003", "AML.T0011.000"),
    mentions=("trust-remote-code", "trust_remote_code", "TRUST_REMOTE_CODE"),
)
def check(file: KubernetesFile) -> Iterator[Finding]:
    for container in file.containers():
        for key in ("command", "args"):
            words = container.get(key)
            if words is not None and words.is_sequence:
                yield from _in_list(container, words)
        yield from _in_environment(container)


def _in_list(container: Container, words: Node) -> Iterator[Finding]:
    message = f"container `{container.name}` runs the code that its model's repository holds"
    for position, word in enumerate(words.items):
        flag = _FLAG.match(word.text)
        following = words.get(position + 1)
        value = flag["value"] if flag else None
        apart = following.text.lower() if following is not None and following.is_scalar else ""
        if flag and (value or apart).lower() not in _NO:
            count = 2 if value is None and apart in _YES else 1
            yield Finding(message, word.span, remove_items(words, position, count))
        elif not flag and word.is_scalar and _IN_SCRIPT.search(word.text):
            reason = "the flag stands in a shell script: take it out there by hand"
            yield Finding(message, word.span, (Refusal(reason),))


def _in_environment(container: Container) -> Iterator[Finding]:
    for name, entry in container.env.items():
        value = entry.get("value")
        if _ENVIRONMENT.match(name) and value is not None and value.text.lower() in _YES:
            message = f"container `{container.name}` is told by `{name}` to run its model's code"
            reason = "whether the program takes `false` for no can't be seen here: try it, or drop the entry"
            yield Finding(message, value.span, (Refusal(reason),))
