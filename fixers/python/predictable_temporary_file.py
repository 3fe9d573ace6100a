"""Put temporary files where nobody else can put one first

`tempfile.mktemp` only makes up a name in a folder that everybody may write to. Until this program opens it,
another user of the machine, or another process in the container, can put a file or a link there: the program
then reads a model that isn't its own, or overwrites what the link leads to. In a fresh folder of
`tempfile.mkdtemp`, which only this user may enter, the name is as free as before and stays so.

```diff
 import tempfile

-weights = tempfile.mktemp(suffix=".pt")
+weights = tempfile.mktemp(suffix=".pt", dir=tempfile.mkdtemp())
```

Names that are made safely, a folder that is fresh already, pytest's `mktemp` and tests are left alone:

```python
import tempfile

with tempfile.NamedTemporaryFile(suffix=".pt") as stored:
    pass
path = tempfile.mktemp(".pt", dir=tempfile.mkdtemp())
folder = tmp_path_factory.mktemp("weights")
```

## Who notices

Programs that look for the file in the temporary folder itself, and other users of the machine who are to
read it: the folder is mode 0700. Code that removes the file leaves its empty folder behind.

## Behaviour

(standard library of Python 3.11): before, the name lay in the shared folder, and a link put there led the
program's own writing to another file; after, it lies in a folder of mode 0700. It is free in both.

## Test

Run the code and look at the path: its folder is `drwx------`, and what is written there is read again.
Where the file is handed to another program or user, see that it may enter the folder.

## Roll back

remove the folders that were left in the temporary folder. No other data or state changes.

## Does not close

Bandit's B306 and Ruff's S306 go on naming the call, whose folder they don't look at: `NamedTemporaryFile`
or `mkstemp` quiets them, where the program may find its file there already.
"""

from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Changes, Finding, Safety, Severity, Threat, rule

_POSITION_OF_DIR = 2
_FRESH = ("tempfile.mkdtemp()", "tempfile.TemporaryDirectory()")


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-377", "CWE-379", "LLM03:2025", "LLM04:2026", "AML.T0010.003", "bandit:B306"),
    mentions=("mktemp",),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to("tempfile.mktemp"):
        folder = call.keyword("dir") or call.positional(_POSITION_OF_DIR)
        if folder is not None and folder.real_name in _FRESH:
            continue
        if (call.has_keyword("dir") and folder is None) or call.has_starred:
            continue
        message = "somebody else may put a file or a link there before this program does"
        yield Finding(message, call.span, _in_own_folder(call))


def _in_own_folder(call: Call) -> Changes:
    mkdtemp = call.file.spell("tempfile.mkdtemp", call.span.start, call.scope)
    folder = call.keyword("dir") or call.positional(_POSITION_OF_DIR)
    if folder is None:
        return (*call.add_keyword("dir", f"{mkdtemp.code}()"), *mkdtemp.changes)
    inside = "" if folder.literal is None else f"dir={folder.code}"
    return (*folder.replace(f"{mkdtemp.code}({inside})"), *mkdtemp.changes)
