"""Read YAML with a loader that builds plain data

`yaml.Loader`, `yaml.UnsafeLoader` and `yaml.unsafe_load` call whatever a document names:
`!!python/object/apply:os.system` runs a command while the file is read. `yaml.FullLoader` hands out any
function of an imported module. `yaml.safe_load` builds plain data and refuses everything else.

```diff
 import yaml

-config = yaml.load(stream, Loader=yaml.Loader)
+config = yaml.safe_load(stream)
-pages = yaml.load_all(stream, yaml.FullLoader)
+pages = yaml.safe_load_all(stream)
```

Plain data are strings, numbers, dates, lists, sets and dictionaries. `yaml.FullLoader` doesn't call since
PyYAML 5.4; where it is the only weakness, the severity is low. A `yaml.load` without a loader calls too,
before PyYAML 5.1:

```diff
 import yaml

-config = yaml.load(stream)
+config = yaml.safe_load(stream)
```

The loaders written in C keep their speed:

```diff
 import yaml

-config = yaml.load(stream, Loader=yaml.CLoader)
+config = yaml.load(stream, Loader=yaml.CSafeLoader)
```

Where the file adds constructors or resolvers to such a loader, or has a `yaml.YAMLObject`, the finding is
left to a person:

```python found
import yaml

yaml.add_constructor("!path", join_path)
config = yaml.load(stream, Loader=yaml.FullLoader)
```

Safe loaders, loaders of one's own, tests and other libraries are left alone:

```python
import yaml
from ruamel.yaml import YAML

config = yaml.safe_load(stream)
config = yaml.load(stream, Loader=yaml.CSafeLoader)
config = yaml.load(stream, Loader=ConfigLoader)
config = YAML(typ="unsafe").load(stream)
```

## Who notices

Documents with `!!python/…` tags. They stop with `yaml.constructor.ConstructorError`, which names the tag
and the line.

## Behaviour

(PyYAML 6.0): reading `!!python/object/apply:os.mkdir […]` made a folder before; after, it raises
`ConstructorError` and makes none. A document of plain data gives the same values in both.

## Before merging

`git grep -n '!!python/' -- '*.yml' '*.yaml'` must find no document that the program reads. Look into those
that come from elsewhere too.

## Test

Read each of the program's documents once. Then read `!!python/object/apply:os.getpid []`: `ConstructorError`,
where it returned a number (with `yaml.FullLoader`, an error before as well).

## Roll back

restart the process. No data or state changes. For a document that needs one tag, keep this change and add a
constructor for the tag to a subclass of `yaml.SafeLoader` instead.

## Does not close

Documents can still be huge: aliases that refer to aliases grow a few lines to gigabytes.
"""

from collections.abc import Iterator
from dataclasses import replace

from fixers.python.source import Argument, Call, PythonFile
from fixers.rule import Changes, Confidence, Finding, Refusal, Safety, Severity, Threat, rule

_CALLING = ("Loader", "UnsafeLoader", "CLoader", "CUnsafeLoader")
_LOOKING_UP = ("FullLoader", "CFullLoader")
_FUNCTIONS = {
    "yaml.load": "yaml.safe_load",
    "yaml.load_all": "yaml.safe_load_all",
    "yaml.full_load": "yaml.safe_load",
    "yaml.full_load_all": "yaml.safe_load_all",
    "yaml.unsafe_load": "yaml.safe_load",
    "yaml.unsafe_load_all": "yaml.safe_load_all",
}
_TEACH = ("add_constructor", "add_multi_constructor", "add_implicit_resolver", "add_path_resolver")
_TEACHING = tuple(f"yaml.{verb}" for verb in _TEACH)
_TEACHING_ONE = tuple(f"yaml.{loader}.{verb}" for loader in (*_CALLING, *_LOOKING_UP) for verb in _TEACH)
_TAUGHT = "the file teaches its loader tags of its own: teach them to `yaml.SafeLoader`, and load with that"
_RUNS = "a document that this reads may run code"
_LOOKS_UP = "a document that this reads may pick out any function of an imported module"
_OLD = "before PyYAML 5.1, a document that this reads may run code"


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-502", "LLM03:2025", "LLM04:2026", "AML.T0011.000", "bandit:B506"),
    mentions=("yaml",),
    opens_unasked=True,
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test:
        return
    for call in file.calls_to(*_FUNCTIONS):
        for finding in _findings(call):
            yield replace(finding, changes=(Refusal(_TAUGHT),)) if _is_taught(file) else finding


def _findings(call: Call) -> Iterator[Finding]:
    if call.name in ("yaml.load", "yaml.load_all"):
        yield from _with_loader(call)
    else:
        full = "full" in call.name
        severity = Severity.LOW if full else None
        changes = call.rename(_FUNCTIONS[call.name])
        yield Finding(_LOOKS_UP if full else _RUNS, call.span, changes, severity)


def _with_loader(call: Call) -> Iterator[Finding]:
    loader = call.keyword("Loader") or call.positional(1)
    if loader is None:
        if not call.has_keyword("Loader") and not call.has_starred and not _raises(call.file):
            changes = call.rename(_FUNCTIONS[call.name])
            yield Finding(_OLD, call.span, changes, confidence=Confidence.MEDIUM)
        return
    name = _class_of(loader)
    if name in _CALLING:
        yield Finding(_RUNS, call.span, _safely(call, loader, name))
    elif name in _LOOKING_UP:
        yield Finding(_LOOKS_UP, call.span, _safely(call, loader, name), Severity.LOW)


def _is_taught(file: PythonFile) -> bool:
    """Whether the file adds tags or resolvers to loaders other than the safe ones."""
    if "YAMLObject" in file.text.content:
        return True
    given = (call.keyword("Loader") or call.positional(2) for call in file.calls_to(*_TEACHING))
    return any(loader is None or "Safe" not in loader.real_name for loader in given) or any(
        file.calls_to(*_TEACHING_ONE)
    )


def _raises(file: PythonFile) -> bool:
    """From PyYAML 6 on, `yaml.load` without a loader is a TypeError."""
    return file.surely_at_least("pyyaml", "6")


def _class_of(loader: Argument) -> str:
    module, _, name = loader.real_name.rpartition(".")
    return name if module in ("yaml", "yaml.loader", "yaml.cyaml") else ""


def _safely(call: Call, loader: Argument, name: str) -> Changes:
    if name.startswith("C"):
        spelled = call.file.spell("yaml.CSafeLoader", loader.span.start, call.scope)
        return (*loader.replace(spelled.code), *spelled.changes)
    removed = call.remove_keyword("Loader") if call.keyword("Loader") else call.remove_positional(1)
    return (*call.rename(_FUNCTIONS[call.name]), *removed)
