"""The sections of a body, each a function from values to Markdown; an empty one isn't there."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaigns import Campaign
from bot.conventions.trial import Trial
from bot.escaping import code, sentence
from bot.outcomes import Outcome, Status
from bot.pull_request.background import Background
from bot.pull_request.diff import folded, laid_out, unified
from bot.pull_request.words import check_line, counted, first_sentence, items, unwrapped, why
from fixers.examples import section
from fixers.proof import Proof
from fixers.rule import Rule, Safety, Verdict


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
        told = ((rule.title, first_sentence(why(rule.documentation))) for rule in content.rules)
        reason = "\n".join(f"- **{title}.** {sentence}" for title, sentence in told)
    paragraphs = [*_opening(content), reason, *_warnings(campaign), _extent(content)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _opening(content: Content) -> Iterator[str]:
    if "opening" in content.texts:
        yield sentence(content.texts["opening"])


def _warnings(campaign: Campaign) -> Iterator[str]:
    if any(rule.replaces for rule in campaign.rules):
        yield "**Applying this destroys and recreates the resource.**"
    if any(rule.adds_package for rule in campaign.rules):
        yield "**Adds a package: refresh the lock file before merging.**"
    if any(rule.before_deploy for rule in campaign.rules):
        yield "**Something must be done before this is deployed, see below.**"


def _extent(content: Content) -> str:
    campaign, changes = content.campaign, content.campaign.changes
    hunks = [hunk for some in campaign.touched.values() for hunk in some]
    added, removed = sum(hunk.added for hunk in hunks), sum(hunk.end - hunk.start for hunk in hunks)
    where = f" of {code(content.component)}" if content.component else ""
    found = f"{counted(len(campaign.fixed), 'finding')} in {counted(len(changes), 'file')}{where}"
    behaviour = "behaviour stays" if campaign.safety is Safety.SAFE else "behaviour may change"
    return f"{found}, +{added} −{removed} lines, {behaviour}."


_HEAD = "| severity | where | found | introduced |\n|---|---|---|---|"
_HEAD_OF_SEVERAL = "| severity | where | rule | found | introduced |\n|---|---|---|---|---|"


def findings(content: Content, level: Level) -> str:
    fixed = sorted(content.campaign.fixed, key=lambda one: (-one.severity, one.hit.path, one.hit.line))
    is_one = len(content.rules) == 1
    head = _HEAD if is_one else _HEAD_OF_SEVERAL
    rows = [_row(outcome, content.background, is_one) for outcome in fixed[: level.all_rows]]
    cut = len(fixed) - len(rows)
    table = "\n".join([head, *rows[: level.rows]])
    if len(rows) <= level.rows:
        return f"{table}\n\nand {cut} more." if cut else table
    rest = "\n".join([head, *rows[level.rows :]]) + (f"\n\nand {cut} more." if cut else "")
    return f"{table}\n\n{folded(counted(len(fixed) - level.rows, 'more finding'), rest)}"


def _row(outcome: Outcome, background: Background, is_one: bool) -> str:
    hit = outcome.hit
    symbol = f" {code(hit.symbol)}" if hit.symbol else ""
    where = f"{background.place(hit.path, hit.line)}{symbol}"
    seen, commit = background.first_seen(hit.fingerprint), background.commit(hit.path, hit.line)
    about = where if is_one else f"{where} | {hit.rule.id.partition('/')[2]}"
    return f"| {outcome.severity.name.lower()} | {about} | {seen} | {commit} |"


def diff(content: Content, level: Level) -> str:
    shown = [unified(change, content.background.secrets) for change in content.campaign.changes]
    return laid_out(shown, level.diff_lines, level.all_diff_lines)


def notices(content: Content, level: Level) -> str:
    notes = sorted({sentence(note) for one in content.campaign.fixed for note in one.hit.finding.notes})
    said = _of_rules(content, "Who notices", "**Who notices:**")
    return "\n\n".join([*([said] if said else []), *(f"> {note}" for note in notes)])


def checks(content: Content, level: Level) -> str:
    made = Proof(tuple(dict.fromkeys(check for fix in content.campaign.fixes for check in fix.proof.checks)))
    lines = [
        f"**Checked:** {_lines(made, Verdict.PASSED) or 'nothing'}.",
        f"**Not checked:** {_lines(made, Verdict.NOT_CHECKED) or 'nothing was left out'}.",
    ]
    for rule in content.rules:
        tested = section(rule.documentation, "Behaviour")
        lines += [f"**Rule's own test** {unwrapped(tested)}"] * bool(tested)
    return "\n\n".join(lines)


def _lines(proof: Proof, verdict: Verdict) -> str:
    """What passed (or wasn't checked), but for what the proof of another part of it says otherwise."""
    others = {check.name for check in proof.checks if check.verdict is not verdict}
    wanted = [one for one in proof.lines(verdict) if verdict is not Verdict.PASSED or one.name not in others]
    return " · ".join(dict.fromkeys(sentence(check_line(check)) for check in wanted))


def before(content: Content, level: Level) -> str:
    steps = [step for rule in content.rules for step in items(section(rule.documentation, "Before merging"))]
    steps += [sentence(content.texts["before"])] if "before" in content.texts else []
    return _numbered("**Before merging**", steps)


def trial(content: Content, level: Level) -> str:
    steps = [f"{code(one.command)} (from {code(one.source)})" for one in content.trials]
    steps += [step for rule in content.rules for step in items(section(rule.documentation, "Test"))]
    return _numbered("**Try it**", list(dict.fromkeys(steps)))


def _numbered(heading: str, steps: Sequence[str]) -> str:
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    return f"{heading}\n\n{numbered}" if steps else ""


def rollback(content: Content, level: Level) -> str:
    command = "`git revert <commit>`, for a merge commit with `-m 1`, then"
    return _of_rules(content, "Roll back", f"**Roll back:** {command}:")


def limits(content: Content, level: Level) -> str:
    return _of_rules(content, "Does not close", "**Does not close:**")


def _of_rules(content: Content, heading: str, start: str) -> str:
    """What each rule says below a heading: after `start` if there is one, else in a list."""
    said = {rule: unwrapped(section(rule.documentation, heading)) for rule in content.rules}
    said = {rule: text for rule, text in said.items() if text}
    if len(content.rules) == 1 or not said:
        return "".join(f"{start} {text}" for text in said.values())
    lines = [f"- {rule.title}: {' '.join(text.split())}" for rule, text in said.items()]
    return "\n".join([start, "", *lines])


def left(content: Content, level: Level) -> str:
    if not content.left_alone:
        return ""
    number = counted(len(content.left_alone), "other finding")
    if not content.background.is_private:
        return f"**Left alone:** {number} of this kind; `suture plan` lists them with their reasons."
    rows = [_reason(outcome, content.background) for outcome in content.left_alone[: level.all_rows]]
    cut = len(content.left_alone) - len(rows)
    rows += [f"- and {cut} more"] if cut else []
    if len(rows) <= level.rows:
        return "\n".join(["**Left alone:**", "", *rows])
    by_status = Counter(outcome.status for outcome in content.left_alone)
    counts = ", ".join(f"{count} {status.value}" for status, count in by_status.items())
    return folded(f"Left alone: {counts}", "\n".join(rows))


def _reason(outcome: Outcome, background: Background) -> str:
    where = background.place(outcome.hit.path, outcome.hit.line)
    detail = f": {sentence(outcome.detail)}" if outcome.detail else ""
    return f"- {where}, {outcome.status.value}{detail}"


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
