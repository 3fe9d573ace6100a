"""Bound the length of prompts that a route takes in

A text in a request's body may have any length, and the route passes it on to a model: every token of it is
paid for, or computed here, before the model says a word. A few requests with prompts as long as the model
reads cost what thousands of ordinary ones cost. FastAPI refuses a text that is longer than its field's
`max_length` with status 422 before the route is called.

```diff path=app.py
 from fastapi import FastAPI
 from openai import OpenAI
-from pydantic import BaseModel
+from pydantic import BaseModel, Field

 app = FastAPI()
 client = OpenAI()


 class Question(BaseModel):
-    prompt: str
+    prompt: str = Field(max_length=8000)
     user: str = "anonymous"


 @app.post("/chat")
 def chat(question: Question):
     return client.responses.create(model="gpt-5", input=question.prompt).output_text
```

The number is an option (`characters`, 8,000 unless set: about 2,000 tokens of English). A field counts where
its class is a pydantic model of the same file, its name reads like a prompt's (`query`, `message`, `text` …)
and a route that asks a model reads it.

What has a bound, or is looked at by its length, is left alone, and so are routes that ask no model:

```python
from fastapi import FastAPI
from openai import OpenAI
from pydantic import BaseModel, Field

app = FastAPI()
client = OpenAI()


class Question(BaseModel):
    prompt: str = Field(max_length=2000)


class Note(BaseModel):
    text: str


@app.post("/chat")
def chat(question: Question):
    return client.responses.create(model="gpt-5", input=question.prompt).output_text


@app.post("/notes")
def note(note: Note):
    return {"saved": note.text}
```

## Who notices

Callers whose text has more characters than the bound, such as documents that are pasted whole: they get
status 422 with `string_too_long`. The schema at `/openapi.json` says `maxLength` from now on, and clients
that are generated from it check it.

## Behaviour

(FastAPI 0.165): a prompt of a million characters reached the model before, and is answered with 422 and
doesn't reach it after. One of 8,000 characters reaches it in both.

## Test

Send the longest text that an honest caller sends: the answer is as before. Then send one character more than
the bound: the status is 422, and the provider's usage doesn't move.

## Roll back

redeploy, or raise the number in the one field instead. No data or state changes.

## Does not close

Anyone may still ask as often as they like, and longer texts reach the model by other ways: lists of messages,
uploads, retrieved documents. The server reads a long body in whole before it refuses it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import MODEL_WORDS, PythonFile, routes
from fixers.rule import Finding, Safety, Severity, Threat, rule

_PROMPTS = re.compile(
    r"(?:user_?|input_?)?(?:prompt|question|query|message|text|content|input|instructions?|task|msg)(?:_text)?"
)


@dataclass(frozen=True, slots=True)
class Options:
    """`characters`: the most that a text may have."""

    characters: int = 8000


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-1284", "CWE-770", "LLM10:2025", "LLM06:2026", "AML.T0034.001"),
    mentions=("BaseModel",),
    alongside=MODEL_WORDS,
    options=Options,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    if file.is_test:
        return
    asking = [route for route in routes(file) if route.function.asks_a_model]
    fields = {field.span: field for route in asking for field in route.text_fields}
    for span, field in sorted(fields.items()):
        if _PROMPTS.fullmatch(field.name):
            yield Finding(
                f"`{field.name}` goes to a model and may have any length",
                span,
                field.limit(options.characters),
            )
