"""Render templates that a model writes in a sandbox

Jinja2 runs what stands between `{{` and `}}`: `{{ cycler.__init__.__globals__.os.popen("id").read() }}` in a
template starts a program. A template that holds what a model answered, or what it passed to a tool, is
written by whoever reached its prompt. `SandboxedEnvironment` renders the same templates and refuses the
attributes that lead to Python's inside.

```diff
-from jinja2 import Template
+from jinja2.sandbox import SandboxedEnvironment
 from openai import OpenAI

 client = OpenAI()


 def letter(wish, name):
     response = client.responses.create(model="gpt-5", input=f"A Jinja2 template of a letter: {wish}")
-    return Template(response.output_text).render(name=name)
+    return SandboxedEnvironment().from_string(response.output_text).render(name=name)
```

Templates with options, other environments and Flask's `render_template_string` are left to a person:

```python found
import flask
import ollama


def page(prompt):
    answer = ollama.generate(model="m", prompt=prompt)["response"]
    return flask.render_template_string(f"<p>{answer}</p>")
```

Values that are rendered, templates that are written out, and sandboxes are left alone:

```python
from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment
from openai import OpenAI

client = OpenAI()
answer = client.responses.create(model="m", input="hi").output_text
print(Template("Answer: {{ answer }}").render(answer=answer))
print(SandboxedEnvironment().from_string(answer).render())
```

## Who notices

Templates that reach for attributes with a leading underscore, or for what makes functions and frames: they
raise `jinja2.exceptions.SecurityError` when rendered. `range` of more than 100,000 raises `OverflowError`.
Code that uses the name `Template` of this module elsewhere in the repository has to import it from jinja2.

## Behaviour

(Jinja2 3.1): the template `{{ cycler.__init__.__globals__.os.mkdir(…) }}` made a folder before; after, it
raises `SecurityError` and makes none. `Dear {{ name }}!` renders the same text in both.

## Test

Render `{{ cycler.__init__.__globals__.os.getcwd() }}` as the answer: it raises `SecurityError`; before, it
named a folder. Then an answer as the prompt asks for it: the text is the same.

## Roll back

restart the process, which renders the model's templates with all of Python again. No data or state changes.

## Does not close

Methods of the objects that the template is given: pass plain values. A template can still loop for long, and
what it renders is the model's word.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Call, PythonFile
from fixers.rule import Changes, Edit, Finding, Refusal, Safety, Severity, Span, Threat, rule

_TEMPLATES = ("jinja2.Template", "jinja2.environment.Template")
_STRINGS = (
    "flask.render_template_string",
    "jinja2.Environment().from_string",
    "flask.templating.render_template_string",
)
_SANDBOX = "jinja2.sandbox.SandboxedEnvironment"
_MODULE = re.compile(r"^import jinja2(?=\r?$)", re.M)
_IMPORT = re.compile(r"^from jinja2 import Template(?=\r?$)", re.M)


@rule(
    PythonFile,
    severity=Severity.CRITICAL,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-1336", "CWE-1426", "LLM05:2025", "LLM10:2026", "AML.T0050", "ASI05"),
    mentions=("Template", "render_template_string", "from_string"),
    alongside=MODEL_WORDS,
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else file.calls_to(*_TEMPLATES, *_STRINGS):
        template = call.positional(0) or call.keyword("source")
        flow = file.flows.into(template) if template else None
        if flow is not None and not file.flows.asks_a_person(call, flow):
            who = f"passes to `{flow.tool}`" if flow.tool else "answered"
            changes = _in_sandbox(call) if call.name in _TEMPLATES else ()
            yield Finding(f"Jinja2 runs what a model {who}", call.span, changes, notes=(flow.note,))


def _in_sandbox(call: Call) -> Changes:
    """Make the template by a sandbox; the import of `Template` goes where nothing else needs it."""
    file, written = call.file, re.match(r"[\w.]+", call.file.text.content[call.span.start :])
    if call.positional(1) or call.node.keywords or call.has_starred or not written or call.in_fstring:
        return (Refusal("its options have to be given to the environment"),)
    function = Span(call.span.start, call.span.start + written.end())
    if written[0].endswith(".Template"):
        module = _MODULE.search(file.text.content)
        if module is None or written[0] != "jinja2.Template":
            return (Refusal("`jinja2.sandbox` isn't imported here, and `jinja2` goes by another name"),)
        added = Edit(Span(module.end(), module.end()), f"{file.text.newline}import jinja2.sandbox")
        return Edit(function, f"{_SANDBOX}().from_string"), added
    spelled = file.spell(_SANDBOX, call.span.start, call.scope)
    edit = Edit(function, f"{spelled.code}().from_string")
    only = _IMPORT.search(file.text.content)
    if (
        only
        and len(file.named("Template")) == 1
        and spelled.code == "SandboxedEnvironment"
        and spelled.changes
    ):
        return edit, Edit(Span(*only.span()), f"from jinja2.sandbox import {spelled.code}")
    return edit, *spelled.changes
