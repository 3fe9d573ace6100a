"""Give HTTP requests a timeout

`requests` has no timeout of its own: a server that accepts the connection and then says nothing holds the
thread for good. With a handful of such requests a worker pool stands still, and an agent whose tool waits
waits with it.

```diff
 import requests

-page = requests.get(url)
+page = requests.get(url, timeout=60)
-answer = requests.post("http://llm.internal/api/generate", json={"prompt": prompt})
+answer = requests.post("http://llm.internal/api/generate", json={"prompt": prompt}, timeout=300)
```

A model says nothing until it has finished: a request whose address, payload, function or file reads like a
model's gets 300 seconds, and so does `stream=True`, where each silence counts. Every other one gets 60. Both
are options (`model_seconds`, `seconds`). Where the file limits other requests of the kind by a constant of
its own, that is used:

```diff
 import requests

 REQUEST_TIMEOUT = 30
 status = requests.get(status_url, timeout=REQUEST_TIMEOUT)
-page = requests.get(url)
+page = requests.get(url, timeout=REQUEST_TIMEOUT)
```

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

## Behaviour

(Requests 2.34): a server that takes the connection and never answers was waited for without end before;
after, `ReadTimeout` ends it at 60 and 300 seconds. A server that answers is heard in both.

## Test

Run the slowest honest request once. Where its address can be set, point it at `nc -lk 9999`, which never
answers: after the timeout it raises `ReadTimeout`. See that whoever calls it handles that.

## Roll back

restart the process. No data or state changes. For one request that takes longer, raise its `timeout`
instead.

## Does not close

The timeout bounds the time to connect and each silence, not the whole download: a server that sends a
byte now and then still holds the thread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_SESSIONS = ("requests.Session()", "requests.session()", "requests.sessions.Session()")
_FUNCTIONS = tuple(f"requests.{method}" for method in _METHODS)
_OF_SESSIONS = tuple(f"{session}.{method}" for session in _SESSIONS for method in _METHODS)
_POSITION_OF_TIMEOUT = 8
_ASKS_MODEL = re.compile(
    r"complet|generat|infer|predict|chat|embed|2img|invocations|/v1/(?:messages|responses)|:11434"
    r"|load[-_/]?\w{0,9}[-_/]?(?:model|checkpoint)"
    r"|api\.(?:openai|anthropic|mistral|groq|cohere|together|deepseek|perplexity)\.",
    re.I,
)
_RUNS_A_JOB = re.compile(
    r"execut|ingest|transcri|convert|explain|(?<![a-z])(?:ocr|train(?:ing)?)(?![a-z])|/run\b", re.I
)
_PROMPT = {
    *("messages", "prompt", "negative_prompt", "inputs", "input", "instances", "temperature", "stream"),
    *("max_tokens", "max_new_tokens", "max_completion_tokens", "n_predict"),
}
_OWN_MACHINE = re.compile(r"https?://(?:127(?:\.\d+){3}|localhost|0\.0\.0\.0|\[::1\])(?![\w.-])", re.I)
"""A process of one's own that is busy is no stranger that keeps a thread."""
_ENTRY = re.compile(r"""(?:[fF]["']+\{)?(\w+)\[["'](\w+)["']\]""")
_MODEL_CODE = re.compile(
    r"llm|chat_?model|embedding|inference|completion|generat|load_\w*(?:model|checkpoint)", re.I
)


@dataclass(frozen=True)
class Options:
    """`seconds`: the timeout of a request; `model_seconds`: of one that asks a model, or streams."""

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
    calls = list(file.calls_to(*_FUNCTIONS, *(() if _may_preset(file) else _OF_SESSIONS)))
    limited = [call for call in calls if call.keyword("timeout")]
    for call in calls:
        if call.has_keyword("timeout") or call.has_starred or call.positional(_POSITION_OF_TIMEOUT):
            continue
        address = _address(call)
        if address and _OWN_MACHINE.match(_beginning(address)):
            continue
        message = "a server that doesn't answer holds this thread for good"
        yield Finding(message, call.span, _limited(call, limited, options))


def _limited(call: Call, limited: list[Call], options: Options) -> Changes:
    """The call with a timeout, unless the server answers only when a job of unknown length is done."""
    address = _address(call)
    said = (address.code, *call.file.written_behind(address)) if address else ()
    if any(map(_RUNS_A_JOB.search, said)):
        return (Refusal("the server answers when a job is done, and how long that takes isn't written here"),)
    seconds = options.model_seconds if _may_take_long(call) else options.seconds
    return call.add_keyword("timeout", _own_constant(call, limited) or str(seconds))


def _may_preset(file: PythonFile) -> bool:
    """Whether a session's timeout may come from an adapter, or from a replaced method."""
    return any(file.method_calls("mount")) or any(
        replaced in file.text.content for replaced in (".request = ", ".send = ")
    )


def _own_constant(call: Call, limited: list[Call]) -> str:
    """The name of the number by which the file limits its other requests of this kind, if it is one."""
    is_long = _may_take_long(call)
    values = (other.keyword("timeout") for other in limited if _may_take_long(other) is is_long)
    names = {value.code for value in values if value and "timeout" in value.code.lower()}
    usable = [name for name in names if (call.file.number(name, call) or 0) > 0]
    return usable[0] if len(usable) == 1 else ""


def _may_take_long(call: Call) -> bool:
    """Whether it streams, or address, payload or the names around it read like a model's."""
    streams = call.keyword("stream")
    if streams and streams.literal is True:
        return True
    payload = call.keyword("json") or call.keyword("data")
    if payload and payload.keys & _PROMPT:
        return True
    around, address = (call.file.path, call.scope.name), _address(call)
    said = (address.code, *call.file.written_behind(address)) if address else ()
    return any(map(_MODEL_CODE.search, around)) or any(map(_ASKS_MODEL.search, said))


def _address(call: Call) -> Argument | None:
    return call.keyword("url") or call.positional(1 if call.name.endswith(".request") else 0)


def _beginning(address: Argument) -> str:
    """What it begins with; an entry of a dictionary that is bound once begins as it is written there."""
    call = address.call
    for said in call.file.written_behind(address):
        entry = _ENTRY.match(said)
        home = call.scope.home_of(entry[1]) if entry else None
        bound = home.bindings[entry[1]] if entry and home else []
        if entry and len(bound) == 1 and bound[0].value:
            written = Argument(call, bound[0].value, address.span).item(entry[2])
            return written.beginning if written else ""
    return address.beginning
