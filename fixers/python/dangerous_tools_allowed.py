"""Decide which addresses and tools a model may reach

LangChain asks for `allow_dangerous_requests=True` before it lets a model send requests of its own to any
address, and for `allow_dangerous_tools=True` before it loads tools that do. From there a prompt that somebody
else wrote reaches what this host reaches: the cloud's metadata, internal services, the accounts of the
headers that are sent along. Without the flag LangChain raises an error, so Suture names the place and changes
nothing.

```python found
from langchain_community.agent_toolkits.openapi.toolkit import RequestsToolkit

toolkit = RequestsToolkit(requests_wrapper=wrapper, allow_dangerous_requests=True)
```

```python found
from langchain_community.agent_toolkits.load_tools import load_tools

tools = load_tools(["requests_all"], allow_dangerous_tools=True)
```

What to do, best first: give the model one tool for each request that it needs, with the address in the code
and only its parameters left open; or send through a proxy that knows the few hosts that are meant; and keep
headers with credentials out of the wrapper.

What asks first, or decides elsewhere, is left alone, and so is another function's keyword:

```python
from langchain_community.agent_toolkits.openapi.toolkit import RequestsToolkit
from mine import Gateway

a = RequestsToolkit(requests_wrapper=wrapper, allow_dangerous_requests=False)
b = RequestsToolkit(requests_wrapper=wrapper, allow_dangerous_requests=settings.requests)
c = Gateway(allow_dangerous_requests=True)
```

## Test

Ask the agent to read `http://169.254.169.254/` and a page of an internal host. Neither may be in the answer.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_LANGCHAIN = re.compile(r"langchain(?:_classic|_community|_experimental)?(?:\.(?!\w+QAChain)\w+)+")
_ITS_OWN = re.compile(r"(?:^|/)langchain_\w+/")
_MESSAGES = {
    "allow_dangerous_requests": "the model may send requests to any address that this host reaches",
    "allow_dangerous_tools": "the model may use tools that reach whatever this host reaches",
}


@rule(
    PythonFile,
    severity=Severity.HIGH,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-918", "LLM06:2025", "LLM03:2026", "ASI02", "AML.T0053"),
    mentions=tuple(_MESSAGES),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or _ITS_OWN.search(file.path):
        return
    for call in file.calls():
        if not _LANGCHAIN.fullmatch(call.name.partition("()")[0]):
            continue
        for name, message in _MESSAGES.items():
            allowed = call.keyword(name)
            if allowed is not None and allowed.value is True:
                yield Finding(message, allowed.span)
