"""Load checkpoints with `weights_only=True`

`torch.load` unpickles, and a pickle is a program: whoever can swap the checkpoint, in the bucket or in
the model registry, runs code in this process. With `weights_only=True` it builds tensors and plain
containers and refuses everything else. That is the default since torch 2.6; before, it has to be said.

```diff
 import torch

-model = torch.load(path, map_location="cpu")
+model = torch.load(path, map_location="cpu", weights_only=True)
-optimizer = torch.load("optimizer.pt", weights_only=False)
+optimizer = torch.load("optimizer.pt", weights_only=True)
```

A load that is restricted already is left alone, and so are tests and what chooses its own unpickler:

```python
import torch

model = torch.load(path, weights_only=True)
rest = torch.load(path, pickle_module=dill)
more = torch.load(path, **options)
```

A checkpoint that is used as a module right after, the load that an `except` falls back to, and one with a
comment on `weights_only` beside it are left to a person:

```python found
import torch

model = torch.load(path)
model.eval()
```

Where the manifests allow nothing before torch 2.6, only `weights_only=False` is a finding. Where they
say nothing of torch, a load without the argument is reported with low confidence: whether it is
restricted depends on the version that gets installed. Before 2.6, `weights_only=True` itself can be bypassed
(CVE-2025-32434): where such a torch may be installed, the finding says so and which version to move to.

## Who notices

Code that loads whole modules, numpy arrays or an `argparse.Namespace` instead of a `state_dict`. It stops
with `pickle.UnpicklingError`, which names the class that was refused. Allow the classes that you mean
with `torch.serialization.safe_globals([...])`, or save a `state_dict`.

## Test

Load every checkpoint that the service uses once. Then
`python -c 'import os, torch; torch.save(os.getpid, "probe.pt")'` and load `probe.pt` in the same way:
`UnpicklingError`, where a function of the operating system came back before.

## Roll back

restart the process. No data or state changes. For a single file that you trust, keep this change and wrap its
load in `torch.serialization.safe_globals([...])` instead.

## Does not close

A swapped checkpoint still brings its own weights; a pinned revision or a checksum tells.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Confidence, Finding, Refusal, Safety, Severity, Threat, rule

_OF_MODULES = {
    *("__call__", "eval", "train", "forward", "generate", "state_dict", "load_state_dict"),
    *("parameters", "named_parameters", "modules", "children", "zero_grad"),
}
_OBJECTS = re.compile(r"data_?set|data_?loader|vocab|tokeni[sz]er|scaler", re.I)
_REASON = re.compile(r"weights[_ -]only|pickle", re.I)
_BYPASSED = (
    "the manifests allow only torch before 2.6, where `weights_only=True` can be bypassed "
    "(CVE-2025-32434): move to 2.6.0 as well"
)
_MAY_BE_BYPASSED = (
    "nothing keeps torch before 2.6 out, where `weights_only=True` can be bypassed (CVE-2025-32434): "
    "ask for 2.6.0 or later as well"
)
_TOO_OLD = "torch before 1.13 doesn't know `weights_only`"
_MODULE = (
    "what it loads is used as a module, which `weights_only=True` refuses: save its `state_dict` instead"
)
_EXPLAINED = "a comment beside it may say why the load isn't restricted: read it first"
_FALLBACK = "an `except` falls back to it where another load has failed: decide there what may be loaded"
_OBJECT = "an object of a class of its own is refused: see that this one is of tensors and plain containers"
_UNKNOWN = (
    "no manifest says which torch gets installed: from 2.6.0 on this is the default already, and before, it "
    "can be bypassed (CVE-2025-32434)"
)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000", "AML.T0010.003", "bandit:B614"),
    mentions=("torch",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to("torch.load", "torch.serialization.load"):
        if _has_own_unpickler(call):
            continue
        written = call.keyword("weights_only")
        if written is not None and written.literal is False:
            yield _finding(call, "`weights_only=False` lets the checkpoint run code")
        elif not call.has_keyword("weights_only") and not file.surely_at_least("torch", "2.6"):
            yield _finding(call, "before torch 2.6, this load lets the checkpoint run code")


def _has_own_unpickler(call: Call) -> bool:
    return call.has_keyword("pickle_module") or call.has_starred or call.positional(2) is not None


def _finding(call: Call, message: str) -> Finding:
    file = call.file
    is_guess = not call.has_keyword("weights_only") and "torch" not in file.pins
    may_be_object = bool(_OBJECTS.search(file.name_given(call)))
    reason = _reason_against(call)
    return Finding(
        message,
        call.span,
        (Refusal(reason),) if reason else call.set_keyword("weights_only", "True"),
        confidence=Confidence.LOW if is_guess else Confidence.MEDIUM if may_be_object else None,
        notes=(*_on_versions(file, is_guess), *(_OBJECT,) * may_be_object),
    )


def _on_versions(file: PythonFile, is_guess: bool) -> tuple[str, ...]:
    """What the torch that gets installed has to do with it."""
    if file.surely_at_least("torch", "2.6"):
        return ()
    if file.surely_below("torch", "2.6"):
        return (_BYPASSED,)
    return (_UNKNOWN if is_guess else _MAY_BE_BYPASSED,)


def _reason_against(call: Call) -> str:
    """Why the load is left to a person, or nothing."""
    if call.file.surely_below("torch", "1.13"):
        return _TOO_OLD
    if call.file.methods_called_on(call) & _OF_MODULES:
        return _MODULE
    if call.has_keyword("weights_only") and call.is_fallback:
        return _FALLBACK
    return _EXPLAINED if any(map(_REASON.search, call.comments)) else ""
