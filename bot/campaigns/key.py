"""What a pull request is about, as a key that stays the same from run to run."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from bot.components import component_of
from bot.outcomes import Outcome
from bot.policy.publishing import Gathering
from fixers.engine import digest
from fixers.repository import Repository
from fixers.rule import Rule, Safety, Threat

_HALVINGS = 12
"""How often the files of one folder may be halved: 4,096 files, each by itself."""


@dataclass(frozen=True, slots=True)
class Key:
    """One threat in one component, of one language and one safety; `base` is the branch, where that isn't
    the default one.

    `alone` names what travels by itself: a rule, or a rule and the resource that it replaces. `parts`
    narrow the key where it was split: a rule, folder below folder, halves of a folder's files.
    """

    threat: Threat
    language: str
    safety: Safety
    component: str
    alone: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    base: str = ""

    @property
    def digest(self) -> str:
        """The name by which a branch tells its key."""
        about = [self.threat.value, self.language, self.safety.name, self.component]
        about += [f"into {self.base}"] if self.base else []
        return digest(*about, str(len(self.alone)), *self.alone, *self.parts)[:10]

    @property
    def branch(self) -> str:
        """The branch name: words of ours and a digest, never a word of the repository."""
        rule = next(iter((*self.alone, *self.parts)), f"{self.language}/{self.safety.name.lower()}")
        return f"suture/{self.threat.value}/{rule.replace('/', '-')}-{self.digest}"

    @property
    def digests(self) -> frozenset[str]:
        """Its digest, and those of the wider keys that it was split from."""
        wider = (replace(self, parts=self.parts[:count]) for count in range(len(self.parts) + 1))
        return frozenset(key.digest for key in wider)

    def narrowed(self, part: str) -> "Key":
        return replace(self, parts=(*self.parts, part))


def key_of(outcome: Outcome, repo: Repository, gathering: Gathering) -> Key:
    """The key of a finding before anything is split."""
    hit, rule = outcome.hit, outcome.hit.rule
    folder = _folder(hit.path)
    component = folder if gathering.by_folder else component_of(repo, hit.path)
    alone = _alone(outcome, gathering)
    return Key(rule.threat, rule.language, outcome.safety, component, alone, base=gathering.branch)


def _alone(outcome: Outcome, gathering: Gathering) -> tuple[str, ...]:
    rule = outcome.hit.rule
    if rule.replaces:
        return rule.id, outcome.hit.path, outcome.hit.symbol
    return (rule.id,) if gathering.by_rule or travels_alone(rule) else ()


def travels_alone(rule: Rule) -> bool:
    """Whether a pull request of this rule holds nothing else."""
    return rule.replaces or rule.adds_package or rule.before_deploy


def parts_of(outcome: Outcome, component: str) -> tuple[str, ...]:
    """By what a finding's campaign is split, one after another."""
    path = outcome.hit.path
    below = PurePosixPath(_folder(path)).relative_to(component or ".").parts
    number = int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:2])
    halves = f"{number:016b}"[:_HALVINGS]
    return (outcome.hit.rule.id, *below, ".", *halves)


def keys_of(outcome: Outcome, key: Key) -> frozenset[str]:
    """The digests of all keys that the finding may go by, whole or split."""
    digests = [key.digest]
    for part in parts_of(outcome, key.component):
        key = key.narrowed(part)
        digests.append(key.digest)
    return frozenset(digests)


def _folder(path: str) -> str:
    folder = str(PurePosixPath(path).parent)
    return "" if folder == "." else folder
