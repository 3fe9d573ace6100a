"""Ask callers of the model for a key

Whoever reaches this route uses the model on the service's account, and reads what its tools and documents
give away. Nothing in the file asks who calls. With a key that only your callers have, FastAPI answers
everyone else before the route is called.

```diff path=app.py
-from fastapi import FastAPI
+import os
+import secrets
+
+from fastapi import Depends, FastAPI, HTTPException
+from fastapi.security import APIKeyHeader
 from openai import OpenAI

 app = FastAPI()
+
+
+def require_api_key(key: str = Depends(APIKeyHeader(name="X-API-Key"))) -> None:
+    if not secrets.compare_digest(key.encode(), os.environ["SERVICE_API_KEY"].encode()):
+        raise HTTPException(status_code=401, detail="the key is wrong")
+
+
 client = OpenAI()


-@app.post("/chat")
+@app.post("/chat", dependencies=[Depends(require_api_key)])
 def chat(question: str):
     return client.responses.create(model="gpt-5", input=question).output_text
```

The name of the variable is an option (`variable`). A route counts where it hangs on the file's one
application, and asks a model itself or through a function of the file. Where anything in the file speaks of
logins, tokens, sessions or headers, where a middleware may check, or where the route depends on something, it
is left alone:

```python
from fastapi import Depends, FastAPI
from openai import OpenAI

app = FastAPI(dependencies=[Depends(check)])
client = OpenAI()


@app.post("/chat")
def chat(question: str):
    return client.responses.create(model="gpt-5", input=question).output_text
```

An application that serves pages is left to a person, as they may call the route from the browser, where no
key stays secret; so is one that is called by another service's webhooks. One that speaks of Dapr is called by
its sidecar, and left alone.

A gateway that asks for a login in front of the service, or a network that only callers are in, isn't seen
here: ignore the finding then.

## Who notices

Every caller that doesn't send `X-API-Key` yet: 401 (FastAPI before 0.122: 403) and no answer. Browsers can't
keep a key secret: a page that calls the route directly needs a server of its own in between, or a login.
Without `SERVICE_API_KEY` in the environment each call of the route is a 500.

## Behaviour

(FastAPI 0.165): a stranger's question reached the model before; after, one without the key and one with a
wrong key are answered with 401 and don't. A question with the key is answered in both.

## Before merging

1. Make a key (`openssl rand -hex 32`) and set `SERVICE_API_KEY` where the service runs.
2. Give it to every caller, which sends it as the header `X-API-Key`; deploy them first, as the header does no
   harm before.

## Test

`curl -so /dev/null -w '%{http_code}\\n' -X POST 'localhost:8000/chat?question=hi'`, here for a route `/chat`,
prints 401. With `-H "X-API-Key: $SERVICE_API_KEY"` it prints 200.

## Roll back

redeploy. Callers may go on sending the header. No data or state changes.

## Does not close

One key for all tells no caller from another, and has no end of its own. Whoever has it may ask as often as
they like. Other routes of the service ask for nothing still.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import MODEL_WORDS, Call, PythonFile, Route, routes, together
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_APP = ("fastapi.FastAPI", "fastapi.applications.FastAPI")
_CHECKS = re.compile(
    r"auth(?!or(?!i))|bearer|jwt|log_?in\b|logged_in|request\.headers|\bHeader\(|cookie|SessionMiddleware"
    r"|permission|password|access_?token|current_user|api_?key_?header|x[-_]api[-_]key|hmac"
    r"|dapr|mtls|(?:verify|require|check|validate)_(?:\w*_)?(?:token|key|user|access|admin|login)",
    re.I,
)
"""Where one of these stands in a file, somebody may have thought of who calls."""
_HARMLESS = re.compile(r".*\.(?:CORS|GZip|TrustedHost|HTTPSRedirect|Prometheus|SlowAPI)(?:ASGI)?Middleware")
_LIMITER = re.compile(r"slowapi\.(?:extension\.)?Limiter\(\)\.(?:(?:shared_)?limit\(\)|exempt)")
_PAGE = re.compile(r"\b(?:FileResponse|StaticFiles|HTMLResponse|Jinja2Templates)\b")
_FOR_A_PAGE = "the application serves pages, which may call it from a browser, where no key stays secret"
_WEBHOOK = re.compile(r"webhook|callback_url|twilio|sendgrid|slack|telegram|whatsapp|discord|stripe", re.I)
_FOR_A_WEBHOOK = "another service calls it, which signs its calls in a way of its own: check that signature"
_NAME = "require_api_key"


@dataclass(frozen=True, slots=True)
class Options:
    """`variable`: the environment variable that holds the key."""

    variable: str = "SERVICE_API_KEY"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-306", "LLM10:2025", "LLM06:2026", "LLM02:2025", "LLM02:2026", "AML.T0040", "AML.T0049"),
    mentions=("FastAPI",),
    alongside=MODEL_WORDS,
    options=Options,
    before_deploy=True,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    apps = list(file.calls_to(*_APP))
    if file.is_test or len(apps) != 1 or apps[0].scope is not file.names.module or _may_check(file, apps[0]):
        return
    open_routes = [route for route in routes(file) if _is_open(route)]
    shared = _shared(file, apps[0], options.variable) if open_routes else ()
    for route in open_routes:
        yield Finding(
            f"whoever reaches `{route.function.name}` uses the model on this service's account",
            route.span,
            (*_guarded(route, apps[0]), *shared),
        )


def _may_check(file: PythonFile, app: Call) -> bool:
    """Whether the application, a middleware or anything else in the file may ask who calls."""
    if any(app.has_keyword(name) for name in ("dependencies", "middleware")) or not file.name_given(app):
        return True
    added = (
        call.positional(0) or call.keyword("middleware_class") for call in file.method_calls("add_middleware")
    )
    if not all(one and _HARMLESS.fullmatch(one.real_name) for one in added):
        return True
    return any(file.method_calls("middleware")) or bool(_CHECKS.search(file.text.content))


def _is_open(route: Route) -> bool:
    if route.depends or not route.is_of_app or not route.function.asks_a_model:
        return False
    return all(_LIMITER.fullmatch(name) for name in route.other_decorators)


def _guarded(route: Route, app: Call) -> Changes:
    spelled = route.function.file.spell("fastapi.Depends", app.span.end, route.function.scope)
    return route.call.add_keyword("dependencies", f"[{spelled.code}({_NAME})]")


def _shared(file: PythonFile, app: Call, variable: str) -> Changes:
    """The function that asks for the key, below the application, and what it needs."""
    if _PAGE.search(file.text.content):
        return (Refusal(_FOR_A_PAGE),)
    if _WEBHOOK.search(file.text.content):
        return (Refusal(_FOR_A_WEBHOOK),)
    if file.named(_NAME) or any(function.name == _NAME for function in file.functions()):
        return (Refusal(f"`{_NAME}` already means something else in this file"),)
    names = ("os.environ", "secrets.compare_digest", "fastapi.Depends", "fastapi.HTTPException")
    spelled = [
        file.spell(name, app.span.start, app.scope) for name in (*names, "fastapi.security.APIKeyHeader")
    ]
    environ, compare, depends, error, header = (one.code for one in spelled)
    lines = file.insert_below(
        app,
        "",
        "",
        f'def {_NAME}(key: str = {depends}({header}(name="X-API-Key"))) -> None:',
        f'\tif not {compare}(key.encode(), {environ}["{variable}"].encode()):',
        f'\t\traise {error}(status_code=401, detail="the key is wrong")',
        "",
        "",
    )
    return together(*lines, *(change for one in spelled for change in one.changes))
