"""Decide which addresses a model may fetch

A tool that fetches the address it is given fetches any: the cloud's metadata service at `169.254.169.254`,
which hands out credentials, a database's port on `localhost`, an admin page that only the network guards. The
model chooses the address, and whoever can put words into its prompt, by a page that it reads, chooses with
it. Suture names each such tool and changes nothing: which hosts are meant only its author knows.

```python found
import requests
from langchain_core.tools import tool


@tool
def read_page(url: str) -> str:
    return requests.get(url, timeout=20).text
```

```python found
import httpx
from mcp.server.fastmcp import FastMCP

server = FastMCP("status")


@server.tool()
async def status(host: str) -> int:
    async with httpx.AsyncClient() as client:
        response = await client.get(f"https://{host}/healthz")
    return response.status_code
```

What to do, best first: a list of hosts that may be asked; a proxy or a network policy that lets the service
reach the internet and nothing inside; a check of the resolved address with
`ipaddress.ip_address(…).is_global`, made for every redirect too.

Fixed hosts and addresses that are checked are left alone:

```python
from urllib.parse import urlparse

import requests
from langchain_core.tools import tool

HOSTS = {"docs.example.org"}


@tool
def weather(city: str) -> str:
    return requests.get(f"https://weather.example.org/v1/{city}", timeout=20).text


@tool
def read_page(url: str) -> str:
    if urlparse(url).hostname not in HOSTS:
        raise ValueError(url)
    return requests.get(url, timeout=20).text
```

## Test

Call the tool with `http://169.254.169.254/`, with `http://localhost:8080/` and with the address of a page
that redirects to one of them: once it checks, nothing is sent there. Then with an address that is meant.

## Roll back

Nothing is changed, so there is nothing to roll back.

## Does not close

What the pages that may be fetched say: their text is read by the model as anything else in its prompt.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Flow, PythonFile, composed
from fixers.rule import Finding, Severity, Threat, rule

_CLIENTS = (
    *("requests", "requests.Session()", "requests.session()", "requests.sessions.Session()", "httpx"),
    *("httpx.Client()", "httpx.AsyncClient()", "aiohttp.ClientSession()", "urllib3.PoolManager()"),
)
_VERBS = ("get", "post", "put", "patch", "delete", "head", "request", "stream")
_FETCHES = (
    *(f"{client}.{verb}" for client in _CLIENTS for verb in _VERBS),
    *("urllib.request.urlopen", "urllib.request.urlretrieve"),
)


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    threat=Threat.EXCESSIVE_AGENCY,
    references=("CWE-918", "LLM06:2025", "LLM03:2026", "AML.T0053", "ASI02"),
    mentions=("requests", "httpx", "aiohttp", "urllib"),
    alongside=("tool", "_run", "forward"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls_to(*_FETCHES):
        index = 1 if call.name.endswith((".request", ".stream")) else 0
        url = call.positional(index) or call.keyword("url")
        flow = file.flows.into(url) if url else None
        if url and flow and flow.tool and _chooses_host(url.beginning, flow, composed(url) is not None):
            yield Finding(
                f"`{flow.tool}` fetches any address that a model names", call.span, notes=(flow.note,)
            )


def _chooses_host(beginning: str, flow: Flow, is_composed: bool) -> bool:
    """Whether the model's words are the address, or stand where its host does."""
    return flow.is_whole or (is_composed and bool(re.fullmatch(r"(?:https?:)?//", beginning)))
