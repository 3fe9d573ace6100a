"""Leave the cleaning of HTML in Gradio chats switched on

`sanitize_html=False` has a chat show the HTML in its messages as it is. Answers of a model are written by
whoever reached its prompt: an image with an `onerror` runs as a script in the visitor's browser, on the app's
own page, and reads the conversation and the session. With cleaning, Gradio's default, Markdown and plain tags
stay.

```diff
 import gradio as gr

 with gr.Blocks() as demo:
-    chat = gr.Chatbot(label="Assistant", sanitize_html=False)
+    chat = gr.Chatbot(label="Assistant")
     box = gr.Textbox()
```

Where cleaning is on, decided elsewhere, or about texts that no model writes, nothing is said:

```python
import gradio as gr

with gr.Blocks() as demo:
    chat = gr.Chatbot(sanitize_html=True)
    other = gr.Chatbot(sanitize_html=settings.CLEAN)
    notice = gr.Markdown("<b>Beta</b>", sanitize_html=False)
```

## Who notices

Chats that show HTML of their own in messages: scripts, event handlers, `style` blocks and frames are taken
out of it without a word. Markdown, images, links, tables and plain tags look as before.

## Test

Have the assistant repeat `<img src=x onerror="document.title='run'"> **bold**`: the page's title stays as it
was, and `bold` is bold. Then look at a usual conversation with code, a table and an image.

## Roll back

restart the app, whose chats run HTML of their messages again. Stored conversations are as they were.

## Does not close

Links and Markdown images, which may name any host.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile, Switch
from fixers.rule import Finding, Safety, Severity, Threat, rule

_CHATS = Switch(
    ("gradio.Chatbot", "gradio.components.Chatbot", "gradio.components.chatbot.Chatbot"),
    "sanitize_html",
    (False,),
)


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-79", "LLM05:2025", "LLM10:2026", "AML.T0077"),
    mentions=("sanitize_html",),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call, _, changes in file.switched(_CHATS):
        yield Finding("the chat runs the HTML of its messages", call.span, changes)
