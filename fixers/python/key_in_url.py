"""Send the Gemini key in a header, not in the address

Addresses are written down where headers aren't: in the logs of proxies and servers, in traces, and in the
message of every HTTP error that `requests` and `httpx` raise, which programs print, return to their user or
hand to the model. Google takes the key in `x-goog-api-key` as well.

```diff
 import requests

 MODELS = "https://generativelanguage.googleapis.com/v1beta/models"


 def ask(model, body, api_key):
-    url = f"https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent?key={api_key}"
-    headers = {"Content-Type": "application/json"}
+    url = f"https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent"
+    headers = {"x-goog-api-key": api_key, "Content-Type": "application/json"}
     answer = requests.post(url, headers=headers, json=body, timeout=60)
     answer.raise_for_status()
     return answer.json()
```

A request without headers gets them:

```diff
 import httpx
 from settings import KEY

 answer = httpx.get(
-    f"https://generativelanguage.googleapis.com/v1beta/models?key={KEY}&pageSize=50",
+    "https://generativelanguage.googleapis.com/v1beta/models?pageSize=50",
     timeout=60,
+    headers={"x-goog-api-key": KEY},
 )
```

An address that isn't seen to go to one request, headers that others share, and a socket are left to a person:

```python found
import websockets

uri = f"wss://generativelanguage.googleapis.com/ws/v1beta.GenerativeService.BidiGenerateContent?key={api_key}"
session = websockets.connect(uri)
```

A key in a header, and services that take it in the address only, are left alone:

```python
import requests

url = "https://generativelanguage.googleapis.com/v1beta/models"
requests.get(url, headers={"x-goog-api-key": key}, timeout=60)
requests.get(f"https://serpapi.example/search?key={key}", timeout=60)
```

## Who notices

Proxies and gateways of one's own that take the key from the address and pass no headers on. They answer 403,
or pass on Google's, as for a call without a key.

## Behaviour

(Requests 2.34): the text of the error for status 404 held the key before, and doesn't
after. The server, made up here, gets the key in both, in the address before and in the header after.

## Test

Make one call: it succeeds. Make another for a model that doesn't exist: the error that is printed or returned
holds an address without `key=`.

## Roll back

restart the process, which sends the key in the address again. No data or state changes.

## Does not close

Logs and error reports that were written so far still hold the key: replace it.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, keyed_urls
from fixers.rule import Finding, Safety, Severity, Threat, rule

_HOST = "generativelanguage.googleapis.com"


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-598", "CWE-532", "LLM02:2025", "LLM02:2026", "AML.T0055"),
    mentions=(_HOST,),
)
def check(file: PythonFile) -> Iterator[Finding]:
    for url in () if file.is_test else keyed_urls(file, _HOST, "key"):
        message = "the key stands in the address, which logs and errors repeat"
        yield Finding(message, url.span, url.into_header("x-goog-api-key"))
