"""RULES: every module of python/, terraform/ and kubernetes/ that declares a rule."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from fixers.rule import Rule

LANGUAGES = ("python", "terraform", "kubernetes")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id. A module declares one by decorating a function with `rule`."""
    return tuple(sorted(_declared(), key=lambda rule: rule.id))


def _declared() -> Iterator[Rule]:
    for language in LANGUAGES:
        package = importlib.import_module(f"fixers.{language}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name == "source":
                continue
            values = vars(importlib.import_module(f"fixers.{language}.{module.name}")).values()
            yield from (value for value in values if isinstance(value, Rule))
