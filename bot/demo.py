"""The bundled AI service, copied to a repository of its own, and its most severe fix."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from bot import git
from bot.outcomes import Fix


@contextmanager
def repository() -> Iterator[Path]:
    """A temporary git repository that holds the demo; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="suture-demo-") as folder, as_file(files("demo")) as source:
        root = Path(folder) / "helpdesk"
        shutil.copytree(source / "helpdesk", root)
        git.initialise(root, "The service as it stands")
        yield root


def most_severe(fixes: tuple[Fix, ...]) -> Fix:
    """The fix to show: the most severe; among equals the one that closes most, then by name."""
    return min(fixes, key=lambda fix: (-fix.severity, -len(fix.outcomes), fix.rule.id))
