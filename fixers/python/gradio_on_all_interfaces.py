"""Let the Gradio app listen on this machine unless told otherwise

`server_name="0.0.0.0"` takes connections from every network that the machine is in, and the app asks nobody
for a login: colleagues, guests in the office network, or the internet where no firewall is in between. They
use the model at your cost and reach whatever the app's functions reach. Without the argument Gradio reads
`GRADIO_SERVER_NAME`, and listens on 127.0.0.1 if that isn't set.

```diff
 import gradio as gr

 with gr.Blocks() as demo:
     gr.Chatbot()

-demo.launch(server_name="0.0.0.0", server_port=7860)
+demo.launch(server_port=7860)
```

A container has to listen on every address. Where a Dockerfile or a compose file of the repository may run the
app and doesn't set `GRADIO_SERVER_NAME`, or the port comes from a hosting platform's `PORT`, the finding is
left to a person.

An app that asks for a login, listens elsewhere or decides elsewhere is left alone:

```python
import gradio as gr

gr.Interface(fn, "text", "text").launch(server_name="0.0.0.0", auth=(user, password))
gr.Interface(fn, "text", "text").launch(server_name="127.0.0.1")
gr.Interface(fn, "text", "text").launch(server_name=args.host)
```

## Who notices

Whoever opens the app from another machine, and containers that are built elsewhere: the connection is
refused. Set `GRADIO_SERVER_NAME=0.0.0.0` where that is meant, best together with `auth=` or a proxy with a
login.

## Before merging

1. Set `GRADIO_SERVER_NAME=0.0.0.0` in each container, service unit and tunnel that serves the app to others.
2. Tell those who open it by the machine's address, or give the app a login instead of this change.

## Test

Start the app and run `ss -ltn | grep 7860`: it shows `127.0.0.1:7860`, where it showed `0.0.0.0:7860`. With
`GRADIO_SERVER_NAME=0.0.0.0` in the environment it shows `0.0.0.0:7860` again.

## Roll back

restart the app. Setting `GRADIO_SERVER_NAME=0.0.0.0` and a restart do the same without a revert. No data or
state changes.

## Does not close

Whoever reaches the app's own address still needs no login; `auth=` asks for one. Other processes and users of
the same machine reach it as before.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile, container_without
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_LAUNCH = re.compile(
    r"gradio\.(?:\w+\.)*(?:Blocks|Interface|ChatInterface|TabbedInterface)(?:\.load|\.from_pipeline)?\(\)"
    r"(?:\.queue\(\))*\.launch"
    r"|gradio\.(?:load|load_chat)\(\)(?:\.queue\(\))*\.launch"
)
_HOSTED = re.compile(r"""["'](?:PORT|SPACE_ID)["']""")
_ON_A_PLATFORM = "its port comes from a hosting platform, whose containers have to listen on every address"
_EVERY_ADDRESS = ("0.0.0.0", "::")


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.EXPOSED_SERVICE,
    references=("CWE-306", "CWE-1327", "LLM10:2025", "LLM06:2026", "AML.T0040", "AML.T0049", "bandit:B104"),
    mentions=("server_name",),
    alongside=("gradio",),
    before_deploy=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in file.method_calls("launch"):
        written = call.keyword("server_name")
        if not _LAUNCH.fullmatch(call.name) or call.has_keyword("auth") or written is None:
            continue
        if written.literal in _EVERY_ADDRESS:
            recipe = container_without(file, "GRADIO_SERVER_NAME")
            changes: Changes = call.remove_keyword("server_name")
            if _HOSTED.search(file.text.content):
                changes = (Refusal(_ON_A_PLATFORM),)
            elif recipe:
                changes = (
                    Refusal(f"`{recipe}` may run it in a container, and doesn't set GRADIO_SERVER_NAME"),
                )
            yield Finding("every network that the machine is in reaches this app", call.span, changes)
