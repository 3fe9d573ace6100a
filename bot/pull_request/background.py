"""What history and forge tell of a pull request, as values: the same ones make the same body."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote

from bot.campaigns import Campaign
from bot.conventions.commit_style import CommitStyle
from bot.escaping import code, shortened
from bot.published import Known, Published, known

_PLAIN_STYLE = CommitStyle(is_conventional=False, is_signed_off=False)


@dataclass(frozen=True, slots=True)
class Background:
    """`base` is the commit that the changes stand on, `web` the repository's address for a browser (empty:
    it has none), `introduced` the commits that wrote a line of a file, `seen` the days on which findings
    were first seen, by fingerprint. `signature` is the name and address that commits are signed off with.
    Of a repository that `is_private`, a body may tell what isn't fixed yet.
    """

    base: str
    today: date
    web: str = ""
    is_private: bool = False
    style: CommitStyle = _PLAIN_STYLE
    signature: str = ""
    introduced: Mapping[tuple[str, int], str] = field(default_factory=dict)
    seen: Mapping[str, date] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    def place(self, path: str, line: int) -> str:
        """`path:line` as Markdown, a link where there is somewhere to link to."""
        shown = code(shortened(f"{path}:{line}"))
        if not self.web:
            return shown
        return f"[{shown}]({self.web}/blob/{self.base}/{quote(path, errors='surrogateescape')}#L{line})"

    def commit(self, path: str, line: int) -> str:
        """The commit that wrote the line as Markdown, or nothing."""
        found = self.introduced.get((path, line), "")
        return f"[{found[:7]}]({self.web}/commit/{found})" if found and self.web else found[:7]

    def first_seen(self, fingerprint: str) -> date:
        return self.seen.get(fingerprint, self.today)


def first_seen(campaign: Campaign, published: Iterable[Published], today: date) -> dict[str, date]:
    """The days on which its findings were first seen, by fingerprint: what is published remembers them."""
    days: dict[Known, str] = {}
    for one in (finding for request in published for finding in request.findings):
        days[_undated(one)] = min(one.seen, days.get(_undated(one), one.seen))
    seen = {}
    for outcome in campaign.fixed:
        day = days.get(_undated(known(outcome.hit, today)))
        seen[outcome.hit.fingerprint] = date.fromisoformat(day) if day else today
    return seen


def _undated(finding: Known) -> Known:
    return replace(finding, seen="")


def web_address(origin: str) -> str:
    """The page of a repository on GitHub, drawn from the address of its remote; elsewhere nothing."""
    for start in ("https://github.com/", "git@github.com:", "ssh://git@github.com/"):
        name = origin.removeprefix(start).removesuffix("/").removesuffix(".git")
        if name != origin and _is_name(name.split("/")):
            return f"https://github.com/{name}"
    return ""


def _is_name(parts: Iterable[str]) -> bool:
    parts = list(parts)
    allowed = all(part and all(c.isascii() and (c.isalnum() or c in "-_.") for c in part) for part in parts)
    return len(parts) == 2 and allowed
