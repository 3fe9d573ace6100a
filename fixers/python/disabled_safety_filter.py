"""Decide whether the content filters of the model provider may be off

With `BLOCK_NONE` or `OFF`, Gemini answers whatever its filters would have stopped: harassment, hate, sexual
and dangerous content, by the model's own judgement alone. Cohere's `safety_mode` "NONE" and "OFF" take the
instructions about safety away. Where strangers write the prompts, or prompts hold text from strangers,
nobody but the model stands between those and the reader.

```python found
from google import genai
from google.genai import types

settings = [
    types.SafetySetting(
        category=types.HarmCategory.HARM_CATEGORY_HARASSMENT,
        threshold=types.HarmBlockThreshold.BLOCK_NONE,
    ),
]
```

```python found
import cohere

client = cohere.ClientV2()
answer = client.chat(model="command-a-03-2025", messages=messages, safety_mode="OFF")
```

What to do: write `BLOCK_MEDIUM_AND_ABOVE`, or `BLOCK_ONLY_HIGH` where that stops too much; newer Gemini
models have the filters off by default, so leaving the settings out turns nothing on. For Cohere leave the
keyword out: its default is "CONTEXTUAL". Suture changes nothing, since moderation, evaluation, translation
and red-teaming need such text to come through, and which of these this is isn't written in the code.

One finding is made for a file, at its first such setting. Other thresholds, tables that only list the values,
and what comes from elsewhere are left alone, and so are tests:

```python
from google.genai import types

setting = types.SafetySetting(category="HARM_CATEGORY_HARASSMENT", threshold="BLOCK_ONLY_HIGH")
other = types.SafetySetting(category="HARM_CATEGORY_HARASSMENT", threshold=chosen)
THRESHOLDS = {"none": types.HarmBlockThreshold.BLOCK_NONE}
```

## Test

With the filters on, send the prompts that the service is there for, and see that none comes back with
`finish_reason` SAFETY. Then one that insults somebody: it does.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch, constants
from fixers.rule import Finding, Severity, Span, Threat, rule

_OFF = ("BLOCK_NONE", "OFF")
_ENUM = re.compile(
    r"(?:google|vertexai|langchain_google\w*)(?:\.\w+)*\.HarmBlockThreshold\.(?:BLOCK_NONE|OFF)"
)
_COHERE = Switch(
    tuple(
        f"cohere.{client}().{method}"
        for client in ("Client", "AsyncClient", "ClientV2", "AsyncClientV2")
        for method in ("chat", "chat_stream")
    ),
    "safety_mode",
    values=("NONE", "OFF"),
)


@rule(
    PythonFile,
    severity=Severity.LOW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-693", "LLM01:2025", "LLM01:2026", "LLM09:2025", "LLM07:2026", "AML.T0054"),
    mentions=("BLOCK_NONE", "OFF", "safety_mode", "block_none"),
    alongside=("HARM_CATEGORY", "HarmCategory", "safety_settings", "cohere"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    places = [] if file.is_test else sorted(_places(file))
    if places:
        yield Finding("the provider's content filters are off", places[0])


def _places(file: PythonFile) -> Iterator[Span]:
    yield from (one.span for one in constants(file, _ENUM) if _is_setting(one.given))
    for text in file.strings():
        if text.value.upper() in _OFF and _is_setting(text.name) and not text.is_key:
            yield text.span
    yield from (call.span for call, _, _ in file.switched(_COHERE))


def _is_setting(name: str) -> bool:
    """Whether a value of this name is how much a filter lets through."""
    return name in ("threshold", "safety_settings") or name.startswith("HARM_CATEGORY_")
