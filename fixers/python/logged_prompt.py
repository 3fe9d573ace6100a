"""Log the length of a prompt instead of its text

People write names, diagnoses and passwords into prompts, and retrieved documents stand in them as well. In
the log they are kept for longer, copied to more places and read by more people than anyone was told. What a
service needs to see of a prompt in operation is mostly that it came, and how long it was.

```diff
 import logging

 from openai import OpenAI

 client = OpenAI()
 logger = logging.getLogger(__name__)


 def ask(prompt: str) -> str:
-    logger.info(f"asking with: {prompt}")
+    logger.info(f"asking with: {len(prompt)}")
-    logger.warning("prompt: %s", prompt)
+    logger.warning("prompt: %s", len(prompt))
     return client.responses.create(model="gpt-5", input=prompt).output_text
```

A name counts where the same function gives it to a model as it is: as its messages, prompt or input. For a
list of messages the length is their number.

Debug messages, parts that are cut out, other names, and what is printed are left alone, and so are tests and
logs that an `if` asks for:

```python
import logging

from openai import OpenAI

client = OpenAI()
logger = logging.getLogger(__name__)


def ask(prompt: str) -> str:
    logger.debug("prompt: %s", prompt)
    logger.info("prompt begins with %s", prompt[:20])
    logger.info("asking %s", model)
    print(prompt)
    return client.responses.create(model="gpt-5", input=prompt).output_text
```

## Who notices

Whoever reads prompts in the log to find out why an answer was wrong, and alerts or evaluations that search
the log for words of a prompt. Something without a length (`len`) raises `TypeError` where it was logged
before.

## Behaviour

(standard library's logging): a password in a prompt stood in the log twice before, and doesn't after, where
the lines say how long the prompt was. The model is sent the same prompt in both.

## Test

Ask once with a prompt that holds a made-up word, then `grep` the service's log for that word: nothing is
found, and the line with the length is there.

## Roll back

restart the process. Prompts that were logged before stay in the log either way, until its retention ends.

## Does not close

Earlier logs still hold prompts: see how long they are kept. Answers, tool calls, exceptions of the SDK and
traces may hold them too, and so do debug messages where that level is on.
"""

from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, PythonFile, is_asked_for, logged_prompts
from fixers.rule import Finding, Safety, Severity, Threat, rule


@rule(
    PythonFile,
    severity=Severity.LOW,
    safety=Safety.REVIEW,
    threat=Threat.DATA_EXPOSURE,
    references=("CWE-532", "LLM02:2025", "LLM02:2026", "AML.T0057"),
    mentions=(".info(", ".warning(", ".warn(", ".error(", ".exception(", ".critical("),
    alongside=MODEL_WORDS,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for logged in () if file.is_test else logged_prompts(file):
        if not is_asked_for(logged.call):
            message = f"`{logged.name}` goes to a model and is kept in the log as well"
            yield Finding(message, logged.span, logged.lengths())
