"""Let OpenAI keep no copy of requests and answers

The Responses API keeps each request and its answer for at least 30 days unless `store=False` says otherwise,
and shows them to everyone with access to the project's dashboard. Chat completions are kept where
`store=True` asks for it. Whoever gets a key or a login of the project reads what users wrote long after the
service forgot it.

```diff
 from openai import OpenAI

 client = OpenAI()
-answer = client.responses.create(model="gpt-5", input=question)
+answer = client.responses.create(model="gpt-5", input=question, store=False)
-reply = client.chat.completions.create(model="gpt-4o", messages=messages, store=True)
+reply = client.chat.completions.create(model="gpt-4o", messages=messages)
```

A file that goes on from an earlier answer (`previous_response_id`, `conversation`, `responses.retrieve`,
`background=True`) needs it to be kept, and is left alone. So are calls that decide elsewhere, servers of
other makers behind `base_url`, and tests. Where items of an answer are handed back, a person has to look.

```python
from openai import OpenAI

client = OpenAI()
client.responses.create(model="gpt-5", input=question, store=False)
client.responses.create(model="gpt-5", input=question, store=settings.store)
client.chat.completions.create(model="gpt-4o", messages=messages)
```

An organisation with zero data retention keeps nothing either way: switch this rule off there.

## Who notices

Whoever reads answers in the dashboard, or makes evaluations and training data of them. Reasoning between two
calls with tools is lost unless `include=["reasoning.encrypted_content"]` is asked for and handed back.
Another file that retrieves the answer by its id gets a 404.

## Test

Ask once and look at the dashboard's logs: no entry appears. `client.responses.retrieve(answer.id)` raises
`NotFoundError`.

## Roll back

restart the process. What was kept before stays until it is deleted or its time is over; what wasn't kept is
not there afterwards either.

## Does not close

OpenAI keeps abuse-monitoring logs of up to 30 days by its own terms, unless the organisation has zero data
retention. Answers that were kept before this change are still there.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch
from fixers.rule import Finding, Refusal, Safety, Severity, Threat, rule

_CLIENTS = ("openai.OpenAI", "openai.AsyncOpenAI", "openai.AzureOpenAI", "openai.AsyncAzureOpenAI")
_VERBS = ("create", "parse", "stream")
_RESPONSES = tuple(f"{client}().responses.{verb}" for client in _CLIENTS for verb in _VERBS)
_CHATS = Switch(
    tuple(f"{client}().chat.completions.{verb}" for client in _CLIENTS for verb in _VERBS), "store"
)
_STORED = Switch(_RESPONSES, "store", instead="False")
_NEEDS_IT = re.compile(
    r"previous_response_id|conversation\s*=|responses\.retrieve|responses\.cancel|input_items|background\s*=\s*True"
)
_HANDED_BACK = re.compile(r"\.output\b(?!_)")
_LOOKED_UP = (
    "items of an answer are handed back, and OpenAI looks up a reasoning model's by their id unless"
    " `reasoning.encrypted_content` is asked for"
)
_MESSAGE = "OpenAI keeps this request and its answer"


@rule(
    PythonFile,
    severity=Severity.INFO,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-359", "LLM02:2025", "LLM02:2026", "AML.T0057"),
    mentions=("responses", "store"),
    alongside=("openai",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or any(client.has_keyword("base_url") for client in file.calls_to(*_CLIENTS)):
        return
    for call, _, changes in file.switched(_CHATS):
        yield Finding(_MESSAGE, call.span, changes)
    if _NEEDS_IT.search(file.text.content):
        return
    refused = (Refusal(_LOOKED_UP),) if _HANDED_BACK.search(file.text.content) else None
    for call, _, changes in file.switched(_STORED):
        yield Finding(_MESSAGE, call.span, refused or changes)
    for call in file.calls_to(*_RESPONSES):
        if not call.has_keyword("store") and not call.has_keyword("extra_body"):
            yield Finding(f"{_MESSAGE} by default", call.span, refused or call.add_keyword("store", "False"))
