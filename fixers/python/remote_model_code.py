"""Load models without running code from their repository

With `trust_remote_code=True` the Python files that lie beside the weights are downloaded and run with the
rights of this process. Whoever can push to that repository, now or after it has changed hands, runs code
here at the next start. A model whose architecture is part of the library doesn't need the argument.

```diff
 from transformers import AutoModelForCausalLM, AutoTokenizer

-model = AutoModelForCausalLM.from_pretrained("org/model", trust_remote_code=True)
+model = AutoModelForCausalLM.from_pretrained("org/model")
-tokenizer = AutoTokenizer.from_pretrained("org/model", trust_remote_code=True, use_fast=False)
+tokenizer = AutoTokenizer.from_pretrained("org/model", use_fast=False)
```

Where the model's name comes from elsewhere, or a comment speaks of the remote code, the finding is left to
a person: some models need their code.

```python found
from transformers import AutoModel

chosen = AutoModel.from_pretrained(args.model, trust_remote_code=True)
# trust_remote_code is required for this one
model = AutoModel.from_pretrained("org/model", trust_remote_code=True)
```

A model at a commit that is named in full is left alone, as are tests, models of this machine's folders,
and values that come from elsewhere:

```python
from transformers import AutoModel

model = AutoModel.from_pretrained(
    "org/model", revision="86b5e0934494bd15c9632b12f734a8a67f723594", trust_remote_code=True
)
local = AutoModel.from_pretrained("./model", trust_remote_code=True)
chosen = AutoModel.from_pretrained(name, trust_remote_code=args.trust_remote_code)
```

## Who notices

Models whose architecture the installed library doesn't have. Loading them raises a `ValueError` that
names the repository (in a terminal, transformers asks first). For such a model, read its code once and
name the commit that you have read: `revision="…"`, all 40 characters.

## Test

`export HF_MODULES_CACHE=$(mktemp -d)` and start the service once: every model loads, and
`find "$HF_MODULES_CACHE" -name '*.py'` lists no file of a model.

## Roll back

`git revert` the commit and restart; no data changes. If one model needs its code, put the argument back
for that model alone, with a `revision`.

## Does not close

Weights that are pickles run code too; prefer `safetensors`. A commit that is named pins the code of its
own repository, not of another that its `config.json` points to; `code_revision` does.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Changes, Confidence, Finding, Refusal, Safety, Severity, Threat, rule

_FAMILIES = ("transformers", "diffusers", "optimum", "peft", "sentence_transformers")
_NAMES_OF_MODELS = (
    "pretrained_model_name_or_path",
    "model",
    "model_name",
    "model_name_or_path",
    "model_id",
    "path",
)
_METHODS = ("from_pretrained", "from_config")
_CALLABLES = (
    "transformers.pipeline",
    "transformers.pipelines.pipeline",
    "sentence_transformers.SentenceTransformer",
    "sentence_transformers.CrossEncoder",
    "sentence_transformers.SparseEncoder",
    "vllm.LLM",
    "vllm.EngineArgs",
    "vllm.AsyncEngineArgs",
    "datasets.load_dataset",
    "datasets.load_dataset_builder",
)
_EMBEDDINGS = ("HuggingFaceEmbeddings", "HuggingFaceBgeEmbeddings", "HuggingFaceInstructEmbeddings")
_LANGCHAIN = ("langchain_huggingface", "langchain_community.embeddings", "langchain.embeddings")
_REMOTE_CODE = re.compile(r"remote[_ -]?code", re.I)
_TEXT = re.compile(r"[\"'][^\"'{}]+[\"']")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_FOLDER = re.compile(r"(?:\.{0,2}|~)/")


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-829", "LLM03:2025", "LLM04:2026", "AML.T0010.003", "AML.T0011.000"),
    mentions=("trust_remote_code",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls():
        if not _loads(call) or _is_pinned_or_local(call):
            continue
        written = call.keyword("trust_remote_code")
        if written is not None and written.literal is True:
            yield _finding(call, call.remove_keyword("trust_remote_code"))
        for options in filter(None, (call.keyword("model_kwargs"), call.keyword("tokenizer_kwargs"))):
            nested = options.item("trust_remote_code")
            if nested is not None and nested.literal is True:
                yield _finding(call, nested.replace("False"), nested)


def _finding(call: Call, changes: Changes, place: Argument | None = None) -> Finding:
    source = _source(call)
    written = [source.code, *call.file.written_behind(source)] if source else []
    named = any(map(_TEXT.fullmatch, written))
    return Finding(
        "the model's repository may run code in this process",
        place.span if place else call.span,
        _refusal(call, named) or changes,
        confidence=None if named else Confidence.MEDIUM,
    )


def _refusal(call: Call, named: bool) -> Changes:
    if not named:
        return (Refusal("which model it loads is decided elsewhere, and some need their repository's code"),)
    if any(map(_REMOTE_CODE.search, call.comments)):
        return (Refusal("a comment beside it speaks of the remote code: read why it is wanted"),)
    return ()


def _loads(call: Call) -> bool:
    family, _, rest = call.name.partition(".")
    if family == "datasets" and call.file.surely_at_least("datasets", "4"):
        return False  # since 4.0 it only logs that the argument means nothing
    if call.name in _CALLABLES:
        return True
    if family in _FAMILIES and rest.rpartition(".")[2] in _METHODS:
        return True
    module, _, name = call.name.rpartition(".")
    return name in _EMBEDDINGS and module.startswith(_LANGCHAIN)


def _is_pinned_or_local(call: Call) -> bool:
    revision, source = call.keyword("revision"), _source(call)
    if revision is not None and isinstance(revision.literal, str) and _COMMIT.fullmatch(revision.literal):
        return True
    return source is not None and isinstance(source.literal, str) and bool(_FOLDER.match(source.literal))


def _source(call: Call) -> Argument | None:
    """What names the model: for a pipeline, not the task before it."""
    named = filter(None, map(call.keyword, _NAMES_OF_MODELS))
    return next(named, None) or call.positional(1 if call.name.endswith(".pipeline") else 0)
