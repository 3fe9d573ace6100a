"""Ask models over HTTPS

Over `http://` the API key and every prompt travel in the clear: each network on the way reads them, and can
write answers of its own, tool calls included.

```diff
 from openai import OpenAI

-client = OpenAI(base_url="http://llm.acme-helpdesk.com/v1")
+client = OpenAI(base_url="https://llm.acme-helpdesk.com/v1")
```

```diff
 import os

 import openai

-openai.api_base = "http://llm.acme-helpdesk.com/v1"
+openai.api_base = "https://llm.acme-helpdesk.com/v1"
-os.environ["OPENAI_BASE_URL"] = "http://llm.acme-helpdesk.com/v1"
+os.environ["OPENAI_BASE_URL"] = "https://llm.acme-helpdesk.com/v1"
```

An address with a port of its own, or a public one of numbers, is left to a person: whether HTTPS is spoken
there isn't written here.

```python found
from openai import OpenAI

client = OpenAI(base_url="http://llm.acme-helpdesk.com:8000/v1")
other = OpenAI(base_url="http://203.0.113.7/v1")
```

This machine, private networks, names inside a cluster and reserved names are left alone:

```python
from openai import OpenAI

a = OpenAI(base_url="http://localhost:11434/v1")
b = OpenAI(base_url="http://10.0.0.7:8000/v1")
c = OpenAI(base_url="http://vllm.models.svc.cluster.local/v1")
d = OpenAI(base_url="http://gateway/v1")
e = OpenAI(base_url=f"http://{host}/v1")
```

## Who notices

Endpoints that don't speak HTTPS under this name, or have a certificate that no public authority signed. The
SDKs raise their connection error (`APIConnectionError` of OpenAI's and Anthropic's) at the first call.

## Before merging

`curl -sSI` on the new address, from where the program runs, must be answered without an error of TLS.

## Test

Make one call as the service does: it succeeds. `tcpdump -A host` with the endpoint's name, as the call is
made, shows no `Authorization` header; before the change it does.

## Roll back

restart the process, which sends the key in the clear again. No data or state changes.

## Does not close

The key that was sent in the clear so far may be known: replace it. Addresses from settings aren't seen here.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Argument, Assignment, PythonFile
from fixers.rule import Finding, Refusal, Safety, Severity, Threat, rule

_CLIENTS = re.compile(
    r"(?:openai|groq|together)\.(?:Async)?(?:Azure)?(?:OpenAI|Groq|Together)"
    r"|anthropic\.(?:Async)?Anthropic|mistralai\.Mistral|cohere\.(?:Async)?Client(?:V2)?"
    r"|ollama\.(?:Async)?Client|huggingface_hub\.(?:Async)?InferenceClient|text_generation\.(?:Async)?Client"
    r"|litellm\.a?(?:completion|embedding|responses|text_completion)"
    r"|langchain(?:_\w+)?(?:\.\w+)*\.(?:Chat\w+|\w*OpenAI|Ollama\w*|OpenAIEmbeddings|init_chat_model)"
    r"|llama_index(?:\.\w+)*\.(?:OpenAI\w*|Ollama\w*)"
    r"|openai\.(?:ChatCompletion|Completion|Embedding)\.a?create"
)
_ADDRESSES = (
    *("base_url", "api_base", "openai_api_base", "azure_endpoint", "anthropic_api_url", "host", "server_url"),
    *("inference_server_url", "endpoint"),
)
_ATTRIBUTES = ("openai.api_base", "openai.base_url", "litellm.api_base")
_VARIABLES = re.compile(
    r"(?:AZURE_)?(?:OPENAI|ANTHROPIC|OLLAMA|GROQ|MISTRAL|COHERE|LITELLM)_(?:API_)?(?:BASE(?:_URL)?|HOST|ENDPOINT)"
)
_ADDRESS = re.compile(r"http://(?P<host>[^/:@?#\s{}]+)(?P<port>:\d+)?(?P<rest>[/?#].*)?", re.I)
_INSIDE = re.compile(
    r"[^.]*|(?:.*\.)?(?:localhost|local|internal|lan|corp|home|intranet|svc|test|example|invalid|docker|arpa|example\.(?:com|org|net))"
    r"|.*(?:your|placeholder|changeme).*"
    r"|0\.0\.0\.0|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|169\.254\..*"
    r"|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\..*",
    re.I,
)
_NUMBERS = re.compile(r"[\d.]+")
_UNKNOWN = "whether HTTPS is spoken there, and with which certificate, isn't written here"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-319", "LLM02:2025", "LLM02:2026", "AML.T0025"),
    mentions=("http://", "HTTP://"),
    alongside=(
        "openai",
        "anthropic",
        "ollama",
        "litellm",
        "groq",
        "together",
        "mistralai",
        "cohere",
        "hub",
        "lang",
    ),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for value, text in _addresses(file):
        found = _ADDRESS.fullmatch(text)
        if found is None or _INSIDE.fullmatch(found["host"]):
            continue
        changes = value.replace(_secured(value))
        if found["port"] or _NUMBERS.fullmatch(found["host"]):
            changes = (Refusal(_UNKNOWN),)
        yield Finding("key and prompts travel to this address in the clear", value.span, changes)


def _addresses(file: PythonFile) -> Iterator[tuple[Argument | Assignment, str]]:
    for call in file.calls():
        for name in _ADDRESSES if _CLIENTS.fullmatch(call.name) else ():
            written = call.keyword(name)
            if written and isinstance(written.literal, str):
                yield written, written.literal
    for found in file.assignments_to(*_ATTRIBUTES, "os.environ"):
        is_address = found.name != "os.environ" or _VARIABLES.fullmatch(found.key)
        if is_address and isinstance(found.literal, str):
            yield found, found.literal


def _secured(value: Argument | Assignment) -> str:
    return re.sub(r"http://", "https://", value.code, count=1, flags=re.I)
