"""Decide whether a Bedrock guardrail has to look at the prompts

These calls send prompts to a model on Bedrock and take its answers as they come. A guardrail is a policy of
the account (topics, personal data, words, prompt attacks) that Bedrock applies to both, and it takes one
argument in the call. Whether one is wanted, and which, only the account knows: Suture changes nothing.

```python found
import boto3

client = boto3.client("bedrock-runtime")
answer = client.converse(modelId=model, messages=messages)
```

What to do: make a guardrail (`aws bedrock create-guardrail`), and pass
`guardrailConfig={"guardrailIdentifier": ID, "guardrailVersion": "1"}` to `converse`, or
`guardrailIdentifier=` and `guardrailVersion=` to `invoke_model`. An IAM policy with the condition
`bedrock:GuardrailIdentifier` refuses calls without it, from wherever they come.

A file that speaks of a guardrail is left alone, and so are embeddings, tests, and calls whose arguments come
from elsewhere. One finding is made for a file, at its first call.

```python
import boto3

client = boto3.client("bedrock-runtime")
vector = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
answer = client.converse(**request)
```

## Test

With a guardrail that refuses a topic, ask about that topic: `stopReason` is "guardrail_intervened".

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_METHODS = ("converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream")
_CALL = re.compile(rf"boto3\.(?:Session\(\)\.|session\.Session\(\)\.)?client\(\)\.(?:{'|'.join(_METHODS)})")
_NO_TEXT = re.compile(r"embed|rerank|image|canvas|stability|video|nova-reel|sonic", re.I)


@rule(
    PythonFile,
    severity=Severity.INFO,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-693", "LLM01:2025", "LLM01:2026", "AML.T0054"),
    mentions=(".converse", ".invoke_model"),
    alongside=("boto3",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or "guardrail" in file.text.content.lower():
        return
    calls = (call for method in _METHODS for call in file.method_calls(method) if _asks_for_text(call))
    first = min(calls, key=lambda call: call.span, default=None)
    if first is not None:
        yield Finding("no guardrail looks at what goes to the model and comes back", first.span)


def _asks_for_text(call: Call) -> bool:
    """Whether it is Bedrock's, written out in full, and of a model that isn't for vectors or pictures."""
    if not _CALL.fullmatch(call.name) or call.has_keyword("guardrailConfig"):
        return False
    model = call.keyword("modelId")
    named = model.value if model else ""
    written = named if isinstance(named, str) else model.code if model else ""
    return not _NO_TEXT.search(written) and not _NO_TEXT.search(call.scope.name)
