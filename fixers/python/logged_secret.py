"""Say in the log that there is a key, not which

Logs are read by more people than keys are meant for, are kept for months and are sent on: to a log service,
into a ticket, into the context of an agent that reads its own output. Whoever finds a key there spends the
account's money with it until somebody notices.

```diff
 import logging
 import os

 from openai import OpenAI

 logger = logging.getLogger(__name__)
 api_key = os.environ["OPENAI_API_KEY"]
-logger.info("calling with %s", api_key)
+logger.info("calling with %s", bool(api_key))
 client = OpenAI(api_key=api_key)
```

What a name such as `api_key`, `secret_key`, `hf_token`, `access_token` or `client_secret` stands for counts,
in files that speak of models. A statement that shows nothing else goes:

```diff
 import os

 import openai

 openai.api_key = os.getenv("OPENAI_API_KEY")
-print(openai.api_key)
-print(f"{openai.api_base}: {openai.api_key=}")
+print(f"{openai.api_base}: {bool(openai.api_key)=}")
```

A key that the file has just made, and that somebody has to see once, is left alone, and so are tests, parts
of keys, questions whether there is one, and tokens of texts:

```python
import openai

print(f"key: {api_key[:4]}…{len(api_key)}")
print("key is set:", bool(api_key), api_key is not None, mask(api_key))
print(f"{tokens} tokens, next {token}, {max_tokens=}, {api_key_name}")
```

## Who notices

People who read the key from the log or the terminal. They see `True` or `False` instead.

## Behaviour

(standard library, the SDK made up): the log held the key before, and holds `calling with True` after. The
client has the same key in both.

## Test

Start the program and make one call, with logging at its most detailed:
`… 2>&1 | grep -F -c "$OPENAI_API_KEY"` prints a number before this change and 0 after it.

## Roll back

restart the process, which logs the key again. No data or state changes.

## Does not close

Logs that were written so far, and their copies, still hold the key: replace the key, or delete them.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, PythonFile, Shown, shown
from fixers.rule import Finding, Safety, Severity, Threat, rule

_SECRET = re.compile(
    r"(?:\w*_)?(?:api_?key|secret_?key|access_?key|client_secret|api_?secret|secret_access_key"
    r"|(?:hf|hugging_?face(?:_?hub)?|api|auth|access|bearer|bot|refresh|github|slack)_?(?:api_?)?token)",
    re.I,
)
_HARMLESS = re.compile(
    r"mask|redact|hidden|hash|encrypt|public|fake|dummy|mock|example|missing|invalid|expected|has_|is_|no_|use_"
    r"|\be_|err|need|require|num_|count|name_of|safe|censor|short|prefix|preview|obfusc",
    re.I,
)
_MAKES = re.compile(
    r"token_(?:urlsafe|hex|bytes)|(?:generate|create|issue|mint|new)_(?:\w*_)?(?:(?:api|access|secret)_?)?key"
    r"|(?:generate|create|issue|mint)_(?:api|access|auth)_?token\b",
    re.I,
)
"""It shows somebody a key of its own."""


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-532", "LLM02:2025", "LLM02:2026", "AML.T0055"),
    mentions=("key", "KEY", "token", "TOKEN", "secret", "SECRET"),
    alongside=(*MODEL_WORDS, "llm", "LLM", "gpt", "GPT", "gemini", "vllm", "transformers", "embedding"),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or _MAKES.search(file.text.content):
        return
    for value in shown(file):
        if _SECRET.fullmatch(value.name) and not _HARMLESS.search(value.code):
            yield _finding(value)


def _finding(value: Shown) -> Finding:
    changes = value.removed() if value.is_all else value.told_as_bool()
    return Finding(f"`{value.name}` is shown to whoever reads the log", value.call.span, changes)
