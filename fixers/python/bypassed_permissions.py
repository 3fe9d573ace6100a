"""Let agents use the tools that are allowed, and no others

With `permission_mode="bypassPermissions"` the Claude Agent SDK approves every use of every tool, the shell
included; `allowed_tools` holds nothing back, as it only adds approvals. Whoever can put words into the
conversation, by a file or a page that the agent reads, say, has commands run here. In the mode `default` the
list means what it says: what is on it runs, and the rest is refused or asked for.

```diff
 from claude_agent_sdk import ClaudeAgentOptions

 options = ClaudeAgentOptions(
     allowed_tools=["Read", "Grep", "mcp__tickets__search"],
-    permission_mode="bypassPermissions",
+    permission_mode="default",
     max_turns=15,
 )
```

Where no list says what the agent needs, and where a call switches the checks off later, it is left to a
person:

```python found
from claude_agent_sdk import ClaudeAgentOptions

options = ClaudeAgentOptions(cwd="/srv/work", permission_mode="bypassPermissions")
```

```python found
from claude_agent_sdk import ClaudeSDKClient

async with ClaudeSDKClient() as client:
    await client.set_permission_mode("bypassPermissions")
```

An agent in another mode, or one whose mode comes from elsewhere, is left alone:

```python
from claude_agent_sdk import ClaudeAgentOptions

a = ClaudeAgentOptions(allowed_tools=["Read"], permission_mode="acceptEdits")
b = ClaudeAgentOptions(allowed_tools=["Read"], permission_mode=settings.mode)
c = ClaudeAgentOptions(allowed_tools=["Read"])
```

## Who notices

Agents that use a tool which isn't on the list: without `can_use_tool` it is denied, the model is told so and
goes on without it. A `can_use_tool` that was never asked before is asked now, for what isn't on the list.

## Before merging

1. Look through a few past runs for the tools that they used, and add those that are missing to
   `allowed_tools`.
2. Write shell commands with their beginning, such as `Bash(git log:*)`: a plain `Bash` allows all of them.

## Test

Run the agent's usual task: it ends as before. Then ask it to run `touch /tmp/allowed` where `Bash` isn't on
the list: before the change the file is there; after it, the answer says that permission was denied.

## Roll back

restart the agent. Nothing is kept between runs but the session, which either mode resumes.

## Does not close

What is on the list runs unasked, and rules in the settings files that the SDK loads may allow more.
"""

from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_OPTIONS = (
    *("claude_agent_sdk.ClaudeAgentOptions", "claude_agent_sdk.types.ClaudeAgentOptions"),
    *("claude_code_sdk.ClaudeCodeOptions", "claude_code_sdk.types.ClaudeCodeOptions"),
)
_CLIENTS = tuple(f"{sdk}.ClaudeSDKClient" for sdk in ("claude_agent_sdk", "claude_code_sdk"))
_BYPASS = "bypassPermissions"


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-862", "CWE-78", "LLM06:2025", "LLM03:2026", "ASI02", "ASI05", "AML.T0050", "AML.T0053"),
    mentions=(_BYPASS,),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_OPTIONS):
        mode = call.keyword("permission_mode")
        if mode is not None and mode.literal == _BYPASS:
            changes = _by_the_list(call) or mode.replace('"default"')
            yield Finding("the agent may use every tool without being asked", mode.span, changes)
    for call in file.calls_to(*(f"{client}().set_permission_mode" for client in _CLIENTS)):
        mode = call.positional(0) or call.keyword("mode")
        if mode is not None and mode.literal == _BYPASS:
            yield Finding("from here on the agent may use every tool without being asked", mode.span)


def _by_the_list(call: Call) -> Changes:
    """Why the list of allowed tools can't take over, or nothing."""
    listed = call.keyword("allowed_tools")
    tools = listed.value if listed else None
    if listed is None or (isinstance(tools, list) and not tools):
        return (Refusal("nothing says which tools it needs: list them in `allowed_tools` first"),)
    if not isinstance(tools, list):
        return (Refusal("its `allowed_tools` come from elsewhere, and may lack what it needs"),)
    return ()
