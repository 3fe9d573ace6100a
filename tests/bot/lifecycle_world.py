"""A real repository in which people and Suture take turns, and what a test knows of it that git doesn't."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lifecycle_texts import Files, block_at
from real_git import run as git_says
from rules_on_calls import NESTED, REFUSING, REPORTING, REVIEW, SAFE, keyword, on_calls

from bot import git
from bot.campaigns import Campaign
from bot.lifecycle import NOTHING_ASKED, Asked, Plan, Step, make_plan
from bot.local import Record, Records, background, carry_out, standing, with_history
from bot.pipeline import Examination, examine, secrets_in
from bot.policy import load
from bot.published import Published
from bot.pull_request import PullRequest, pull_request
from bot.snapshot import snapshot_of
from fixers.engine import Hit
from fixers.python.source import Call
from fixers.rule import Changes, NewFile, Rule, Safety, Severity, Threat
from fixers.stitch import no_formatter

FIRST_DAY = date(2026, 11, 23)
ADDED = "NOTES.txt"


def _with_a_note(call: Call) -> Changes | None:
    changes = keyword("fixed")(call)
    if not changes or ADDED in call.file.repo:
        return changes
    return (*changes, NewFile(ADDED, "hex is fixed\n"))


OWN = replace(
    on_calls("loose-vars", "vars", keyword("fixed"), Severity.HIGH),
    opens_unasked=True,
    threat=Threat.PROMPT_INJECTION,
)
REPLACING = replace(on_calls("replaced-dir", "dir", keyword("fixed"), Severity.HIGH), replaces=True)
CRITICAL = replace(
    on_calls("critical-iter", "iter", keyword("fixed"), Severity.CRITICAL, Safety.SAFE),
    threat=Threat.EXPOSED_SERVICE,
)
ADDING = on_calls("noted-hex", "hex", _with_a_note, Severity.MEDIUM, Safety.SAFE)
ROUND = on_calls("unfixed-round", "round", keyword("fixed"), Severity.MEDIUM, Safety.SAFE)
ABS = replace(NESTED, safety=Safety.SAFE, severity=Severity.HIGH, consequences=(ROUND.id,))
RULES = (SAFE, OWN, REPLACING, CRITICAL, REVIEW, ADDING, ROUND, ABS, REFUSING, REPORTING)

DEFAULTS: Mapping[str, Any] = {"limits": {"open": 4, "after_first_merge": 6, "new_per_day": 3}}
SETTINGS: Sequence[tuple[str, Any]] = (
    ("limits", {"open": 1, "after_first_merge": 2, "new_per_day": 1}),
    ("limits", {"open": 1, "new_per_day": 1, "critical_bypass": True}),
    ("limits", {"open": 20, "after_first_merge": 20, "new_per_day": 20}),
    ("limits", {"open": 20, "after_first_merge": 20, "new_per_day": 20}),
    ("size", {"safe": {"files": 1, "lines": 100}, "review": {"files": 1, "lines": 2}}),
    ("size", {}),
    ("campaigns", {"gather": "rule"}),
    ("campaigns", {"within": "folder"}),
    ("campaigns", {"gather": "rule", "within": "folder"}),
    ("campaigns", {}),
    ("open", {"rules": ["python/*"]}),
    ("open", {"safe": "never"}),
    ("open", {}),
    ("rules", {SAFE.id: {"enabled": False}}),
    ("rules", {OWN.id: {"severity": "low"}, ADDING.id: {"severity": "critical"}}),
    ("rules", {}),
    ("ignores", [{"rule": SAFE.id, "paths": ["svc/**"], "reason": "so"}]),
    ("ignores", []),
)
ASKED = (
    NOTHING_ASKED,
    Asked(frozenset({REVIEW.id})),
    Asked(frozenset({REPLACING.id, REVIEW.id})),
    Asked(most=2),
)


class BrokenOff(Exception):
    """The run ends here, as if the machine had gone."""


class FragileRecords(Records):
    """Records of which only some are written before the run breaks off, perhaps between body and record."""

    def __init__(self, folder: Path, left: int, *, is_body_kept: bool) -> None:
        super().__init__(folder)
        self._left, self._is_body_kept = left, is_body_kept

    def write(self, record: Record, body: str | None = None) -> None:
        self._left -= 1
        if self._left >= 0:
            super().write(record, body)
            return
        if self._is_body_kept and body is not None:
            self.folder.mkdir(exist_ok=True)
            self.path_of_body(record.branch).write_text(body, encoding="utf-8", newline="")
        raise BrokenOff


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run saw and decided."""

    base: str
    examined: Examination
    published: list[Published]
    plan: Plan
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A finding that a pull request was about, and the number of the function that it was in."""

    rule: str
    path: str
    symbol: str
    snippet: str
    block: str


@dataclass
class World:
    """`touched` are the commits of people by branch, `said` the words of people by body; `held` is what
    each pull request was about last, `rejected` and `taken_back` what people said no to."""

    root: Path
    today: date = FIRST_DAY
    asked: Asked = NOTHING_ASKED
    touched: dict[str, set[str]] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)
    held: dict[str, tuple[Held, ...]] = field(default_factory=dict)
    rejected: set[Held] = field(default_factory=set)
    taken_back: set[Held] = field(default_factory=set)
    merges: list[tuple[str, str, str]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    numbers: int = 0
    last_base: str = ""

    def fresh(self) -> int:
        self.numbers += 1
        return self.numbers

    def git(self, *arguments: str) -> str:
        return git_says(self.root, *arguments)

    def tries(self, *arguments: str) -> bool:
        """Whether git does it; what it left half done is taken back."""
        try:
            self.git(*arguments)
        except Exception:
            for undo in ("merge", "rebase", "revert", "cherry-pick"):
                self._quietly(undo, "--abort")
            self.git("reset", "-q", "--hard")
            return False
        return True

    def _quietly(self, *arguments: str) -> None:
        try:
            self.git(*arguments)
        except Exception:
            return

    @property
    def records(self) -> Records:
        return Records(self.root / ".git" / "suture")

    @property
    def base(self) -> str:
        return self.git("rev-parse", "main")

    def heads(self) -> dict[str, str]:
        listed = self.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/suture/")
        return dict(line.split() for line in listed.splitlines())

    def files(self) -> Files:
        """The files of the checked-out branch, the configuration aside."""
        names = [name for name in self.git("ls-files").splitlines() if name != ".suture.yml"]
        return {name: (self.root / name).read_text() for name in names}

    def write(self, files: Files, message: str = "x") -> str:
        """Let these be the files of the checked-out branch, and commit them."""
        for path in self.files().keys() - files.keys():
            (self.root / path).unlink()
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        return self.commit(message)

    def commit(self, message: str = "x") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def configure(self, section: str, value: Any) -> None:
        self.settings[section] = value
        (self.root / ".suture.yml").write_text(json.dumps(self.settings))
        self.commit("configure")

    def run(self, rules: Sequence[Rule] = RULES, records: Records | None = None) -> Ran:
        """What `suture fix --branches` does."""
        records = records or self.records
        base = git.commit_of(self.root, "main")
        published = standing(self.root, records, base)
        snapshot = snapshot_of(self.root, base)
        examined = examine(snapshot, load(snapshot.repository(), rules), rules, self.today)
        plan = make_plan(examined, published, no_formatter, self.asked)
        fixes = [fix for step in plan.steps if step.campaign for fix in step.campaign.fixes]
        secrets = secrets_in(examined, fixes, rules)
        common = background(self.root, base, examined, secrets, is_private=True)

        def compose(campaign: Campaign) -> PullRequest:
            told = with_history(common, self.root, campaign, published)
            return pull_request(campaign, examined, plan.outcomes, told)

        done = carry_out(self.root, records, plan, published, base, compose)
        problems = tuple(problem for _, problem in done if problem)
        return Ran(base, examined, published, plan, problems)

    def remember(self, ran: Ran) -> None:
        """Keep what each pull request is about, for when somebody closes or merges it."""
        self.last_base = ran.base
        for step in ran.plan.steps:
            if step.campaign and step.action.name in ("OPEN", "UPDATE", "KEEP"):
                self.held[step.branch] = tuple(self.known(ran, one.hit) for one in step.campaign.fixed)

    def known(self, ran: Ran, hit: Hit) -> Held:
        text = ran.examined.repo.read(hit.path).decode() if hit.path in ran.examined.repo else ""
        return Held(hit.rule.id, hit.path, hit.symbol, hit.snippet, block_at(text, hit.line))

    def open_records(self) -> list[Record]:
        return [record for record in self.records if record.state.value == "open"]

    def rewrite(self, record: Record) -> None:
        """What a person does to a record by hand."""
        self.records.write(record)

    def forget(self, branch: str) -> None:
        """The branch is gone, or nothing of it can be told any more."""
        self.touched.pop(branch, None)
        self.said.pop(branch, None)

    def tomorrow(self) -> None:
        self.today += timedelta(days=1)

    def merged_tree(self, one: str, two: str) -> str:
        """The tree of a merge, or nothing where the two conflict."""
        try:
            return self.git("merge-tree", "--write-tree", "--no-messages", one, two).splitlines()[0]
        except Exception:
            return ""

    def on_top(self, tree: str, *parents: str) -> str:
        return self.git("commit-tree", tree, "-m", "x", *(word for one in parents for word in ("-p", one)))


def steps_with_branches(plan: Plan) -> Iterable[tuple[Step, Campaign]]:
    for step in plan.steps:
        if step.campaign and step.action.name in ("OPEN", "UPDATE", "KEEP"):
            yield step, step.campaign
