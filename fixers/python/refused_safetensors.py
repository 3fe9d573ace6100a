"""Load weights from safetensors where they are there

With `use_safetensors=False` the library passes over a repository's `.safetensors` and loads the `.bin` beside
it, which is a pickle: with torch before 2.6, whoever can push to that repository runs code here. By default
the `.safetensors` are taken where there are any, and the `.bin` where there are none.

```diff
 from transformers import AutoModel

-model = AutoModel.from_pretrained("org/model", use_safetensors=False)
+model = AutoModel.from_pretrained("org/model")
```

A comment beside it that speaks of safetensors leaves it to a person. The library's own choice, one that is
made elsewhere, tests, and projects for torch 2.6 or later, which loads the pickles restricted, are left
alone:

```python
from transformers import AutoModel

model = AutoModel.from_pretrained("org/model")
other = AutoModel.from_pretrained("org/model", use_safetensors=True)
chosen = AutoModel.from_pretrained("org/model", use_safetensors=args.safetensors)
```

## Who notices

Repositories whose two files differ: the weights of the `.safetensors` are loaded from now on. A repository
without them loads as before.

## Test

Load each model once with an empty cache (`export HF_HOME=$(mktemp -d)`): `find "$HF_HOME" -name '*.bin'`
lists only models that have nothing else. Compare answers or scores on a fixed sample.

## Roll back

restart the process. The cache keeps both files; no other data or state changes.

## Does not close

Repositories that have nothing but a `.bin`: `use_safetensors=True` refuses them. Move to torch 2.6.0 or
later, before which a restricted load could be bypassed as well (CVE-2025-32434).
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Refusal, Safety, Severity, Threat, rule

_FAMILIES = ("transformers", "diffusers", "peft")
_LOADS = ("from_pretrained", "load_lora_weights")
_EXPLAINED = "a comment beside it may say why the safetensors are passed over: read it first"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000"),
    mentions=("use_safetensors",),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or file.surely_at_least("torch", "2.6"):
        return
    for call in file.calls():
        family, _, rest = call.name.partition(".")
        written = call.keyword("use_safetensors")
        is_load = family in _FAMILIES and rest.rpartition(".")[2] in _LOADS
        if is_load and written is not None and written.literal is False:
            is_explained = any("safetensors" in comment for comment in call.comments)
            changes = (Refusal(_EXPLAINED),) if is_explained else call.remove_keyword("use_safetensors")
            yield Finding("pickled weights are loaded where safe ones may be there", call.span, changes)
