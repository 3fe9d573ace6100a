"""Run the code that agents write in a container

With `"use_docker": False` AutoGen runs what its agents write as this process: with its files, its
credentials, its network. So does CrewAI up to 1.13 with `code_execution_mode="unsafe"`. Whoever can put words
into the conversation, by a web page that an agent reads, say, has code run here.

```diff
 import autogen

 user = autogen.UserProxyAgent(
     "user",
     human_input_mode="NEVER",
-    code_execution_config={"work_dir": "coding", "use_docker": False},
+    code_execution_config={"work_dir": "coding", "use_docker": True},
 )
```

```diff
 from crewai import Agent

 analyst = Agent(
     config=settings["analyst"],
     allow_code_execution=True,
-    code_execution_mode="unsafe",
+    code_execution_mode="safe",
 )
```

An agent that runs no code, runs it in a container, or decides elsewhere is left alone:

```python
import autogen

a = autogen.AssistantAgent("a", code_execution_config=False)
b = autogen.UserProxyAgent("b", code_execution_config={"work_dir": "coding"})
c = autogen.UserProxyAgent("c", code_execution_config={"use_docker": "python:3.13-slim"})
d = autogen.UserProxyAgent("d", code_execution_config={"use_docker": settings.docker})
```

CrewAI 1.14 took this way of running code out, so nothing is found where it is pinned.

## Who notices

Whoever starts the agents where Docker isn't running: AutoGen raises `RuntimeError` when the agent is made.
Code that reads files outside `work_dir`, or uses packages that the image lacks, fails in the container.

## Before merging

1. See that Docker runs wherever the agents do, and that this user may use it.
2. Where the process itself runs in a container, AutoGen runs the code in that one, beside the service: take
   the service's credentials out of it first.

## Test

Let the agent print `os.environ` and list `/home`. Before the change it shows this machine's; after it, the
container's, and `docker ps` names one while the code runs.

## Roll back

restart the agents. The containers' image stays on the machine; no data changes.

## Does not close

The container has the network, and `work_dir` is shared with it: what is written there is the agents'.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_AUTOGEN = re.compile(
    r"autogen(?:\.agentchat)?(?:\.\w+)*\."
    r"(?:UserProxyAgent|AssistantAgent|ConversableAgent|GPTAssistantAgent|RetrieveUserProxyAgent"
    r"|CompressibleAgent|TeachableAgent|MathUserProxyAgent)"
)
_CREWAI = ("crewai.Agent", "crewai.agent.Agent")
_LAST_CREWAI = "1.14"


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-94", "LLM06:2025", "LLM03:2026", "ASI05", "AML.T0050", "AML.T0105"),
    mentions=("use_docker", "code_execution_mode"),
    before_deploy=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls():
        if _AUTOGEN.fullmatch(call.name):
            yield from _of_autogen(call)
    if not file.surely_at_least("crewai", _LAST_CREWAI):
        for call in file.calls_to(*_CREWAI):
            yield from _of_crewai(call)


def _of_autogen(call: Call) -> Iterator[Finding]:
    config = call.keyword("code_execution_config")
    docker = config.item("use_docker") if config else None
    if docker is not None and docker.literal is False:
        yield Finding("what the agents write runs as this process", docker.span, docker.replace("True"))


def _of_crewai(call: Call) -> Iterator[Finding]:
    mode, allowed = call.keyword("code_execution_mode"), call.keyword("allow_code_execution")
    if mode is None or allowed is None or mode.literal != "unsafe" or allowed.literal is not True:
        return
    yield Finding("what the agent writes runs as this process", mode.span, mode.replace('"safe"'))
