"""The App's credentials in a file, for where the environment holds none: written once, by `suture serve`."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "credentials.json"
_LARGEST = 64 * 1024
"""Bytes of the file; GitHub's keys have about 1,700."""


class Unusable(Exception):
    """The file is there and can't be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the App is known by, at one GitHub. Secrets stay out of its `repr`."""

    github_url: str
    name: str
    app_id: int
    private_key: str = field(repr=False)
    """PEM, as GitHub hands it out."""
    webhook_secrets: tuple[str, ...] = field(repr=False)
    """The one in use, and the one before it where a person adds it while changing them."""


def prepare(folder: Path) -> None:
    """Make the folder, and find out whether it can be written to: GitHub tells a key once. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder):
        pass


def store(folder: Path, stored: Stored) -> Path:
    """Write the file, whole or not at all, readable for this user alone. Raises OSError, also where there
    is one already."""
    prepare(folder)
    path = folder / NAME
    if path.exists():
        raise FileExistsError(f"{path} exists")
    descriptor, unfinished = tempfile.mkstemp(prefix=".credentials-", dir=folder)  # with mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(stored), file, indent=1)
            file.flush()
            os.fsync(descriptor)
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    return path


def load(folder: Path) -> Stored | None:
    """None where there is no file. Raises Unusable."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            return _stored(json.loads(file.read(_LARGEST)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unusable(
            f"{path} can't be used ({type(error).__name__}): bring back what `suture serve` wrote, readable "
            "for this user, or move it away and set SUTURE_APP_ID and what belongs to it"
        ) from None


def _stored(data: dict[str, object]) -> Stored:
    """Raises ValueError, TypeError or KeyError for what wasn't written by `store`."""
    number, secrets = data["app_id"], data["webhook_secrets"]
    texts = [data[name] for name in ("github_url", "name", "private_key")]
    if not isinstance(number, int) or not isinstance(secrets, list):
        raise TypeError
    words = [text for text in (*texts, *secrets) if isinstance(text, str)]
    if len(words) != len(texts) + len(secrets) or not secrets or not all(words) or number < 1:
        raise ValueError
    return Stored(words[0], words[1], number, words[2], tuple(words[3:]))
