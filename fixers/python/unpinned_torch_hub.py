"""Name the release of code from torch.hub

`torch.hub.load` downloads a repository and runs its `hubconf.py`. Without a release behind the name that is
whatever lies on `main` or `master` when the cache is empty: in every fresh container, whoever can push there
runs code here. torch asks a person before the first load of an owner it doesn't trust; `trust_repo=True`
answers for them. Which release fits can't be told from the code, so Suture changes nothing.

```python found
import torch

model = torch.hub.load("ultralytics/yolov5", "yolov5s", trust_repo=True)
```

Write a tag that you have read behind the name. A commit works only while a branch or tag points to it, since
torch looks there, unless `skip_validation=True`; the commit of a release's tag does. Better still, keep the
code in your own repository and load it with `source="local"`.

```python
import torch

model = torch.hub.load("ultralytics/yolov5:v7.0", "yolov5s", trust_repo=True)
local = torch.hub.load("third_party/yolov5", "custom", source="local")
chosen = torch.hub.load(args.repository, "yolov5s")
```

A load that asks first, and one of `facebookresearch` or `pytorch`, whom torch trusts by itself and whose code
runs here anyway, are of low severity.

## Test

`git ls-remote --tags https://github.com/OWNER/NAME` lists the releases. With the tag written,
`TORCH_HOME=$(mktemp -d)` and one load make a folder under `hub/` that ends in the tag.

## Roll back

Nothing is changed, so there is nothing to roll back.

## Does not close

A tag can be moved by whoever can push. Weights that `hubconf.py` fetches have versions of their own.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_REPOSITORY = re.compile(r"(?P<name>(?P<owner>\w[\w.-]*)/[\w.-]+)(?::(?P<ref>.+))?", re.A)
_MOVING = (None, "main", "master", "dev", "develop", "HEAD")
_OWNERS_OF_TORCH = ("facebookresearch", "facebookincubator", "pytorch", "fairinternal")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-829", "CWE-494", "LLM03:2025", "LLM04:2026", "ASI04", "AML.T0010.001", "AML.T0109"),
    mentions=("hub",),
    alongside=("torch",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to("torch.hub.load"):
        source = call.keyword("source")
        named = call.keyword("repo_or_dir") or call.positional(0)
        found = _REPOSITORY.fullmatch(named.value) if named and isinstance(named.value, str) else None
        if found is None or found["ref"] not in _MOVING or (source and source.literal != "github"):
            continue
        yield Finding(
            f"whatever `{found['name']}` holds on the day it is downloaded runs in this process",
            call.span,
            severity=None if _trusts(call) and found["owner"] not in _OWNERS_OF_TORCH else Severity.LOW,
            notes=(f"`git ls-remote --tags https://github.com/{found['name']}` lists its releases",),
        )


def _trusts(call: Call) -> bool:
    """Whether nobody is asked before the first load."""
    trust = call.keyword("trust_repo")
    return trust is not None and trust.literal is True
