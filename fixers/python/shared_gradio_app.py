"""Launch the Gradio app without a public tunnel

`share=True` gives the app an address under `gradio.live` that anyone on the internet can open, past every
firewall and without a login. Whoever has the link, or finds it, asks the model at your cost and reaches
whatever the app's functions reach.

```diff
 import gradio as gr

 with gr.Blocks() as demo:
     gr.Chatbot()

-demo.launch(share=True)
+demo.launch()
```

An app that asks for a login, isn't shared or decides elsewhere is left alone:

```python
import gradio as gr

gr.Interface(fn, "text", "text").launch()
gr.Interface(fn, "text", "text").launch(share=True, auth=(user, password))
gr.Interface(fn, "text", "text").launch(share=args.share)
```

## Who notices

People who open the app by its `gradio.live` address. For them, run the app behind a proxy with a login,
or set `GRADIO_SHARE=True` for the one run that is meant to be public. Where the process can't reach its
own address on localhost, Gradio refuses to start without a shared link.

## Test

Start the app: it prints a local address and no `gradio.live` one, and the page works.

## Roll back

restart the app. `GRADIO_SHARE=True` in the environment and a restart do the same without a revert: either
opens a tunnel under a new address, not the old one. No data or state changes.

## Does not close

Whoever reaches the app's own address still needs no login; see `server_name` and `auth`. Hosted
notebooks go on sharing by themselves.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Safety, Severity, Threat, rule

_POSITION_OF_SHARE = 2
_LAUNCH = re.compile(
    r"gradio\.(?:\w+\.)*(?:Blocks|Interface|ChatInterface|TabbedInterface)(?:\.load|\.from_pipeline)?\(\)"
    r"(?:\.queue\(\))*\.launch"
    r"|gradio\.(?:load|load_chat)\(\)(?:\.queue\(\))*\.launch"
)


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-668", "LLM10:2025", "LLM06:2026", "AML.T0040", "AML.T0049"),
    mentions=("gradio",),
    opens_unasked=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in file.method_calls("launch"):
        if not _LAUNCH.fullmatch(call.name) or call.has_keyword("auth"):
            continue
        written, third = call.keyword("share"), call.positional(_POSITION_OF_SHARE)
        if written is not None and written.literal is True:
            changes = call.remove_keyword("share")
        elif third is not None and third.literal is True:
            changes = third.replace("None")
        else:
            continue
        yield Finding("anyone on the internet can open this app", call.span, changes)
