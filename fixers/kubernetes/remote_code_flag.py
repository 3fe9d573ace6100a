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

Families such as Llama, Qwen, Gemma and Mistral have long been built into these servers and need no code of
their own. Of any other model, of one that lies in a folder or bucket, and of one whose name comes from
elsewhere, that can't be seen: the flag is reported, not changed. So is one that a comment beside it explains,
and one inside a shell script, out of which only a person should cut words.

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
---
apiVersion: v1
kind: Pod
metadata:
  name: models
spec:
  containers:
  - name: chosen
    image: vllm/vllm-openai:v0.11.0
    args: [--model=$(MODEL), --trust-remote-code]
    env:
    - name: MODEL
      valueFrom:
        configMapKeyRef: {name: runtime, key: MODEL}
  - name: mounted
    image: vllm/vllm-openai:v0.11.0
    args: [--model=/models/llama, --trust-remote-code]
  - name: needy
    image: vllm/vllm-openai:v0.11.0
    args: [--model=moonshotai/Kimi-K2-Instruct, --trust-remote-code]
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

Models that bring code of their own: the server stops at the start with a message that asks for the flag. For
such a model, pin its `--revision` to a commit that you have read, and keep the flag. Pods of a Deployment
restart; a RayService moves to a second cluster; a RayCluster or a Job changes when it is made anew.

## Test

1. Roll the workload out and wait until it is ready: a server that needs the model's own code stops at once
   and says so in `kubectl logs POD`.
2. Send one request, and compare the answer with one from before.

## Roll back

apply the manifests again, with the same restarts. No state changes.

## Does not close

Weights that are pickles may run code too: prefer `safetensors`. Without a pinned `--revision`, another
model may lie in the repository at the next start.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from fixers.kubernetes.source import Container, KubernetesFile, Node, remove_items
from fixers.rule import Changes, Confidence, Finding, Refusal, Safety, Severity, Threat, rule

_FLAG = re.compile(r"--trust[-_]remote[-_]code(?:=(?P<value>\w+))?\Z")
_IN_SCRIPT = re.compile(r"^[^#\n]*\s--trust[-_]remote[-_]code(?![-\w])(?!(?:=|\s+)(?i:false|0)\b)", re.M)
_ENVIRONMENT = re.compile(r"(?:\w+_)?TRUST_REMOTE_CODE\Z")
_YES = ("true", "1", "yes")
_NO = ("false", "0", "no")
_MODEL = ("--model", "--model-id", "--model-path", "--model-dir", "--model-tag")
_MORE = ("--tokenizer", "--tokenizer-path", "--hf-config-path", "--speculative-draft-model-path")
_DRAFT = ("--speculative-config", "--speculative-model", "--speculative-config.model")
_DRAFT_IN_JSON = re.compile(r'"model"\s*:\s*"([^"]*)"')
_SERVE = re.compile(r"(?:.*/)?(?:trtllm-)?serve\Z")
_ON_THE_HUB = re.compile(r"hf://([\w.-]+/[\w.-]+)(?::[\w.-]+)?\Z")
_REFERENCE = re.compile(r"\$\(([\w.-]+)\)")
_UNKNOWN = re.compile(r"\Z|-|.*[${<]")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}\Z")
_NATIVE = re.compile(
    r"meta-llama/|(?:nousresearch|redhatai|unsloth)/(?:meta-)?llama-[23](?!.*nemotron)|tinyllama/"
    r"|qwen/(?:qwen[1-3](?:\.5)?-(?!math-p?rm)|qwq-)|deepseek-ai/deepseek-r1-(?:distill|0528-qwen3)-"
    r"|google/(?:code|embedding)?gemma-|mistralai/|openai/gpt-oss-|zai-org/glm-4\.[5-7]|facebook/opt-"
    r"|ibm-granite/granite-[34]|huggingfacetb/smollm|microsoft/phi-(?:[12](?!\d)|3(?:\.5)?-mini-|4\Z)"
    r"|baai/bge-(?:small|base|large|m3)|intfloat/(?:multilingual-)?e5-",
    re.I,
)
"""Families that are built into the servers. Others may be too: what isn't here is left to a person."""
_REASON = re.compile(r"remote[_ -]?code|custom (?:\w+ )?code|\b(?:need|requir|necessary|without\b)", re.I)
_FURTHEST_LINES = 20
_ELSEWHERE = "which model it serves is decided elsewhere, and some need their repository's code"
_BESIDE = "a model that isn't named as a repository of Hugging Face may have code of its own beside it"
_EXPLAINED = "a comment beside the flag may say why it is there: read it first"
_OVERLAY = "an overlay of the kustomization around it may serve another model so: look there too"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


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
                yield from _in_list(file, container, words)
        yield from _in_environment(container)


def _in_list(file: KubernetesFile, container: Container, words: Node) -> Iterator[Finding]:
    message = f"container `{container.name}` runs the code that its model's repository holds"
    for position, word in enumerate(words.items):
        flag = _FLAG.match(word.text)
        following = words.get(position + 1)
        value = flag["value"] if flag else None
        apart = following.text.lower() if following is not None and following.is_scalar else ""
        if flag and (value or apart).lower() not in _NO:
            count = 2 if value is None and apart in _YES else 1
            yield _finding(
                file, message, word, _refusal(container, word) or remove_items(words, position, count)
            )
        elif not flag and word.is_scalar and _IN_SCRIPT.search(word.text):
            reason = "the flag stands in a shell script: take it out there by hand"
            yield Finding(message, word.span, (Refusal(reason),))


def _finding(file: KubernetesFile, message: str, word: Node, changes: Changes) -> Finding:
    finding = Finding(message, word.span, changes)
    if not finding.is_fixable or not file.repo.nearest(file.path, _KUSTOMIZATIONS):
        return finding
    return replace(finding, confidence=Confidence.MEDIUM, notes=(_OVERLAY,))


def _refusal(container: Container, word: Node) -> Changes:
    reasons = (*map(_why_not, _loaded(container)), _EXPLAINED * _is_explained(word))
    return tuple(map(Refusal, filter(None, reasons)))[:1]


def _why_not(model: str) -> str:
    """Why the model can't be told to need no code of its own, or nothing."""
    if _UNKNOWN.match(model):
        return _ELSEWHERE
    if not _REPOSITORY.match(model):
        return _BESIDE
    if _NATIVE.match(model):
        return ""
    return (
        f"whether `{model}` needs its repository's code can't be seen here: try without, or pin what you read"
    )


def _loaded(container: Container) -> list[str]:
    """What the server loads by names that stand here: its model ("" if none does) and what goes with it."""
    words = [_filled_in(container, word.text) for word in container.words]
    models = [*_values(words, _MODEL), *_positional(container, words), *_stored(container)]
    if not models and "text-generation-inference" in container.image:
        models = [_filled_in(container, "$(MODEL_ID)")]
    return [*(models or [""]), *_values(words, _MORE), *_drafts(words)]


def _filled_in(container: Container, text: str) -> str:
    """The text with each `$(NAME)` replaced whose value the container's `env` writes out."""

    def value(reference: re.Match[str]) -> str:
        entry = container.env.get(reference[1])
        return (entry.string("value") if entry is not None else "") or reference[0]

    return _REFERENCE.sub(value, text)


def _values(words: list[str], options: tuple[str, ...]) -> Iterator[str]:
    """What these options are given, behind their `=` or as the next word."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        option, equals, value = word.partition("=")
        if option.replace("_", "-") in options:
            yield value if equals else following


def _positional(container: Container, words: list[str]) -> list[str]:
    """The model of `vllm serve MODEL`; without a command, the image's own may end so."""
    places = [number for number, word in enumerate(words, 1) if _SERVE.match(word)]
    if not places and container.get("command") is None:
        places = [0]
    return [word for place in places[:1] for word in words[place : place + 1] if not word.startswith("-")]


def _stored(container: Container) -> list[str]:
    """Where KServe is told to take the model from."""
    place = container.node.string("storageUri")
    hub = _ON_THE_HUB.match(place)
    return [hub[1] if hub else place] if place else []


def _drafts(words: list[str]) -> Iterator[str]:
    """The models that guess ahead, also those named in JSON; without a name the model itself does."""
    for value in _values(words, _DRAFT):
        if not value.startswith("{"):
            yield value
        else:
            yield from _DRAFT_IN_JSON.findall(value)


def _is_explained(word: Node) -> bool:
    """Whether the comment on its line, or one directly above, reads like a reason."""
    text, line = word.document.text, word.document.text.line_at(word.start)
    comments = [text.content[word.end : text.line_span(line)[1]].partition("#")[2]]
    for number in range(line - 1, max(0, line - _FURTHEST_LINES), -1):
        above = text.content[slice(*text.line_span(number))].strip()
        if not above.startswith("#"):
            break
        comments.append(above)
    return any(map(_REASON.search, comments))


def _in_environment(container: Container) -> Iterator[Finding]:
    for name, entry in container.env.items():
        value = entry.get("value")
        if _ENVIRONMENT.match(name) and value is not None and value.text.lower() in _YES:
            message = f"container `{container.name}` is told by `{name}` to run its model's code"
            reason = "whether the program takes `false` for no can't be seen here: try it, or drop the entry"
            yield Finding(message, value.span, (Refusal(reason),))
