"""Unpack tar archives with the data filter

A tar archive says itself where its files go: `../../home/app/.bashrc`, `/etc/cron.d/x`, or a link that leads
out of the folder and a file behind it. `extractall` follows, so whoever can swap the model or data set that
is unpacked writes any file that this process may write. With `filter="data"` such a member is refused.
Python 3.14 does that by default.

```diff
 import tarfile

 with tarfile.open(archive) as tar:
-    tar.extractall(folder)
+    tar.extractall(folder, filter="data")
```

The same goes for members that are unpacked one by one:

```diff
 import tarfile

 tar = tarfile.open("model.tar.gz", "r:gz")
 for member in tar.getmembers():
-    tar.extract(member, folder)
+    tar.extract(member, folder, filter="data")
```

Left alone: a filter or members that are chosen, a function that looks at the paths itself, a member that is
named, zip archives, which don't leave their folder, tests, and projects for Python 3.14 or later.

```python
import tarfile
import zipfile

with tarfile.open(archive) as tar:
    tar.extractall(folder, members=safe_members(tar))
    tar.extract("config.json", folder)
with zipfile.ZipFile(archive) as bundle:
    bundle.extractall(folder)
```

Where the project runs on Pythons that don't know the argument, and on no others, it is left to a person.

## Who notices

Archives with absolute links, links out of the folder, or devices: unpacking stops with `tarfile.FilterError`,
which names the member. Owners aren't restored, nor is the right of group and others to write. A Python
without the argument raises `TypeError`: 3.12 has it, and 3.11.4, 3.10.12, 3.9.17, 3.8.17.

## Behaviour

(standard library of Python 3.11): a member `../escaped.txt` was written beside the folder before; after, it
raises `OutsideDestinationError` and nothing is written. An honest archive unpacks to the same files.

## Test

Unpack each archive that the program fetches once, into an empty folder, and compare with what was there.
`tar -tvf archive | grep -E '^[lhbc]| /|\\.\\./'` lists the members that could be refused.

## Roll back

unpack again what was unpacked with other rights. Files that are there already stay as they are.

## Does not close

A swapped archive still brings its own files into the folder: compare its SHA-256 before unpacking. An
archive may also unpack to more than the disk holds.
"""

import re
from collections.abc import Iterator

from fixers.python.source import (
    Call,
    PythonFile,
    code_around,
    python_surely_at_least,
    python_surely_below,
    receiver_code,
    receivers,
)
from fixers.rule import Changes, Finding, Refusal, Safety, Severity, Threat, rule

_ARCHIVE = re.compile(r"tarfile\.(?:open|TarFile(?:\.(?:open|taropen|gzopen|bz2open|xzopen))?)\(\)")
_LOOKS = re.compile(
    r"common(?:path|prefix)|relative_to|(?:real|abs)path|\.resolve\(|is_?within|_safe_|safe_?(?:members|extract)"
    r"|isabs|is_absolute|\.is(?:sym|lnk|dev)\(|[\"']\.\.[\"'/]|extraction_filter|(?:data|tar)_filter"
)
_MEMBERS = re.compile(r"\.get(?:members|names)\(")
_WITHOUT = "the project runs on Pythons before 3.8 only, whose `tarfile` has no filters"
_BACKPORTS = "needs Python 3.12, or 3.11.4, 3.10.12, 3.9.17, 3.8.17: older ones raise `TypeError`"
_POSITION_OF_MEMBERS = 1


@rule(
    PythonFile,
    severity=Severity.MEDIUM,
    safety=Safety.REVIEW,
    threat=Threat.UNTRUSTED_MODEL,
    references=("CWE-22", "LLM03:2025", "LLM04:2026", "AML.T0010.002", "AML.T0010.003", "bandit:B202"),
    mentions=("tarfile",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    if file.is_test or python_surely_at_least(file, "3.14"):
        return
    notes = () if python_surely_at_least(file, "3.12") else (_BACKPORTS,)
    all_at_once = filter(_takes_every_member, file.method_calls("extractall"))
    one_by_one = filter(_goes_through_all, file.method_calls("extract"))
    for call in (*all_at_once, *one_by_one):
        if _is_of_tar(call) and not _is_filtered(call):
            message = "the archive says where its files go, also outside of the folder"
            yield Finding(message, call.span, _filtered(call), notes=notes)


def _is_of_tar(call: Call) -> bool:
    archives = receivers(call)
    return bool(archives) and all(map(_ARCHIVE.fullmatch, archives))


def _is_filtered(call: Call) -> bool:
    """Whether somebody has chosen a filter, or looks at the paths in the function around."""
    return call.has_starred or call.has_keyword("filter") or bool(_LOOKS.search(code_around(call)))


def _takes_every_member(call: Call) -> bool:
    return call.keyword("members") is None and call.positional(_POSITION_OF_MEMBERS) is None


def _goes_through_all(call: Call) -> bool:
    """Whether the function around asks the archive for its members, or loops over it."""
    member, code = call.keyword("member") or call.positional(0), code_around(call)
    loop = rf"\bin (?:[\w.]+\()?{re.escape(receiver_code(call))}\b"
    loops = _MEMBERS.search(code) or re.search(loop, code)
    return member is not None and member.code.isidentifier() and bool(loops)


def _filtered(call: Call) -> Changes:
    if python_surely_below(call.file, "3.8"):
        return (Refusal(_WITHOUT),)
    return call.add_keyword("filter", '"data"')
