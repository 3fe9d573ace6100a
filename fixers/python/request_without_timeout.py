"""Give each request of `requests` a timeout

`requests` has no timeout of its own: a server that accepts the connection and then says nothing holds the
thread for good. With a handful of such requests a worker pool stands still, and an agent whose tool waits
waits with it.

```diff
 import requests

-page = requests.get(url)
+page = requests.get(url, timeout=60)
-answer = requests.post("https://llm.internal/api/generate", json={"prompt": prompt})
+answer = requests.post("https://llm.internal/api/generate", json={"prompt": prompt}, timeout=300)
```

A model says nothing until it has finished: a request whose address, function or file reads like a
model's gets 300 seconds, every other one 60. Both are options (`model_seconds`, `seconds`).

A request that has a timeout, or may have one, is left alone, and so are tests, other libraries, and
requests to this machine, where a process of one's own may be busy for long:

```python
import httpx
import requests

requests.get(url, timeout=5)
requests.get(url, **options)
requests.get("http://127.0.0.1:8080/health")
httpx.get(url)
```

## Who notices

Requests whose server stays silent for longer than the timeout. They raise
`requests.exceptions.ReadTimeout`, a `RequestException`, where they went on waiting.

## Test

`nc -lk 9999` answers nothing: a request to `http://localhost:9999` raises `ReadTimeout` after the
timeout, and never did before. Run the slowest honest request once.

## Roll back

`git revert` the commit and restart; no data or state changes. For one request that takes longer, raise
its `timeout` instead.

## Does not close

The timeout bounds the time to connect and each silence, not the whole download: a server that sends a
byte now and then still holds the thread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_SESSIONS = ("requests.Session()", "requests.session()", "requests.sessions.Session()")
_FUNCTIONS = tuple(f"requests.{method}" for method in _METHODS)
_OF_SESSIONS = tuple(f"{session}.{method}" for session in _SESSIONS for method in _METHODS)
_POSITION_OF_TIMEOUT = 8
_ASKS_MODEL = re.compile(
    r"complet|generat|infer|predict|chat|embed|2img|invocations|(?:re|un)?load[-_/](?:model|checkpoint)|/v1/(?:messages|responses)|:11434"
    r"|api\.(?:openai|anthropic|mistral|groq|cohere|together|deepseek)\.",
    re.I,
)
_PROMPT = re.compile(
    r"[\"'](?:messages|prompt|max_tokens|max_new_tokens|inputs|instances)[\"']|\b(?:messages|prompt)="
)
_OWN_MACHINE = re.compile(r"[fFrR]*[\"']+https?://(?:127\.|localhost\b|0\.0\.0\.0|\[::1\])")
"""A process of one's own that is busy is no stranger that keeps a thread."""
_MODEL_CODE = re.compile(r"llm|chat_?model|embedding|inference|completion|generat", re.I)


@dataclass(frozen=True)
class Options:
    """`seconds`: the timeout of a request; `model_seconds`: of one that asks a model."""

    seconds: int = 60
    model_seconds: int = 300


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-400", "CWE-1088", "LLM10:2025", "LLM06:2026", "AML.T0029", "bandit:B113"),
    mentions=("requests",),
    options=Options,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_FUNCTIONS, *(() if _may_preset(file) else _OF_SESSIONS)):
        if call.has_keyword("timeout") or call.has_starred or call.positional(_POSITION_OF_TIMEOUT):
            continue
        if any(map(_OWN_MACHINE.match, _said_of(call, _address(call)))):
            continue
        seconds = options.model_seconds if _asks_model(call) else options.seconds
        yield Finding(
            "a server that doesn't answer holds this thread for good",
            call.span,
            call.add_keyword("timeout", str(seconds)),
        )


def _may_preset(file: PythonFile) -> bool:
    """Whether a session's timeout may come from an adapter, or from a replaced method."""
    return any(file.method_calls("mount")) or any(
        replaced in file.text.content for replaced in (".request = ", ".send = ")
    )


def _asks_model(call: Call) -> bool:
    """Whether address or payload, what is written for them, or the names around read like a model's."""
    around = (call.file.path, call.scope.name)
    payload = call.keyword("json") or call.keyword("data")
    return (
        any(map(_MODEL_CODE.search, around))
        or any(map(_ASKS_MODEL.search, _said_of(call, _address(call))))
        or any(map(_PROMPT.search, _said_of(call, payload)))
    )


def _address(call: Call) -> Argument | None:
    return call.keyword("url") or call.positional(1 if call.name.endswith(".request") else 0)


def _said_of(call: Call, argument: Argument | None) -> tuple[str, ...]:
    """An argument as it is written, and what is written for the names in it."""
    return (argument.code, *call.file.written_behind(argument)) if argument else ()
