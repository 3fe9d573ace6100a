"""Let an agent stop after a number of steps

An agent asks its model again after each step until the model says that it is done. A limit of steps is what
ends the run when it never does: a tool that keeps failing, or a page that tells the agent to go on. With
`max_iterations=None`, or a limit that nothing reaches, it goes on asking at your cost, and acting.

```diff
 from langchain.agents import AgentExecutor

-executor = AgentExecutor(agent=agent, tools=tools, max_iterations=None)
+executor = AgentExecutor(agent=agent, tools=tools)
```

```diff
 from agents import Runner

-result = Runner.run_sync(agent, question, max_turns=10_000)
+result = Runner.run_sync(agent, question)
```

The library's own limit takes over: 15 steps in LangChain, 10 turns in the OpenAI Agents SDK, 20 steps in
smolagents, 25 in CrewAI. A limit that is written, comes from elsewhere or counts the time is left alone:

```python
from agents import Runner
from langchain.agents import AgentExecutor

a = AgentExecutor(agent=agent, tools=tools, max_iterations=100)
b = AgentExecutor(agent=agent, tools=tools, max_iterations=None, max_execution_time=120)
c = Runner.run_sync(agent, question, max_turns=settings.turns)
```

## Who notices

Tasks that honestly take more steps. LangChain answers `Agent stopped due to iteration limit or time limit.`,
the OpenAI Agents SDK raises `MaxTurnsExceeded`, smolagents and CrewAI ask the model for the best answer so
far.

## Before merging

Look in the traces for the longest run that ended well. If it took more steps than the library's limit, write
that number and some room in the place of what was taken out.

## Test

Give the agent a tool that always answers `try again`. Before the change the run goes on until you stop it;
after it, it ends at the limit. Then run its longest usual task: it ends as before.

## Roll back

restart the process. No data or state changes.

## Does not close

Each step may still cost as much as the model allows, and a caller may start any number of runs.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_LANGCHAIN = r"langchain(?:_classic|_community|_experimental)?(?:\.\w+)*"
_LIMITS = (
    (
        re.compile(
            rf"{_LANGCHAIN}\.(?:AgentExecutor(?:\.from_agent_and_tools)?|initialize_agent|create_\w+_agent)"
        ),
        "max_iterations",
    ),
    (re.compile(r"agents(?:\.run)?\.Runner\.run(?:_sync|_streamed)?"), "max_turns"),
    (re.compile(r"smolagents(?:\.agents)?\.(?:CodeAgent|ToolCallingAgent|MultiStepAgent)"), "max_steps"),
    (re.compile(r"crewai(?:\.agent)?\.Agent"), "max_iter"),
)
_TAKES_NONE = ("max_iterations", "max_turns")
"""Of these keywords, None means that there is no limit; elsewhere it is the default, or an error."""
_NOBODY_REACHES = 1_000
_TIMED = ("max_execution_time", "timeout")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-835", "CWE-770", "LLM10:2025", "LLM06:2026", "ASI08", "AML.T0034.002"),
    mentions=("max_iterations", "max_turns", "max_steps", "max_iter"),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls():
        keyword = next((name for pattern, name in _LIMITS if pattern.fullmatch(call.name)), "")
        if keyword and _is_unlimited(call, keyword):
            yield Finding("nothing ends the agent's run", call.span, call.remove_keyword(keyword))


def _is_unlimited(call: Call, keyword: str) -> bool:
    limit = call.keyword(keyword)
    if limit is None or any(call.has_keyword(name) for name in _TIMED):
        return False
    number = limit.literal
    if number is None:
        return keyword in _TAKES_NONE
    return isinstance(number, (int, float)) and number >= _NOBODY_REACHES
