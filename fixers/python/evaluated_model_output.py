"""Read model answers as data, not as code

`eval` runs what it is given, and what the model answers is written by whoever reached its prompt: a user, a
web page, a document that was retrieved. The answer "a list" and the answer "delete the disk" arrive the same
way. `ast.literal_eval` reads plain values and nothing else; where the call asks for JSON, `json.loads` reads
JSON.

```diff
+import ast
+
 from openai import OpenAI

 client = OpenAI()


 def keywords(text):
     response = client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": text}])
-    return eval(response.choices[0].message.content)
+    return ast.literal_eval(response.choices[0].message.content)
```

```diff
+import json
+
 import openai


 def facts(text):
     response = openai.chat.completions.create(
         model="gpt-5",
         messages=[{"role": "user", "content": text}],
         response_format={"type": "json_object"},
     )
     content = response.choices[0].message.content
-    return eval(content)
+    return json.loads(content)
```

Plain values are numbers, texts, lists, tuples, dictionaries, sets, booleans and `None`. The arguments of a
tool call are JSON and are read so. Code that the model wrote on purpose, with `exec` or in a tool, and
functions that it names, are reported and left to a person: code belongs in a sandbox.

```python found
import ollama

code = ollama.generate(model="m", prompt="a plot")["response"]
exec(code)
```

```python found
from langchain_core.tools import tool


@tool
def calculate(expression: str) -> str:
    return str(eval(expression))
```

What doesn't come from a model is left alone, and so is what can't be followed, what is checked, and what
somebody has agreed to:

```python
import ollama

ALLOWED = {"1 + 1", "2 * 2"}


def area(formula, ask):
    return eval(formula), eval(ask("how large is it?"))


def run(prompt):
    code = ollama.generate(model="m", prompt=prompt)["response"]
    if code in ALLOWED:
        return eval(code)
    if input(f"run {code}? ") == "yes":
        exec(code)
```

## Who notices

Code that expects answers to hold more than data. `1 + 1`, a call or a name (`true` and `null` too, unless the
answer is read as JSON) now raise `ValueError` or `SyntaxError`; `json.loads` raises `json.JSONDecodeError`,
which is a `ValueError`. Where `eval` stood in a `try`, check what it catches.

## Behaviour

(standard library, the model's answer made up): the answer `__import__("os").mkdir(…)` made a folder before;
after, it raises `ValueError` and makes none. The answer `["cats", "dogs"]` gives the same list in both.

## Test

Run the function once with an answer as the prompt asks for it: the result is the same. With
`__import__("os").getcwd()` as the answer it raises `ValueError`; before, it named a folder.

## Roll back

restart the process, which runs the model's answers again. No data or state changes.

## Does not close

What the data says is still the model's word: check it before you act on it.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Call, Flow, PythonFile
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_JSON = re.compile(r"json_object|json_schema|application/json|^[\"']json[\"']$")
_FORMATS = ("response_format", "format", "generation_config", "config", "text")


@rule(
    PythonFile,
    severity=Severity.CRITICAL,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-95", "CWE-1426", "LLM05:2025", "LLM10:2026", "AML.T0050", "AML.T0102", "bandit:B307"),
    mentions=("eval(", "exec("),
    alongside=MODEL_WORDS,
    opens_unasked=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls_to("eval", "exec", "builtins.eval", "builtins.exec"):
        code = call.positional(0)
        name = call.name.removeprefix("builtins.")
        if code is None:
            continue
        flow = file.flows.into(code)
        if flow is None or file.flows.asks_a_person(call, flow):
            continue
        if flow.asked:
            changes = _as_data(call, flow, flow.asked) if name == "eval" else ()
            yield Finding(f"`{name}` runs what the model answered", call.span, changes, notes=(flow.note,))
        else:
            message = f"`{name}` runs what a model passes to its tool"
            yield Finding(message, call.span, severity=Severity.HIGH, notes=(flow.note,))


def _as_data(call: Call, flow: Flow, asked: Call) -> Changes:
    """Read the answer to `asked` as what it is."""
    if call.positional(1) or call.has_keyword("globals") or call.has_keyword("locals"):
        return (Refusal("it passes names that the answer may use, so more than data is expected"),)
    if "name" in flow.parts or call.file.is_called(call):
        return (Refusal("it looks a function up: choose from a dictionary of those that may be called"),)
    if not flow.is_whole:
        return (Refusal("the answer isn't read as a whole here, so what it should be can't be told"),)
    if not flow.is_sure:
        return (Refusal("on another way it is something else than the answer"),)
    keywords = (asked.keyword(name) for name in _FORMATS)
    is_json = any(keyword and _JSON.search(keyword.code) for keyword in keywords)
    return call.rename("json.loads" if is_json or "arguments" in flow.parts else "ast.literal_eval")
