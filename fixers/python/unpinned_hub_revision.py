"""Name the commit of models and data sets from Hugging Face

Without a `revision` a load takes what lies on `main` when the cache is empty: another day, another container,
other weights. Whoever can push to that repository, now or after it has changed hands, decides what this
program answers with or is trained on. The commit isn't in the code, so Suture names the place and the
command that shows the commit, and changes nothing.

```python found
from datasets import load_dataset
from huggingface_hub import hf_hub_download
from transformers import AutoModel

model = AutoModel.from_pretrained("org/model")
data = load_dataset("org/data", split="train")
path = hf_hub_download(repo_id="org/model", filename="model.pt", revision="main")
```

What a file loads several times, such as a model and its tokenizer, is named once. Left alone: a commit or tag
that is named, repositories that aren't written out, folders of this machine and of this repository, what is
only read from the cache, builders such as `load_dataset("csv")`, names without an owner, and tests.

```python
from datasets import load_dataset
from transformers import AutoModel

model = AutoModel.from_pretrained(
    "org/model", revision="86b5e0934494bd15c9632b12f734a8a67f723594"
)
local = AutoModel.from_pretrained("./org/model")
chosen = AutoModel.from_pretrained(args.model)
rows = load_dataset("csv", data_files="rows.csv")
```

## Test

`git ls-remote https://huggingface.co/org/model HEAD` prints the commit that `main` is at
(`https://huggingface.co/datasets/org/data` for a data set). Written as `revision`, all 40 characters, it
loads what was loaded before.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_FAMILIES = ("transformers", "diffusers", "optimum", "peft", "sentence_transformers")
_DATA = ("datasets.load_dataset", "datasets.load_dataset_builder", "datasets.load.load_dataset")
_FILES = re.compile(r"huggingface_hub(?:\.\w+)*(?:\.HfApi\(\))?\.(?:hf_hub_download|snapshot_download)")
_MODELS = (
    *("transformers.pipeline", "transformers.pipelines.pipeline"),
    *("sentence_transformers.SentenceTransformer", "sentence_transformers.CrossEncoder"),
    *("vllm.LLM", "vllm.EngineArgs", "vllm.AsyncEngineArgs"),
)
_NAMES = (
    *("repo_id", "pretrained_model_name_or_path", "model", "model_name", "model_name_or_path"),
    *("model_id", "path"),
)
_REPOSITORY = re.compile(r"(?P<owner>[\w.-]+)/[\w.-]+", re.A)
_OF_THIS_MACHINE = re.compile(
    r"\.|models?$|weights$|checkpoints?$|ckpts?$|outputs?$|out$|results?$|data(?:sets?)?$|runs$|logs?$|saved"
    r"|pretrained|assets$|resources$|cache$|tmp$|exps?$|experiments$|local|your|my[-_]|user(?:name)?$|path$",
    re.I,
)
_MOVING = (None, "main", "master")


@rule(
    PythonFile,
    severity=Severity.INFO,
    threat=Threat.UNTRUSTED_MODEL,
    references=(
        *("CWE-494", "LLM03:2025", "LLM04:2026", "LLM04:2025", "LLM05:2026", "ASI04"),
        *("AML.T0010.002", "AML.T0010.003", "AML.T0109", "bandit:B615"),
    ),
    mentions=(
        *("from_pretrained", "hf_hub_download", "snapshot_download", "load_dataset", "pipeline"),
        *("SentenceTransformer", "CrossEncoder", "LLM", "EngineArgs"),
    ),
    alongside=(*_FAMILIES, "datasets", "huggingface_hub", "vllm"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    loads: dict[tuple[str, str], list[Call]] = {}
    for call in file.calls():
        kind = _kind(call)
        named = _named(call) if kind else None
        repository = named.value if named else None
        if isinstance(repository, str) and _is_of_the_hub(file, repository) and _moves(call):
            loads.setdefault((kind, repository), []).append(call)
    for (kind, repository), (first, *others) in loads.items():
        address = f"datasets/{repository}" if kind == "data set" else repository
        command = f"`git ls-remote https://huggingface.co/{address} HEAD` prints its commit"
        more = f"the file loads it {len(others) + 1} times" if others else ""
        message = f"the {kind} `{repository}` is whatever its owner has pushed last"
        yield Finding(message, first.span, notes=(command, *((more,) if more else ())))


def _kind(call: Call) -> str:
    """What the call loads from the hub; empty if it loads nothing."""
    if call.name in _DATA:
        return "data set"
    if _FILES.fullmatch(call.name):
        repository = call.keyword("repo_type")
        return "data set" if repository and repository.literal == "dataset" else "repository"
    family, _, rest = call.name.partition(".")
    is_model = call.name in _MODELS or (family in _FAMILIES and rest.endswith(".from_pretrained"))
    return "model" if is_model else ""


def _named(call: Call) -> Argument | None:
    written = next(filter(None, map(call.keyword, _NAMES)), None)
    return written or call.positional(1 if call.name.endswith(".pipeline") else 0)


def _is_of_the_hub(file: PythonFile, repository: str) -> bool:
    """Whether this is `owner/name`, and reads like nothing that lies on this machine."""
    found = _REPOSITORY.fullmatch(repository)
    if found is None or _OF_THIS_MACHINE.match(found["owner"]):
        return False
    return not any(f"{repository}/" in path for path in file.repo.paths)


def _moves(call: Call) -> bool:
    """Whether the call takes what is newest, and asks for it."""
    cached = call.keyword("local_files_only")
    if cached is not None and cached.literal is not False:
        return False
    revision = call.keyword("revision")
    if revision is not None:
        return revision.value in _MOVING
    return not call.has_keyword("revision")
