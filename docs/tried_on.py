"""Runs `suture fix` on public repositories and writes docs/tried-on.md.

    python docs/tried_on.py                    clones what is missing to ~/.cache/suture-tried-on
    python docs/tried_on.py --from DIR         takes DIR/OWNER+NAME/repo, bare or not, where it is there
    python docs/tried_on.py --samples DIR      also writes the sampled diffs there, one file each, to judge

Each repository is scanned at a fixed commit, under its own configuration, without its formatter's
plugins. The sample is drawn by a seed from the commit's hash: running this again draws the same
diffs. Verdicts stand in docs/verdicts.json, two of each diff, given independently of one another.
"""

import argparse
import json
import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

from bot.formatters import formatted
from bot.outcomes import Status, secrets_of
from bot.pipeline import Examination, Mending, examine, mend
from bot.policy import load
from bot.pull_request import unified
from bot.snapshot import snapshot_of
from fixers import all_rules

HERE = Path(__file__).parent
SAMPLE_SIZE = 4
TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Tried:
    """One repository at one commit; `about` is what it is heavy in."""

    name: str
    commit: str
    about: str


REPOSITORIES = (
    Tried("lm-sys/FastChat", "0e6d3e4beaab66f4d3f93db72541a4abab8af28d", "Python"),
    Tried("h2oai/h2ogpt", "a0ad1920a847cf12a4e9c3453f6cdb736fe97ba0", "Python"),
    Tried("oobabooga/text-generation-webui", "1dcde41d03d13fc768316f4d2256a8a6dd044268", "Python"),
    Tried("chatchat-space/Langchain-Chatchat", "49165d6af4438aa7e8a1f71ce276db55f4405151", "Python"),
    Tried("microsoft/JARVIS", "c62e0faac76c4a2907cabe2cfe4bbe5f2e613400", "Python"),
    Tried("Young-ook/terraform-aws-sagemaker", "6162377b4ba92bb409774e072d58b399d3f83788", "Terraform"),
    Tried(
        "philschmid/terraform-aws-sagemaker-huggingface",
        "a3ea21b4b9783e9ef3cc0725b2e652d41f89d741",
        "Terraform",
    ),
    Tried("sealmindset/AIaaSvc", "30e8c87d1d53c74f46e08f7150019a8c7927736a", "Terraform"),
    Tried("mgsantos89/IA-EC2-Ollama-Terraform", "096ac0a24e68b5a57999ef0495385fccd63d9ee3", "Terraform"),
    Tried(
        "ivanbok/azure-openai-terraform-baseline-landing-zone",
        "0fa6ceffd13484b4a738ad2f3ce0245ad14e9777",
        "Terraform",
    ),
    Tried(
        "wellsiau-reInvent2024/aft-global-customization",
        "ce7d53b891f64611f8ee24eac45ac12939ddc6c6",
        "Terraform",
    ),
    Tried("awslabs/ai-on-eks", "41a979ee7614a59e5337768b1bddec76ad6653e0", "Terraform, Kubernetes"),
    Tried(
        "GoogleCloudPlatform/accelerated-platforms",
        "9320f3b27aa0998e9607829ad6e9695d3514a8ef",
        "Terraform, Kubernetes",
    ),
    Tried("kserve/kserve", "aaac4e294dae2c7b1aa1886447793f3aa1c30912", "Kubernetes"),
    Tried("ray-project/kuberay", "feeaf72facab4881ba2b179248bb67315634e229", "Kubernetes"),
    Tried("vllm-project/production-stack", "a6c01db05f65f556235413ba8dbcfb0c01132fff", "Kubernetes"),
    Tried("GoogleCloudPlatform/ai-on-gke", "8676d66db221fcfae74b3cf2869695a7752c4f43", "Kubernetes"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One file's part of one fix, which a person would see as one diff."""

    rule: str
    path: str
    line: int
    diff: str

    @property
    def key(self) -> str:
        return f"{self.rule} {self.path}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one repository."""

    tried: Tried
    examined: Examination
    made: Mending
    seconds: float
    samples: tuple[Sample, ...]


def clone(tried: Tried, mirror: Path | None, folder: Path) -> Path:
    """Where the repository's objects are: in the mirror if it is there, or in a clone of our own."""
    local = mirror / tried.name.replace("/", "+") / "repo" if mirror else None
    if local and local.exists():
        return local
    target = folder / tried.name.replace("/", "+")
    if not target.exists():
        url = f"https://github.com/{tried.name}"
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", url, str(target)], check=True)
    return target


def run(tried: Tried, folder: Path) -> Result:
    began = time.monotonic()
    snapshot = snapshot_of(folder, tried.commit)
    rules = all_rules()
    examined = examine(snapshot, load(snapshot.repository(), rules), rules, TODAY)
    made = mend(examined, lambda outcome: "", formatted)
    seconds = time.monotonic() - began
    return Result(tried, examined, made, seconds, tuple(draw(tried, made)))


def draw(tried: Tried, made: Mending) -> list[Sample]:
    """The seeded sample of what was fixed: rules in turn, so that no frequent one crowds out a rare one."""
    secrets = secrets_of(made.outcomes)
    by_rule: dict[str, list[Sample]] = {}
    for fix in made.fixes:
        for change in fix.changes:
            line = min((o.hit.line for o in fix.outcomes if o.hit.path == change.path), default=1)
            sample = Sample(fix.rule.id, change.path, line, unified(change, secrets))
            by_rule.setdefault(fix.rule.id, []).append(sample)
    seeded = random.Random(tried.commit)
    shuffled = [seeded.sample(samples, len(samples)) for _, samples in sorted(by_rule.items())]
    in_turn = [sample for round_ in zip_longest(*shuffled) for sample in round_ if sample]
    return in_turn[:SAMPLE_SIZE]


def page(results: list[Result], verdicts: dict[str, list[str]]) -> Iterator[str]:
    yield "# Tried on public repositories\n"
    yield (
        "Written by `python docs/tried_on.py`, which clones these repositories, runs every rule as\n"
        "`suture fix` does, and draws the sample by a seed from the commit's hash. Seconds are wall time of\n"
        "scan, fixes and proofs together on two cores. Nothing was published anywhere.\n"
    )
    yield "| repository | about | files | findings | fixed | refused | report only | failed | seconds |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for result in results:
        yield row(result)
    yield "\n## Findings by rule\n"
    yield "| rule | findings | fixed | refused | failed | repositories |\n|---|---|---|---|---|---|"
    yield from by_rule(results)
    yield "\n## Refused and failed, by reason\n\n| reason | findings |\n|---|---|"
    for reason, count in reasons(results):
        yield f"| {reason} | {count} |"
    yield "\n## Not looked at, by reason\n\n| reason | files |\n|---|---|"
    skipped = Counter(_kind(one.reason) for result in results for one in result.examined.skipped)
    for reason, count in skipped.most_common():
        yield f"| {reason} | {count} |"
    yield from judged(results, verdicts)


def _kind(reason: str) -> str:
    """A reason without what it says of one file alone."""
    return re.sub(r"has [\d,]+ bytes", "has more bytes", reason.split(":")[0]).replace("|", "/")


def row(result: Result) -> str:
    counts = Counter(outcome.status for outcome in result.made.outcomes)
    url = f"https://github.com/{result.tried.name}/tree/{result.tried.commit}"
    cells = (
        f"[{result.tried.name}]({url}) `{result.tried.commit[:10]}`",
        result.tried.about,
        len(result.examined.repo.paths),
        len(result.made.outcomes),
        *(counts[s] for s in (Status.FIXED, Status.REFUSED, Status.REPORT_ONLY, Status.FAILED)),
        f"{result.seconds:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def by_rule(results: list[Result]) -> Iterator[str]:
    outcomes = [(result.tried.name, outcome) for result in results for outcome in result.made.outcomes]
    for rule in sorted({outcome.hit.rule.id for _, outcome in outcomes}):
        mine = [(name, outcome) for name, outcome in outcomes if outcome.hit.rule.id == rule]
        counts = Counter(outcome.status for _, outcome in mine)
        cells = (rule, len(mine), counts[Status.FIXED], counts[Status.REFUSED], counts[Status.FAILED])
        yield f"| {' | '.join(map(str, cells))} | {len({name for name, _ in mine})} |"


def reasons(results: list[Result]) -> list[tuple[str, int]]:
    wanted = (Status.REFUSED, Status.FAILED)
    details = Counter(
        f"{outcome.status.value}: {outcome.detail}".replace("|", "/")
        for result in results
        for outcome in result.made.outcomes
        if outcome.status in wanted
    )
    return details.most_common(40)


def judged(results: list[Result], verdicts: dict[str, list[str]]) -> Iterator[str]:
    yield "\n## Sampled diffs, each judged twice\n"
    yield f"Up to {SAMPLE_SIZE} a repository. Would its maintainer approve this diff?\n"
    yield "| repository | rule | where | first verdict | second verdict |\n|---|---|---|---|---|"
    approvals = total = 0
    for result in results:
        base = f"https://github.com/{result.tried.name}/blob/{result.tried.commit}"
        for sample in result.samples:
            given = verdicts.get(f"{result.tried.name} {sample.key}", [])
            first, second = (*given, "not judged", "not judged")[:2]
            total += 1
            approvals += first.startswith("approve") and second.startswith("approve")
            where = f"[{sample.path}:{sample.line}]({base}/{sample.path.replace(' ', '%20')}#L{sample.line})"
            yield f"| {result.tried.name} | {sample.rule} | {where} | {first} | {second} |"
    yield f"\n{approvals} of {total} were approved twice."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--from", dest="mirror", type=Path, help="a folder of clones")
    parser.add_argument("--samples", type=Path, help="where to write the sampled diffs")
    asked = parser.parse_args()
    verdicts = json.loads((HERE / "verdicts.json").read_text(encoding="utf-8"))
    results = []
    cache = Path.home() / ".cache" / "suture-tried-on"
    cache.mkdir(parents=True, exist_ok=True)
    for tried in REPOSITORIES:
        print(f"{tried.name} …", flush=True)
        results.append(run(tried, clone(tried, asked.mirror, cache)))
        print(f"  {row(results[-1])}", flush=True)
    if asked.samples:
        asked.samples.mkdir(parents=True, exist_ok=True)
        for result in results:
            for number, sample in enumerate(result.samples):
                name = f"{result.tried.name.replace('/', '+')}-{number}.diff"
                head = f"{result.tried.name} {sample.key}"
                (asked.samples / name).write_text(f"{head}\n\n{sample.diff}\n", encoding="utf-8")
    (HERE / "tried-on.md").write_text("\n".join(page(results, verdicts)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
