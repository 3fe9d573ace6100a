"""What `.suture.yml` may say, and errors in words for the person who wrote it."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.policy.document import ConfigurationError, Document, Problem, Where
from bot.policy.options import options_model, read_options
from bot.snapshot.patterns import BadPattern, matcher
from fixers.rule import Rule

SeverityName = Literal["info", "low", "medium", "high", "critical"]


def _usable(pattern: str) -> str:
    try:
        matcher([pattern])
    except BadPattern as error:
        raise ValueError("isn't a pattern that can be used") from error
    if pattern.startswith(("#", "!")) or not pattern.strip():
        raise ValueError("isn't a pattern that can be used")
    return pattern


Pattern = Annotated[str, StringConstraints(min_length=1), AfterValidator(_usable)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Paths(_Section):
    include: tuple[Pattern, ...] = ("**",)
    """Files that are scanned, as in a .gitignore."""
    exclude: tuple[Pattern, ...] = ()
    """Files that aren't, even where `include` names them."""


class RuleSettings(_Section):
    enabled: bool | None = None
    """Whether the rule runs; without a word, it does."""
    severity: SeverityName | None = None
    """In place of the rule's own severity; a finding that the rule rates lower stays as much lower."""
    options: dict[str, Any] = {}
    """The rule's own options; not for a pattern of several rules."""


class Threshold(_Section):
    report: SeverityName = "low"
    """The least severity that is shown."""
    fail: SeverityName = "medium"
    """The least severity that ends a scan with exit code 1."""


class Open(_Section):
    safe: bool = True
    """Whether pull requests with fixes that honest use can't notice may be opened unasked."""
    review: bool = False
    """Whether pull requests with fixes that may change behaviour may be opened unasked."""


class Ignore(_Section):
    rule: str
    """The id of one rule."""
    paths: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    """Where it is ignored, as in a .gitignore."""
    symbol: str = ""
    """Only within this function, class or resource, as the report names it."""
    reason: Words
    """Why; it is shown with every finding that is ignored."""
    owner: str = ""
    """Who answers for it."""
    until: date | None = None
    """The last day on which it counts."""


class Configuration(_Section):
    """The settings of a repository, in .suture.yml or .github/suture.yml."""

    version: Literal[1] = 1
    """The version of this form."""
    paths: Paths = Paths()
    """Which files are scanned."""
    rules: dict[str, RuleSettings] = {}
    """Settings by rule id or by pattern (`terraform/*`): an id wins over every pattern, a later pattern
    over an earlier one, each setting by itself."""
    threshold: Threshold = Threshold()
    """What is shown, and what fails."""
    open: Open = Open()
    """What may be opened without being asked for."""
    ignores: tuple[Ignore, ...] = ()
    """Findings that stay as they are, for a reason."""


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
    for number, ignore in enumerate(ignores if isinstance(ignores, list) else ()):
        name = ignore.get("rule") if isinstance(ignore, dict) else None
        if isinstance(name, str) and name not in known:
            words = f"there is no rule `{name}`" + _meant(name, known)
            yield document.problem(("ignores", number, "rule"), words)


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
