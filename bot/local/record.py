"""Pull requests kept in a folder, as a forge would keep them: a record and a body for each branch."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.published import State

_BRANCH = re.compile(r"suture/[a-z-]+/[a-z0-9-]+")


class RecordError(Exception):
    """A record that can't be read or written: file, what is wrong, and the remedy."""


@dataclass(frozen=True, slots=True)
class Record:
    """One pull request. A person may set `state` to `closed`, and `approved`."""

    branch: str
    title: str
    state: State
    opened: date
    reviewers: tuple[str, ...] = ()
    approved: bool = False
    comments: tuple[str, ...] = ()

    def saying(self, comment: str, state: State) -> "Record":
        """The record in this state, with the comment if nobody made it before."""
        comments = tuple(dict.fromkeys((*self.comments, comment)))
        return replace(self, comments=comments, state=state)


class Records:
    """The records in a folder, each beside the body of its pull request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __iter__(self) -> Iterator[Record]:
        """All of them, by file name. Raises RecordError."""
        for path in sorted(self.folder.glob("*.json")):
            yield self._read(path)

    def body(self, branch: str) -> str:
        """The body as it is, whoever wrote it last; empty where there is none. Raises RecordError."""
        path = self.path_of_body(branch)
        try:
            return path.read_bytes().decode("utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"{path}: can't be read ({error}): mend or delete it") from error

    def path_of_body(self, branch: str) -> Path:
        return self.folder / f"{_name(branch)}.md"

    def write(self, record: Record, body: str | None = None) -> None:
        """Keep the record, and its body if there is a new one: the record last, as it makes it count.
        Raises RecordError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if body is not None:
                _replace(self.path_of_body(record.branch), body)
            data = asdict(record) | {"state": record.state.value, "opened": record.opened.isoformat()}
            text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
            _replace(self.folder / f"{_name(record.branch)}.json", text)
        except OSError as error:
            raise RecordError(f"{self.folder}: can't be written ({error})") from error

    def _read(self, path: Path) -> Record:
        try:
            return _record(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            words = f"{path}: isn't a record of a pull request ({error}): mend or delete it"
            raise RecordError(words) from error


def _record(data: dict[str, Any]) -> Record:
    approved, branch = data.get("approved", False), data["branch"]
    lists = [data.get("reviewers", []), data.get("comments", [])]
    if not isinstance(approved, bool) or not all(isinstance(one, list) for one in lists):
        raise ValueError("`approved` is true or false, `reviewers` and `comments` are lists")
    if not _BRANCH.fullmatch(branch):
        raise ValueError("`branch` isn't the name of a branch that was made here")
    return Record(
        branch,
        str(data["title"]),
        State(data["state"]),
        date.fromisoformat(data["opened"]),
        tuple(map(str, lists[0])),
        approved,
        tuple(map(str, lists[1])),
    )


def _name(branch: str) -> str:
    return branch.removeprefix("suture/").replace("/", ".")


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(path)
