"""A process of its own for formatters that are libraries: what upsets them ends it alone.

Run as a script, with nothing of ours in reach: one JSON request a line in, one JSON answer a line out.
"""

import importlib
import json
import re
import resource
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

MEMORY_BYTES = 2 << 30


def black(request: Mapping[str, Any]) -> dict[str, Any]:
    library = importlib.import_module("black")
    settings = dict(request["settings"])
    versions = {library.TargetVersion[name.upper()] for name in settings.pop("target_versions")}
    requires = settings.pop("requires_python", None)
    if not versions and requires:
        files = importlib.import_module("black.files")
        versions = set(files.infer_target_version({"project": {"requires-python": requires}}) or ())
    mode = library.Mode(target_versions=versions, **settings)
    try:
        return {"text": library.format_file_contents(request["source"], fast=True, mode=mode)}
    except library.NothingChanged:
        return {"text": request["source"]}


def yapf(request: Mapping[str, Any]) -> dict[str, Any]:
    library = importlib.import_module("yapf.yapflib.yapf_api")
    text, _ = library.FormatCode(request["source"], style_config=dict(request["settings"]))
    return {"text": text}


def search(request: Mapping[str, Any]) -> dict[str, Any]:
    """Which of the patterns is found in one of its texts; as black does, one of many lines is verbose."""
    found = []
    for pattern, texts in request["patterns"]:
        compiled = re.compile(f"(?x){pattern}" if "\n" in pattern else pattern)
        found.append(any(compiled.search(text) for text in texts))
    return {"found": found}


TOOLS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "black": black,
    "yapf": yapf,
    "search": search,
}


def explained(error: Exception) -> str:
    """The error in a few words; where it names a place in the code, that alone, and not the code."""
    words = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    if isinstance(error, KeyError):
        return f"it knows no {words}"
    place = re.search(r"\b(\d+):(\d+)\b", words)
    return f"it can't parse line {place[1]}, column {place[2]}" if place else words


def main() -> None:
    with suppress(ValueError, OSError):  # not every system can bound it
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = TOOLS[request["tool"]](request)
        except Exception as error:  # whatever a library makes of strange code is an answer
            answer = {"reason": explained(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
