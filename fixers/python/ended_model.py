"""Ask a model that its provider still runs

The provider has switched this model off, and answers each request for it with an error. The service fails at
this call, or goes on with what its `except` does without an answer, and nobody may notice for long.

```python found
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-3.5-turbo", messages=messages)
```

```python found
from langchain_anthropic import ChatAnthropic

model = ChatAnthropic(model="claude-3-opus-20240229")
```

The finding says when the model ended, as providers and common tables of models named the day. Suture
changes nothing: what the provider names in its place changes from month to month, has another price and
answers otherwise, and a model that reasons refuses `temperature` and `max_tokens` of Chat completions. Look
at the provider's page on deprecations before you choose.

A model that runs, one that a server of one's own may have (`base_url`, Azure, Bedrock, Vertex AI), names that
come from elsewhere, and tests are left alone:

```python
from openai import AzureOpenAI, OpenAI

local = OpenAI(base_url="http://localhost:8000/v1")
local.chat.completions.create(model="gpt-3.5-turbo", messages=messages)
```

## Test

Ask the provider what it has: `client.models.list()` doesn't name the model. After the change, run the prompts
that matter and compare the answers, the price and the time.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import Call, PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_OPENAI = {
    r"text-(?:davinci-00[123]|curie-001|babbage-001|ada-001)": "2024-01-04",
    r"code-(?:davinci|cushman)-00[12]": "2023-03-23",
    r"gpt-3\.5-turbo-(?:0301|0613|16k-0613)": "2024-09-13",
    r"gpt-4-(?:1106-)?vision-preview": "2024-12-06",
    r"gpt-4-32k(?:-0314|-0613)?": "2025-06-06",
    r"gpt-4\.5-preview(?:-2025-02-27)?": "2025-07-14",
    r"o1-preview(?:-2024-09-12)?": "2025-07-28",
    r"o1-mini(?:-2024-09-12)?": "2025-10-27",
    r"chatgpt-4o-latest": "2026-02-17",
    r"gpt-3\.5-turbo-(?:1106|instruct)|babbage-002|davinci-002": "2026-09-28",
    r"gpt-3\.5-turbo(?:-0125|-16k)?|gpt-4(?:-0613|-1106-preview)?|gpt-4-turbo(?:-2024-04-09)?": "2026-10-23",
    r"gpt-4o-2024-05-13|gpt-4\.1-nano(?:-2025-04-14)?": "2026-10-23",
    r"o1(?:-2024-12-17)?|o3-mini(?:-2025-01-31)?|o4-mini(?:-2025-04-16)?": "2026-10-23",
}
"""Patterns of the names that ended, with the day."""
_ANTHROPIC = {
    r"claude-1(?:\.[0-3])?|claude-instant-1(?:\.[0-2])?": "2024-11-06",
    r"claude-2\.[01]|claude-3-sonnet-20240229": "2025-07-21",
    r"claude-3-5-sonnet-(?:20240620|20241022)": "2025-10-28",
    r"claude-3-opus-20240229": "2026-01-05",
    r"claude-3-7-sonnet-20250219|claude-3-5-haiku-20241022": "2026-02-19",
    r"claude-(?:opus|sonnet)-4-20250514": "2026-06-15",
}
_GOOGLE = {
    r"(?:models/)?gemini-(?:1\.0-)?pro(?:-vision|-001)?": "2025-02-15",
    r"(?:models/)?gemini-1\.5-(?:pro|flash)(?:-.+)?": "2025-09-29",
    r"(?:models/)?gemini-2\.0-flash(?:-lite)?(?:-001)?": "2026-06-01",
}
_ASKED = (
    (
        re.compile(
            r"openai\.(?:Async)?OpenAI\(\)\.(?:chat\.completions|completions|responses)\.(?:create|parse)"
            r"|langchain(?:_\w+)?(?:\.\w+)*\.(?:ChatOpenAI|OpenAI)"
        ),
        _OPENAI,
    ),
    (
        re.compile(
            r"anthropic\.(?:Async)?Anthropic\(\)\.(?:beta\.)?(?:messages|completions)\.(?:create|stream)"
            r"|langchain(?:_\w+)?(?:\.\w+)*\.(?:ChatAnthropic|Anthropic)"
        ),
        _ANTHROPIC,
    ),
    (
        re.compile(
            r"google\.generativeai\.GenerativeModel"
            r"|google\.genai\.Client\(\)\.(?:aio\.)?models\.generate_content(?:_stream)?"
            r"|langchain_google_genai(?:\.\w+)*\.ChatGoogleGenerativeAI"
        ),
        _GOOGLE,
    ),
)
_MAKERS = ("openai.OpenAI", "openai.AsyncOpenAI", "anthropic.Anthropic", "anthropic.AsyncAnthropic")
_ELSEWHERE = ("base_url", "openai_api_base", "api_base", "anthropic_api_url")


@rule(
    PythonFile,
    severity=Severity.LOW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-477", "LLM03:2025", "LLM04:2026"),
    mentions=("gpt-", "claude-", "gemini-", "o1", "o3-mini", "o4-mini", "davinci", "curie", "babbage"),
    alongside=("openai", "anthropic", "langchain", "generativeai", "genai"),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or any(_has_own_server(maker) for maker in file.calls_to(*_MAKERS)):
        return
    for call in file.calls():
        model, day = ("", "") if _has_own_server(call) else _ended(call)
        if day:
            yield Finding(f"`{model}` was switched off on {day}", call.span)


def _ended(call: Call) -> tuple[str, str]:
    """The model that the call asks for, and the day on which it ended, or nothing."""
    tables = [table for names, table in _ASKED if names.fullmatch(call.name)]
    written = call.keyword("model") or call.keyword("model_name") or call.positional(0)
    model = written.value if written and tables else None
    if not isinstance(model, str):
        return "", ""
    days = (day for table in tables for names, day in table.items() if re.fullmatch(names, model))
    return model, next(days, "")


def _has_own_server(call: Call) -> bool:
    return any(call.has_keyword(name) for name in _ELSEWHERE)
