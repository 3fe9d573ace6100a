"""What `.suture.yml` may say, and errors in words for the person who wrote it."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.policy.document import ConfigurationError, Document, Problem, Where
from bot.policy.options import options_model, read_options
from bot.policy.publishing import (
    SECTIONS,
    Checking,
    Gathering,
    Limits,
    Opens,
    Publishing,
    Size,
    Wording,
)
from bot.policy.sections import Configuration
from fixers.rule import Rule, Safety, Severity


def publishing(configuration: Configuration) -> Publishing:
    """What the configuration says of pull requests, as values."""
    opens, worded, check = configuration.open, configuration.pull_requests, configuration.check
    first = dict.fromkeys(worded.sections)
    return Publishing(
        Opens(_least(opens.safe), _least(opens.review), opens.rules, opens.when == "green"),
        Limits(**configuration.limits.model_dump()),
        {
            Safety.SAFE: Size(**configuration.size.safe.model_dump()),
            Safety.REVIEW: Size(**configuration.size.review.model_dump()),
        },
        Gathering(configuration.campaigns.gather == "rule", configuration.campaigns.within == "folder"),
        Wording(
            worded.prefix,
            worded.reviewers == "codeowners",
            (*first, *(name for name in SECTIONS if name not in first)),
            worded.texts,
        ),
        Checking(_least(check.fail), check.annotations, check.suggestions),
        configuration.dashboard,
    )


def _least(name: str) -> Severity | None:
    return None if name == "never" else Severity[name.upper()]


def validated(document: Document, rules: Iterable[Rule]) -> tuple[Configuration, dict[str, Any]]:
    """The configuration, and the options of each rule that has some. Raises ConfigurationError."""
    known = {rule.id: rule for rule in rules}
    problems: list[Problem] = []
    configuration = Configuration()
    try:
        configuration = Configuration.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        problems += _explained(error, document, (), Configuration)
    problems += _unknown_rules(document, known)
    options = _options(document, known, problems)
    if problems:
        raise ConfigurationError(dict.fromkeys(problems))
    return configuration, options


def is_pattern(name: str) -> bool:
    return any(character in name for character in "*?[")


def _unknown_rules(document: Document, known: Mapping[str, Rule]) -> Iterator[Problem]:
    rules, ignores = document.data.get("rules"), document.data.get("ignores")
    for name, settings in rules.items() if isinstance(rules, dict) else ():
        if is_pattern(name) and not any(fnmatchcase(rule, name) for rule in known):
            yield document.problem(("rules", name), "matches no rule" + _meant(name, known))
        elif is_pattern(name) and isinstance(settings, dict) and settings.get("options"):
            words = "options belong to one rule, not to a pattern"
            yield document.problem(("rules", name, "options"), words)
        elif not is_pattern(name) and name not in known:
            yield document.problem(("rules", name), "there is no such rule" + _meant(name, known))
    yield from _unknown_asked(document, known)
    for number, ignore in enumerate(ignores if isinstance(ignores, list) else ()):
        name = ignore.get("rule") if isinstance(ignore, dict) else None
        if isinstance(name, str) and name not in known:
            words = f"there is no rule `{name}`" + _meant(name, known)
            yield document.problem(("ignores", number, "rule"), words)


def _unknown_asked(document: Document, known: Mapping[str, Rule]) -> Iterator[Problem]:
    opens = document.data.get("open")
    asked = opens.get("rules") if isinstance(opens, dict) else None
    for number, name in enumerate(asked if isinstance(asked, list) else ()):
        if isinstance(name, str) and not any(fnmatchcase(rule, name) for rule in known):
            words = f"{_quoted(name)} matches no rule" + _meant(name, known)
            yield document.problem(("open", "rules", number), words)


def _options(document: Document, known: Mapping[str, Rule], problems: list[Problem]) -> dict[str, Any]:
    rules = document.data.get("rules")
    read: dict[str, Any] = {}
    for name, settings in rules.items() if isinstance(rules, dict) else ():
        given = settings.get("options") if isinstance(settings, dict) else None
        if name not in known or not isinstance(given, dict) or not given:
            continue
        where: Where = ("rules", name, "options")
        model = options_model(known[name])
        try:
            read[name] = read_options(known[name], given)
        except ValidationError as error:
            assert model is not None
            problems += _explained(error, document, where, model)
        except ValueError as error:
            problems.append(document.problem(where, str(error)))
    return read


def _explained(
    error: ValidationError, document: Document, below: Where, model: type[BaseModel]
) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        found = tuple(detail["loc"])
        message, allowed = _words(detail["type"], detail, found, model)
        yield document.problem((*below, *found), message, allowed)


_A_PATTERN = "a pattern as in a .gitignore, without `!` and with at most three `*` between slashes"
_KINDS = {
    "bool_type": "true or false",
    "string_pattern_mismatch": "letters, digits and `_.-`, a scope in brackets, a colon: `fix(ai):`",
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "date_type": "a date such as 2027-01-31",
    "date_parsing": "a date such as 2027-01-31",
    "date_from_datetime_parsing": "a date such as 2027-01-31",
    "date_from_datetime_inexact": "a date such as 2027-01-31",
}


def _words(kind: str, detail: Mapping[str, Any], found: Where, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and what is allowed."""
    context = detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            fields = sorted(_model_at(model, found[:-1]).model_fields)
            return "isn't a setting" + _meant(str(found[-1]), fields), ", ".join(fields)
        case "missing":
            return "is missing", ""
        case "literal_error" | "enum":
            expected = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return f"is {_quoted(detail['input'])}" + _meant(detail["input"], expected.split(", ")), expected
        case "value_error":
            return f"{_quoted(detail['input'])} {context['error']}", _A_PATTERN
        case "string_too_short" | "too_short":
            return "is empty", ""
        case _ if kind in _KINDS:
            return f"is {_quoted(detail['input'])}", _KINDS[kind]
        case _:
            message = str(detail["msg"])
            return f"is {_quoted(detail['input'])}", message[:1].lower() + message[1:]


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text if len(text) <= 60 else text[:60] + '…'}`"


def _meant(name: object, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(name)[:200], list(known), n=1, cutoff=0.6)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _model_at(model: type[BaseModel], where: Where) -> type[BaseModel]:
    """The section that a place lies in; positions and rule ids on the way change nothing."""
    for step in where:
        if isinstance(step, str) and step in model.model_fields:
            model = _section_in(model.model_fields[step].annotation) or model
    return model


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)
