"""Let the environment decide whether traces leave the service

This line sends every prompt, every answer and every tool's arguments to LangSmith, wherever the code runs and
whoever's data it is: the variable is set by the source, so the environment of a deployment has no say in it.
Without the line the same variable, set outside, decides.

```diff
 import os

 from langchain_openai import ChatOpenAI

-os.environ["LANGCHAIN_TRACING_V2"] = "true"
 model = ChatOpenAI()
```

Tracing that an `if` or a function for it turns on, that is turned off, or that comes from elsewhere is left
alone, and so are tests:

```python
import os

os.environ["LANGCHAIN_TRACING_V2"] = "false"
os.environ["LANGSMITH_TRACING"] = settings.tracing
os.environ.setdefault("LANGSMITH_TRACING", "true")
if args.trace:
    os.environ["LANGSMITH_TRACING"] = "true"
```

## Who notices

Whoever looks at traces in LangSmith: none arrive until `LANGSMITH_TRACING=true` (or the old
`LANGCHAIN_TRACING_V2=true`) is set where the service runs. Set it there, next to the API key, for each
deployment whose data may leave.

## Behaviour

(standard library's os): tracing was on before where the environment said "false" or nothing, and after is
what the environment says: off, off, and on where it says "true".

## Test

Start the service without the variable and ask once: no new run appears in the project at LangSmith. Set it
and ask again: the run appears.

## Roll back

restart the process. Traces that were sent before stay at LangSmith until its retention ends or they are
deleted.

## Does not close

What was sent already. Where the variable is set outside, everything is sent as before, and
`LANGSMITH_HIDE_INPUTS` and `LANGSMITH_HIDE_OUTPUTS` leave the texts out.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, is_asked_for
from fixers.rule import Finding, Safety, Severity, Threat, rule

_VARIABLES = ("LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGSMITH_TRACING")


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-359", "LLM02:2025", "LLM02:2026", "AML.T0057"),
    mentions=_VARIABLES,
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for assignment in file.assignments_to("os.environ"):
        is_on = str(assignment.literal).lower() == "true"
        if assignment.key in _VARIABLES and is_on and not is_asked_for(assignment):
            message = "every prompt and answer is sent to LangSmith, whatever the environment says"
            yield Finding(message, assignment.span, assignment.remove())
