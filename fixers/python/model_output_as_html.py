"""Escape what a model says where HTML is read

Where text is taken as HTML, what the model writes becomes part of the page: a form that asks for a password,
a style that covers the page, an image whose address carries the conversation away, and, in a page of your
own, a script with the visitor's session. Whoever reached the prompt, by a document that the model read, wrote
it.

```diff
+import html
+
 import openai
 from fastapi import FastAPI
 from fastapi.responses import HTMLResponse

 app = FastAPI()


 @app.get("/")
 def page(topic: str):
     response = openai.responses.create(model="gpt-5", input=topic)
-    return HTMLResponse(f"<h1>Answer</h1><p>{response.output_text}</p>")
+    return HTMLResponse(f"<h1>Answer</h1><p>{html.escape(str(response.output_text))}</p>")
```

Where Streamlit is told to read HTML and none is written, the switch goes: Markdown stays Markdown.

```diff
 import streamlit as st
 from openai import OpenAI

 client = OpenAI()
 answer = ""
 place = st.empty()
 stream = client.chat.completions.create(model="gpt-5", messages=st.session_state.messages, stream=True)
 for chunk in stream:
     answer += chunk.choices[0].delta.content or ""
-    place.markdown(answer + "▌", unsafe_allow_html=True)
+    place.markdown(answer + "▌")
```

Pages that the model writes as a whole, and answers that a Markdown library turned into HTML, are left to a
person: clean them with a library made for it (nh3), or show them in an `<iframe sandbox>`.

```python found
import markdown
import openai
from markupsafe import Markup


def render(prompt):
    answer = openai.responses.create(model="m", input=prompt).output_text
    return Markup(markdown.markdown(answer))
```

Constant HTML, numbers and what is escaped or cleaned already are left alone:

```python
import html

import nh3
import openai
import streamlit as st

answer = openai.responses.create(model="m", input="hi")
st.markdown("<style>footer {display: none}</style>", unsafe_allow_html=True)
st.markdown(f"<b>{answer.usage.total_tokens}</b> tokens", unsafe_allow_html=True)
st.markdown(f"<p>{html.escape(answer.output_text)}</p>", unsafe_allow_html=True)
st.markdown(nh3.clean(answer.output_text), unsafe_allow_html=True)
```

## Who notices

Answers that hold HTML on purpose: their tags are shown as text. In a block of HTML that Streamlit reads, `<`,
`>`, `&` and quotes of an answer look as before, but inside backticks within it they may be shown as `&lt;`
and `&quot;`. `None` is shown as `None`, as before.

## Behaviour

(starlette 1.10): the answer `<script>alert(1)</script>` was a script of the page before; after, a browser
shows its text. The answer `cats & dogs` is read as that by a browser in both.

## Test

Have the model answer `<img src=x onerror=alert(1)><b>bold</b>`, by asking it to repeat that: the page shows
these characters and loads no image. Then ask for a usual answer with a list and a link: it looks as before.

## Roll back

restart the process, whose pages take the model's words as HTML again. Pages that were stored escaped stay so.

## Does not close

Links: escaped text in `href` or `src` may still say `javascript:` or name any host. Markdown images that the
model writes are still loaded from wherever it says.
"""

import re
from collections.abc import Iterator

from fixers.python.source import (
    MODEL_WORDS,
    Argument,
    Call,
    Composed,
    Piece,
    PythonFile,
    composed,
    holds_markup,
    is_marked_up,
    unknown_part,
)
from fixers.rule import Changes, Edit, Finding, Refusal, Safety, Severity, Threat, rule

_STREAMLIT = ("markdown", "write", "caption", "success", "info")
_PAGES = (
    *("fastapi.responses.HTMLResponse", "starlette.responses.HTMLResponse"),
    *("markupsafe.Markup", "flask.Markup", "jinja2.Markup", "django.utils.safestring.mark_safe"),
)
_OPENING = re.compile(r"<(script|style)\b(?!.*</\1)", re.I | re.S)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-79", "CWE-1426", "LLM05:2025", "LLM10:2026", "AML.T0077", "bandit:B704"),
    mentions=("unsafe_allow_html", "HTMLResponse", "Markup", "mark_safe"),
    alongside=MODEL_WORDS,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_PAGES):
        value = call.positional(0) or call.keyword("content")
        if value and (flow := file.flows.into(value)):
            message = f"`{call.name.rpartition('.')[2]}` takes what a model wrote as HTML"
            yield Finding(message, call.span, _escaped(value), notes=(flow.note,))
    for call, value in _streamlit(file):
        if flow := file.flows.into(value):
            is_open = holds_markup(value) or flow.is_kept
            changes = _escaped(value) if is_open else _without_switch(call, value)
            message = "Streamlit takes what a model wrote as HTML"
            yield Finding(message, call.span, changes, severity=Severity.MEDIUM, notes=(flow.note,))


def _streamlit(file: PythonFile) -> Iterator[tuple[Call, Argument]]:
    """What is shown with HTML switched on."""
    for method in _STREAMLIT:
        for call in file.method_calls(method):
            switch, value = call.keyword("unsafe_allow_html"), call.positional(0) or call.keyword("body")
            if switch is not None and switch.literal is True and value is not None:
                yield call, value


def _without_switch(call: Call, value: Argument) -> Changes:
    """Read no HTML, where nobody writes any."""
    unknown = unknown_part(value)
    if unknown:
        return (Refusal(f"`{unknown}` may hold HTML on purpose"),)
    return call.remove_keyword("unsafe_allow_html")


def _escaped(value: Argument) -> Changes:
    """Escape what the model wrote in each placeholder that it fills."""
    text = composed(value)
    if text is None:
        return ()
    changes: list[Changes] = []
    written = ""
    for piece in text.pieces:
        written += piece.text
        if piece.code and text.flow(piece):
            changes.append(_escape(text, piece, written))
    return tuple(dict.fromkeys(change for some in changes for change in some))


def _escape(text: Composed, piece: Piece, written: str) -> Changes:
    flow = text.flow(piece)
    if text.obstacle:
        return (Refusal(text.obstacle),)
    if (
        flow is None
        or is_marked_up(text, piece)
        or any("mark" in name or "mistune" in name for name in flow.through)
    ):
        return (Refusal(f"`{piece.code}` may hold HTML on purpose"),)
    if _OPENING.search(written):
        return (Refusal(f"`{piece.code}` stands in a script or a style, which escaping doesn't protect"),)
    if not piece.is_plain:
        return (Refusal(f"`{piece.code}` has a format"),)
    escape = text.argument.call.file.spell("html.escape", piece.span.start, text.scope)
    return (Edit(piece.span, f"{escape.code}(str({piece.code}))"), *escape.changes)
