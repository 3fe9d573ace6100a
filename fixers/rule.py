"""The words: what a rule is, what it finds, and how far its fix may travel."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Self

from fixers.text import Text

if TYPE_CHECKING:
    from fixers.repository import Repository


class Severity(IntEnum):
    """How bad the weakness is where it can be reached."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Confidence(IntEnum):
    """How sure the rule is that what it found is real."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Safety(IntEnum):
    """How far a fix may travel without a person having read it."""

    REVIEW = 0
    """May change behaviour; the rule says how."""
    SAFE = 1
    """Honest use can't notice."""


class Threat(Enum):
    """What goes wrong; one campaign gathers the findings of one threat."""

    UNTRUSTED_MODEL = "untrusted-model"
    UNSAFE_OUTPUT = "unsafe-output"
    PROMPT_INJECTION = "prompt-injection"
    EXPOSED_SECRET = "exposed-secret"
    EXCESSIVE_AGENCY = "excessive-agency"
    UNBOUNDED_COST = "unbounded-cost"
    EXPOSED_SERVICE = "exposed-service"
    EXCESS_PRIVILEGE = "excess-privilege"
    DATA_EXPOSURE = "data-exposure"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters in a file's text."""

    start: int
    end: int


REMOVED: Final = object()
"""The value of an `Intent` that takes something away."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What an edit means in the data of its file: afterwards `path` holds `value`, all else as before.

    The path's steps are keys and positions, the first of them the number of the document in a file
    of several. A position at the end of a list adds to it; REMOVED takes the entry out.
    """

    path: tuple[str | int, ...]
    value: object


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `span` by `text`, in the finding's file or in the one at `path`."""

    span: Span
    text: str
    path: str = ""
    intents: tuple[Intent, ...] = ()


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that the fix adds; its path is relative to the repository's root."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this finding has no fix here although its rule has one: a sentence without a full stop."""

    reason: str


Change = Edit | NewFile | Refusal
Changes = tuple[Change, ...]
"""What a verb of a source answers. One refusal in it refuses the whole fix."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A weakness at a place, carrying its fix. What is None here is as the rule declares it.

    `message` is one sentence in our words; names from the code stand in it between backticks.
    `secrets` are the texts that nobody may be shown. `safety` and `severity` may only lower
    what the rule declares. `notes` say what a reviewer should know of this one place.
    """

    message: str
    span: Span
    changes: Changes = ()
    severity: Severity | None = None
    safety: Safety | None = None
    confidence: Confidence | None = None
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def refusal(self) -> str:
        """Why there is no fix, or nothing."""
        return next((c.reason for c in self.changes if isinstance(c, Refusal)), "")

    @property
    def is_fixable(self) -> bool:
        return bool(self.changes) and not self.refusal


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a proof: a name such as `compiles`, what came of it, and a few words on it."""

    name: str
    verdict: Verdict
    detail: str = ""


class SourceFile(Protocol):
    """A file as the rules of one language see it; each language's `source` has one class for it."""

    language: ClassVar[str]

    @property
    def path(self) -> str: ...

    @property
    def text(self) -> Text: ...

    @property
    def repo(self) -> "Repository": ...

    @classmethod
    def claims(cls, path: str) -> bool:
        """Whether a file of this name may be of this language."""

    @classmethod
    def parse(cls, path: str, data: bytes, repo: "Repository") -> Self:
        """Raises Unreadable, never anything else, whatever the bytes are."""

    def symbol_at(self, offset: int) -> str:
        """What encloses the character: a function's qualified name, a resource's address."""

    @classmethod
    def verify(cls, before: Self | None, after: Self, edits: Sequence[Edit]) -> Iterator[Check]:
        """The language's own checks of a file that `edits` made from `before` (None: a new file)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A weakness that can be found in one kind of file, and how it is closed."""

    id: str
    documentation: str = field(repr=False)
    file_type: type[SourceFile]
    check: Callable[..., Iterable[Finding]]
    severity: Severity
    safety: Safety
    threat: Threat
    confidence: Confidence
    references: tuple[str, ...]
    mentions: tuple[str, ...]
    alongside: tuple[str, ...]
    options: type[Any] | None
    consequences: tuple[str, ...]
    replaces: bool
    adds_package: bool
    opens_unasked: bool
    before_deploy: bool
    is_off: bool

    @property
    def title(self) -> str:
        return self.documentation.strip().splitlines()[0].strip().removesuffix(".")

    @property
    def language(self) -> str:
        return self.file_type.language

    def may_speak(self, data: bytes) -> bool:
        """Whether a file's bytes hold what the rule speaks of; the others are never parsed for it."""
        words = (self.mentions, self.alongside) if self.alongside else (self.mentions,)
        return all(any(word.encode() in data for word in some) for some in words)

    def run(self, file: SourceFile, options: Any = None) -> Iterable[Finding]:
        """Every finding in the file; `options` is an instance of `self.options`, or its defaults."""
        if self.options is None:
            return self.check(file)
        return self.check(file, self.options() if options is None else options)


def rule(
    file_type: type[SourceFile],
    *,
    severity: Severity,
    threat: Threat,
    references: tuple[str, ...],
    mentions: tuple[str, ...],
    alongside: tuple[str, ...] = (),
    safety: Safety = Safety.REVIEW,
    confidence: Confidence = Confidence.HIGH,
    options: type[Any] | None = None,
    consequences: tuple[str, ...] = (),
    replaces: bool = False,
    adds_package: bool = False,
    opens_unasked: bool = False,
    before_deploy: bool = False,
    is_off: bool = False,
) -> Callable[[Callable[..., Iterable[Finding]]], Rule]:
    """Make a module's `check` its rule. Id and documentation are the module's path and docstring.

    `mentions`: a file that holds none of these strings is never parsed for the rule.
    `alongside`: nor is one that holds none of these; the other end of a flow, say.
    `options`: a frozen dataclass with defaults, given to `check` as its second argument.
    `consequences`: ids of rules that may speak after the fix and hadn't before.
    `replaces`: applying the fix destroys and recreates the resource.
    `adds_package`: the fix adds a package to the manifests.
    `opens_unasked`: a REVIEW fix may be opened before anyone asks for it, at HIGH or above.
    `before_deploy`: unless somebody prepares something first, the service fails or data is lost.
    `is_off`: it runs only where the configuration enables it; it hasn't proven itself on enough code yet.
    """

    def declare(check: Callable[..., Iterable[Finding]]) -> Rule:
        language, name = check.__module__.split(".")[-2:]
        return Rule(
            id=f"{language}/{name.replace('_', '-')}",
            documentation=sys.modules[check.__module__].__doc__ or "",
            file_type=file_type,
            check=check,
            severity=severity,
            safety=safety,
            threat=threat,
            confidence=confidence,
            references=references,
            mentions=mentions,
            alongside=alongside,
            options=options,
            consequences=consequences,
            replaces=replaces,
            adds_package=adds_package,
            opens_unasked=opens_unasked,
            before_deploy=before_deploy,
            is_off=is_off,
        )

    return declare
