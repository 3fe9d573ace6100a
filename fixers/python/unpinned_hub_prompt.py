"""Name the commit of prompts from the LangChain hub

`hub.pull("owner/prompt")` fetches what its owner has last saved, every time it runs. Whoever holds that
account decides what the model is told, and with it what an agent does with its tools. A prompt there is a
serialized object too, and may bring along a model's address and headers; langsmith refuses the prompts of
others unless `dangerously_pull_public_prompt=True`. Which commit was meant can't be told from the code.

```python found
from langchain import hub

prompt = hub.pull("hwchase17/react")
```

```python found
from langsmith import Client

prompt = Client().pull_prompt("hwchase17/react", dangerously_pull_public_prompt=True)
```

Read the prompt once and write its commit behind the name, or copy its text into your code. Your own
workspace's prompts, which have no owner before their name, and names that are made elsewhere are left alone:

```python
from langchain import hub
from langsmith import Client

prompt = hub.pull("hwchase17/react:d15fe3c4")
own = Client().pull_prompt("support-answer")
chosen = hub.pull(args.prompt)
```

## Test

`Client().pull_prompt_commit("owner/prompt", dangerously_pull_public_prompt=True).commit_hash` is the commit
that is newest now; `owner/prompt:COMMIT` pulls the same text as before.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_PULLS = re.compile(
    r"langchain(?:_classic)?\.hub\.(?:a?pull)|langchainhub\.(?:Client\(\)\.)?pull"
    r"|langsmith\.(?:\w+\.)?(?:Async)?Client\(\)\.pull_prompt(?:_commit)?"
)
_PROMPT = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?::(?P<commit>.+))?", re.A)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


@rule(
    PythonFile,
    severity=Severity.LOW,
    threat=Threat.PROMPT_INJECTION,
    references=("CWE-494", "LLM03:2025", "LLM04:2026", "ASI04", "AML.T0010", "AML.T0109"),
    mentions=("pull",),
    alongside=("langchain", "langsmith"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls():
        found = _PROMPT.fullmatch(_prompt(call)) if _PULLS.fullmatch(call.name) else None
        if found is None or found["name"].startswith("-/"):
            continue
        if not _COMMIT.fullmatch(found["commit"] or ""):
            yield Finding(
                f"the owner of `{found['name']}` decides each day what the model is told", call.span
            )


def _prompt(call: Call) -> str:
    """What is pulled, if it is written out."""
    named = call.keyword("owner_repo_commit") or call.keyword("prompt_identifier") or call.positional(0)
    return named.value if named and isinstance(named.value, str) else ""
