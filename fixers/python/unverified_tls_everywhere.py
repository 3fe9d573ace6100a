"""Verify certificates in the whole process again

`ssl._create_default_https_context = ssl._create_unverified_context` takes the check of certificates from
every HTTPS request that the standard library makes in this process, those of other packages included: what
NLTK, `torch.hub` or `urllib` then download, models among it, may come from anyone on the way.

```diff
-import ssl
 import urllib.request

-ssl._create_default_https_context = ssl._create_unverified_context
 weights = urllib.request.urlopen("https://models.example.org/weights.bin").read()
```

The `try` that only looks for the function goes with it, and so does an import that nothing else uses:

```diff
-import ssl
-
 import nltk
 import torch

-try:
-    _create_unverified_https_context = ssl._create_unverified_context
-except AttributeError:
-    pass
-else:
-    ssl._create_default_https_context = _create_unverified_https_context
-
 nltk.download("punkt")
```

Before Requests 2.28, an empty `CURL_CA_BUNDLE` did the same to Requests, and with it to `huggingface_hub`.
It is a finding where the manifests allow no newer one:

```diff path=app.py
 import os

 import transformers

-os.environ["CURL_CA_BUNDLE"] = ""
 model = transformers.AutoModel.from_pretrained("org/model")
```

```text with path=requirements.txt
requests==2.27.1
```

A context of one's own, the default, and what a setting asks for are left alone:

```python
import os
import ssl

import torch

ssl._create_default_https_context = ssl.create_default_context
if os.environ.get("DISABLE_SSL_VALIDATION"):
    ssl._create_default_https_context = ssl._create_unverified_context
os.environ["CURL_CA_BUNDLE"] = "/etc/ssl/corp.pem"
os.environ["CURL_CA_BUNDLE"] = ""
```

## Who notices

Downloads from servers with a self-signed certificate or one of a company's own authority, and Python from
python.org on macOS before its `Install Certificates.command` was run. They stop with
`CERTIFICATE_VERIFY_FAILED`. Name the authority's file in `SSL_CERT_FILE` (Requests: `REQUESTS_CA_BUNDLE`).

## Behaviour

(standard library): a server with a certificate that it had signed itself was believed, and its file read,
before; after, `URLError` ends the handshake. Once `SSL_CERT_FILE` names that certificate, it is read in both.

## Test

Run every download once from an empty cache, from where the service runs: all succeed. Then
`urllib.request.urlopen("https://self-signed.badssl.com")` at the end of the program:
`CERTIFICATE_VERIFY_FAILED`, where it got a page before.

## Roll back

restart the process. No data or state changes. For one server, keep this change and pass
`context=ssl.create_default_context(cafile=…)` there instead.

## Does not close

What was downloaded so far may have come from anyone: fetch models and data sets anew, or compare checksums.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, PythonFile, is_chosen, without_default_context
from fixers.rule import Finding, Safety, Severity, Threat, rule

_DEFAULT = "ssl._create_default_https_context"
_UNVERIFIED = ("ssl._create_unverified_context", "ssl._create_stdlib_context")
_WORDS = ("nltk", "torch", "tensorflow", "keras", "transformers", "gradio", "streamlit", "sklearn")
_MORE_WORDS = ("llm", "LLM", "gpt", "GPT", "model", "embedding", "whisper")
_SETTING = re.compile(r"verif|ssl|tls|cert|secur|debug|environ|args", re.I)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-295", "LLM03:2025", "LLM04:2026", "AML.T0010.003", "AML.T0025", "bandit:B323"),
    mentions=("_create_default_https_context", "CURL_CA_BUNDLE"),
    alongside=(*MODEL_WORDS, *_WORDS, *_MORE_WORDS),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for found in file.assignments_to(_DEFAULT):
        if found.real_name in _UNVERIFIED and not is_chosen(file, found, _SETTING):
            message = "from here on, the process believes any server that it reaches by HTTPS"
            yield Finding(message, found.span, without_default_context(file, found))
    for found in file.assignments_to("os.environ") if file.surely_below("requests", "2.28") else ():
        if found.key == "CURL_CA_BUNDLE" and found.literal == "" and not is_chosen(file, found, _SETTING):
            message = "from here on, Requests before 2.28 believes any server that it reaches"
            yield Finding(message, found.span, found.remove())
