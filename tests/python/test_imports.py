"""A name is spelled as the file already spells it, or its import goes where the file wants it."""

import pytest

from fixers.engine import splice
from fixers.python.source import PythonFile
from fixers.repository import Repository
from fixers.rule import Edit, Refusal


def spelled(content: str, name: str) -> tuple[str, str]:
    """How the file spells `name` at the call of `here()`, and the file with the import that it needs.

    For a refusal the second text is its reason.
    """
    file = PythonFile.parse("example.py", content.encode(), Repository.of({}))
    assert file.text.encode(file.text.content) == content.encode()
    place = next(place for place in file.names.calls if "here" in file.code(place.node))
    spelling = file.spell(name, file.span(place.node).start, place.scope)
    reasons = [change.reason for change in spelling.changes if isinstance(change, Refusal)]
    if reasons:
        return spelling.code, reasons[0]
    edits = [change for change in spelling.changes if isinstance(change, Edit)]
    return spelling.code, file.text.encode(splice(file.text.content, edits)).decode()


USE = "\n\ndef f():\n    here()\n"

PRESENT = [
    ("import os", "os.environ", "os.environ"),
    ("import os as o", "os.environ", "o.environ"),
    ("import os.path", "os.environ", "os.environ"),
    ("import os.path as p", "os.path.join", "p.join"),
    ("from os import environ", "os.environ", "environ"),
    ("from os import environ as e", "os.environ", "e"),
    ("from os import path", "os.path.join", "path.join"),
    ("import sys; import os", "os.environ", "os.environ"),
    ("import os\nimport os", "os.environ", "os.environ"),
    ("x = 1\nimport os", "os.environ", "os.environ"),
]


@pytest.mark.parametrize(("head", "name", "code"), PRESENT)
def test_an_import_that_is_there_is_used(head: str, name: str, code: str) -> None:
    assert spelled(head + USE, name) == (code, head + USE)


ADDED = [
    ("", "import os\n\n"),
    ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n", "+import os\n\n"),
    ("# Licence\n# of two lines\n\n", "+import os\n\n"),
    ('"""Doc."""\n', '"""Doc."""\n\nimport os\n'),
    ('"""Doc."""\nX = 1\n', '"""Doc."""\n\nimport os\n\nX = 1\n'),
    ('"""Doc\n\nlong."""\n\nX = 1\n', '"""Doc\n\nlong."""\n\nimport os\n\nX = 1\n'),
    ("from __future__ import annotations\n", "from __future__ import annotations\n\nimport os\n"),
    (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport sys\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\nimport sys\n',
    ),
    ("import json\nimport sys\n", "import json\nimport os\nimport sys\n"),
    ("import sys\nimport json\n", "import sys\nimport json\nimport os\n"),
    ("import abc\n", "import abc\nimport os\n"),
    ("import abc\n\nimport torch\n", "import abc\nimport os\n\nimport torch\n"),
    ("import torch\n", "import os\n\nimport torch\n"),
    ("from . import mine\n", "import os\n\nfrom . import mine\n"),
    ("from .mine import a\nfrom ..b import c\n", "import os\n\nfrom .mine import a\nfrom ..b import c\n"),
    ("from typing import Any\n", "import os\nfrom typing import Any\n"),
    ("# Standard library\nimport sys\n", "# Standard library\nimport os\nimport sys\n"),
    ("X = 1\n\n# Third party\nimport torch\n", "import os\n\nX = 1\n\n# Third party\nimport torch\n"),
    ("import abc; import sys\n", "import abc; import sys\nimport os\n"),
    ("import abc; x = '''\n'''\n", "import abc; x = '''\n'''\nimport os\n"),
    ("import abc  # noqa\n", "import abc  # noqa\nimport os\n"),
    ("import abc\\\n    as b\n", "import abc\\\n    as b\nimport os\n"),
    (
        "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\n",
        "import os\n\ntry:\n    import tomllib\nexcept ImportError:\n    tomllib = None\n",
    ),
    (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import abc\n",
        "import os\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import abc\n",
    ),
    ("X = 1\nimport sys\n", "import os\n\nX = 1\nimport sys\n"),
    ("@decorator\ndef g(): pass\n", "import os\n\n@decorator\ndef g(): pass\n"),
]


@pytest.mark.parametrize(("head", "expected"), ADDED)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_standard_module_is_imported_whole(head: str, expected: str, newline: str, mark: str) -> None:
    use = USE.removeprefix("\n\n") if not head or head.startswith(("#!", "# L")) else USE
    expected = head + expected[1:] if expected.startswith("+") else expected
    before = (mark + head + use).replace("\n", newline)
    assert spelled(before, "os.environ") == ("os.environ", (mark + expected + use).replace("\n", newline))


FROM = [
    ("import yaml\n", "yaml.safe_load", "yaml.safe_load", "import yaml\n"),
    ("from yaml import dump\n", "yaml.safe_load", "safe_load", "from yaml import dump, safe_load\n"),
    ("from yaml import Loader, load\n", "yaml.dump", "dump", "from yaml import Loader, dump, load\n"),
    ("from yaml import dump\n", "yaml.CSafeLoader", "CSafeLoader", "from yaml import CSafeLoader, dump\n"),
    (
        "from yaml import (\n    Loader,\n    load,\n)\n",
        "yaml.safe_load",
        "safe_load",
        "from yaml import (\n    Loader,\n    load,\n    safe_load,\n)\n",
    ),
    (
        "from yaml import (\n    Loader,\n    load,  # noqa\n)\n",
        "yaml.safe_load",
        "safe_load",
        "from yaml import (\n    Loader,\n    load,  # noqa\n)\nfrom yaml import safe_load\n",
    ),
    (
        "from yaml import Loader, \\\n    load\n",
        "yaml.safe_load",
        "safe_load",
        "from yaml import Loader, \\\n    load, safe_load\n",
    ),
    (
        "from yaml import *\n",
        "yaml.safe_load",
        "safe_load",
        "from yaml import *\nfrom yaml import safe_load\n",
    ),
    ("import os\n", "yaml.safe_load", "safe_load", "import os\n\nfrom yaml import safe_load\n"),
    (
        "import os\nimport torch\nfrom . import a\n",
        "yaml.safe_load",
        "safe_load",
        "import os\nimport torch\nfrom yaml import safe_load\nfrom . import a\n",
    ),
]


@pytest.mark.parametrize(("head", "name", "code", "expected"), FROM)
def test_a_name_of_a_package_is_imported_from_it(head: str, name: str, code: str, expected: str) -> None:
    assert spelled(head + USE, name) == (code, expected + USE)


@pytest.mark.parametrize("ours", ["service/__init__.py", "service.py", "api/service/__init__.py"])
def test_a_package_of_others_stands_before_the_repositorys_own(ours: str) -> None:
    content = b"import torch\n\nfrom service import x\n\nhere()\n"
    repo = Repository.of({"api/app.py": content, ours: b""})
    file = PythonFile.parse("api/app.py", content, repo)
    (edit,) = file.spell("yaml.safe_load", len(content) - 7, file.names.module).changes
    assert isinstance(edit, Edit)
    assert splice(file.text.content, [edit]).splitlines()[:4] == [
        "import torch",
        "from yaml import safe_load",
        "",
        "from service import x",
    ]


MEANS_ELSE = "`os` already means something else in this file"
REFUSED = [
    ("os = 1\n\n\ndef f():\n    here()\n", "os.environ", MEANS_ELSE),
    ("def f(os):\n    here()\n", "os.environ", MEANS_ELSE),
    ("def f():\n    os = g()\n    here()\n", "os.environ", MEANS_ELSE),
    ("import ufo as os\n\nhere()\n", "os.environ", MEANS_ELSE),
    (
        "try:\n    import os\nexcept ImportError:\n    pass\n\nhere()\n",
        "os.environ",
        "`os` is imported here on a condition only",
    ),
    ("here()\nimport sys\n", "yaml.open", "`open` would hide the builtin"),
    (
        "def safe_load(): pass\n\nhere()\n",
        "yaml.safe_load",
        "`safe_load` already means something else in this file",
    ),
    ('"""Doc."""; here()\n', "os.environ", "it runs before the file's imports"),
    (
        "from __future__ import annotations; import sys; here()\n",
        "os.environ",
        "its imports share a line with what must stay before them",
    ),
    (
        '"""Doc."""; import sys; here()\n',
        "os.environ",
        "its imports share a line with what must stay before them",
    ),
    ("import sys; \\\nimport abc\n\nhere()\n", "sys.x", ""),
    ("\\\nimport sys\n\nhere()\n", "os.environ", "its imports share a line with what must stay before them"),
]


@pytest.mark.parametrize(("content", "name", "reason"), REFUSED)
def test_refusals(content: str, name: str, reason: str) -> None:
    assert spelled(content, name)[1] == (reason or content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("import sys\nhere()\n", "import os\nimport sys\nhere()\n"),
        ("here()\nimport os\n", "import os\n\nhere()\nimport os\n"),
        ("# About here.\nhere()", "# About here.\nimport os\n\nhere()"),
        ("# Licence\n\n# About here.\nhere()", "# Licence\n\nimport os\n\n# About here.\nhere()"),
        ('"""Doc."""\nhere()', '"""Doc."""\n\nimport os\n\nhere()'),
        ("class A:\n    x = here()\n", "import os\n\nclass A:\n    x = here()\n"),
    ],
)
def test_code_that_runs_at_import_finds_the_import_above_it(content: str, expected: str) -> None:
    assert spelled(content, "os.environ") == ("os.environ", expected)


def test_two_calls_that_need_one_import_add_it_once() -> None:
    content = "def f(here):\n    here()\n\n\ndef g(here):\n    here()\n"
    file = PythonFile.parse("example.py", content.encode(), Repository.of({}))
    spellings = [file.spell("os.environ", file.span(p.node).start, p.scope) for p in file.names.calls]
    edits = [change for spelling in spellings for change in spelling.changes if isinstance(change, Edit)]
    assert len(edits) == 2
    assert splice(content, edits) == f"import os\n\n{content}"
