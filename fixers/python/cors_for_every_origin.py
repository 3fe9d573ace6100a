"""List the origins that may read answers of the model service

With `*`, a page of any website may send requests from its visitor's browser and read the answers. Cookies
stay out of it, but nothing else does: a service that has no login of its own and is meant for one network,
or for one machine, can be used by every page that somebody in that network opens.

```python found
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from openai import OpenAI

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
```

`CORS(app)` of flask-cors says the same by its default:

```python found
from flask import Flask
from flask_cors import CORS
from transformers import pipeline

app = Flask(__name__)
CORS(app)
```

What to do: list the frontends, as in `allow_origins=["https://app.example"]` or
`CORS(app, origins=["https://app.example"])`; without a frontend on another origin, take the middleware out.
A public service that anyone may use from anywhere is right to say `*`: ignore this there. Suture changes
nothing, since which origins are yours isn't written in the code.

Origins that are listed or come from elsewhere are left alone, and so are tests, servers of the MCP SDK, which
looks at the origin itself, and a call with a comment on it. `*` with credentials is
`python/cors-with-credentials`.

```python
from flask import Flask
from flask_cors import CORS
from openai import OpenAI

app = Flask(__name__)
CORS(app, origins=["https://app.example"])
CORS(app, resources={r"/api/*": {"origins": settings.origins}})
```

## Test

`curl -si -H 'Origin: https://evil.example' localhost:PORT/ | grep -i access-control-allow-origin` prints a
line now, and none once origins are listed. Open every frontend that you run.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_MIDDLEWARE = ("fastapi.middleware.cors.CORSMiddleware", "starlette.middleware.cors.CORSMiddleware")
_FLASK = ("flask_cors.CORS", "flask_cors.extension.CORS")
_CONSIDERED = re.compile(r"restrict|production|demo|localhost|development|origin", re.I)
_OWN_CHECK = ("transport_security", "streamable_http_app", "StreamableHTTPSessionManager")
"""The MCP SDK looks at the origin itself, so that its clients in browsers need the header."""
_MESSAGE = "a page of any website may read what this service answers"


@rule(
    PythonFile,
    severity=Severity.LOW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-942", "LLM02:2025", "LLM02:2026", "AML.T0049"),
    mentions=("CORSMiddleware", "flask_cors"),
    alongside=(*MODEL_WORDS, "torch", "transformers", "diffusers", "vllm", "llama"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or any(name in file.text.content for name in _OWN_CHECK):
        return
    for call in _starlette(file):
        origins, credentials = call.keyword("allow_origins"), call.keyword("allow_credentials")
        listed = origins.literal if origins else None
        is_open = isinstance(listed, (list, tuple)) and "*" in listed
        is_bare = credentials is None or credentials.literal is False
        if is_open and is_bare and not _is_considered(call):
            yield Finding(_MESSAGE, call.span)
    for call in file.calls_to(*_FLASK):
        origins = call.keyword("origins")
        is_default = not call.has_keyword("origins") and not call.has_keyword("resources")
        is_open = is_default or (origins is not None and origins.literal in ("*", ["*"]))
        if is_open and not _is_considered(call):
            yield Finding(_MESSAGE, call.span)


def _is_considered(call: Call) -> bool:
    """Whether a comment beside it speaks of origins, so that somebody has decided."""
    return any(map(_CONSIDERED.search, call.comments))


def _starlette(file: PythonFile) -> Iterator[Call]:
    """`app.add_middleware(CORSMiddleware, …)`, `Middleware(CORSMiddleware, …)`, `CORSMiddleware(app, …)`."""
    for call in (*file.method_calls("add_middleware"), *file.calls_to("starlette.middleware.Middleware")):
        middleware = call.positional(0) or call.keyword("middleware_class")
        if middleware and middleware.real_name in _MIDDLEWARE and not call.has_keyword("allow_origin_regex"):
            yield call
    yield from file.calls_to(*_MIDDLEWARE)
