"""Keep the files that a model names inside one folder

A tool that opens the path it is given opens any path: `../../.env`, `/proc/self/environ`, a key in the home
of whoever runs the service. The model chooses the path, and whoever can put words into its prompt, by a page
or a document that it reads, chooses with it. Joined to a folder, `../` still leads out, and an absolute path
replaces the folder. Suture names each such tool; which folder is meant only its author knows.

```python found
from pathlib import Path

from mcp.server.fastmcp import FastMCP

server = FastMCP("notes")
NOTES = Path("/srv/notes")


@server.tool()
def read_note(name: str) -> str:
    return (NOTES / name).read_text()
```

```python found
import os

from langchain_core.tools import tool


@tool
def forget(path: str) -> str:
    os.remove(path)
    return "done"
```

What to do: `path = (NOTES / name).resolve()`, then `if not path.is_relative_to(NOTES): raise
ValueError(name)`, and open `path`. `resolve` follows links, so a link in the folder doesn't lead out either.

Paths that are checked, names without folders, numbers, and functions that no model calls are left alone:

```python
from pathlib import Path

from mcp.server.fastmcp import FastMCP

server = FastMCP("notes")
NOTES = Path("/srv/notes")


@server.tool()
def read_note(name: str) -> str:
    path = (NOTES / name).resolve()
    if not path.is_relative_to(NOTES):
        raise ValueError(name)
    return path.read_text()


@server.tool()
def read_plain(name: str, number: int) -> str:
    return (NOTES / Path(name).name).read_text() + (NOTES / f"{number}.txt").read_text()


def load(path: str) -> str:
    return Path(path).read_text()
```

## Test

Call the tool with `../../etc/hostname`, with `/etc/hostname` and with a link in the folder that points
outside: once it checks, each raises. Then with the name of a file in the folder: it is read.

## Roll back

Nothing is changed, so there is nothing to roll back.

## Does not close

Files inside the folder: whatever lies there, a model may read or change.
"""

from collections.abc import Iterator

from fixers.python.source import Argument, Call, PythonFile, receiver
from fixers.rule import Finding, Severity, Threat, rule

_OPENS = ("open", "io.open", "aiofiles.open", "codecs.open", "os.open", "pandas.read_csv", "PIL.Image.open")
_CHANGES = (
    *(
        f"os.{name}"
        for name in ("remove", "unlink", "rename", "replace", "rmdir", "removedirs", "makedirs", "listdir")
    ),
    *(f"shutil.{name}" for name in ("rmtree", "copy", "copy2", "copyfile", "copytree", "move")),
)
_METHODS = ("read_text", "read_bytes", "write_text", "write_bytes", "unlink", "open", "rmdir", "iterdir")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-22", "LLM06:2025", "LLM03:2026", "AML.T0053", "AML.T0085.001", "ASI02"),
    mentions=(
        "open(",
        "read_text",
        "write_text",
        "read_bytes",
        "write_bytes",
        "unlink",
        "remove",
        "rmtree",
        "shutil",
    ),
    alongside=("tool", "_run", "forward"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    named: set[tuple[str, int]] = set()
    for call, path in () if file.is_test else _uses(file):
        flow = file.flows.into(path)
        if flow is None or not flow.tool or file.flows.asks_a_person(call, flow):
            continue
        if flow.steps[0] not in named:  # once for each tool, however many files it opens
            named.add(flow.steps[0])
            yield Finding(f"`{flow.tool}` takes any path that a model names", call.span, notes=(flow.note,))


def _uses(file: PythonFile) -> Iterator[tuple[Call, Argument]]:
    """The calls that read or change a file, each with its path, by place."""
    for call in sorted(file.calls_to(*_OPENS, *_CHANGES), key=lambda call: call.span):
        for path in (call.positional(0), call.positional(1) if call.name in _CHANGES else None):
            if path is not None:
                yield call, path
    for method in _METHODS:
        for call in file.method_calls(method):
            path = receiver(call)
            if path is not None and (not call.name or call.name.startswith("pathlib.Path")):
                yield call, path
