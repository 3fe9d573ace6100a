"""What a snapshot takes, and what it lists as left out: bounds, names, vendored folders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fixers.engine import Skipped
from fixers.repository import MAX_FILE_BYTES

VENDORED = frozenset(
    [
        *(".eggs", ".nox", ".terraform", ".tox", ".venv", "__pypackages__", "bower_components"),
        *("dist-packages", "node_modules", "site-packages", "third_party", "vendor", "venv"),
    ]
)
_VENDORED_ENDINGS = (".dist-info", ".egg-info")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a repository is taken: files, bytes of one and of all, folders above a file.

    `vendored` are names of folders whose content belongs to somebody else.
    """

    files: int = 200_000
    file_bytes: int = MAX_FILE_BYTES
    total_bytes: int = 4_000_000_000
    depth: int = 64
    vendored: frozenset[str] = VENDORED


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be taken: its bytes on disk, and why it can't be (empty: it can)."""

    path: str
    size: int = 0
    reason: str = ""
    is_executable: bool = False


def accepted(
    candidates: Iterable[Candidate], asked: str, limits: Limits
) -> tuple[tuple[str, ...], tuple[Skipped, ...]]:
    """The paths within bounds, in order, and what is left out; what was asked for comes first.
    Vendored folders are one line each, and none where `asked` lies inside of one."""
    taken: list[str] = []
    skipped: dict[Skipped, None] = {}
    total = surplus = 0
    for candidate in sorted(candidates, key=lambda one: (not is_within(one.path, asked), one.path)):
        refused = _refused(candidate, asked, limits)
        if refused is not None:
            skipped[refused] = None
        elif len(taken) >= limits.files or total + candidate.size > limits.total_bytes:
            surplus += 1
        else:
            taken.append(candidate.path)
            total += candidate.size
    left_out = [Skipped(".", _surplus(surplus, limits))] if surplus else []
    listed = sorted((*skipped, *left_out), key=lambda one: (one.path, one.line))
    return tuple(sorted(taken)), tuple(listed)


def _surplus(count: int, limits: Limits) -> str:
    bound = f"{limits.files:,} files or {limits.total_bytes:,} bytes"
    return f"{count:,} more files, past the limit of {bound}: scan one folder at a time"


def _refused(candidate: Candidate, asked: str, limits: Limits) -> Skipped | None:
    path, size = candidate.path, candidate.size
    folder = vendored_folder(path, asked, limits)
    if folder:
        return Skipped(shown(folder), "vendored: somebody else's code, to be fixed where it comes from")
    if shown(path) != path:
        return Skipped(shown(path), "its name isn't UTF-8: rename it")
    if candidate.reason:
        return Skipped(path, candidate.reason)
    if path.count("/") > limits.depth:
        return Skipped(path, f"lies more than {limits.depth} folders deep")
    if size > limits.file_bytes:
        return Skipped(path, f"has {size:,} bytes, over the limit of {limits.file_bytes:,}")
    return None


def vendored_folder(path: str, asked: str, limits: Limits) -> str:
    """The outermost vendored folder that holds `path`, with a slash at its end, or nothing."""
    known = asked.count("/") + 1 if asked and is_within(path, asked) else 0
    below = (folder for number, folder in _folders(path) if number >= known)
    return next((folder for folder in below if _is_vendored(folder, limits)), "")


def _folders(path: str) -> Iterator[tuple[int, str]]:
    end = path.find("/")
    number = 0
    while end >= 0:
        yield number, path[: end + 1]
        end = path.find("/", end + 1)
        number += 1


def _is_vendored(folder: str, limits: Limits) -> bool:
    name = folder[:-1].rpartition("/")[2]
    return name in limits.vendored or name.endswith(_VENDORED_ENDINGS)


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies below it; everything is below the root, which is empty."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def shown(path: str) -> str:
    """The path in characters that can be written: bytes that aren't UTF-8 are escaped."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
