"""Read NumPy files without unpickling

With `allow_pickle=True` an array of objects in a `.npy` or `.npz` file is unpickled, and a pickle runs code:
whoever can swap the file runs it in this process. By default NumPy refuses, since 1.16.3 (CVE-2019-6446).

```diff
 import numpy as np

-embeddings = np.load("embeddings.npy", allow_pickle=True)
+embeddings = np.load("embeddings.npy")
```

A load that doesn't unpickle, or decides elsewhere, is left alone:

```python
import numpy as np

a = np.load("embeddings.npy")
b = np.load("embeddings.npy", allow_pickle=False)
c = np.load("embeddings.npy", allow_pickle=args.trusted)
```

## Who notices

Files that hold arrays of Python objects: dictionaries, lists of different lengths, strings of dtype
`object`. Reading one raises `ValueError: Object arrays cannot be loaded when allow_pickle=False`.

## Test

Load every file that the service or its scripts read, once. One that raises has to be saved anew as plain
arrays (`np.savez` of numbers and fixed-length strings), or as JSON or Parquet.

## Roll back

restart the process. No data or state changes: a file that was saved anew is read either way.

## Does not close

Files that are unpickled by other ways, such as `pickle.load` or `joblib.load` of the same artefacts.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch
from fixers.rule import Finding, Safety, Severity, Threat, rule

_LOADS = Switch(
    ("numpy.load", "numpy.lib.npyio.load", "numpy.lib.format.read_array"), "allow_pickle", position=2
)


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000"),
    mentions=("numpy",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call, _, changes in file.switched(_LOADS):
        yield Finding("an array in the file may run code when it is read", call.span, changes)
