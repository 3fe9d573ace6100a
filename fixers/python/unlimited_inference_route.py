"""Limit how often a caller may make the service ask the model

A route that passes each request on to a model costs money or GPU time at each request, and nothing
in the service says stop. One caller in a loop, or one broken client, spends the budget of everyone
and uses up the provider's own limit. `slowapi` counts the requests of each address and answers with
status 429 above the rate.

```diff path=app.py
-from fastapi import FastAPI
+from fastapi import FastAPI, Request
 from openai import OpenAI
+from slowapi import Limiter, _rate_limit_exceeded_handler
+from slowapi.errors import RateLimitExceeded
+from slowapi.util import get_remote_address

 app = FastAPI()
+limiter = Limiter(key_func=get_remote_address)
+app.state.limiter = limiter
+app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
 client = OpenAI()


 @app.post("/chat")
-def chat(question: str):
+@limiter.limit("10/minute")
+def chat(request: Request, question: str):
     return client.responses.create(model="gpt-5", input=question).output_text
```

```diff with path=requirements.txt
 fastapi
 openai
+slowapi>=0.1.9
```

The rate is an option (`rate`, ten a minute unless set). A body that is called `request` becomes `body`,
since `slowapi` looks for the request under that name; callers notice nothing, for the name of a single
body isn't part of the interface.

The model is seen where the route, or a function of the same file that it calls, asks it through an SDK.
What has a limit is left alone, and so is a route that asks no model; limits that a gateway in front sets
are not seen here:

```python
from fastapi import Depends, FastAPI
from fastapi_limiter.depends import RateLimiter
from openai import OpenAI

app = FastAPI()
client = OpenAI()


@app.post("/chat", dependencies=[Depends(RateLimiter(times=2, seconds=5))])
def chat(question: str):
    return client.responses.create(model="gpt-5", input=question).output_text


@app.get("/health")
def health():
    return "ok"
```

## Who notices

Callers that ask more often than the rate: they get status 429. Behind a proxy every caller seems to have the
proxy's address, and they share one allowance. Where `slowapi` isn't installed, the service doesn't start.

## Before merging

1. Refresh the lock file, if there is one, and see that the image is built from it: without `slowapi` the
   service doesn't start.
2. Behind a proxy, start uvicorn with `--proxy-headers` and `--forwarded-allow-ips`.

## Test

Send one request more than the rate allows, here to a route `/chat` at ten a minute:
`for i in $(seq 11); do curl -so /dev/null -w '%{http_code} ' -X POST localhost:8000/chat?question=hi; done`
prints 200 ten times and 429 at the end. Before the change all eleven are 200.

## Roll back

install the requirements anew and redeploy. The counts live in memory, and nothing else changes.

## Does not close

Anyone may still call the route, and answers may be of any length. Each worker process counts for itself,
from zero at each start, so four workers let four times the rate through unless `Limiter` is given a
`storage_uri` (Redis, say).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import MODEL_WORDS, Call, Function, PythonFile
from fixers.rule import Changes, Finding, Refusal, Severity, Threat, rule

_APP = ("fastapi.FastAPI", "fastapi.applications.FastAPI")
_ROUTE = re.compile(r"fastapi\.(?:applications\.)?FastAPI\(\)\.(?:get|post|put|patch|delete|api_route)\(\)")
_LIMITED = re.compile(r"slowapi\.(?:extension\.)?Limiter\(\)\.(?:(?:shared_)?limit\(\)|exempt)")
_REQUEST = ("fastapi.Request", "fastapi.requests.Request", "starlette.requests.Request")
_OTHER_LIMIT = re.compile(r"(?<!de)limiter|throttl|quota(?!tion)|rate_?limit(?!_?error)", re.I)
_LIMITS_ALL = re.compile(r"SlowAPI(?:ASGI)?Middleware|default_limits|application_limits")
_LIMITERS = ("fastapi-limiter", "asgi-ratelimit", "fastapi-throttle", "ratelimit", "pyrate-limiter")
_PACKAGE = "slowapi>=0.1.9"


@dataclass(frozen=True, slots=True)
class Options:
    """`rate`: how often one address may call a route, as `slowapi` writes it."""

    rate: str = "10/minute"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-770", "LLM10:2025", "LLM06:2026", "AML.T0034.000", "AML.T0029"),
    mentions=("FastAPI",),
    alongside=MODEL_WORDS,
    options=Options,
    adds_package=True,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    apps = list(file.calls_to(*_APP))
    if len(apps) != 1 or apps[0].scope is not file.names.module or not file.name_given(apps[0]):
        return
    limiter = _limiter(file)
    if (not limiter and _has_other_limit(file)) or _LIMITS_ALL.search(file.text.content):
        return
    routes = [function for function in file.functions() if _is_unlimited_route(function)]
    shared = _shared(file, apps[0], limiter) if routes else ()
    for function in routes:
        yield Finding(
            f"anyone may make `{function.name}` ask the model as often as they like",
            function.span,
            (*_limited(function, limiter or "limiter", options.rate), *shared),
            notes=_notes(file),
        )


def _is_unlimited_route(function: Function) -> bool:
    decorators = function.decorators
    is_route = any(_ROUTE.fullmatch(name) for name in decorators)
    is_limited = any(_LIMITED.fullmatch(name) for name in decorators)
    return is_route and not is_limited and function.asks_a_model


def _notes(file: PythonFile) -> tuple[str, ...]:
    hint = file.lock_hint
    return (f"After this change, {hint}.",) if hint else ()


def _limiter(file: PythonFile) -> str:
    """What the file calls the `slowapi` limiter that it makes."""
    limiters = file.calls_to("slowapi.Limiter", "slowapi.extension.Limiter")
    return next((file.name_given(call) for call in limiters if call.scope is file.names.module), "")


def _has_other_limit(file: PythonFile) -> bool:
    return bool(_OTHER_LIMIT.search(file.text.content)) or any(name in file.pins for name in _LIMITERS)


def _limited(function: Function, limiter: str, rate: str) -> Changes:
    if function.has_text_annotations:
        return (Refusal("its annotations are texts, which FastAPI before 0.124 can't read behind a limiter"),)
    return (*function.decorate(f'{limiter}.limit("{rate}")'), *_with_request(function))


def _shared(file: PythonFile, app: Call, limiter: str) -> Changes:
    """What the file's routes need together."""
    set_up = () if limiter else _set_up(file, app)
    return (*set_up, *file.require(_PACKAGE))


def _with_request(function: Function) -> Changes:
    """`slowapi` reads the caller's address from a parameter that is called `request`."""
    annotation = function.parameters.get("request")
    if annotation in _REQUEST:
        return ()
    if function.is_used_by_name:
        return (Refusal("the file calls it by name too, and would have to pass a request on"),)
    renamed: Changes = ()
    if function.body_parameter == "request":
        renamed = function.rename_parameter("request", "body")
    elif annotation is not None or function.mentions("request"):
        return (Refusal("`request` means something else in it, and slowapi needs the name"),)
    spelled = function.file.spell("fastapi.Request", function.span.start, function.scope)
    added = function.add_first_parameter(f"request: {spelled.code}")
    return (*added, *renamed, *spelled.changes)


def _set_up(file: PythonFile, app: Call) -> Changes:
    name = file.name_given(app)
    lines = file.insert_below(
        app,
        "limiter = Limiter(key_func=get_remote_address)",
        f"{name}.state.limiter = limiter",
        f"{name}.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)",
    )
    imports = file.add_imports(
        "from slowapi import Limiter, _rate_limit_exceeded_handler",
        "from slowapi.errors import RateLimitExceeded",
        "from slowapi.util import get_remote_address",
    )
    return (*lines, *imports)
