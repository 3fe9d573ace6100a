"""The first example in a rule's documentation, as code that runs."""

import ast
from collections.abc import Iterator
from types import CodeType
from typing import Any

from fixers import all_rules
from fixers.examples import examples


def before_and_after(rule_id: str) -> tuple[str, str]:
    """The one file of the rule's first `diff` fence: its text before the fix, and after it."""
    rule = next(rule for rule in all_rules() if rule.id == rule_id)
    first = next(e for e in examples(rule.documentation, rule.language) if e.kind == "fixed")
    (before,), (after,) = first.before.values(), first.after.values()
    return before.decode(), after.decode()


def run(source: str, **names: Any) -> dict[str, Any]:
    """Run it with these names defined; the names that it leaves behind."""
    for statement in statements(source):
        exec(statement, names)
    return names


def statements(source: str) -> Iterator[CodeType]:
    """One after the other, for an example whose statements fail each for itself."""
    for statement in ast.parse(source).body:
        yield compile(ast.Module([statement], []), "example.py", "exec")
