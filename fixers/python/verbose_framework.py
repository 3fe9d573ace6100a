"""Turn off the output that frameworks print for debugging

LiteLLM's `set_verbose` and LangChain's `debug` and `verbose` print every request and every answer in full:
prompts, retrieved documents, arguments of tools, and LiteLLM's with the headers of a request. In a service
that output is its log, which is kept for longer and read by more people than the data in it was meant for.

```diff
 import litellm
 from langchain_core.globals import set_debug

-litellm.set_verbose = True
+litellm.set_verbose = False
-set_debug(True)
+set_debug(False)
```

`False` is the default of each, so the line may go as well.

What an `if` asks for, a function that is named for it, and what decides elsewhere are left alone, and so are
tests:

```python
import litellm
from langchain_core.globals import set_debug

if args.debug:
    set_debug(True)
litellm.set_verbose = settings.debug
```

## Who notices

Whoever reads that output on the terminal. For one run, `LITELLM_LOG=DEBUG` in the environment brings
LiteLLM's back, and a temporary `set_debug(True)` LangChain's.

## Test

Ask once with a prompt that holds a made-up word, then `grep` the output of the service for that word: nothing
is found. Before, the request stood there in full.

## Roll back

restart the process. What was printed before stays where the output is kept.

## Does not close

What the service logs itself, `verbose=True` of a single chain or agent, and earlier logs.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch, is_asked_for
from fixers.rule import Finding, Safety, Severity, Threat, rule

_ATTRIBUTES = ("litellm.set_verbose", "langchain.debug", "langchain.verbose")
_CALLS = Switch(
    tuple(
        f"{package}.globals.set_{what}"
        for package in ("langchain", "langchain_core", "langchain_classic")
        for what in ("debug", "verbose")
    ),
    "value",
    instead="False",
    position=0,
)
_MESSAGE = "every prompt and every answer is printed"


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-532", "CWE-489", "LLM02:2025", "LLM02:2026", "AML.T0057"),
    mentions=("set_verbose", "set_debug", "langchain.debug", "langchain.verbose"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for assignment in file.assignments_to(*_ATTRIBUTES):
        if assignment.literal is True and not is_asked_for(assignment):
            yield Finding(_MESSAGE, assignment.span, assignment.replace("False"))
    for call, _, changes in file.switched(_CALLS):
        if not is_asked_for(call):
            yield Finding(_MESSAGE, call.span, changes)
