"""The catalogue of rules, as a page, as data, and one rule explained."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields

from fixers.examples import examples
from fixers.rule import Rule

_INTRODUCTION = """\
# Rules

{count} rules, written by `suture rules --markdown` from their own files. Each file is the whole of its
rule: documentation, examples that are its tests, detection and fix.

*Fix*: `safe` can't be noticed by honest use; `review` may change behaviour, and says how; `report`
leaves the change to a person. A rule may still refuse a fix at one place, with its reason. Of the `review`
fixes, those that *open by themselves* may become a pull request unasked, at high severity or above; the
others wait until someone asks. A rule that is *off* runs where `.suture.yml` enables it.
"""


def as_markdown(rules: Sequence[Rule]) -> str:
    """fixers/README.md: a table for each language, every rule linked to its file."""
    return "\n".join(_page(rules)) + "\n"


def _page(rules: Sequence[Rule]) -> Iterator[str]:
    yield _INTRODUCTION.format(count=len(rules))
    for language in dict.fromkeys(rule.language for rule in rules):
        yield f"## {language.capitalize()}\n"
        yield "| rule | what it does | severity | fix | threat | references |\n|---|---|---|---|---|---|"
        for rule in rules:
            if rule.language == language:
                yield _row(rule)
        yield ""


def _row(rule: Rule) -> str:
    file = f"{rule.id.replace('-', '_')}.py"
    name = rule.id.partition("/")[2]
    cells = (
        f"[{name}]({file})",
        rule.title,
        rule.severity.name.lower(),
        kind_of_fix(rule),
        rule.threat.value,
        ", ".join(rule.references),
    )
    return f"| {' | '.join(cells)} |"


def kind_of_fix(rule: Rule) -> str:
    """`safe`, `review` or `report`, with what lets a fix travel unasked or makes it travel alone."""
    if not any(example.kind == "fixed" for example in examples(rule.documentation, rule.language)):
        return "report, off" if rule.is_off else "report"
    marks = {
        "opens by itself": rule.opens_unasked,
        "replaces": rule.replaces,
        "adds a package": rule.adds_package,
        "needs something done before a deploy": rule.before_deploy,
        "off": rule.is_off,
    }
    return ", ".join([rule.safety.name.lower(), *(mark for mark, holds in marks.items() if holds)])


def as_json(rules: Sequence[Rule]) -> str:
    """A list of objects, one for each rule, with its options and their defaults."""
    return json.dumps([_object(rule) for rule in rules], indent=2)


def _object(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.name.lower(),
        "confidence": rule.confidence.name.lower(),
        "fix": kind_of_fix(rule),
        "opens_unasked": rule.opens_unasked,
        "before_deploy": rule.before_deploy,
        "off": rule.is_off,
        "threat": rule.threat.value,
        "references": list(rule.references),
        "options": {field.name: field.default for field in fields(rule.options)} if rule.options else {},
        "documentation": rule.documentation.strip(),
    }
