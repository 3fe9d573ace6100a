"""Reads an expression as a Python value where it is written out, and writes Python values as HCL."""

import re
from enum import Enum
from typing import Final

from tree_sitter import Node

from fixers.terraform.source.syntax import Syntax


class _Unknown(Enum):
    NOT_LITERAL = "not a literal"


NOT_LITERAL: Final = _Unknown.NOT_LITERAL
"""The value of an expression that only `terraform plan` knows."""

Scalar = str | bool | int | float | None

_MAX_DEPTH = 20

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_WRITTEN = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def is_true(value: object) -> bool:
    """Whether Terraform reads the value as true: a quoted boolean is one too."""
    return value is True or value == "true"


def is_false(value: object) -> bool:
    """Whether Terraform reads the value as false: a quoted boolean is one too."""
    return value is False or value == "false"


def read(syntax: Syntax, expression: Node, depth: int = 0) -> object:
    """A string, boolean, number, None, list of these, or NOT_LITERAL; so is what nests too deeply."""
    node = _inner(expression)
    if node is None or depth > _MAX_DEPTH:
        return NOT_LITERAL
    if node.type == "literal_value":
        return _scalar(syntax, node.children[0])
    if node.type == "operation":
        return _negative(syntax, node)
    if node.type == "collection_value":
        values = [read(syntax, element, depth + 1) for element in elements(node)]
        is_list = node.children[0].type == "tuple"
        return values if is_list and NOT_LITERAL not in values else NOT_LITERAL
    if node.type == "template_expr" and node.children[0].type == "quoted_template":
        parts = node.children[0].children[1:-1]
        if all(part.type == "template_literal" for part in parts):
            return unquote(syntax.text(node))
    return NOT_LITERAL


def elements(collection: Node) -> list[Node]:
    """The expressions of a list that is written out, or nothing."""
    if collection.type != "collection_value" or collection.children[0].type != "tuple":
        return []
    return [child for child in collection.children[0].children if child.type == "expression"]


def inner(expression: Node) -> Node | None:
    """What an expression consists of, where that is one node: not for parentheses and chains."""
    return _inner(expression)


def _inner(expression: Node) -> Node | None:
    named = [child for child in expression.children if child.type != "comment"]
    return named[0] if len(named) == 1 and named[0].type != "expression" else None


def _scalar(syntax: Syntax, node: Node) -> object:
    text = syntax.text(node)
    match node.type:
        case "string_lit":
            return unquote(text)
        case "bool_lit":
            return text == "true"
        case "numeric_lit":
            return _number(text)
        case "null_lit":
            return None
    return NOT_LITERAL


def _number(text: str) -> object:
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:
        return NOT_LITERAL


def _negative(syntax: Syntax, node: Node) -> object:
    text = syntax.text(node)
    number = _number(text[1:]) if re.fullmatch(r"-[\d.eE+-]+", text) else NOT_LITERAL
    return -number if isinstance(number, int | float) else NOT_LITERAL


def unquote(text: str) -> str:
    """What a quoted string without interpolation means."""
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    short, long, single, dollar = found.groups()
    if dollar:
        return f"{dollar}{{"
    if code := short or long:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else found.group()
    return _ESCAPED.get(single, single)


def write(value: object) -> str:
    """The HCL of a Python value: text, bool, number, None or a list of these."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            escaped = "".join(_WRITTEN.get(character, character) for character in value)
            return '"' + re.sub(r"([$%])(?={)", r"\1\1", escaped) + '"'
        case list() | tuple():
            return f"[{', '.join(write(element) for element in value)}]"
    raise TypeError(f"no HCL is known for {type(value).__name__}")


def why_unknown(syntax: Syntax, name: str, expression: Node) -> str:
    """Why the value of the attribute `name` can't be replaced here, as a sentence without a full stop."""
    node = _inner(expression)
    kind = node.type if node is not None else "other"
    text = " ".join(syntax.text(expression).split())
    if kind == "variable_expr" or re.fullmatch(r"[^\W\d][\w.\-\[\]\"*]*", text):
        return f"`{name}` is `{text}`: set it where that value comes from"
    reasons = {
        "conditional": "depends on a condition: decide there what it may be",
        "template_expr": "is made from a template: its value is known only to a plan",
        "function_call": "is computed by a function: its value is known only to a plan",
        "for_expr": "is computed by a `for` expression: its value is known only to a plan",
        "collection_value": "holds values known only to a plan",
    }
    return f"`{name}` {reasons.get(kind, 'is computed: its value is known only to a plan')}"
