"""The commands that tell: rules, explain, check-config."""

import difflib
import re
from pathlib import Path
from typing import Annotated

import typer

from bot import catalogue
from bot.cli.asking import PathArgument, examined, fail, print_markdown, taken
from bot.explanation import explain_finding, explain_rule
from bot.outcomes import Outcome
from bot.pipeline import Examination, secrets_in
from bot.policy import ConfigurationError, load, schema_text
from fixers import all_rules

RULES_EXAMPLES = "Examples: `suture rules` · `suture rules --markdown > fixers/README.md`"
EXPLAIN_EXAMPLES = "Examples: `suture explain python/unsafe-torch-load` · `suture explain 3f9c1ab2`"
CHECK_EXAMPLES = "Examples: `suture check-config` · `suture check-config --schema`"


def rules(
    markdown: Annotated[bool, typer.Option("--markdown", help="The catalogue as a page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The catalogue as data.")] = False,
) -> None:
    """List the rules."""
    if markdown:
        print(catalogue.as_markdown(all_rules()), end="")
    elif as_json:
        print(catalogue.as_json(all_rules()))
    else:
        width = max(len(rule.id) for rule in all_rules())
        for rule in all_rules():
            kind, _, marks = catalogue.kind_of_fix(rule).partition(", ")
            title = f"{rule.title} ({marks})" if marks else rule.title
            print(f"{rule.id:<{width}}  {rule.severity.name.lower():<8}  {kind:<6}  {title}")


def explain(
    subject: Annotated[str, typer.Argument(help="A rule's id, or the start of a finding's fingerprint.")],
    path: PathArgument = Path(),
) -> None:
    """Tell of a rule how it is configured here, or of a finding why there is or isn't a fix."""
    known = {rule.id: rule for rule in all_rules()}
    rule = known.get(subject)
    found = examined(taken(path, None), [rule] if rule else all_rules())
    if rule:
        text = explain_rule(rule, found)
    else:
        outcome = _found(subject, found)
        text = explain_finding(outcome, found, secrets_in(found, (), all_rules()))
    print_markdown(text)


def _found(start: str, within: Examination) -> Outcome:
    """The one finding whose fingerprint begins so."""
    found = [outcome for outcome in within.outcomes if outcome.hit.fingerprint.startswith(start.lower())]
    if not re.fullmatch("[0-9a-f]{4,16}", start.lower()) or not found:
        close = difflib.get_close_matches(start, [rule.id for rule in all_rules()], n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        fail(f"{start!r} is neither a rule nor the start of a finding's fingerprint{meant}")
    if len(found) > 1:
        full = ", ".join(outcome.hit.fingerprint for outcome in found)
        fail(f"{len(found)} findings begin with {start!r}: {full}")
    return found[0]


def check_config(
    path: PathArgument = Path(),
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema for editors.")] = False,
) -> None:
    """Validate .suture.yml, naming file, line, key and what is allowed."""
    if schema:
        print(schema_text(all_rules()), end="")
        return
    try:
        policy = load(taken(path, None).repository(), all_rules())
    except ConfigurationError as error:
        fail(str(error))
    enabled = len(policy.enabled(all_rules()))
    print(f"{policy.path or 'no .suture.yml: the defaults hold'}: valid, {enabled} rules on")
