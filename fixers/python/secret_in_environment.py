"""Take provider secrets from outside the program

A secret that the program puts into its own environment, or falls back to when the environment has none,
stands in the source: known to everyone who can read the repository, its forks, its build logs and its
history. They spend the account's money with it and read what the account stores.

```diff
 import os

 from openai import AzureOpenAI

-os.environ["AZURE_OPENAI_API_KEY"] = "7f3a9c0e5b8d1264af90c3e8b5d7216b"
+if "AZURE_OPENAI_API_KEY" not in os.environ:
+    raise RuntimeError("AZURE_OPENAI_API_KEY is not set")
 client = AzureOpenAI()
```

Any variable for a key, a token or a secret counts, in files that speak of models, if its value looks issued:
long, random, of letters and digits. What a prefix tells to be a provider's key is `python/hardcoded-ai-key`'s
to find. An `.env.example` beside the file or above it gets a line for the variable. A secret that is only the
default goes, and the variable stays:

```diff
 import os

 from langchain_community.tools import TavilySearchResults

-key = os.getenv("TAVILY_API_KEY", "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")
+key = os.getenv("TAVILY_API_KEY")
```

A default that is set in passing is left to a person, as is a test:

```python found
import os

import openai

os.environ.setdefault("SERPER_API_KEY", "7f3a9c0e5b8d1264af90c3e8b5d7216bd0a4e51c")
```

Placeholders, names, paths and what comes from elsewhere are left alone:

```python
import os

import openai

os.environ["AZURE_OPENAI_API_KEY"] = "your-azure-openai-key-goes-here-0123"
os.environ["AZURE_OPENAI_API_KEY"] = settings.azure_key
os.environ["SERPER_API_KEY"] = "EMPTY"
os.environ["OPENAI_API_BASE"] = "https://7f3a9c0e5b8d1264af90c3e8b5d7216b.example.com"
```

## Who notices

Every deployment that doesn't set the variable. It stops with a `RuntimeError` that names it; where the secret
was a default, the value is `None` instead, and the first call to the provider fails.

## Behaviour

(standard library, the SDK made up): the source alone gave away the client's key before, and gives none after.
With the variable set, the client has that value after, where the source's own had replaced it before; without
it, `RuntimeError` names it before there is a client.

## Before merging

1. Make a new secret at the provider, and set the variable named in the diff to it wherever the program runs:
   deployments, CI jobs, developers' machines.
2. Revoke the old one today, merged or not. What runs without this change stops then: deploy right after.

## Test

1. Start the program without the variable: it stops and names it, or its first call to the provider fails.
2. With the new secret in the variable, one call to the provider succeeds.
3. `git grep -F` for the first ten characters of the old secret finds nothing.

## Roll back

redeploy. That puts the old secret back into the source, and calls to the provider fail with it; setting the
variable is the way that works. No data or state changes.

## Does not close

The secret stays in the history, in clones and in caches. What was done with it until it ended stands in the
provider's usage log.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, PythonFile, StringLiteral, is_issued, key_in, providers_in
from fixers.rule import Changes, Confidence, Finding, Refusal, Severity, Threat, rule

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|CREDENTIAL)")
_PUBLIC = re.compile(r"PUBLIC|PUBLISHABLE|ANON|(?:^|_)KEY_(?:ID|NAME)|SITE_KEY")
_SECRET = re.compile(r"(?=[^\s/]*\d)(?=[^\s/]*[A-Za-z])[\w+/=.~-]{24,200}", re.A)
_OF_AZURE = re.compile(r"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{20,30}", re.A)
"""Keys of Azure since 2024; the runs of `A` at their end aren't random."""
_READS = ("os.getenv", "os.environ.get")
_WRITES = ("os.environ.setdefault", "os.putenv")
_PASSING = "it sets a default in passing: decide there what happens without the variable"
_HISTORY = "The history of the repository still holds this secret, whatever becomes of this change."


@rule(
    PythonFile,
    severity=Severity.CRITICAL,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-798", "LLM02:2025", "LLM02:2026", "AML.T0055", "AML.T0083", "bandit:B105"),
    mentions=("environ", "getenv", "putenv"),
    alongside=MODEL_WORDS,
    before_deploy=True,
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    providers = providers_in(file.text.content)
    for text in file.strings():
        variable = _variable(text)
        if not _VARIABLE.fullmatch(variable) or _PUBLIC.search(variable):
            continue
        if not _is_secret(text.value) or key_in(text.value, text.name, providers):
            continue
        changes = _out_of(text, variable)
        if file.is_test:
            changes = (Refusal("a test may compare with it: put an invented one in its place"),)
        yield Finding(
            f"the source holds the secret that `{variable}` is for",
            text.span,
            changes,
            severity=Severity.MEDIUM if file.is_test else None,
            confidence=Confidence.LOW if file.is_test else Confidence.MEDIUM,
            secrets=(text.value, *_lines(text)),
            notes=(_HISTORY,),
        )


def _is_secret(value: str) -> bool:
    return bool(_OF_AZURE.fullmatch(value) or (_SECRET.fullmatch(value) and is_issued(value)))


def _variable(text: StringLiteral) -> str:
    """The variable that is given this text, or falls back to it; empty if it's something else."""
    target, call = text.target, text.call
    if target and target.owner == "os.environ":
        return target.key
    if call and call.name in (*_READS, *_WRITES):
        name = call.positional(0)
        is_value = name and not text.is_argument(name)
        return name.literal if name and is_value and isinstance(name.literal, str) else ""
    return text.name if "os.environ.update" in text.calls_around and not text.is_key else ""


def _out_of(text: StringLiteral, variable: str) -> Changes:
    """The edits that take the secret out of the file."""
    documented = text.file.document_variable(variable)
    target, call = text.target, text.call
    if target:
        missing, quote = f"{variable} is not set", text.quote
        lines = text.replace_statement(
            f"if {target.key_code} not in {target.owner_code}:",
            f"\traise RuntimeError({quote}{missing}{quote})",
        )
        return (*lines, *documented)
    if call and call.name in _READS:
        without = call.remove_positional(1) if text.is_argument(call.positional(1)) else ()
        return (*(without or call.remove_keyword("default")), *documented)
    return (Refusal(_PASSING),)


def _lines(text: StringLiteral) -> tuple[str, ...]:
    """Where it is written in pieces or with escapes, every line of the literal."""
    written = text.code.splitlines() if text.value not in text.code else []
    return tuple(line.strip() for line in written if line.strip())
