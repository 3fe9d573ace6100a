"""Give clients of models a timeout

Ollama's client has no timeout of its own, and `timeout=None` takes theirs from those of OpenAI and Anthropic
(600 seconds), Groq and Together (60). A server that takes the connection and then says nothing, as one that
hangs while it loads a model, holds the thread for good; a few such calls and the service stands still.

```diff
 import ollama

-client = ollama.Client(host=host)
+client = ollama.Client(host=host, timeout=600)
```

```diff
 import openai

-client = openai.OpenAI(timeout=None, max_retries=0)
+client = openai.OpenAI(max_retries=0)
```

The 600 seconds that Ollama gets are an option (`seconds`). A client that pulls models as well is left to a
person: a download that isn't streamed is silent until it is done.

```python found
import ollama

client = ollama.Client()
client.pull("llama3.2")
```

A client that has a timeout, or may have one, is left alone, as are tests and clients of this SDK that have
one by default:

```python
import anthropic
import ollama
import openai

a = ollama.Client(host, timeout=30)
b = ollama.Client(**options)
c = openai.OpenAI()
d = anthropic.Anthropic(timeout=seconds)
```

## Who notices

Calls whose server stays silent for longer than the timeout: a cold start of a large model, or a long answer
that isn't streamed. Ollama's raise `httpx.ReadTimeout`; the others' are tried twice more, unless
`max_retries` says otherwise, and raise `APITimeoutError`. Both went on waiting before.

## Test

Make the slowest honest call once, from a cold start. Then point the client at `nc -lk 9999`, which never
answers, with the timeout set to 5 for the trial: the call ends with the error above. See that whoever makes
the call handles it.

## Roll back

restart the process. No data or state changes. For a client whose answers take longer, raise its `timeout`
instead.

## Does not close

The timeout bounds each silence, not the whole answer. `ollama.chat` and `ollama.generate` without a client of
one's own still wait for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import Call, PythonFile, Switch
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_OLLAMA = tuple(f"ollama.{module}{name}" for module in ("", "_client.") for name in ("Client", "AsyncClient"))
_POSITION_OF_TIMEOUT = 2
_ANTHROPIC = ("Anthropic", "AnthropicBedrock", "AnthropicVertex", "AnthropicFoundry")
_CLIENTS = tuple(
    f"{sdk}.{kind}{name}"
    for sdk, names in (
        ("openai", ("OpenAI", "AzureOpenAI")),
        ("anthropic", _ANTHROPIC),
        ("groq", ("Groq",)),
        ("together", ("Together",)),
    )
    for name in names
    for kind in ("", "Async")
)
_NO_TIMEOUT = Switch(
    (*_CLIENTS, *(f"{client}().with_options" for client in _CLIENTS)), "timeout", values=(None,)
)
_PULLS = "it pulls models too, and a download that isn't streamed is silent until it's done"


@dataclass(frozen=True)
class Options:
    """`seconds`: the timeout that Ollama's clients get."""

    seconds: int = 600


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-400", "CWE-1088", "LLM10:2025", "LLM06:2026", "AML.T0029"),
    mentions=("ollama", "openai", "anthropic", "groq", "together"),
    alongside=("Client", "timeout"),
    options=Options,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_OLLAMA):
        if call.has_starred or call.positional(_POSITION_OF_TIMEOUT):
            continue
        written = call.keyword("timeout")
        if written.literal is None if written else not call.has_keyword("timeout"):
            message = "a server that doesn't answer holds this client's calls for good"
            yield Finding(message, call.span, _limited(call, options.seconds))
    for call, _, changes in file.switched(_NO_TIMEOUT):
        yield Finding(
            "`timeout=None` lets a server that doesn't answer hold a call for good", call.span, changes
        )


def _limited(call: Call, seconds: int) -> Changes:
    if any(call.file.method_calls("pull")):
        return (Refusal(_PULLS),)
    return call.set_keyword("timeout", str(seconds))
