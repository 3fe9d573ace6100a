"""What would be written at one place is written there together, in order."""

import pytest

from fixers.engine import splice
from fixers.python.source import PythonFile, together
from fixers.repository import Repository
from fixers.rule import Edit, Refusal, Span

AT = Span(3, 3)


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["import os\n\n", "import secrets\n\n"], "import os\nimport secrets\n\n"),
        (["\nimport os\n", "\nimport secrets\n"], "\nimport os\nimport secrets\n"),
        (["import os\r\n\r\n", "import secrets\r\n\r\n"], "import os\r\nimport secrets\r\n\r\n"),
        (["A, ", "B, "], "A, B, "),
        (["import os\n", "import os\n"], "import os\n"),
        (["a\n", "b\n", "c\n"], "a\nb\nc\n"),
    ],
)
def test_texts_at_one_place(texts: list[str], joined: str) -> None:
    assert together(*(Edit(AT, text) for text in texts)) == (Edit(AT, joined),)


def test_others_stay_as_they_are() -> None:
    changes = (
        Edit(AT, "a"),
        Edit(Span(4, 4), "b"),
        Edit(AT, "c", "other.py"),
        Edit(Span(3, 4), "d"),
        Refusal("no"),
    )
    assert together(*changes) == changes


def test_two_imports_of_the_standard_library_share_their_blank_line() -> None:
    content = "from fastapi import FastAPI\n\napp = FastAPI()\n"
    file = PythonFile.parse("a.py", content.encode(), Repository.of({}))
    names = ("os.environ", "secrets.compare_digest", "fastapi.Depends")
    spelled = [file.spell(name, len(content), file.names.module) for name in names]
    changes = together(*(change for one in spelled for change in one.changes))
    new = splice(content, [change for change in changes if isinstance(change, Edit)])
    assert new == "import os\nimport secrets\n\n" + content.replace(
        "import FastAPI", "import Depends, FastAPI"
    )
