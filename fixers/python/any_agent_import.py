"""Name the packages that the code of an agent may import

smolagents runs the Python that a model writes, and its interpreter refuses imports that aren't allowed. With
`additional_authorized_imports=["*"]` it refuses none: the code may import `os` and `subprocess`, and whoever
can put words into the prompt, by a web page that the agent reads, say, runs programs on this machine. Which
packages the tasks need isn't written anywhere, so Suture names the place and changes nothing.

```python found
from smolagents import CodeAgent, InferenceClientModel

agent = CodeAgent(tools=[], model=InferenceClientModel(), additional_authorized_imports=["*"])
```

```python found
from smolagents import PythonInterpreterTool

tool = PythonInterpreterTool(authorized_imports=["numpy", "*"])
```

What to do, best first: run the code in a sandbox (`executor_type="docker"`, or `"e2b"`), where it may import
what it likes; or name what the tasks need, such as `["numpy", "pandas"]`. An import that isn't named fails
with `InterpreterError`, and the model reads which are allowed.

An agent whose code runs in a sandbox, or whose list is named or comes from elsewhere, is left alone:

```python
from smolagents import CodeAgent

a = CodeAgent(tools=[], model=model, additional_authorized_imports=["numpy", "pandas"])
b = CodeAgent(tools=[], model=model, additional_authorized_imports=["*"], executor_type="docker")
c = CodeAgent(tools=[], model=model, additional_authorized_imports=args.imports)
```

## Test

Ask the agent to run `import os; print(os.getcwd())`. With a list the import is refused; in a sandbox the
folder isn't this machine's. Then run the tasks that the agent is for, and look in its log for `is not
allowed`.

## Roll back

Nothing is changed, so there is nothing to roll back.

## Does not close

The interpreter is no sandbox, with a list neither: an allowed package such as `pandas` reads files and opens
addresses by its own functions.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_RUNNERS = re.compile(
    r"smolagents(?:\.\w+)*\.(?:CodeAgent|LocalPythonExecutor|LocalPythonInterpreter|PythonInterpreterTool)"
)
_KEYWORDS = ("additional_authorized_imports", "authorized_imports")
_SANDBOXES = ("executor_type", "executor", "use_e2b_executor")
"""Keywords that say where the code runs instead; `use_e2b_executor` is that of smolagents before 1.10."""


@rule(
    PythonFile,
    severity=Severity.HIGH,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-94", "LLM06:2025", "LLM03:2026", "ASI05", "AML.T0050", "AML.T0053"),
    mentions=("authorized_imports",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls():
        if not _RUNNERS.fullmatch(call.name):
            continue
        where = [value for name in _SANDBOXES if (value := call.keyword(name))]
        if any(value.literal != "local" for value in where):
            continue
        listed = next((value for name in _KEYWORDS if (value := call.keyword(name))), None)
        allowed = listed.value if listed else None
        if listed is not None and isinstance(allowed, (list, tuple)) and "*" in allowed:
            yield Finding("code that the model writes may import anything", listed.span)
