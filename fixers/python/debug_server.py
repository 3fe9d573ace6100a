"""Serve models without the debugger

With `debug=True`, Flask answers an error with Werkzeug's debugger: the source, the values of every variable
(prompts, keys of providers), and a console that runs Python in the service. A PIN guards the console, no more
than that, and whoever can read a few files of the machine computes it. FastAPI's `debug=True` sends the
traceback and the source around it to whoever causes an error.

```diff
 from fastapi import FastAPI
 from openai import OpenAI

 client = OpenAI()
-app = FastAPI(title="chat", debug=True)
+app = FastAPI(title="chat")
```

```diff
 from flask import Flask
 from transformers import pipeline

 app = Flask(__name__)
 generate = pipeline("text-generation")

 if __name__ == "__main__":
-    app.run(host="0.0.0.0", port=8080, debug=True)
+    app.run(host="0.0.0.0", port=8080)
```

Whoever develops still has it for one run: `FLASK_DEBUG=1 python app.py`.

What decides elsewhere is left alone, and so are tests, files that have nothing to do with models, and
uvicorn's `reload`, which shows nobody anything:

```python
import uvicorn
from flask import Flask
from openai import OpenAI

app = Flask(__name__)
app.run(debug=settings.debug)
app.run(debug=False)
uvicorn.run("app:app", reload=True)
```

## Who notices

Developers: no debugger in the browser and no restart when a file changes, unless `FLASK_DEBUG=1` is set for
the run. Errors are answered with a plain 500 page; the traceback goes to the log as before.

## Behaviour

(FastAPI 0.165): whoever made a route fail was shown the line of source with a key in it before, and reads
"Internal Server Error" after. A route that works answers the same in both.

## Test

Make a route raise an error and open it: the page says "Internal Server Error" and shows no source. Before,
Flask showed the traceback with a console beside each line.

## Roll back

restart the service. `FLASK_DEBUG=1` in the environment does the same for Flask without a revert. No data or
state changes.

## Does not close

Flask's own server is not made for the public, with or without the debugger: see gunicorn or waitress. What
listens on `0.0.0.0` still does.
"""

from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, PythonFile, Switch
from fixers.rule import Finding, Safety, Severity, Threat, rule

_FLASK = Switch(("flask.Flask().run", "flask.app.Flask().run", "flask_socketio.SocketIO().run"), "debug")
_FASTAPI = Switch(
    ("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette"), "debug"
)


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-489", "CWE-94", "LLM02:2025", "LLM02:2026", "AML.T0049", "bandit:B201"),
    mentions=("debug",),
    alongside=(*MODEL_WORDS, "torch", "transformers", "diffusers", "tensorflow", "vllm", "vertexai"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call, switch, changes in file.switched(_FLASK, _FASTAPI):
        if switch is _FLASK:
            yield Finding("whoever causes an error is shown a debugger", call.span, changes)
        else:
            message = "whoever causes an error is shown the source around it"
            yield Finding(message, call.span, changes, severity=Severity.LOW)
