"""Decide where code that a model writes may run

A tool that runs what the model writes gives the model, and whoever can put words into its prompt, the
rights of this process: its files, its credentials, its network. Restrictions inside the interpreter
(an allow list of imports, empty builtins) have been walked around again and again. Suture names
each such tool and changes nothing: taking the tool away takes the function away.

```python found
from langchain_experimental.tools import PythonREPLTool

tools = [PythonREPLTool()]
```

```python found
from langchain_experimental.agents import create_pandas_dataframe_agent

agent = create_pandas_dataframe_agent(llm, frame, allow_dangerous_code=True)
```

What to do, best first: run the code in a container or a hosted sandbox without credentials and
with a network that reaches only what it needs (`DockerCommandLineCodeExecutor` of AutoGen, a code
interpreter of the provider); replace the tool by the few functions that are really needed; ask a
person before each run.

Executors that isolate are left alone, and so is a class that only has the name:

```python
from autogen_ext.code_executors.docker import DockerCommandLineCodeExecutor
from mine import PythonREPLTool, ShellTool

executor = DockerCommandLineCodeExecutor(image="python:3.13-slim")
tools = [PythonREPLTool(), ShellTool()]
```

## Test

Ask the agent to print the environment and to list `/`. In a sandbox neither shows anything of the
service's own.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_LANGCHAIN = r"langchain(?:_experimental|_community|_classic)?(?:\.\w+)*"
_TOOLS = re.compile(
    rf"{_LANGCHAIN}\.(?:Python(?:Ast)?REPL(?:Tool)?|ShellTool|BashProcess)"
    rf"|{_LANGCHAIN}\.(?:PALChain|LLMBashChain)(?:\.from_\w+)?"
    rf"|{_LANGCHAIN}\.create_python_agent"
    r"|(?:autogen|autogen_ext|ag2)(?:\.\w+)*\.LocalCommandLineCodeExecutor"
    r"|llama_index(?:\.\w+)*\.(?:Pandas|Polars)QueryEngine"
    r"|(?:agno|phi)\.tools\.(?:python\.PythonTools|shell\.ShellTools)"
)
_FRAME_AGENTS = re.compile(rf"({_LANGCHAIN})\.create_(?:pandas_dataframe|csv|spark_dataframe|xorbits)_agent")
_LOADERS = re.compile(rf"{_LANGCHAIN}\.load_tools")
_LOADED = {"python_repl", "terminal"}
_NAMES = (
    *("REPL", "ShellTool", "BashProcess", "PALChain", "LLMBashChain", "LocalCommandLineCodeExecutor"),
    *("PandasQueryEngine", "PolarsQueryEngine", "PythonTools", "CodeInterpreterTool", "load_tools"),
    *("create_python_agent", "_dataframe_agent", "create_csv_agent", "create_xorbits_agent"),
)
_INTERPRETERS = re.compile(r"crewai_tools(?:\.\w+)*\.CodeInterpreterTool")


@rule(
    PythonFile,
    severity=Severity.HIGH,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-94", "LLM06:2025", "LLM03:2026", "AML.T0050", "AML.T0053"),
    mentions=_NAMES,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls():
        if _runs_code(call):
            name = call.name.partition(".from_")[0].rpartition(".")[2]
            yield Finding(f"`{name}` runs what a model writes with the rights of this process", call.span)


def _runs_code(call: Call) -> bool:
    allowed = call.keyword("allow_dangerous_code")
    if _TOOLS.fullmatch(call.name):
        return allowed is None or allowed.literal is not False
    if agent := _FRAME_AGENTS.fullmatch(call.name):
        asks_first = "langchain_experimental" in agent[1]
        return allowed.literal is True if allowed else not asks_first
    if _LOADERS.fullmatch(call.name):
        names = call.positional(0) or call.keyword("tool_names")
        listed = names.literal if names else None
        return isinstance(listed, (list, tuple)) and bool(_LOADED & set(map(str, listed)))
    unsafe = call.keyword("unsafe_mode") if _INTERPRETERS.fullmatch(call.name) else None
    return unsafe is not None and unsafe.literal is True
