"""Stop CORS from sharing credentials with every origin

With `allow_origins=["*"]` and `allow_credentials=True`, Starlette answers any website with that
visitor's cookies: it can't send `*` together with credentials, so it repeats the caller's `Origin`
instead. A page anywhere can then read what the service says to the person who opened it.

```diff
 from fastapi import FastAPI
 from fastapi.middleware.cors import CORSMiddleware

 app = FastAPI()
 app.add_middleware(
     CORSMiddleware,
     allow_origins=["*"],
-    allow_credentials=True,
+    allow_credentials=False,
     allow_methods=["*"],
 )
```

Origins that are listed, or that come from elsewhere, are left alone:

```python
from starlette.middleware.cors import CORSMiddleware

app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"], allow_credentials=True)
app.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_credentials=True)
```

## Who notices

Browser pages on another origin that log in with cookies. `Authorization` headers that scripts set keep
working. If such pages exist, list their origins in `allow_origins` instead.

## Behaviour

(Starlette 1.10): a page on `evil.example` was told that it may read answers to its visitor's cookies before,
and isn't after, by preflight and by GET. A GET without cookies is answered for every origin in both.

## Test

`curl -si -H 'Origin: https://evil.example' -H 'Cookie: a=1' localhost:PORT/ | grep -i credentials`
prints a line before the change and nothing after it. Log in once from every frontend that you run.

## Roll back

redeploy. No data or state changes; browsers may keep a preflight's answer for up to `max_age` seconds (600
unless set).

## Does not close

Any origin may still read responses that need no login.
"""

from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_MIDDLEWARE = (
    "fastapi.middleware.cors.CORSMiddleware",
    "starlette.middleware.cors.CORSMiddleware",
)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-942", "LLM02:2025", "LLM02:2026", "AML.T0049"),
    mentions=("CORSMiddleware",),
    opens_unasked=True,
    consequences=("python/cors-for-every-origin",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in _installations(file):
        origins, credentials = call.keyword("allow_origins"), call.keyword("allow_credentials")
        if origins is None or credentials is None or credentials.literal is not True:
            continue
        if isinstance(origins.literal, (list, tuple)) and "*" in origins.literal:
            yield Finding(
                "any website may read responses with its visitor's cookies",
                credentials.span,
                credentials.replace("False"),
            )


def _installations(file: PythonFile) -> Iterator[Call]:
    """`app.add_middleware(CORSMiddleware, …)`, `Middleware(CORSMiddleware, …)`, `CORSMiddleware(app, …)`."""
    wrapped = (*file.method_calls("add_middleware"), *file.calls_to("starlette.middleware.Middleware"))
    for call in wrapped:
        middleware = call.positional(0) or call.keyword("middleware_class")
        if middleware and middleware.real_name in _MIDDLEWARE:
            yield call
    yield from file.calls_to(*_MIDDLEWARE)
