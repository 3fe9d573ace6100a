"""Keep the vector store from being emptied by one call

With `allow_reset=True`, `client.reset()` deletes every collection and every document of the store at once,
and nothing asks again. Code that reaches the client by mistake, by a tool that a model calls or by a route
that somebody left open empties it. Chroma refuses by default.

```diff
 import chromadb
 from chromadb.config import Settings

-client = chromadb.PersistentClient("db", Settings(is_persistent=True, allow_reset=True))
+client = chromadb.PersistentClient("db", Settings(is_persistent=True))
```

A file that calls `reset()`, or speaks of it, is left to a person:

```python found
import chromadb
from chromadb.config import Settings

client = chromadb.PersistentClient(path="db", settings=Settings(allow_reset=True))
client.reset()
```

A store that can't be emptied so, or decides elsewhere, is left alone, and so are tests:

```python
import chromadb
from chromadb.config import Settings

client = chromadb.PersistentClient(path="db", settings=Settings(allow_reset=False))
other = chromadb.PersistentClient(path="db", settings=Settings(allow_reset=args.reset))
```

## Who notices

Code in other files that calls `reset()` on this client: it raises `ValueError: Resetting is not allowed by
this configuration`. Delete the one collection instead (`client.delete_collection(name)`).

## Test

`client.reset()` on a copy of the store raises `ValueError`, and `client.list_collections()` shows the same
collections as before it.

## Roll back

restart the process. `ALLOW_RESET=TRUE` in the environment and a restart do the same without a revert. What a
reset has deleted doesn't come back by either.

## Does not close

Whoever has the client can still delete each collection by its name, and whoever has the folder can delete it.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch
from fixers.rule import Finding, Refusal, Safety, Severity, Threat, rule

_SETTINGS = Switch(("chromadb.config.Settings", "chromadb.Settings"), "allow_reset")


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-749", "LLM08:2025", "LLM09:2026", "AML.T0049"),
    mentions=("allow_reset",),
    alongside=("chromadb",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    said = file.text.content.replace("allow_reset", "").lower()
    for call, _, changes in file.switched(_SETTINGS):
        refused = Refusal("this file speaks of resetting, which may be what the store is there for")
        yield Finding("one call can empty this store", call.span, (refused,) if "reset" in said else changes)
