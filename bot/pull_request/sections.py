"""The sections of a body, each a function from values to Markdown; an empty one isn't there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaigns import Campaign
from bot.conventions.trial import Trial
from bot.escaping import code
from bot.outcomes import Outcome, Status
from bot.pull_request.background import Background
from bot.pull_request.diff import folded, laid_out, unified
from bot.pull_request.words import (
    OUT_OF_REACH,
    code_in_prose,
    counted,
    in_prose,
    items,
    passed_line,
    sentences,
    shared,
    unchecked_line,
    unwrapped,
    why,
)
from fixers.examples import section
from fixers.proof import Proof
from fixers.rule import Check, Rule, Safety, Verdict


@dataclass(frozen=True, slots=True)
class Level:
    """How much is in sight, how much is there at all, and which sections are folded away."""

    rows: int
    all_rows: int
    diff_lines: int
    all_diff_lines: int
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a body is made from. `left_alone` are findings of its kind that it doesn't fix."""

    campaign: Campaign
    component: str
    background: Background
    trials: tuple[Trial, ...]
    left_alone: tuple[Outcome, ...]
    texts: Mapping[str, str]

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.campaign.rules


def summary(content: Content, level: Level) -> str:
    campaign = content.campaign
    if len(content.rules) == 1:
        reason = unwrapped(why(content.rules[0].documentation))
    else:
        told = ((rule, sentences(why(rule.documentation))[0]) for rule in content.rules)
        reason = "\n".join(f"- **{rule.title}** ({_name(rule)}). {first}" for rule, first in told)
    paragraphs = [*_opening(content), reason, _warnings(campaign), _extent(content)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _opening(content: Content) -> Iterator[str]:
    if "opening" in content.texts:
        yield in_prose(content.texts["opening"])


def _name(rule: Rule) -> str:
    """What a rule is called where several are told apart."""
    return f"`{rule.id.partition('/')[2]}`"


def _warnings(campaign: Campaign) -> str:
    rules = [rule for rule in campaign.rules if rule.replaces or rule.adds_package or rule.before_deploy]
    words = ["Applying this destroys and recreates the resource."] * any(rule.replaces for rule in rules)
    words += ["This adds a package."] * any(rule.adds_package for rule in rules)
    has_steps = any(section(rule.documentation, "Before merging") for rule in rules)
    words += ["First do what *Before merging* lists."] * has_steps
    return f"**{' '.join(words)}**" if words else ""


def _extent(content: Content) -> str:
    campaign, changes = content.campaign, content.campaign.changes
    hunks = [hunk for some in campaign.touched.values() for hunk in some]
    added, removed = sum(hunk.added for hunk in hunks), sum(hunk.end - hunk.start for hunk in hunks)
    found = counted(len(campaign.fixed), "finding")
    files = counted(len(changes), "file")
    where = f" in {files} of {code_in_prose(content.component)}" if content.component else f" in {files}"
    is_safe = campaign.safety is Safety.SAFE
    behaviour = "behaviour stays the same" if is_safe else "behaviour may change"
    asked = " A person asked for it on the dashboard." if campaign.is_asked else ""
    return f"{found}{where}, +{added} −{removed} lines, {behaviour}.{asked}"


def findings(content: Content, level: Level) -> str:
    fixed = sorted(content.campaign.fixed, key=lambda one: (-one.severity, one.hit.path, one.hit.line))
    table = [_cells(outcome, content.background) for outcome in fixed[: level.all_rows]]
    names = ["severity", "where", "rule", "found", "introduced"]
    is_told = {name: any(row[number] for row in table) for number, name in enumerate(names)}
    is_told["rule"] = len(content.rules) > 1
    kept = [number for number, name in enumerate(names) if is_told[name]]
    head, line = _line([names[number] for number in kept]), "|" + "---|" * len(kept)
    rows = [_line([row[number] for number in kept]) for row in table]
    cut = f"\n\nand {len(fixed) - len(rows):,} more." if len(fixed) > len(rows) else ""
    in_sight = "\n".join([head, line, *rows[: level.rows]])
    if len(rows) <= level.rows:
        return f"{in_sight}{cut}"
    rest = "\n".join([head, line, *rows[level.rows :]])
    return f"{in_sight}\n\n{folded(counted(len(fixed) - level.rows, 'more finding'), rest + cut)}"


def _cells(outcome: Outcome, background: Background) -> tuple[str, str, str, str, str]:
    """Severity, where, rule, found, introduced."""
    hit = outcome.hit
    where = background.place(hit.path, hit.line) + (f" {code(hit.symbol)}" if hit.symbol else "")
    found = f"{background.first_seen(hit.fingerprint)}"
    return (
        outcome.severity.name.lower(),
        where,
        _name(hit.rule),
        found,
        background.commit(hit.path, hit.line),
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def diff(content: Content, level: Level) -> str:
    found = {one.hit.path for one in content.campaign.fixed}
    changes = sorted(content.campaign.changes, key=lambda change: change.path not in found)
    shown = [unified(change, content.background.secrets) for change in changes]
    return laid_out(shown, level.diff_lines, level.all_diff_lines)


def notices(content: Content, level: Level) -> str:
    notes = sorted({in_prose(note) for one in content.campaign.fixed for note in one.hit.finding.notes})
    said = _of_rules(content, "Who notices", "**Who notices:**")
    return "\n\n".join([*([said] if said else []), *(f"> {note}" for note in notes)])


def checks(content: Content, level: Level) -> str:
    made = Proof(tuple(dict.fromkeys(check for fix in content.campaign.fixes for check in fix.proof.checks)))
    language = content.rules[0].language
    unchecked = [_lines(made, Verdict.NOT_CHECKED, unchecked_line), OUT_OF_REACH.get(language, "")]
    lines = [
        f"**Checked:** {_lines(made, Verdict.PASSED, passed_line) or 'nothing'}.",
        f"**Not checked:** {' · '.join(filter(None, unchecked)) or 'nothing was left out'}.",
    ]
    for rule in content.rules:
        tested = section(rule.documentation, "Behaviour")
        own = "Rule's own test" if len(content.rules) == 1 else f"Own test of {_name(rule)}"
        lines += [f"**{own}** {unwrapped(tested)}"] * bool(tested)
    return "\n\n".join(lines)


def _lines(proof: Proof, verdict: Verdict, line: Callable[[Check], str]) -> str:
    """What passed (or wasn't checked), but for what the proof of another part of it says otherwise."""
    others = {check.name for check in proof.checks if check.verdict is not verdict}
    wanted = [one for one in proof.lines(verdict) if verdict is not Verdict.PASSED or one.name not in others]
    return " · ".join(dict.fromkeys(map(line, wanted)))


def before(content: Content, level: Level) -> str:
    own = [in_prose(content.texts["before"])] if "before" in content.texts else []
    return _numbered("**Before merging**", [*_steps(content, "Before merging"), *own])


def trial(content: Content, level: Level) -> str:
    commands = [f"{code_in_prose(one.command)} (from {code_in_prose(one.source)})" for one in content.trials]
    return _numbered("**Try it**", [*commands, *_steps(content, "Test")])


def _steps(content: Content, heading: str) -> list[str]:
    """The steps of the rule, or of several the steps of each in a line."""
    steps = [(rule, items(section(rule.documentation, heading))) for rule in content.rules]
    if len(steps) == 1:
        return steps[0][1]
    return [f"{names}: {text}" for names, text in _by_text((rule, " ".join(some)) for rule, some in steps)]


def _numbered(heading: str, steps: Sequence[str]) -> str:
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    return f"{heading}\n\n{numbered}" if steps else ""


def rollback(content: Content, level: Level) -> str:
    return _of_rules(content, "Roll back", "**Roll back:** `git revert <commit>` (`-m 1` for a merge), then")


def limits(content: Content, level: Level) -> str:
    return _of_rules(content, "Does not close", "**Does not close:**")


def _of_rules(content: Content, heading: str, start: str) -> str:
    """What the rules say below a heading: once what all say, then what only some do, and who."""
    said = {rule: unwrapped(section(rule.documentation, heading)) for rule in content.rules}
    said = {rule: text for rule, text in said.items() if text}
    if len(content.rules) == 1 or not said:
        return "".join(f"{start} {text}" for text in said.values())
    is_of_all = len(said) == len(content.rules)
    first, alone, last = shared([*said.values()]) if is_of_all else ("", [*said.values()], "")
    lines = [f"- {names}: {text}" for names, text in _by_text(zip(said, alone, strict=True))]
    lines += [f"- {'both' if len(said) == 2 else 'all'}: {last}"] * bool(last)
    opening = f"{start} {first}" if first else start if start.endswith(":**") else f"{start}:"
    return "\n".join([opening, "", *lines]).strip()


def _by_text(said: Iterable[tuple[Rule, str]]) -> list[tuple[str, str]]:
    """Each text once, with the names of the rules that say it."""
    names: dict[str, list[str]] = {}
    for rule, text in said:
        names.setdefault(" ".join(text.split()), []).append(_name(rule))
    return [(", ".join(some), text) for text, some in names.items() if text]


def left(content: Content, level: Level) -> str:
    if not content.left_alone:
        return ""
    number = len(content.left_alone)
    if not content.background.is_private:
        reasons = "it with its reason" if number == 1 else "them with their reasons"
        found = f"{counted(number, 'other finding')} of this kind"
        return f"**Left alone:** {found}; `suture plan --format json` lists {reasons}."
    rows = [_reason(outcome, content.background) for outcome in content.left_alone[: level.all_rows]]
    cut = number - len(rows)
    rows += [f"- and {cut} more"] if cut else []
    if len(rows) <= level.rows:
        return "\n".join(["**Left alone:**", "", *rows])
    by_status = Counter(outcome.status for outcome in content.left_alone)
    counts = ", ".join(f"{count} {status.value}" for status, count in by_status.items())
    return folded(f"Left alone: {counts}", "\n".join(rows))


def _reason(outcome: Outcome, background: Background) -> str:
    hit = outcome.hit
    reason = outcome.detail.removesuffix(f" ({hit.path}:{hit.line})")
    where = background.place(hit.path, hit.line).replace("\\|", "|")
    return " · ".join([f"- {where}", outcome.status.value, *([in_prose(reason)] if reason else [])])


def references(content: Content, level: Level) -> str:
    named = dict.fromkeys(name for rule in content.rules for name in rule.references)
    rules = ", ".join(f"`{rule.id}`" for rule in content.rules)
    return folded("References", f"{' · '.join(named)} · {rules}")


def is_of_its_kind(outcome: Outcome, campaign: Campaign) -> bool:
    """Whether a finding that a pull request leaves alone is one that its reader would ask about."""
    return outcome.hit.rule in campaign.rules and outcome.status is not Status.FIXED


SECTIONS: Mapping[str, Callable[[Content, Level], str]] = {
    "summary": summary,
    "findings": findings,
    "diff": diff,
    "notices": notices,
    "checks": checks,
    "before": before,
    "trial": trial,
    "rollback": rollback,
    "limits": limits,
    "left": left,
    "references": references,
}

HEADINGS = {
    "notices": "Who notices",
    "trial": "Try it",
    "rollback": "Roll back",
    "limits": "Does not close",
    "left": "Left alone",
}
"""What a section is called where it is folded away."""
