"""A rule or a finding explained: what holds here, and why there is or isn't a fix."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields

from bot.catalogue import kind_of_fix
from bot.escaping import code, masked, sentence
from bot.outcomes import Outcome, Status
from bot.pipeline import Examination
from fixers.rule import Rule


def explain_rule(rule: Rule, examined: Examination) -> str:
    """The rule's own documentation, under what this repository's configuration makes of it."""
    return "\n".join([*_configuration(rule, examined), "", f"# {rule.documentation.strip()}"])


def _configuration(rule: Rule, examined: Examination) -> Iterator[str]:
    is_on = rule in examined.rules
    yield f"`{rule.id}` is {'on' if is_on else 'switched off'} here.\n"
    yield f"- severity: {examined.policy.severity_of_rule(rule).name.lower()}"
    yield f"- fix: {kind_of_fix(rule)}"
    options = examined.policy.options.get(rule.id)
    if options is not None:
        values = ", ".join(f"{field.name} = {getattr(options, field.name)!r}" for field in fields(options))
        yield f"- options: {code(values)}"
    counts = Counter(outcome.status.value for outcome in examined.outcomes if outcome.hit.rule.id == rule.id)
    found = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    yield f"- findings: {found or 'none'}"


_WHY = {
    Status.FIXABLE: "There is a fix: `suture fix` shows it.",
    Status.REPORT_ONLY: "There is no fix: what is right here only a person can know.",
    Status.REFUSED: "There is no fix here:",
    Status.IGNORED: "It is ignored:",
}


def explain_finding(outcome: Outcome, examined: Examination, secrets: Iterable[str] = ()) -> str:
    """One finding: where, what, its status, and the configuration of its rule."""
    hit = outcome.hit
    place = f"{code(f'{hit.path}:{hit.line}')}{f' in {code(hit.symbol)}' if hit.symbol else ''}"
    lines = [
        f"# {sentence(hit.finding.message)}\n",
        f"{place}, {outcome.severity.name.lower()}, fingerprint `{hit.fingerprint}`.\n",
        f"{_WHY[outcome.status]} {sentence(outcome.detail)}".strip() + "\n",
        *(f"> {sentence(note)}\n" for note in hit.finding.notes),
        *_configuration(hit.rule, examined),
        f"\n{hit.rule.title}: `suture explain {hit.rule.id}` tells the rest.",
    ]
    return masked("\n".join(lines), (*secrets, *hit.finding.secrets))
