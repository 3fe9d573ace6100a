"""Runs `suture fix --branches` on the public repositories of tried_on.py and writes docs/tried-branches.md.

    python docs/tried_branches.py                 clones what is missing to ~/.cache/suture-tried-on
    python docs/tried_branches.py --from DIR      takes DIR/OWNER+NAME/repo, bare or not, where it is there
    python docs/tried_branches.py --bodies DIR    also writes the sampled bodies there, one file each

Of each repository: what opens at first contact, under its own configuration, and what would if every rule
were asked for and nothing limited how many. The sample is what opens first, and one of the others, drawn
by a seed from the commit's hash. Verdicts stand in docs/body-verdicts.json, two of each body, given
independently of one another by readers in the place of that repository's maintainers.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tried_on import REPOSITORIES, Tried, clone

from bot.cli.planning import Planned, planned
from bot.lifecycle import Action, Step
from bot.local import carry_out
from bot.policy.publishing import Size
from fixers import all_rules

HERE = Path(__file__).parent
TODAY = date(2026, 11, 28)
WITHOUT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Body:
    """One sampled pull request, as its maintainer would see it."""

    branch: str
    title: str
    size: Size
    findings: int
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one repository; `largest` is the most files, and the most lines, of one pull request."""

    tried: Tried
    at_first: int
    asked: int
    largest: Size
    seconds: float
    steps: Counter[str]
    again: Counter[str]
    bodies: tuple[Body, ...]


def run(tried: Tried, source: Path) -> Result:
    """Make the branches in a copy of the repository, twice: the second run must leave all of them alone."""
    with tempfile.TemporaryDirectory(prefix="suture-tried-") as folder:
        root = Path(folder) / "repo"
        command = ["git", "clone", "--quiet", "--no-checkout", "--shared", str(source), str(root)]
        subprocess.run(command, check=True)
        address = f"https://github.com/{tried.name}"
        subprocess.run(["git", "-C", str(root), "remote", "set-url", "origin", address], check=True)
        first = _opened(planned(root, tried.commit, (), today=TODAY))
        began = time.monotonic()
        made = planned(root, tried.commit, all_rules(), most=WITHOUT_LIMIT, today=TODAY)
        steps = _carried_out(made)
        seconds = time.monotonic() - began
        again = _carried_out(planned(root, tried.commit, all_rules(), most=WITHOUT_LIMIT, today=TODAY))
        opened = _opened(made)
        sizes = [step.campaign.size for step in opened if step.campaign]
        largest = Size(max((s.files for s in sizes), default=0), max((s.lines for s in sizes), default=0))
        sampled = tuple(_body(made, step) for step in draw(tried, first, opened))
        return Result(tried, len(first), len(opened), largest, seconds, steps, again, sampled)


def _opened(made: Planned) -> list[Step]:
    return [step for step in made.plan.steps if step.action is Action.OPEN]


def _carried_out(made: Planned) -> Counter[str]:
    done = carry_out(made.root, made.records, made.plan, made.published, made.base, made.compose)
    return Counter(f"failed: {problem}" if problem else step.action.value for step, problem in done)


def draw(tried: Tried, first: list[Step], opened: list[Step]) -> list[Step]:
    """What opens at first contact, and one of the others."""
    branches = {step.branch for step in first}
    others = sorted((step for step in opened if step.branch not in branches), key=lambda step: step.branch)
    at_first = [step for step in opened if step.branch in branches]
    return at_first + random.Random(tried.commit).sample(others, min(1, len(others)))


def _body(made: Planned, step: Step) -> Body:
    assert step.campaign is not None
    text = made.records.body(step.branch)
    title = made.compose(step.campaign).title
    return Body(step.branch, title, step.campaign.size, len(step.campaign.fixed), text)


def page(results: list[Result], verdicts: dict[str, list[str]]) -> Iterator[str]:
    yield "# Pull requests for public repositories\n"
    yield (
        "Written by `python docs/tried_branches.py`, which clones the repositories of\n"
        "[tried-on.md](tried-on.md), plans at first contact, and then makes every branch as if all rules\n"
        "were asked for and nothing limited their number; a second run must leave all of them alone.\n"
        "Nothing was published anywhere.\n"
    )
    yield (
        "| repository | opens at first contact | if all were asked for | most files | most lines "
        "| second run | seconds |"
    )
    yield "|---|---|---|---|---|---|---|"
    for one in results:
        url = f"https://github.com/{one.tried.name}/tree/{one.tried.commit}"
        again = ", ".join(f"{count} {name}" for name, count in sorted(one.again.items())) or "nothing to do"
        size = f"{one.largest.files} | {one.largest.lines}"
        yield (
            f"| [{one.tried.name}]({url}) | {one.at_first} | {one.asked} | {size} | {again} "
            f"| {one.seconds:.1f} |"
        )
    yield "\n## Sampled bodies, each judged twice\n"
    yield "What opens at first contact, and one of the others. Would its maintainer merge it after reading?\n"
    yield "| repository | pull request | size | first verdict | second verdict |\n|---|---|---|---|---|"
    approvals = total = 0
    for one in results:
        for body in one.bodies:
            given = verdicts.get(f"{one.tried.name} {body.branch}", [])
            first, second = (*given, "not judged", "not judged")[:2]
            total += 1
            approvals += first.startswith("approve") and second.startswith("approve")
            size = f"{body.findings} findings, {body.size.files} files, {body.size.lines} lines"
            name = f"{body.title}<br>`{body.branch}`"
            yield f"| {one.tried.name} | {name} | {size} | {first} | {second} |"
    yield f"\n{approvals} of {total} were approved twice."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--from", dest="mirror", type=Path, help="a folder of clones")
    parser.add_argument("--bodies", type=Path, help="where to write the sampled bodies")
    asked = parser.parse_args()
    verdicts = json.loads((HERE / "body-verdicts.json").read_text(encoding="utf-8"))
    cache = Path.home() / ".cache" / "suture-tried-on"
    cache.mkdir(parents=True, exist_ok=True)
    results = []
    for tried in REPOSITORIES:
        print(f"{tried.name} …", flush=True)
        results.append(run(tried, clone(tried, asked.mirror, cache)))
        print(f"  {dict(results[-1].steps)}, then {dict(results[-1].again)}", flush=True)
    if asked.bodies:
        asked.bodies.mkdir(parents=True, exist_ok=True)
        for one in results:
            for number, body in enumerate(one.bodies):
                name = f"{one.tried.name.replace('/', '+')}-{number}.md"
                head = f"{one.tried.name} {body.branch}\n\nTitle: {body.title}\n\n"
                (asked.bodies / name).write_text(head + body.text, encoding="utf-8")
    (HERE / "tried-branches.md").write_text("\n".join(page(results, verdicts)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
