"""Who wrote a line."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.git.process import GitError, decoded, output
from bot.git.reading import store_of


def blame(root: Path, commit: str, lines: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
    """The commits that wrote these lines (from 1) of these files; one that the clone can't tell is left
    out, as is a file that git can't answer for. Raises GitError."""
    found: dict[tuple[str, int], str] = {}
    with tempfile.TemporaryDirectory(prefix="suture-blame-") as folder:
        settings = _unconfigured(Path(folder), store_of(root), commit)
        for path, numbers in sorted(lines.items()):
            ranges = [f"-L{number},{number}" for number in sorted(set(numbers))]
            arguments = ("blame", "--no-textconv", "--porcelain", *ranges, commit, "--", path)
            try:
                listed = decoded(output(root, arguments, settings))
            except GitError:
                continue
            beginnings = _beginnings(listed) if (Path(folder) / "shallow").exists() else frozenset()
            found |= {(path, line): one for line, one in _authors(listed) if one not in beginnings}
    return found


def _unconfigured(folder: Path, store: Path, commit: str) -> dict[str, str]:
    """The environment in which git has this store's objects and nobody's configuration.

    A `blame.ignoreRevsFile` can't be taken back: git sorts the empty name, which should do so, before
    the others. It hides commits, and where the file is missing, which is common, git refuses to answer.
    """
    form = "[core]\n\tbare = true\n\trepositoryFormatVersion = "
    form += "1\n[extensions]\n\tobjectFormat = sha256\n" if len(commit) == 64 else "0\n"
    (folder / "config").write_text(form)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "refs").mkdir()
    if (store / "shallow").exists():
        (folder / "shallow").write_bytes((store / "shallow").read_bytes())
    return {
        "GIT_DIR": str(folder),
        "GIT_OBJECT_DIRECTORY": str(store / "objects"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }


def _authors(porcelain: str) -> list[tuple[int, str]]:
    heads = re.findall(r"^([0-9a-f]{40,64}) \d+ (\d+)", porcelain, re.M)
    return [(int(line), commit) for commit, line in heads]


def _beginnings(porcelain: str) -> frozenset[str]:
    """The commits before which git knows nothing: where a clone was cut off, they hold what is older."""
    found = re.findall(r"^([0-9a-f]{40,64}) [\d ]+\n(?:(?!\t).*\n)*?boundary\n", porcelain, re.M)
    return frozenset(found)
