"""Load vector stores without unpickling them

LangChain keeps the documents of a FAISS, Annoy, TF-IDF or ScaNN store as a pickle beside the index, and a
pickle is a program: `allow_dangerous_deserialization=True` runs it. Whoever can write to the folder, the
share or the bucket that the store is read from runs code in this process. Suture names each place and
changes nothing: without the argument the store isn't loaded at all.

```python found
from langchain_community.vectorstores import FAISS

store = FAISS.load_local(
    "index", embeddings, allow_dangerous_deserialization=True
)
```

What to do, best first: build the store anew from its documents at the start, where there are few; keep it
in one that pickles nothing (Chroma, Qdrant, LanceDB, pgvector); or write the SHA-256 of `index.pkl` down when
it is built, where whoever writes the folder can't write, and compare it before loading.

```python
from langchain_chroma import Chroma
from langchain_community.vectorstores import FAISS

store = Chroma(persist_directory="index", embedding_function=embeddings)
other = FAISS.load_local("index", embeddings)
chosen = FAISS.load_local("index", embeddings, allow_dangerous_deserialization=trusted)
```

Where the same file saves such stores too, the severity is low: the store is likely the program's own.

## Test

`python -m pickletools index/index.pkl | grep -B4 GLOBAL` lists what the pickle imports: only classes of
`langchain` and `pydantic` should stand there.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_KEYWORD = "allow_dangerous_deserialization"
_LOADS = ("load_local", "deserialize_from_bytes")
_OF_LANGCHAIN = re.compile(r"langchain\w*\..+")
_SAVES = ("save_local", "serialize_to_bytes")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.UNTRUSTED_MODEL,
    references=(
        *("CWE-502", "LLM03:2025", "LLM04:2026", "LLM08:2025", "LLM09:2026"),
        *("AML.T0011.000", "AML.T0010.002"),
    ),
    mentions=(_KEYWORD,),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    is_own = any(True for name in _SAVES for _ in file.method_calls(name))
    for call in _loads(file):
        written = call.keyword(_KEYWORD)
        if written is not None and written.literal is True:
            yield Finding(
                "the vector store's documents are a pickle, which runs code when it is loaded",
                call.span,
                severity=Severity.LOW if is_own else None,
            )


def _loads(file: PythonFile) -> list[Call]:
    """The calls of LangChain's classes, and of methods that only its stores have."""
    named = [call for call in file.calls() if _OF_LANGCHAIN.fullmatch(call.name)]
    methods = [call for name in _LOADS for call in file.method_calls(name)]
    every = {call.span: call for call in (*named, *methods)}
    return [every[span] for span in sorted(every)]
