"""Verify the certificate of the server that gets key and prompt

Without a check of its certificate any server may pose as the provider. Whoever sits on the way (a shared
network, a proxy, a poisoned DNS answer) reads the API key and every prompt, and writes the model's
answers, tool calls included.

```diff
 import httpx
 from openai import OpenAI

-client = OpenAI(http_client=httpx.Client(verify=False))
+client = OpenAI(http_client=httpx.Client())
```

The same goes for `requests`, `aiohttp`, `urllib3`, `websocket-client`, boto3 and LiteLLM, in files that speak
of models:

```diff
 import litellm
 import requests

-litellm.ssl_verify = False
-page = requests.get(url, verify=False, timeout=10)
+page = requests.get(url, timeout=10)
```

A request to an address that no public authority certifies, one that an `except` falls back to, and one with
a comment that gives a reason are left to a person:

```python found
import requests

models = requests.get("https://llm.corp.internal/v1/models", verify=False)
# the gateway has a self-signed certificate
answer = requests.post(llm_gateway, json=body, verify=False)
```

A certificate that is named, a setting, this machine and what isn't encrypted anyway are left alone:

```python
import httpx
import requests
from openai import OpenAI

client = OpenAI(http_client=httpx.Client(verify="/etc/ssl/corp.pem"))
client = OpenAI(http_client=httpx.Client(verify=settings.verify))
if insecure:
    client = OpenAI(http_client=httpx.Client(verify=False))
requests.get("https://localhost:8443/health", verify=False)
requests.get("http://example.com/", verify=False)
```

## Who notices

Connections to servers with a self-signed certificate or one of a company's own authority, and those behind a
proxy that opens TLS. They stop with `CERTIFICATE_VERIFY_FAILED`. Name the authority's file instead:
`verify="/path/ca.pem"`, or `SSL_CERT_FILE` (httpx, aiohttp) or `REQUESTS_CA_BUNDLE` (requests) around it.

## Behaviour

(httpx 0.28): a server with a certificate that it had signed itself got the request and its `Authorization`
before; after, `ConnectError` ends the handshake and it gets nothing. Once `SSL_CERT_FILE` names that
certificate, the request succeeds in both.

## Test

Make one call as the service does, from where it runs: it succeeds. Then point it at
`openssl s_server -accept 8443 -www -cert self.pem -key self.key`: it fails with `CERTIFICATE_VERIFY_FAILED`,
where it was answered before.

## Roll back

restart the process. No data or state changes. For one server, keep this change and name its authority's file
in `verify` instead.

## Does not close

Keys and prompts that were sent so far may have been read: replace keys that went over networks of others.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Argument, Call, PythonFile, Switch, is_chosen
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_OF_REQUESTS = ("requests", *(f"requests.{s}()" for s in ("Session", "session", "sessions.Session")))
_HTTPX = tuple(f"{module}.{name}" for module in ("httpx", "httpx2") for name in (*_METHODS, "stream"))
_CLIENTS = tuple(f"{module}.{name}" for module in ("httpx", "httpx2") for name in ("Client", "AsyncClient"))
_SDKS = (
    *(f"openai.Default{kind}HttpxClient" for kind in ("", "Async")),
    *(f"anthropic.Default{kind}HttpxClient" for kind in ("", "Async")),
    *("ollama.Client", "ollama.AsyncClient"),
    *("boto3.client", "boto3.resource", "boto3.Session().client", "boto3.session.Session().client"),
)
_LITELLM = ("litellm.completion", "litellm.acompletion", "litellm.embedding", "litellm.aembedding")
_AIOHTTP = tuple(f"aiohttp.ClientSession().{method}" for method in (*_METHODS, "ws_connect"))
_SWITCHES = (
    Switch(tuple(f"{owner}.{m}" for owner in _OF_REQUESTS for m in _METHODS), "verify", (False,)),
    Switch((*_HTTPX, *_CLIENTS, *_SDKS), "verify", (False,)),
    Switch(_LITELLM, "ssl_verify", (False,)),
    Switch((*_AIOHTTP, "aiohttp.TCPConnector"), "ssl", (False,)),
    Switch((*_AIOHTTP, "aiohttp.TCPConnector"), "verify_ssl", (False,)),
    Switch(("urllib3.PoolManager",), "cert_reqs", ("CERT_NONE", "NONE")),
)
_ASSIGNED = ("litellm.ssl_verify", *(f"{session}.verify" for session in _OF_REQUESTS[1:]))
_NO_CONTEXT = "ssl._create_unverified_context"
_NO_CERTIFICATE = ("ssl.CERT_NONE", "ssl.VerifyMode.CERT_NONE")
_SOCKETS = ("websocket.WebSocketApp().run_forever", "websocket.create_connection")
_OF_MODELS = ("http_client", "http_async_client", "async_http_client", "aclient", "client_session")
_WORDS = (
    *(*MODEL_WORDS, "llm", "LLM", "gpt", "GPT", "embedding", "prompt", "transformers", "torch"),
    *("tts", "TTS", "asr", "ASR", "whisper", "triton", "vllm"),
)
_SETTING = re.compile(r"verif|ssl|tls|cert|secur|debug|local", re.I)
_REASON = re.compile(
    r"self.?sign|corporate|internal|intranet|proxy|gateway|test|\bdev|local|because|workaround|expired", re.I
)
_OWN_MACHINE = re.compile(
    r"\w+://(?:127(?:\.\d+){3}|localhost|0\.0\.0\.0|\[::1\])(?![\w.-])|(?:http|ws)://", re.I
)
_PRIVATE = re.compile(
    r"\w+://(?:\d+\.\d+\.\d+\.\d+|\[|[\w-]+(?=[:/]|$)|[\w.-]+\.(?:internal|local|lan|corp|svc|cluster\.local)\b)",
    re.I,
)
_ENDS = (
    'no public authority certifies this address: name the file of its own one, as in `verify="/path/ca.pem"`'
)
_FALLBACK = "an `except` falls back to it where a verified request has failed: decide there whether it may"
_EXPLAINED = "a comment beside it may say why the certificate isn't verified: read it first"
_MESSAGE = "any server may pose as this one, read the request and write the answer"


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=(
        "CWE-295",
        "LLM02:2025",
        "LLM02:2026",
        "LLM03:2025",
        "LLM04:2026",
        "AML.T0025",
        "bandit:B501",
    ),
    mentions=("verify", "ssl", "CERT_NONE"),
    alongside=_WORDS,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call, changes in sorted(_calls(file), key=lambda found: found[0].span):
        address = _address(call)
        start = address.beginning if address else ""
        if _OWN_MACHINE.match(start) or is_chosen(file, call, _SETTING):
            continue
        refusal = _refusal(call, start)
        yield Finding(
            _MESSAGE, call.span, refusal or changes, None if _is_for_a_model(call) else Severity.MEDIUM
        )
    for found in file.assignments_to(*_ASSIGNED):
        if found.literal is False and not is_chosen(file, found, _SETTING):
            severity = None if found.name.startswith("litellm") else Severity.MEDIUM
            yield Finding(_MESSAGE, found.span, found.remove(), severity)


def _calls(file: PythonFile) -> Iterator[tuple[Call, Changes]]:
    for call, _, changes in file.switched(*_SWITCHES):
        yield call, changes
    for call in file.calls_to(_NO_CONTEXT):
        if not call.node.args and not call.node.keywords:
            yield call, call.rename("ssl.create_default_context")
    for call in file.calls_to("urllib3.PoolManager", *_SOCKETS):
        options = call.keyword("sslopt")
        written = options.item("cert_reqs") if options else call.keyword("cert_reqs")
        if written and written.real_name in _NO_CERTIFICATE:
            name = options.item("check_hostname") if options else None
            checked = name.replace("True") if name and name.literal is False else ()
            yield call, (*_required(call, written), *checked)


def _required(call: Call, written: Argument) -> Changes:
    spelled = call.file.spell("ssl.CERT_REQUIRED", written.span.start, call.scope)
    return (*written.replace(spelled.code), *spelled.changes)


def _refusal(call: Call, start: str) -> Changes:
    if _PRIVATE.match(start):
        return (Refusal(_ENDS),)
    if call.is_fallback:
        return (Refusal(_FALLBACK),)
    return (Refusal(_EXPLAINED),) if any(map(_REASON.search, call.comments)) else ()


def _address(call: Call) -> Argument | None:
    if call.name.endswith((".Client", ".AsyncClient")):
        return call.keyword("base_url") or call.keyword("host")
    if call.name.startswith("boto3."):
        return call.keyword("endpoint_url")
    takes_method = call.name.endswith((".request", ".stream"))
    return call.keyword("url") or call.positional(1 if takes_method else 0)


def _is_for_a_model(call: Call) -> bool:
    """Whether a model's client is given it, or is it: then the key and the prompts are at stake."""
    return call.name.startswith(("litellm", "openai", "anthropic", "ollama")) or (
        call.file.name_given(call) in _OF_MODELS
    )
