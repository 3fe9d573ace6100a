"""The example of the environment gets one line for a variable that it doesn't name yet."""

import pytest

from fixers.engine import splice
from fixers.python.source import PythonFile
from fixers.repository import Repository
from fixers.rule import Edit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", "KEY=\n"),
        (b"A=1\n", "A=1\nKEY=\n"),
        (b"A=1", "A=1\nKEY=\n"),
        (b"A=1\r\n", "A=1\r\nKEY=\r\n"),
        (b"KEY_2=1\n", "KEY_2=1\nKEY=\n"),
        (b"KEY=\n", "KEY=\n"),
        (b"# KEY = x\n", "# KEY = x\n"),
        (b"export KEY=x\n", "export KEY=x\n"),
    ],
)
def test_documented(before: bytes, after: str) -> None:
    repo = Repository.of({"app/main.py": b"", ".env.example": before})
    changes = PythonFile.parse("app/main.py", b"", repo).document_variable("KEY")
    edits = [change for change in changes if isinstance(change, Edit)]
    assert {edit.path for edit in edits} <= {".env.example"}
    assert splice(before.decode(), edits) == after


@pytest.mark.parametrize("files", [{}, {"app/.env": b"A=1\n"}, {".env.example": b"\xff\n"}])
def test_nothing_to_document_in(files: dict[str, bytes]) -> None:
    repo = Repository.of({"app/main.py": b"", **files})
    assert PythonFile.parse("app/main.py", b"", repo).document_variable("KEY") == ()
