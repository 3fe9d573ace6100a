"""Limit how many tokens a model may answer with

Without a limit an answer may grow to the model's own maximum, 16,384 tokens for `gpt-4o` and 128,000 for
GPT-5. Every token is paid for and waited for, so one request that asks for "every number from 1 on" costs
what thousands of ordinary ones cost, and it comes from whoever may write the prompt.

```diff
 from openai import OpenAI

 client = OpenAI()
-answer = client.chat.completions.create(model="gpt-4o", messages=messages)
+answer = client.chat.completions.create(model="gpt-4o", messages=messages, max_completion_tokens=4096)
-short = client.responses.create(model="gpt-4.1-mini", input=question)
+short = client.responses.create(model="gpt-4.1-mini", input=question, max_output_tokens=4096)
```

The tokens that a reasoning model thinks with count too. A limit that they use up leaves an answer that is
empty and paid for, so such a model gets 25,000, what OpenAI advises to begin with. Both are options
(`tokens`, `reasoning_tokens`):

```diff
 from openai import OpenAI

 client = OpenAI()
-answer = client.responses.create(model="gpt-5-mini", input=question)
+answer = client.responses.create(model="gpt-5-mini", input=question, max_output_tokens=25000)
```

The keyword is `max_completion_tokens`, and `max_tokens` where the manifests allow only openai before 1.45. A
model whose name isn't written in the call may be a reasoning one, and is left to a person. So is a call that
asks for JSON or offers tools, as what is cut off doesn't parse:

```python found
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model=settings.model, messages=messages)
```

A call that has a limit, or may have one, is left alone, and so are prompts that are written out whole, tests,
and servers of other makers behind `base_url`, which have limits and keywords of their own:

```python
from openai import OpenAI

client = OpenAI()
client.chat.completions.create(model="gpt-4o", messages=messages, max_tokens=500)
client.responses.create(model="gpt-4o", input=question, **options)
client.responses.create(model="gpt-4o", input="Tell me a joke.")
```

## Who notices

Whoever needs a longer answer: it ends in the middle, with `finish_reason` "length" (Responses: `status`
"incomplete"), and JSON that only the prompt asks for doesn't parse. An answer for which reasoning used up the
limit is empty. A server of another maker behind `OPENAI_BASE_URL` may refuse the keyword.

## Test

Ask for the longest answer that the service needs, and see that `usage.completion_tokens` (Responses:
`usage.output_tokens`) stays well below the limit. Then ask for the numbers from 1 to 100,000: it stops there.

## Roll back

restart the process, or raise the number in this one call instead. No data or state changes.

## Does not close

Anyone may ask as often as they like, and prompts may be of any length: those tokens are paid for too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixers.python.source import NOT_LITERAL, Call, PythonFile
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_CLIENTS = ("openai.OpenAI", "openai.AsyncOpenAI", "openai.AzureOpenAI", "openai.AsyncAzureOpenAI")
_CHATS = tuple(f"{client}().chat.completions.{verb}" for client in _CLIENTS for verb in ("create", "parse"))
_RESPONSES = tuple(f"{client}().responses.{verb}" for client in _CLIENTS for verb in ("create", "parse"))
_LIMITS = ("max_completion_tokens", "max_tokens", "max_output_tokens", "extra_body")
_PLAIN = re.compile(r"(?:chatgpt-)?gpt-(?:4o|4\.1|4\.5)(?!.*(?:audio|realtime|search|transcribe|tts)).*")
_REASONING = re.compile(r"o[1-9](?:-.+)?|gpt-(?:[5-9]|\d\d)(?!.*chat).*")
_UNKNOWN = (
    "which model answers isn't written here: a reasoning model's thinking counts too, and a limit that it"
    " uses up empties the answer"
)
_WHOLE = ("response_format", "text_format", "text", "tools", "functions")
_MUST_BE_WHOLE = (
    "it is read as JSON, which is worth nothing if it is cut off: choose a number that surely suffices"
)


@dataclass(frozen=True, slots=True)
class Options:
    """`tokens`: what an answer may have; `reasoning_tokens`: with the thinking of a reasoning model."""

    tokens: int = 4096
    reasoning_tokens: int = 25000


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.UNBOUNDED_COST,
    references=("CWE-770", "LLM10:2025", "LLM06:2026", "AML.T0034.001"),
    mentions=("openai",),
    alongside=("completions", "responses"),
    options=Options,
)
def check(file: PythonFile, options: Options) -> Iterator[Finding]:
    if file.is_test or any(client.has_keyword("base_url") for client in file.calls_to(*_CLIENTS)):
        return
    for call in file.calls_to(*_CHATS, *_RESPONSES):
        if not any(call.has_keyword(name) for name in _LIMITS) and not _is_fixed(call):
            message = "the answer may be as long as the model can make it"
            yield Finding(message, call.span, _limited(call, options))


def _is_fixed(call: Call) -> bool:
    """Whether nobody else has a say in the prompt, since it is written out here."""
    given = [call.keyword(name) for name in ("messages", "input")]
    return all(prompt is None or prompt.value is not NOT_LITERAL for prompt in given)


def _limited(call: Call, options: Options) -> Changes:
    if any(call.has_keyword(name) for name in _WHOLE):
        return (Refusal(_MUST_BE_WHOLE),)
    written = call.keyword("model")
    model = written.value if written else None
    if not isinstance(model, str) or "azure" in call.name.lower():
        return (Refusal(_UNKNOWN),)
    if _REASONING.fullmatch(model):
        return call.add_keyword(_keyword(call), str(options.reasoning_tokens))
    if _PLAIN.fullmatch(model):
        return call.add_keyword(_keyword(call), str(options.tokens))
    return (Refusal(_UNKNOWN),)


def _keyword(call: Call) -> str:
    if call.name in _RESPONSES:
        return "max_output_tokens"
    is_old = call.file.surely_below("openai", "1.45")
    return "max_tokens" if is_old else "max_completion_tokens"
