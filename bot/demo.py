"""The bundled AI service, copied to a repository of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from bot import git


@contextmanager
def repository() -> Iterator[Path]:
    """A temporary git repository that holds the demo; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="suture-demo-") as folder, as_file(files("demo")) as source:
        root = Path(folder) / "helpdesk"
        shutil.copytree(source / "helpdesk", root)
        git.initialise(root, "The service as it stands")
        yield root
