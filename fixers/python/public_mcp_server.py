"""Let an MCP server listen on this machine alone

An MCP server that listens on `0.0.0.0` and asks for no login does what anyone on the network tells it: each
of its tools can be called, with the files, credentials and services that it reaches. On the loopback address
only programs of this machine get through, and the `mcp` package then refuses other `Host` headers too (since
1.23), so that a web page can't reach it by DNS rebinding.

```diff
+import os
+
 from mcp.server.fastmcp import FastMCP

-mcp = FastMCP("notes", host="0.0.0.0", port=8000)
+mcp = FastMCP("notes", host=os.environ.get("MCP_HOST", "127.0.0.1"), port=8000)


 @mcp.tool()
 def read(name: str) -> str:
     return notes[name]


 mcp.run(transport="streamable-http")
```

```diff
+import os
+
 import uvicorn
 from mcp.server.mcpserver import MCPServer

 server = MCPServer("notes")
 app = server.streamable_http_app()
-uvicorn.run(app, host="0.0.0.0", port=8000)
+uvicorn.run(app, host=os.environ.get("MCP_HOST", "127.0.0.1"), port=8000)
```

Where a container's file stands beside it or above, or its port comes from `PORT`, it is left to a person:
there the server has to listen on every address, and what may reach it is decided where its port is published.

A server that asks for a login, that talks by its standard input and output, or whose address comes from
elsewhere is left alone:

```python
from fastmcp import FastMCP

a = FastMCP("a", auth=verifier)
a.run(transport="http", host="0.0.0.0")
b = FastMCP("b", host="0.0.0.0")
b.run()
c = FastMCP("c")
c.run(transport="http", host=settings.host)
```

## Who notices

Clients on other machines: their connection is refused. Set `MCP_HOST=0.0.0.0` where the server really is for
the network, behind a proxy with a login, say, or give it `auth`.

## Before merging

1. Find out who connects: where a client runs on another machine or in another container, set `MCP_HOST`
   first.
2. See that nothing else in your deployment calls the server by this machine's name or address.

## Test

`curl -si http://THIS-HOST:PORT/mcp` from another machine answers before the change; after it, the connection
is refused. On the machine itself a client lists the tools as before.

## Roll back

restart the server. `MCP_HOST=0.0.0.0` in its environment and a restart do the same without a revert.

## Does not close

Every user and program of this machine may still call the tools; `auth` is what asks who they are.
"""

import re
from collections.abc import Iterator

from fixers.python.source import (
    Argument,
    Assignment,
    Call,
    PythonFile,
    container_without,
    made_under,
    may_belong_to,
)
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_SERVERS = tuple(
    f"{module}.{name}"
    for module, name in (
        *(("mcp.server.fastmcp", "FastMCP"), ("mcp.server.fastmcp.server", "FastMCP")),
        *(("mcp.server", "MCPServer"), ("mcp.server.mcpserver", "MCPServer")),
        *(("fastmcp", "FastMCP"), ("fastmcp.server", "FastMCP"), ("fastmcp.server.server", "FastMCP")),
    )
)
_LOGINS = ("auth", "auth_server_provider", "token_verifier", "auth_provider", "middleware")
_RUNS = ("run", "run_async", "run_http_async", "run_sse_async", "run_streamable_http_async")
_APP = re.compile(r"\(\)\.(?:streamable_http_app|sse_app|http_app)$")
_PLATFORM = re.compile(r"""(?:environ\.get\(|environ\[|getenv\()\s*["']PORT["']""")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-1327", "CWE-306", "LLM06:2025", "LLM03:2026", "ASI03", "AML.T0049", "bandit:B104"),
    mentions=("FastMCP", "MCPServer"),
    alongside=("0.0.0.0", "::"),
    before_deploy=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for server in file.calls_to(*_SERVERS):
        if any(server.has_keyword(name) for name in _LOGINS):
            continue
        for place, host in _hosts(file, server):
            if host.literal in ("0.0.0.0", "::"):
                message = "anyone on the network may call the server's tools"
                yield Finding(message, host.span, _on_this_machine(place, host))


def _hosts(file: PythonFile, server: Call) -> Iterator[tuple[Call | Assignment, Argument | Assignment]]:
    """What says where a server listens, each with the call or the assignment that it belongs to."""
    runs = list(_runs(file, server))
    for call in (*runs, *_served(file, server)):
        if (host := call.keyword("host")) is not None:
            yield call, host
    if any(call.keyword("host") is None for call in runs):
        if (host := server.keyword("host")) is not None:
            yield server, host
        for one in file.assignments_to(f"{server.name}().settings.host"):
            if may_belong_to(one, server):
                yield one, one


def _runs(file: PythonFile, server: Call) -> Iterator[Call]:
    """Where it starts to listen on the network: not where it talks by standard input and output."""
    for call in file.calls_to(*(f"{server.name}().{method}" for method in _RUNS)):
        transport = call.keyword("transport") or call.positional(0)
        is_plain = call.name.endswith((".run", ".run_async"))
        is_local = is_plain and (transport is None or transport.value == "stdio")
        asks = any(call.has_keyword(name) for name in _LOGINS)
        if not is_local and not asks and may_belong_to(call, server):
            yield call


def _served(file: PythonFile, server: Call) -> Iterator[Call]:
    """Where uvicorn is given the server's app, without anything wrapped around it."""
    for call in file.calls_to("uvicorn.run", "uvicorn.Config"):
        app = call.positional(0) or call.keyword("app")
        made = (app.made_by or made_under(file, app.literal)) if app else None
        is_app = made is not None and _APP.search(made.name) and made.name.startswith(server.name)
        if made is None or not is_app or not may_belong_to(made, server):
            continue
        if "add_middleware" not in file.methods_called_on(made):
            yield call


def _on_this_machine(place: Call | Assignment, host: Argument | Assignment) -> Changes:
    file = place.file
    if recipe := container_without(file, "MCP_HOST"):
        return (Refusal(f"in the container of `{recipe}` it has to listen on every address"),)
    if _PLATFORM.search(file.text.content):
        return (Refusal("its port comes from `PORT`, as on a platform that needs it to listen everywhere"),)
    spelled = file.spell("os.environ", place.span.start, place.scope)
    return (*host.replace(f'{spelled.code}.get("MCP_HOST", "127.0.0.1")'), *spelled.changes)
