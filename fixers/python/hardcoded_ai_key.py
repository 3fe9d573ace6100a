"""Read the provider key from the environment, not from the source

A key in the source is known to everyone who can read the repository, its forks, its build logs and
its history. With it they spend the account's money and read what the account stores. This change takes
it out of the file, but git's history keeps it: from now on the key is everyone's.

```diff
+import os
+
 from openai import OpenAI

-client = OpenAI(api_key="sk-proj-Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF")
+client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
```

An `.env.example` beside the file or above it gets a line for the variable. Keys of OpenAI, Anthropic,
OpenRouter, Hugging Face, Google (in files that use Gemini), Groq, Replicate, xAI, Perplexity, NVIDIA
and LangSmith are told by their prefix, length and randomness.

A key that is only the default of a variable goes, and the variable stays:

```diff
 import os

-key = os.getenv("OPENAI_API_KEY", "sk-proj-Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF")
+key = os.getenv("OPENAI_API_KEY")
```

A key that the program puts into its own environment has to come from outside:

```diff
 import os

-os.environ["OPENAI_API_KEY"] = "sk-proj-Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF"
+if "OPENAI_API_KEY" not in os.environ:
+    raise RuntimeError("OPENAI_API_KEY is not set")
```

Placeholders, keys from elsewhere and the tokens that local servers want are left alone:

```python
import os

from openai import OpenAI

OpenAI(api_key="sk-proj-your-key-goes-here-xxxxxxxxxxxxxxxxxxxxxxxx")
OpenAI(api_key="sk-1234567890abcdef1234567890abcdef1234567890abcdef")
OpenAI(api_key="EMPTY", base_url="http://localhost:8000/v1")
OpenAI(api_key=os.environ["OPENAI_API_KEY"])
```

A key inside a longer text, in a list of several or in a test is reported and left to a person.

## Who notices

Every deployment that doesn't set the variable. It stops with a `KeyError` or a `RuntimeError` that names it;
where the key was the default of a variable or an option, the value is `None` instead, and the first call to
the provider fails.

## Behaviour

(standard library, the SDK made up): the source alone gave away the client's key before, and gives none after.
With the variable set the client gets its value; without it, `KeyError` names it before there is a client.

## Before merging

1. Make a new key at the provider, and set the variable named in the diff to it wherever the program runs:
   deployments, CI jobs, developers' machines.
2. Revoke the old key today, merged or not. What runs without this change stops then: deploy right after.

## Test

1. Start the program without the variable: it stops and names it, or its first call to the provider fails.
2. With the new key in the variable, one call to the provider succeeds.
3. `git grep -F` for the first ten characters of the old key finds nothing.

## Roll back

redeploy. That puts the old key back into the source, and calls to the provider fail with it; setting the
variable is the way that works. No data or state changes.

## Does not close

The key stays in the history, in clones and in caches. What was done with it until it ended stands in the
provider's usage log.
"""

from collections.abc import Iterator

from fixers.python.source import KEY_STARTS, Key, PythonFile, StringLiteral, key_in, providers_in
from fixers.rule import Changes, Confidence, Finding, Refusal, Severity, Threat, rule

_BEFORE = ('"', "'", " ", "=", ":")
_TOO_MANY = "another key in this file would be read from the same variable: give each its own"


@rule(
    PythonFile,
    severity=Severity.CRITICAL,
    threat=Threat.EXPOSED_SECRET,
    references=("CWE-798", "LLM02:2025", "LLM02:2026", "AML.T0055", "AML.T0083"),
    mentions=tuple(before + start for start in KEY_STARTS for before in _BEFORE),
    before_deploy=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    providers = providers_in(file.text.content)
    keys = [(text, key) for text in file.strings() if (key := key_in(text.value, text.name, providers))]
    values: dict[str, set[str]] = {}
    for _, key in keys:
        values.setdefault(key.variable, set()).add(key.value)
    for text, key in keys:
        is_one_of_several = bool(key.variable) and len(values[key.variable]) > 1
        changes = (Refusal(_TOO_MANY),) if is_one_of_several else _out_of(text, key)
        if file.is_test:
            changes = (Refusal("a test may compare with it: put an invented key in its place"),)
        yield Finding(
            f"the source holds a key of {key.provider or 'a model provider'}",
            text.span,
            changes,
            severity=Severity.MEDIUM if file.is_test else None,
            confidence=Confidence.LOW if file.is_test else None,
            secrets=_secrets(text, key),
            notes=tuple(_notes(text, key)),
        )


def _out_of(text: StringLiteral, key: Key) -> Changes:
    """The edits that take the key out of the file."""
    if not key.is_whole:
        return (Refusal("the key is part of a longer text"),)
    if text.asks_environment and key.variable:
        name = f"{text.quote}{key.variable}{text.quote}"
        return (*text.replace(name), *text.file.document_variable(key.variable))
    if text.is_key:
        return (Refusal("it's a key of a dictionary, which may be a list of known keys"),)
    call, target = text.call, text.target
    if target and target.owner == "os.environ":
        missing, quote = f"{target.key} is not set", text.quote
        lines = text.replace_statement(
            f"if {target.key_code} not in {target.owner_code}:",
            f"\traise RuntimeError({quote}{missing}{quote})",
        )
        return (*lines, *text.file.document_variable(target.key))
    if call and call.name in ("os.getenv", "os.environ.get"):
        variable = call.positional(0)
        if variable and isinstance(variable.literal, str) and not text.is_argument(variable):
            without = call.remove_positional(1) if text.is_argument(call.positional(1)) else ()
            return (
                *(without or call.remove_keyword("default")),
                *text.file.document_variable(variable.literal),
            )
    if any(name.startswith("os.") and "env" in name for name in text.calls_around):
        return (Refusal("the program writes it into its own environment: set the variable outside"),)
    return _read_from_environment(text, key)


def _read_from_environment(text: StringLiteral, key: Key) -> Changes:
    if not key.variable:
        return (Refusal("neither the key nor its name says which provider it belongs to"),)
    if key.lead and text.is_operand:
        return (Refusal("an operator takes hold of the text around the key"),)
    spelled = text.file.spell("os.environ", text.span.start, text.scope)
    q = text.quote
    code = f"{spelled.code}[{q}{key.variable}{q}]"
    if text.name == "default" and text.call and text.call.name.endswith((".add_argument", "option")):
        code = f"{spelled.code}.get({q}{key.variable}{q})"
    if key.lead:
        code = f"{q}{key.lead}{q} + {code}"
    if text.is_bytes:
        code = f"({code}).encode()" if key.lead else f"{code}.encode()"
    return (*text.replace(code), *spelled.changes, *text.file.document_variable(key.variable))


def _secrets(text: StringLiteral, key: Key) -> tuple[str, ...]:
    """The key; where it is written in pieces or with escapes, every line of the literal."""
    if key.value in text.code:
        return (key.value,)
    return (key.value, *(line.strip() for line in text.code.splitlines() if line.strip()))


def _notes(text: StringLiteral, key: Key) -> Iterator[str]:
    page = f" Keys of {key.provider} are replaced at `{key.page}`." if key.page else ""
    yield f"The history of the repository still holds this key, whatever becomes of this change.{page}"
    if text.is_default:
        yield "As the default of a parameter it's read when the module is imported, whoever calls it."
    if text.file.text.content.count(key.value) > 1:
        yield "The same key stands elsewhere in this file."
