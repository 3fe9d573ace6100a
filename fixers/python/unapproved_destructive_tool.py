"""Ask a person before a tool deletes, pays or sends

A model calls its tools by what it reads, and what it reads may come from a mail, a page or a document that
somebody wrote for it. A tool that deletes, pays or sends does so at once, and none of it can be taken back.
With `needs_approval=True` the OpenAI Agents SDK (since 0.8) stops the run and asks first.

```diff
 from agents import Agent, Runner, function_tool

 from shop import db


-@function_tool
+@function_tool(needs_approval=True)
 def delete_customer(customer_id: int) -> str:
     db.execute("DELETE FROM customers WHERE id = ?", (customer_id,))
     return "deleted"


 def answer(question: str) -> str:
     result = Runner.run_sync(Agent(name="shop", tools=[delete_customer]), question)
     while result.interruptions:
         state = result.to_state()
         for asked in result.interruptions:
             state.approve(asked) if confirm(asked) else state.reject(asked)
         result = Runner.run_sync(agent, state)
     return result.final_output
```

```diff with path=requirements.txt
 openai-agents>=0.8
```

The fix is for files that already answer approvals, as this one does. Elsewhere a run would stop and nobody
would go on with it, so the tool is named and left to a person; so are the tools of other frameworks:

```python found
import stripe
from langchain_core.tools import tool


@tool
def refund_order(order: str, amount: int) -> str:
    stripe.Refund.create(payment_intent=order, amount=amount)
    return "refunded"
```

What asks already, what only reads, and what only has the name is left alone:

```python
import os

from agents import function_tool


@function_tool(needs_approval=True)
def delete_file(path: str) -> None:
    os.remove(path)


@function_tool
def send_email(to: str) -> str:
    return f"sent to {to}"


@function_tool
def delete_words(text: str, word: str) -> str:
    return text.replace(word, "")
```

## Who notices

Whoever is asked: each call of the tool waits for a decision. Runs that nobody watches, at night or behind an
API, stop at it until somebody decides; the tool isn't called, and `final_output` is empty until then.

## Before merging

1. Find every place that runs this agent: each must go on with `result.to_state()`, as the one in this file
   does.
2. Decide who is asked where no person is present, and what happens when nobody answers.

## Test

Ask the agent for what the tool does. Before the change it is done; after it, `result.interruptions` holds the
call with its arguments. Reject it: nothing was done, and the model says so. Approve one: it is done once.

## Roll back

restart the process. Runs that wait for an approval can be finished first; what was approved stays done.

## Does not close

A person who approves everything is no barrier: show the arguments, and keep the tool's own rights small.
"""

import re
from collections.abc import Iterator

from fixers.python.source import (
    Call,
    Decoration,
    Function,
    PythonFile,
    calls_inside,
    decorations,
    method_of,
)
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_AGENTS = ("agents.function_tool", "agents.tool.function_tool")
_TOOLS = re.compile(
    r"agents(?:\.tool)?\.function_tool|langchain(?:_core)?\.(?:tools|agents)(?:\.\w+)*\.tool"
    r"|crewai(?:\.tools|_tools)(?:\.\w+)*\.tool|smolagents(?:\.\w+)*\.tool|strands(?:\.\w+)*\.tool"
    r"|pydantic_ai\.Agent\(\)\.tool(?:_plain)?|agno\.tools(?:\.\w+)*\.tool"
)
_ASKS = ("needs_approval", "requires_approval", "requires_confirmation", "external_execution")
_ASKS_ITSELF = re.compile(r"interrupt|approv|confirm|consent", re.I)
_POSTS = r"(?:requests|httpx)\.(?:post|put)"
_DEEDS = (
    (
        "deletes",
        re.compile(r"(?:delete|remove|drop|purge|wipe|destroy|erase|terminate|truncate)(?:_\w+)?"),
        re.compile(r"os\.(?:remove|unlink|rmdir|removedirs)|shutil\.rmtree|(?:requests|httpx)\.delete"),
        {"unlink", "rmtree", "delete", "delete_one", "delete_many", "delete_object", "delete_item"}
        | {"drop_collection", "drop_table", "delete_collection", "terminate_instances"},
        re.compile(r"\s*(?:DELETE|DROP|TRUNCATE)\b", re.I),
    ),
    (
        "pays",
        re.compile(
            r"(?:pay|refund|charge|withdraw|(?:place|submit)_order|(?:transfer|send)_(?:\w+_)?(?:funds?|money|payment))(?:_\w+)?"
        ),
        re.compile(rf"stripe\.(?:\w+\.)*(?:create|modify|capture)|{_POSTS}"),
        {"create_order", "submit_order", "place_order", "send_transaction", "send_raw_transaction"},
        re.compile(r"\s*(?:INSERT|UPDATE)\b", re.I),
    ),
    (
        "sends",
        re.compile(
            r"(?:send|post|publish|reply)_(?:\w+_)*(?:e?mail|message|sms|tweet|whatsapp|reply)(?:_\w+)?"
        ),
        re.compile(rf"sendgrid\.SendGridAPIClient\(\)\..+|twilio\..+\.create|resend\.Emails\.send|{_POSTS}"),
        {"sendmail", "send_message", "chat_postMessage", "create_tweet", "send_email", "send_raw_email"},
        None,
    ),
)
"""What a tool does, the names of such tools, and what in its body shows that it does."""
_TO = re.compile(
    r"(?:^|(?<!reply)_)(?:to|recipients?|receiver|e?mails?|address|phone|chat_id|channel|customer)(?:_|$)"
)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-862", "LLM06:2025", "LLM03:2026", "ASI02", "ASI09", "AML.T0101", "AML.T0086"),
    mentions=("tool",),
    alongside=("agents", "langchain", "crewai", "smolagents", "strands", "pydantic_ai", "agno"),
    before_deploy=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for function in () if file.is_test else file.functions():
        tool = next((one for one in decorations(function) if _TOOLS.fullmatch(one.name)), None)
        if tool is None or any(tool.has_keyword(name) for name in _ASKS):
            continue
        if any("approval" in one.name for one in decorations(function)) or _asks_itself(function):
            continue
        if deed := _deed(function):
            message = f"a model calls `{function.name}`, which {deed}, and nobody is asked"
            severity = None if deed == "pays" else Severity.MEDIUM
            yield Finding(message, function.span, _asking(function, tool), severity=severity)


def _asks_itself(function: Function) -> bool:
    """Whether its own text speaks of asking: a parameter, a call, or what it tells the model."""
    return bool(_ASKS_ITSELF.search(function.file.code(function.node)))


def _deed(function: Function) -> str:
    """What the tool does that can't be taken back, by its name and by its body; or nothing."""
    for deed, names, calls, methods, statement in _DEEDS:
        if not names.fullmatch(function.name.removesuffix("_tool")):
            continue
        if deed == "sends" and not any(_TO.search(parameter) for parameter in function.parameters):
            continue  # it writes to one address that is written down, often the owner's own
        for call in calls_inside(function):
            if calls.fullmatch(call.name) or method_of(call) in methods or _says(call, statement):
                return deed
    return ""


def _says(call: Call, statement: re.Pattern[str] | None) -> bool:
    text = call.positional(0) if method_of(call) in ("execute", "executemany", "run_query") else None
    return statement is not None and text is not None and bool(statement.match(text.beginning))


def _asking(function: Function, tool: Decoration) -> Changes:
    file = function.file
    if tool.name not in _AGENTS:
        return ()
    if not file.surely_at_least("openai-agents", "0.8"):
        return (Refusal("`needs_approval` came with openai-agents 0.8, and older versions are allowed here"),)
    if ".interruptions" not in file.text.content:
        return (Refusal("nothing in this file answers approvals, so that its runs would stop for good"),)
    return tool.add_keyword("needs_approval", "True")
