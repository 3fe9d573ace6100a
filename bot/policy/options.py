"""The options of a rule, read from a configuration into the rule's own dataclass."""

import ast
import dataclasses
import inspect
import json
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from fixers.rule import Rule


def read_options(rule: Rule, given: Mapping[str, Any]) -> Any:
    """An instance of the rule's options. Raises pydantic's ValidationError, or ValueError in words."""
    model = options_model(rule)
    if model is None or rule.options is None:
        raise ValueError("this rule has no options")
    read = model.model_validate_json(json.dumps(given))
    return rule.options(**{name: getattr(read, name) for name in model.model_fields})


@cache
def options_model(rule: Rule) -> type[BaseModel] | None:
    """The fields of the rule's options, held to their types and to nothing else."""
    if rule.options is None:
        return None
    hints = get_type_hints(rule.options, include_extras=True)
    said = _descriptions(rule.options)
    fields: dict[str, Any] = {
        field.name: (hints[field.name], _default(field, said.get(field.name)))
        for field in dataclasses.fields(rule.options)
    }
    return create_model(
        rule.options.__name__, __config__=ConfigDict(extra="forbid", strict=True), __base__=None, **fields
    )


def _default(field: "dataclasses.Field[Any]", description: str | None) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return Field(default_factory=field.default_factory, description=description)
    default = ... if field.default is dataclasses.MISSING else field.default
    return Field(default, description=description)


def _descriptions(options: type[Any]) -> dict[str, str]:
    """The string below each field, where the class has its source."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(options))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return {}
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    said = {}
    for one, two in pairwise(body):
        match one, two:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                said[name] = inspect.cleandoc(words)
    return said
