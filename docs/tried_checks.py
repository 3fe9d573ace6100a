"""Runs the check of pull requests on the last changes of public repositories, writes docs/tried-checks.md.

    python docs/tried_checks.py                 clones what is missing to ~/.cache/suture-tried-on
    python docs/tried_checks.py --from DIR      takes DIR/OWNER+NAME/repo, bare or not, where it is there
    python docs/tried_checks.py --samples DIR   also writes the sampled checks there, one file each, to judge

Each of the last first-parent commits of a repository counts as one pull request: its parent is the base,
and what it changes against that, a merge included, is the pull request. Only the files that it touches are
examined; the App examines all. The samples are drawn by a seed from the last commit's hash. Verdicts stand
in docs/check-verdicts.json, one of each sample.
"""

import argparse
import json
import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

from tried_on import REPOSITORIES, Tried, clone

from bot.check import Buttons, Introduced, Suggestion, Verdict, introduced, patches, suggestions, verdict
from bot.formatters import formatted
from bot.github import FileChange
from bot.outcomes import Outcome, secrets_of
from bot.pipeline import Examination, examine, mend, secrets_in
from bot.policy import load
from bot.pull_request import Background
from bot.snapshot import snapshot_of
from fixers import all_rules
from fixers.engine import Hit, mask, scan, text_of
from fixers.repository import Repository

HERE = Path(__file__).parent
TODAY = date(2026, 11, 28)
COMMITS = 250
SAMPLES = {"new": 4, "known": 3}
"""How many commits of a repository are drawn that have something new, and something known again."""
HEAVY = (
    *("lm-sys/FastChat", "h2oai/h2ogpt", "microsoft/JARVIS", "awslabs/ai-on-eks"),
    *("GoogleCloudPlatform/accelerated-platforms", "kserve/kserve", "ray-project/kuberay"),
    "GoogleCloudPlatform/ai-on-gke",
)
STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed"}
AROUND = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """One commit, checked as if it were a pull request. `known` are findings that a comparison of
    fingerprints alone would have called new, `gone` those of its base that it would have called closed."""

    commit: str
    files: tuple[FileChange, ...]
    before: Repository
    found: Examination
    new: Introduced
    said: Verdict
    offers: tuple[Suggestion, ...]
    known: tuple[Outcome, ...]
    gone: tuple[Hit, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What a person judges: a commit, one of the two kinds, its check's title, all that is to be read."""

    kind: str
    commit: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one repository."""

    tried: Tried
    seconds: tuple[float, ...]
    counts: Counter[str]
    rules: Counter[str]
    samples: tuple[Sample, ...]


def git(folder: Path, *arguments: str, check: bool = True) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=check, capture_output=True).stdout


def changes(folder: Path, parent: str, commit: str) -> tuple[FileChange, ...]:
    """What GitHub lists of a pull request: renames of files that are half alike, and hunks; here only of
    files that a rule may read. What this clone lacks has none, as what is too large has none there."""
    options = ("-r", "-M50%", "--no-ext-diff", "--no-textconv", parent, commit, "--")
    listed = git(folder, "diff-tree", "-z", *options).decode("utf-8", "surrogateescape")
    fields = iter(listed.split("\0")[:-1])
    found = []
    for about in fields:
        status = about.split(" ")[-1][0]
        before = next(fields)
        path = next(fields) if status == "R" else before
        patch = b""
        if status != "T" and any(rule.file_type.claims(path) for rule in all_rules()):
            pathspecs = (before, path)
            patch = git(folder, "--literal-pathspecs", "diff-tree", "-p", *options, *pathspecs, check=False)
        _, at, hunks = patch.decode("utf-8", "replace").partition("\n@@ ")
        found.append(FileChange(path, before, STATUS[status], f"@@ {hunks}" if at else ""))
    return tuple(found)


def checked(tried: Tried, folder: Path, parent: str, commit: str) -> Checked:
    """The check of one commit, done as the App does it, save that unchanged files aren't looked at."""
    files = changes(folder, parent, commit)
    touched = frozenset(path for one in files for path in (one.path, one.before))
    began = time.process_time()
    rules = all_rules()
    head, before = snapshot_of(folder, commit), snapshot_of(folder, parent).repository()
    found = examine(head, load(head.repository(), rules, before), rules, TODAY, paths=touched)
    new = introduced(found, before, patches.renamed(files), touched, patches.written(files))
    wanted = {one.hit.fingerprint for one in new.outcomes}
    made = mend(found, lambda one: "" if one.hit.fingerprint in wanted else "it was there before", formatted)
    secrets = (*secrets_of(found.outcomes), *secrets_in(found, made.fixes, rules))
    told = Background(commit, TODAY, f"https://github.com/{tried.name}", secrets=secrets)
    said = verdict(new, found, made, told, changed=touched, buttons=Buttons.ALL)
    fixed = {one.hit.fingerprint for fix in made.fixes for one in fix.outcomes}
    fixable = [one for one in new.outcomes if one.hit.fingerprint in fixed]
    most = found.policy.publishing.checking.suggestions
    offers = tuple(islice(suggestions(found, fixable, patches.shown(files), secrets, formatted), most))
    seconds = time.process_time() - began
    old = scan(before, found.rules, paths=[path for path in touched if path in before]).hits
    then = {hit.fingerprint for hit in old}
    least = found.policy.threshold.report
    known = [one for one in found.outcomes if one.hit.fingerprint not in wanted | then]
    known = [one for one in known if one.severity >= least]
    now = {one.hit.fingerprint for one in found.outcomes}
    gone = tuple(hit for hit in old if hit.fingerprint not in now)
    return Checked(commit, files, before, found, new, said, offers, tuple(known), gone, seconds)


def run(tried: Tried, folder: Path) -> Result:
    listed = git(folder, "rev-list", "--first-parent", f"--max-count={COMMITS + 1}", tried.commit)
    commits = listed.decode().split()
    seconds, counts, rules = [], Counter[str](), Counter[str]()
    samples: dict[str, list[Sample]] = {kind: [] for kind in SAMPLES}
    for commit, parent in pairwise(commits):
        one = checked(tried, folder, parent, commit)
        seconds.append(one.seconds)
        counts.update(_counts(one))
        rules.update(outcome.hit.rule.id for outcome in one.new.outcomes)
        title = one.said.output.title
        if one.new.outcomes:
            samples["new"].append(Sample("new", commit, title, "\n".join(_read_new(one))))
        if one.known:
            samples["known"].append(Sample("known", commit, title, "\n".join(_read_known(one))))
    drawn = [sample for kind, most in SAMPLES.items() for sample in draw(tried, samples[kind])[:most]]
    return Result(tried, tuple(seconds), counts, rules, tuple(drawn))


def draw(tried: Tried, samples: list[Sample]) -> list[Sample]:
    """All of them in the order in which they are drawn: each has its own lot, whatever the others are."""
    return sorted(samples, key=lambda sample: random.Random(tried.commit + sample.commit).random())


def _counts(one: Checked) -> dict[str, int]:
    written, shown = patches.written(one.files), patches.shown(one.files)
    places = [(note.path, range(note.start_line, note.end_line + 1)) for note in one.said.output.annotations]
    return {
        "commits": 1,
        "with": bool(one.new.outcomes),
        "new": len(one.new.outcomes),
        "less": one.new.less,
        "closed": one.new.closed,
        "known": len(one.known),
        "suggesting": bool(one.offers),
        "suggestions": len(one.offers),
        "holding": sum(_holds(one, offer) for offer in one.offers),
        "annotations": len(places),
        "written": sum(_meets(lines, written.get(path, ())) for path, lines in places),
        "shown": sum(_meets(lines, shown.get(path, ())) for path, lines in places),
    }


def _meets(lines: range, parts: Iterable[range]) -> bool:
    return any(lines.start < part.stop and part.start < lines.stop for part in parts)


def _holds(one: Checked, offer: Suggestion) -> bool:
    """Whether its finding is gone when a person presses the button, and nothing has come but what the
    rule says may follow."""
    repo = one.found.repo
    text = text_of(offer.path, repo.read(offer.path))
    lines = text.content.split("\n")
    ticks = offer.text.rpartition("\n")[2]
    lines[offer.lines[0] - 1 : offer.lines[1]] = offer.text.split(f"{ticks}suggestion\n")[1].split("\n")[:-1]
    fixed = repo.changed({offer.path: text.encode("\n".join(lines))})
    (hit,) = (each.hit for each in one.new.outcomes if each.hit.fingerprint == offer.key)
    then = {each.fingerprint for each in scan(repo, one.found.rules, paths=[offer.path]).hits}
    now = scan(fixed, one.found.rules, paths=[offer.path]).hits
    came = {each.rule.id for each in now if each.fingerprint not in then}
    left = sum(each.identity == hit.identity for each in now)
    were = sum(each.hit.identity == hit.identity for each in one.found.outcomes)
    return came <= set(hit.rule.consequences) and left == were - 1


def _read_new(one: Checked) -> Iterator[str]:
    output = one.said.output
    yield f"{output.title}\n\n{output.summary}\n\n# Annotations\n"
    for note in output.annotations:
        yield f"{note.path}:{note.start_line}-{note.end_line} {note.level}\n{note.title}\n{note.message}\n"
    yield "# Suggestions\n"
    for offer in one.offers:
        yield f"{offer.path}:{offer.lines[0]}-{offer.lines[1]}\n{offer.text}\n"
    yield "# In the diff\n"
    for outcome in one.new.outcomes:
        yield from _place(one, outcome.hit)
    yield "\n# Known again, and gone by their fingerprints\n"
    yield from _compared(one)


def _read_known(one: Checked) -> Iterator[str]:
    yield f"{one.said.output.title}\n\n# Known again, and gone by their fingerprints\n"
    yield from _compared(one)
    yield "\n# In the diff\n"
    for outcome in one.known:
        yield from _place(one, outcome.hit)


def _compared(one: Checked) -> Iterator[str]:
    yield from (f"now  {_told(one.found.repo, outcome.hit)}" for outcome in one.known)
    yield from (f"then {_told(one.before, hit)}" for hit in one.gone)
    paths = {outcome.hit.path for outcome in one.known}
    renamed = (each for each in one.files if each.status == "renamed" and each.path in paths)
    yield from (f"file {each.before} -> {each.path}" for each in renamed)


def _told(repo: Repository, hit: Hit) -> str:
    text = text_of(hit.path, repo.read(hit.path)).content[hit.finding.span.start : hit.finding.span.end]
    short = " ".join(mask(text, hit.finding.secrets).split())[:160]
    return f"{hit.rule.id} {hit.path}:{hit.line} {hit.symbol} | {short}"


def _place(one: Checked, hit: Hit) -> Iterator[str]:
    """The lines of the diff around a finding, as they are numbered after the change."""
    yield f"\n{hit.rule.id} {hit.path}:{hit.line}-{hit.end_line}"
    patch = next((each.patch for each in one.files if each.path == hit.path), "")
    number = 0
    for line in mask(patch, hit.finding.secrets).split("\n"):
        if found := re.match(r"@@ -\S+ \+(\d+)", line):
            number = int(found[1])
        elif hit.line - AROUND <= number <= hit.end_line + AROUND:
            yield f"{number:5} {line}"
        number += line.startswith((" ", "+"))


def page(results: list[Result], verdicts: dict[str, str]) -> Iterator[str]:
    yield "# The check on real changes\n"
    yield (
        f"Written by `python docs/tried_checks.py`, which takes the last {COMMITS} first-parent commits of\n"
        "some repositories of [tried-on.md](tried-on.md), each against its parent, as if each were a pull\n"
        "request, and says of it what the check run would. Only the files that a commit touches are\n"
        "examined; the App examines all. Seconds are those of the processor for one check, git's left out.\n"
        "Nothing was published anywhere.\n"
    )
    yield (
        "*Known again* are findings that a comparison of fingerprints would have called new: they moved,\n"
        "with their file or alone, or were edited where they stand, or a worse one had hidden them. A\n"
        "suggestion *holds* if its finding is gone once it is applied, and nothing else has come but what\n"
        "its rule says may follow.\n"
    )
    yield (
        "| repository | commits | with something new | new | less severe | known again | closed "
        "| commits with a suggestion | suggestions, that hold | annotations, on lines that the commit wrote "
        "| seconds, median and most |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for result in results:
        yield row(result)
    yield "\n## New findings by rule\n\n| rule | findings | repositories |\n|---|---|---|"
    for rule in sorted({rule for result in results for rule in result.rules}):
        counts = [result.rules[rule] for result in results if result.rules[rule]]
        yield f"| {rule} | {sum(counts)} | {len(counts)} |"
    yield from judged(results, "new", verdicts)
    yield from judged(results, "known", verdicts)


def row(result: Result) -> str:
    url = f"https://github.com/{result.tried.name}/commits/{result.tried.commit}"
    counts = result.counts
    cells = (
        f"[{result.tried.name}]({url}) `{result.tried.commit[:10]}`",
        *(counts[name] for name in ("commits", "with", "new", "less", "known", "closed", "suggesting")),
        f"{counts['suggestions']}, {counts['holding']}",
        f"{counts['annotations']}, {counts['written']}",
        f"{median(result.seconds):.2f}, {max(result.seconds):.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


HEADINGS = {
    "new": "\n## Sampled commits with something new\n\nIs each finding really introduced, each annotation on "
    "its line, each suggestion whole,\nthe text what its author needs?\n",
    "known": "\n## Sampled commits with something known again\n\nWas each of these findings there before?\n",
}


def judged(results: list[Result], kind: str, verdicts: dict[str, str]) -> Iterator[str]:
    yield f"{HEADINGS[kind]}\nUp to {SAMPLES[kind]} a repository.\n"
    yield "| repository | commit | check | verdict |\n|---|---|---|---|"
    right = total = 0
    for result in results:
        for sample in (one for one in result.samples if one.kind == kind):
            verdict_ = verdicts.get(key(result, sample), "not judged")
            total += 1
            right += verdict_.startswith("right")
            commit = f"https://github.com/{result.tried.name}/commit/{sample.commit}"
            yield (
                f"| {result.tried.name} | [`{sample.commit[:10]}`]({commit}) | {sample.title} | {verdict_} |"
            )
    yield f"\n{right} of {total} are right."


def key(result: Result, sample: Sample) -> str:
    return f"{result.tried.name} {sample.commit[:10]} {sample.kind}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--from", dest="mirror", type=Path, help="a folder of clones")
    parser.add_argument("--samples", type=Path, help="where to write the sampled checks")
    asked = parser.parse_args()
    verdicts = json.loads((HERE / "check-verdicts.json").read_text(encoding="utf-8"))
    cache = Path.home() / ".cache" / "suture-tried-on"
    cache.mkdir(parents=True, exist_ok=True)
    results = []
    for tried in (one for one in REPOSITORIES if one.name in HEAVY):
        print(f"{tried.name} …", flush=True)
        results.append(run(tried, clone(tried, asked.mirror, cache)))
        print(f"  {row(results[-1])}", flush=True)
    if asked.samples:
        asked.samples.mkdir(parents=True, exist_ok=True)
        for result in results:
            for sample in result.samples:
                name = key(result, sample).replace("/", "+").replace(" ", "-")
                text = f"{key(result, sample)}\n\n{sample.text}\n"
                (asked.samples / f"{name}.md").write_text(text, encoding="utf-8")
    (HERE / "tried-checks.md").write_text("\n".join(page(results, verdicts)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
