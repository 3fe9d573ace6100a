"""A repository in which people do this and that, and what must hold there whenever the App is at rest."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from emulator.world import GitHub

CONFIGURATION = """\
limits: {open: 9, after_first_merge: 9, new_per_day: 50, installation_per_day: 500}
rules:
  "*": {enabled: false}
  python/unsafe-yaml-load: {enabled: true}
  python/cors-with-credentials: {enabled: true}
"""

_CAMPAIGN = re.compile(r"suture/[a-z0-9-]+/.+")
_KIND = re.compile(r"<!-- suture-comment ([a-z0-9-]+) -->")
_MOST = 4
"""Weak files of a kind at the same time: more wouldn't fit into one pull request."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """A file that has it, and the same file after the fix."""

    name: str
    threat: str
    bad: str
    good: str


_YAML = "import yaml\n\n\ndef read(stream):\n    return yaml.load(stream, Loader=yaml.UnsafeLoader)\n"
_CORS = """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
"""
YAML = Weakness(
    "yaml",
    "untrusted-model",
    _YAML,
    _YAML.replace("yaml.load(stream, Loader=yaml.UnsafeLoader)", "yaml.safe_load(stream)"),
)
CORS = Weakness(
    "cors", "data-exposure", _CORS, _CORS.replace("allow_credentials=True", "allow_credentials=False")
)


@dataclass
class Repository:
    """It begins with one weak file, and a configuration that lets everything open."""

    github: GitHub
    name: str
    random: Random
    files: int = 0
    refused: set[str] = field(default_factory=set)
    """Threats whose pull request a person closed."""
    heads: dict[int, str] = field(default_factory=dict)
    """Where the branch of each open pull request of ours stood when this was last looked at."""

    def __post_init__(self) -> None:
        self.files += 1
        self.github.seed(self.name, {"yaml1.py": YAML.bad, ".suture.yml": CONFIGURATION})

    # --- what people do ---

    def act(self) -> None:
        """One thing, or two at once."""
        acts = [self.spoil, self.spoil, self.mend, self.mend, self.merge, self.propose]
        for act in self.random.choices(acts, k=self.random.choice([1, 1, 2])):
            print(f"{self.name}: {act.__name__}")
            act()

    def push_something(self) -> None:
        """One push to the default branch."""
        self.random.choice([self.spoil, self.mend, self.chat])()

    def chat(self) -> None:
        """A push that has nothing to do with us."""
        self.files += 1
        self.github.push(self.name, {"README.md": f"{self.files}\n"}, by="bob")

    def spoil(self) -> None:
        """One more weak file."""
        self.spoil_with(self.random.choice([YAML, YAML, CORS]))

    def spoil_with(self, weakness: Weakness) -> None:
        if len(self._weak(weakness)) >= _MOST or weakness.threat in self.refused:
            return self.chat()
        self.files += 1
        self.github.push(self.name, {f"{weakness.name}{self.files}.py": weakness.bad}, by="bob")

    def mend(self) -> None:
        """Somebody fixes all files of a kind by hand."""
        weakness = self.random.choice([one for one in (YAML, CORS) if self._weak(one)] or [YAML])
        mended = dict.fromkeys(self._weak(weakness), weakness.good)
        self.github.push(self.name, {**mended, "README.md": "mended\n"}, by="bob")

    def undo(self) -> None:
        """The last push is taken back by force, and another one takes its place."""
        last = self.github.show_commit(self.name, "main")
        before = last["parents"][0]["sha"] if len(last["parents"]) == 1 else last["sha"]
        made = self.github.commit(self.name, {"NOTES.md": f"{self.files}\n"}, by="bob", parent=before)
        self.github.point(self.name, "main", made, by="bob", is_forced=True)

    def merge(self) -> None:
        """A person takes one of our pull requests."""
        if found := self._mergeable():
            self.github.merge(self.name, found["number"], by="ann")
        else:
            self.chat()

    def propose(self) -> None:
        """A person's pull request, which brings a weak file."""
        self.files += 1
        branch = f"feature{self.files}"
        self.github.push(self.name, {f"feature{self.files}.py": YAML.bad}, branch=branch, by="bob")
        self.github.open_pull_request(self.name, branch, by="bob")

    def refuse(self) -> None:
        """A person closes one of our pull requests."""
        for one in self.ours("open")[:1]:
            self.refused.add(one["head"]["ref"].split("/")[1])
            self.github.close(self.name, one["number"], by="ann")

    def _mergeable(self) -> dict[str, Any] | None:
        shown = (self.github.pull_request(self.name, one["number"]) for one in self.ours("open"))
        return next((one for one in shown if one["mergeable"]), None)

    # --- what is there ---

    def ours(self, state: str = "all") -> list[dict[str, Any]]:
        """The pull requests with fixes."""
        found = self.github.pull_requests(self.name, state)
        return [one for one in found if _CAMPAIGN.fullmatch(one["head"]["ref"])]

    def branches(self) -> list[str]:
        return sorted(name for name in self.github.branches(self.name) if _CAMPAIGN.fullmatch(name))

    def _weak(self, weakness: Weakness, at: str = "") -> list[str]:
        found = self.github.files(self.name, at)
        return sorted(path for path, data in found.items() if data.decode() == weakness.bad)

    # --- what must hold ---

    def check(self) -> None:
        """Everything that is weak is in one open pull request of its kind; nothing else is open."""
        self.check_nothing_doubled()
        for weakness in (YAML, CORS):
            is_open = [one for one in self.ours("open") if f"/{weakness.threat}/" in one["head"]["ref"]]
            weak = self._weak(weakness)
            if not weak or weakness.threat in self.refused:
                assert not is_open, f"{self.name}: nothing is left for {is_open[0]['head']['ref']}"
                continue
            assert len(is_open) == 1, f"{self.name}: {len(is_open)} pull requests for {weak}"
            branch = is_open[0]["head"]["ref"]
            held = self.github.files(self.name, branch)
            assert {path: held[path].decode() for path in weak} == dict.fromkeys(weak, weakness.good)
        self._check_branches()
        self._check_updates()
        self._check_checks()

    def check_nothing_doubled(self) -> None:
        """One pull request for each branch, one comment of each kind on it."""
        requests = self.ours()
        named = Counter(one["head"]["ref"] for one in requests)
        assert not [name for name, count in named.items() if count > 1], f"{self.name}: {named}"
        threats = Counter(one["head"]["ref"].split("/")[1] for one in requests if one["state"] == "open")
        assert not [threat for threat, count in threats.items() if count > 1], f"{self.name}: {threats}"
        for one in requests:
            said = self.kinds(one["number"])
            assert not [kind for kind, count in said.items() if count > 1], f"{self.name}: {said}"

        issues = [one for one in self.github.issues(self.name) if one["user"]["login"] == self.github.bot]
        assert len(issues) <= 1, f"{self.name}: {len(issues)} dashboards"

    def kinds(self, number: int) -> Counter[str]:
        """The comments of ours, by kind."""
        bodies = (one["body"] for one in self.github.comments(self.name, number))
        return Counter(kind for body in bodies for kind in _KIND.findall(body))

    def _check_branches(self) -> None:
        """None without a pull request; none is left of what we closed, and that was told."""
        requests = self.ours()
        kept = [one for one in requests if one["state"] == "open" or self._is_a_persons(one)]
        assert self.branches() == sorted(one["head"]["ref"] for one in kept), self.name
        for one in requests:
            if one not in kept:
                assert self.kinds(one["number"])["closed"] == 1, f"{self.name}: #{one['number']} was closed"

    def _check_updates(self) -> None:
        """What was pushed to was told of."""
        now = {one["number"]: one["head"]["sha"] for one in self.ours("open")}
        for number, head in now.items():
            if head != self.heads.get(number, head):
                assert self.kinds(number)["updated"] == 1, f"{self.name}: #{number} was updated"
        self.heads = now

    def _check_checks(self) -> None:
        """Each pull request of a person has one that has ended; what could not be checked before, and was
        checked in the end, has another one, as what has ended can't begin again."""
        for one in self.github.pull_requests(self.name, "open"):
            if one["user"]["login"] != self.github.bot:
                runs = self.github.check_runs(self.name, one["head"]["sha"])
                assert {run["status"] for run in runs} == {"completed"}, f"{self.name}: #{one['number']}"
                said = Counter(run["output"]["title"] for run in runs)
                assert not [title for title, count in said.items() if count > 1], f"{self.name}: {said}"

    def _is_a_persons(self, request: dict[str, Any]) -> bool:
        """Merged or refused: the branch is theirs to delete."""
        is_merged = request["merged_at"] is not None
        return is_merged or request["head"]["ref"].split("/")[1] in self.refused
