"""Serve only the folders that the Gradio app needs

`allowed_paths` names what Gradio hands out to everyone who opens the app: every file below, by its path. With
`/` that is each file which the process may read: `.env` files with the keys of providers, SSH keys, what
other people uploaded, and the weights of the model.

```python found
import gradio as gr

with gr.Blocks() as demo:
    gr.Image()

demo.launch(allowed_paths=["/"])
```

What to do: name the one folder that the app writes its results to, as in
`allowed_paths=["/srv/app/results"]`; what a component returns as a temporary file is served without any
entry. Suture changes nothing, since which folders the app serves isn't written in the code.

Folders that are named, or come from elsewhere, are left alone:

```python
import gradio as gr

demo = gr.Blocks()
demo.launch(allowed_paths=["/srv/app/results"])
demo.launch(allowed_paths=args.paths)
```

## Test

`curl -si localhost:7860/gradio_api/file=/etc/hostname` (Gradio 4 and before: `/file=/etc/hostname`) answers
with the file now, and with 403 once the folders are named. Open each page that shows files.

## Roll back

Nothing is changed, so there is nothing to roll back.
"""

import re
from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Severity, Threat, rule

_MAKERS = re.compile(
    r"gradio\.(?:\w+\.)*(?:Blocks|Interface|ChatInterface|TabbedInterface|load|load_chat)"
    r"(?:\.load|\.from_pipeline)?\(\)(?:\.queue\(\))*\.launch"
)
_ROOT = re.compile(r"/+|[A-Za-z]:[\\/]*")


@rule(
    PythonFile,
    severity=Severity.HIGH,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-552", "LLM02:2025", "LLM02:2026", "AML.T0037", "AML.T0049"),
    mentions=("allowed_paths",),
    alongside=("gradio",),
    is_off=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    launches = [call for call in file.method_calls("launch") if _MAKERS.fullmatch(call.name)]
    mounted = file.calls_to("gradio.mount_gradio_app", "gradio.routes.mount_gradio_app")
    for call in (*launches, *mounted):
        written = call.keyword("allowed_paths")
        paths = written.value if written else None
        if isinstance(paths, (list, tuple)) and any(_ROOT.fullmatch(str(path)) for path in paths):
            yield Finding("whoever opens the app may read every file that it may read", call.span)
