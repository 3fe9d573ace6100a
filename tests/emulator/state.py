"""What the proxy remembers beside emulate: everything that emulate doesn't keep or can't be told."""

from dataclasses import dataclass, field

from emulator.wire import Answer, Data

Numbered = tuple[int, int]
"""The id of a repository and a number in it."""


@dataclass(slots=True)
class Token:
    """An installation's token. `repositories` is None where it reaches all that the installation does."""

    installation: int
    repositories: frozenset[int] | None
    is_revoked: bool = False


@dataclass(slots=True)
class Installed:
    """`selection` is None where all repositories of the account are chosen."""

    account: str
    selection: set[str] | None = None
    suspended_at: str | None = None
    is_gone: bool = False


@dataclass(slots=True)
class State:
    people: dict[str, str] = field(default_factory=dict)
    """Token → login."""
    tokens: dict[str, Token] = field(default_factory=dict)
    installations: dict[int, Installed] = field(default_factory=dict)
    repositories: dict[str, int] = field(default_factory=dict)
    """Full name → id, of all that live."""
    renamed: dict[str, int] = field(default_factory=dict)
    """A name that was → the id that it leads to."""
    forks: dict[str, str] = field(default_factory=dict)
    """Full name of a fork → its parent's."""
    pulls: set[Numbered] = field(default_factory=set)
    from_forks: set[Numbered] = field(default_factory=set)
    closers: dict[Numbered, str] = field(default_factory=dict)
    """Who closed a pull request."""
    heads: dict[Numbered, str] = field(default_factory=dict)
    merges: dict[Numbered, str] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    runs: dict[int, Data] = field(default_factory=dict)
    """What emulate drops of a check run: `actions`, `annotations`, `is_ours`."""
    reactions: dict[str, list[Data]] = field(default_factory=dict)
    """Path of a subject → its reactions."""
    statuses: dict[str, list[Data]] = field(default_factory=dict)
    """Commit → its statuses, newest first."""
    sarif: dict[str, Data] = field(default_factory=dict)
    """What was uploaded to code scanning."""
    codes: set[str] = field(default_factory=set)
    """Codes of the manifest flow that weren't exchanged yet."""
    tickets: dict[str, str] = field(default_factory=dict)
    """Of a tarball's address: its token → what it opens."""
    trees: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """Tree or commit → path → mode and blob."""
    seen: dict[str, Answer] = field(default_factory=dict)
    """Target of a read → the answer that it had last."""
    computed: set[tuple[str, str]] = field(default_factory=set)
    """Base and head of which `mergeable` was asked for before (where that is lazy)."""
    next_id: int = 1

    def ticket(self, opens: str) -> str:
        made = f"TICKET{self.number()}"
        self.tickets[made] = opens
        return made

    def number(self) -> int:
        self.next_id += 1
        return self.next_id
