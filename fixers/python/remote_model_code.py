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

Where the model's name comes from elsewhere, a comment beside it may say why, or the model is known to need
its code, the finding is left to a person:

```python found
from transformers import AutoModel

chosen = AutoModel.from_pretrained(args.model, trust_remote_code=True)
# trust_remote_code is required for this one
model = AutoModel.from_pretrained("org/model", trust_remote_code=True)
needy = AutoModel.from_pretrained("THUDM/chatglm3-6b", trust_remote_code=True)
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

restart the process, which runs the repository's code again; no data changes. If one model alone needs its
code, put the argument back for that one, with a `revision`.

## Does not close

Weights that are pickles run code too; prefer `safetensors`. A commit that is named pins the code of its
own repository, not of another that its `config.json` points to; `code_revision` does.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Changes, Confidence, Finding, Refusal, Safety, Severity, Span, Threat, rule

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
_REASON = re.compile(r"remote[_ -]?code|custom (?:\w+ )?code|\b(?:need|requir|necessary)", re.I)
_OWN_CODE = re.compile(
    r"aidc-ai/ovis|alibaba-nlp/gte-(?:base|large)-en-v1\.5|alibaba-nlp/gte-multilingual"
    r"|baichuan-inc/baichuan(?:-7b|-13b|2-)|deepseek-ai/deepseek-(?:moe-16b|ocr)|internlm/internlm"
    r"|jinaai/jina-(?:embeddings-v[234]|clip|reranker-v2)|microsoft/(?:florence-2|phi-3(?:\.5)?-vision)"
    r"|nomic-ai/nomic-embed-text|nvidia/nv-embed|openbmb/minicpm(?!.*llama-format)"
    r"|opengvlab/internvl(?!.*-hf$)|qwen/qwen-(?:1_8b|7b|14b|72b|vl|audio)"
    r"|thudm/(?:chatglm|cogvlm|glm-10b|glm-4v?-9b(?:-chat(?:-1m)?)?$)|vikhyatk/moondream",
    re.I,
)
"""Models whose cards have them loaded with their repository's code; not all that do."""
_ELSEWHERE = "which model it loads is decided elsewhere, and some need their repository's code"
_EXPLAINED = "a comment beside a load of this model may say why the argument is there: read it first"
_HIDDEN = (
    "the `except` around it would hide the `ValueError` of a model that needs its code: see that it loads"
)
_DATA = "before 4.0, `datasets` may stop at a data set with a loading script of its own: see that it loads"
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
    loads = [call for call in file.calls() if _loads(call) and not _is_pinned(call)]
    trusting = [(call, list(_ways(call))) for call in loads]
    explained = {_model(call) for call, ways in trusting if ways and any(map(_REASON.search, call.comments))}
    for call, ways in trusting:
        model = _model(call)
        if _FOLDER.match(model):
            continue
        refusal = _refusal(model, model in explained)
        for place, changes in ways:
            yield _finding(call, place, refusal or changes)


def _ways(call: Call) -> Iterator[tuple[Span, Changes]]:
    """Where the call trusts the repository, and what takes that out."""
    written = call.keyword("trust_remote_code")
    if written is not None and written.literal is True:
        yield call.span, call.remove_keyword("trust_remote_code")
    for options in filter(None, (call.keyword("model_kwargs"), call.keyword("tokenizer_kwargs"))):
        nested = options.item("trust_remote_code")
        if nested is not None and nested.literal is True:
            yield nested.span, nested.replace("False")


def _finding(call: Call, place: Span, changes: Changes) -> Finding:
    is_data = call.name.startswith("datasets.")
    notes = (_HIDDEN,) * call.is_hidden("ValueError") + (_DATA,) * is_data
    return Finding(
        "the model's repository may run code in this process",
        place,
        changes,
        confidence=Confidence.MEDIUM if notes or not _model(call) else None,
        notes=notes,
    )


def _refusal(model: str, is_explained: bool) -> Changes:
    if not model:
        return (Refusal(_ELSEWHERE),)
    if _OWN_CODE.match(model):
        reason = (
            f"`{model}` is loaded with its repository's code: read it, and name that commit in `revision`"
        )
        return (Refusal(reason),)
    return (Refusal(_EXPLAINED),) if is_explained else ()


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


def _is_pinned(call: Call) -> bool:
    revision = call.keyword("revision")
    commit = revision.value if revision else None
    return isinstance(commit, str) and bool(_COMMIT.fullmatch(commit))


def _model(call: Call) -> str:
    """The repository or folder that is loaded, if it is written out; through a configuration too."""
    source = _source(call)
    if call.name.endswith(".from_config"):
        configuration = call.keyword("config") or source
        made_by = configuration.made_by if configuration else None
        source = _source(made_by) if made_by and _loads(made_by) else None
    model = source.value if source else None
    return model if isinstance(model, str) else ""


def _source(call: Call) -> Argument | None:
    """What names the model: for a pipeline, not the task before it."""
    named = filter(None, map(call.keyword, _NAMES_OF_MODELS))
    return next(named, None) or call.positional(1 if call.name.endswith(".pipeline") else 0)
