"""What a rule may ask of a Python file: calls by their real name, answered with edits."""

from fixers.python.source.asked import is_chosen, without_default_context
from fixers.python.source.assignments import Assignment
from fixers.python.source.calls import NOT_LITERAL, Argument, Call
from fixers.python.source.checksums import has_checksum_beside
from fixers.python.source.composed import Composed, Piece, composed
from fixers.python.source.conditions import is_asked_for
from fixers.python.source.constants import constants
from fixers.python.source.containers import container_without
from fixers.python.source.decorations import Decoration, calls_inside, decorations, method_of
from fixers.python.source.file import PythonFile
from fixers.python.source.functions import Function
from fixers.python.source.keyed_urls import KeyedUrl, keyed_urls
from fixers.python.source.keys import KEY_STARTS, Key, is_issued, key_in, providers_in
from fixers.python.source.logged import logged_prompts
from fixers.python.source.markup import holds_markup, is_marked_up, unknown_part
from fixers.python.source.models import MODEL_WORDS
from fixers.python.source.own_functions import receiver
from fixers.python.source.owners import made_under, may_belong_to
from fixers.python.source.pythons import python_surely_at_least, python_surely_below
from fixers.python.source.receivers import code_around, receiver_code, receivers
from fixers.python.source.requests import REQUEST_WORDS
from fixers.python.source.routes import Route, routes
from fixers.python.source.shown import Shown, shown
from fixers.python.source.strings import Item, StringLiteral
from fixers.python.source.switches import Switch
from fixers.python.source.systems import system_prompts
from fixers.python.source.taint import Flow
from fixers.python.source.together import together

__all__ = [
    "KEY_STARTS",
    "MODEL_WORDS",
    "NOT_LITERAL",
    "REQUEST_WORDS",
    "Argument",
    "Assignment",
    "Call",
    "Composed",
    "Decoration",
    "Flow",
    "Function",
    "Item",
    "Key",
    "KeyedUrl",
    "Piece",
    "PythonFile",
    "Route",
    "Shown",
    "StringLiteral",
    "Switch",
    "calls_inside",
    "code_around",
    "composed",
    "constants",
    "container_without",
    "decorations",
    "has_checksum_beside",
    "holds_markup",
    "is_asked_for",
    "is_chosen",
    "is_issued",
    "is_marked_up",
    "key_in",
    "keyed_urls",
    "logged_prompts",
    "made_under",
    "may_belong_to",
    "method_of",
    "providers_in",
    "python_surely_at_least",
    "python_surely_below",
    "receiver",
    "receiver_code",
    "receivers",
    "routes",
    "shown",
    "system_prompts",
    "together",
    "unknown_part",
    "without_default_context",
]
