"""The dashboard as values, and as the body of its issue."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.dashboard.boxes import Box, Verb
from bot.escaping import code, masked, sentence, shortened
from bot.outcomes import Outcome
from bot.policy import Problem
from bot.pull_request import counted
from bot.templates import rendered
from fixers.engine import Skipped

TITLE = "Suture"
MARK = "<!-- suture: dashboard -->"
"""What the dashboard is known by."""
SILENT = "<!-- suture: nothing to list -->"
"""A closed dashboard that holds this was closed by us; without it, a person closed it."""

_MOST = 40
"""Entries of one kind."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A pull request that stands open; `note` is why it isn't touched, or what it waits for."""

    number: int
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pull request that could be opened, by the digest of its key, and why it isn't."""

    key: str
    title: str
    severity: str
    findings: int
    files: int
    reason: str

    @property
    def can_open(self) -> bool:
        """Whether asking helps: what would touch another one's lines has to wait for it."""
        return not self.reason.startswith("overlap")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A pull request that a person closed."""

    number: int
    key: str
    title: str
    who: str
    when: date


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that it tells. `unfixed` are findings that only a person can close."""

    is_private: bool
    open: Sequence[OpenRequest] = ()
    waiting: Sequence[Waiting] = ()
    rejected: Sequence[Rejected] = ()
    unfixed: Sequence[Outcome] = ()
    unread: Sequence[Skipped] = ()
    errors: Sequence[Problem] = ()
    notes: Sequence[Problem] = ()
    """Ignores that need a look."""
    secrets: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open and nothing waits for anybody."""
        return not (self.open or self.waiting or self.errors)

    def body(self) -> str:
        """The body of the issue. Of a public repository it tells no weakness that isn't closed yet."""
        text = rendered(
            "dashboard.md",
            open=[_open(one) for one in self.open],
            waiting=list(_some(map(_waiting, self.waiting))) if self.is_private else [],
            next=_next(self.waiting) if self.waiting and not self.is_private else "",
            rejected=list(_some(map(_rejected, self.rejected))),
            unfixed=list(_some(map(_unfixed, self.unfixed))) if self.is_private else [],
            unfixed_count=counted(len(self.unfixed), "finding") if self.unfixed else "",
            unread=list(_some(map(_unread, self.unread))),
            errors=[_problem(one) for one in self.errors],
            notes=list(_some(map(_problem, self.notes))) if self.is_private else [],
            pause=_pause(is_ticked=False),
        )
        marks = f"{MARK}\n{SILENT}\n" if self.is_empty else f"{MARK}\n"
        return masked(text, self.secrets) + marks


def with_pause(body: str) -> str:
    """A body whose box says that everything is held back."""
    return body.replace(_pause(is_ticked=False), _pause(is_ticked=True))


def _pause(*, is_ticked: bool) -> str:
    return Box(Verb.PAUSE).line("Hold everything back in this repository", is_ticked=is_ticked)


def _some(lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    yield from every[:_MOST]
    if len(every) > _MOST:
        yield f"- and {len(every) - _MOST} more: `suture plan` and `suture scan` list them all"


def _open(one: OpenRequest) -> str:
    note = f": {sentence(one.note)}" if one.note else ""
    return f"- #{one.number} {sentence(one.title)}{note}"


def _waiting(one: Waiting) -> str:
    size = f"{counted(one.findings, 'finding')} in {counted(one.files, 'file')}"
    words = f"**{one.severity}** {sentence(one.title)}, {size} ({sentence(one.reason)})"
    return Box(Verb.OPEN, one.key).line(words) if one.can_open else f"- {words}"


def _next(waiting: Sequence[Waiting]) -> str:
    findings = sum(one.findings for one in waiting)
    requests = counted(len(waiting), "pull request")
    words = f"Open the next one now, of {requests} with {counted(findings, 'finding')} that wait"
    return Box(Verb.NEXT).line(words)


def _rejected(one: Rejected) -> str:
    by = f" by {code(one.who)}" if one.who else ""
    return Box(Verb.AGAIN, one.key).line(f"#{one.number} {sentence(one.title)}, closed{by} on {one.when}")


def _unfixed(one: Outcome) -> str:
    hit = one.hit
    place = code(shortened(f"{hit.path}:{hit.line}"))
    why = f" ({sentence(one.detail)})" if one.detail else ""
    return f"- **{one.severity.name.lower()}** {place}: {sentence(hit.finding.message)}{why}"


def _unread(one: Skipped) -> str:
    place = f"{one.path}:{one.line}" if one.line else one.path
    return f"- {code(shortened(place))}: {sentence(one.reason)}"


def _problem(one: Problem) -> str:
    words = str(one).removeprefix(f"{one.path}:{one.line}: ")
    return f"- {code(shortened(f'{one.path}:{one.line}'))}: {sentence(words)}"
