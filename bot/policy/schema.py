"""The JSON Schema of `.suture.yml`, for editors, drawn from the models and every rule's options."""

import json
from collections.abc import Iterable
from typing import Any

from bot.policy.options import options_model
from bot.policy.sections import Configuration
from fixers.rule import Rule


def schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """JSON Schema 2020-12: the ids of the rules are enumerated, each with its own options."""
    rules = sorted(rules, key=lambda rule: rule.id)
    drawn = Configuration.model_json_schema()
    definitions = drawn["$defs"]
    settings = definitions.pop("RuleSettings")
    drawn["properties"]["rules"] |= {
        "additionalProperties": False,
        "patternProperties": {r"[*?\[]": _settings(settings, None, definitions)},
        "properties": {rule.id: _settings(settings, rule, definitions) for rule in rules},
    }
    definitions["Ignore"]["properties"]["rule"]["enum"] = [rule.id for rule in rules]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **drawn, "title": "Suture"}


def schema_text(rules: Iterable[Rule]) -> str:
    """The schema as it is committed: indented, sorted, with a newline at its end."""
    return json.dumps(schema(rules), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _settings(settings: dict[str, Any], rule: Rule | None, definitions: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in settings["properties"].items() if key != "options"}
    model = options_model(rule) if rule else None
    if model is not None:
        options = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= options.pop("$defs", {})
        own["options"] = options
    title = {"description": rule.title} if rule else {"description": "Every rule that the pattern matches."}
    return {"type": "object", "additionalProperties": False, "properties": own, **title}
