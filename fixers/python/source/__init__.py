"""What a rule may ask of a Python file: calls by their real name, answered with edits."""

from fixers.python.source.assignments import Assignment
from fixers.python.source.calls import NOT_LITERAL, Argument, Call
from fixers.python.source.file import PythonFile
from fixers.python.source.functions import Function
from fixers.python.source.models import MODEL_WORDS
from fixers.python.source.strings import Item, StringLiteral
from fixers.python.source.switches import Switch

__all__ = [
    "MODEL_WORDS",
    "NOT_LITERAL",
    "Argument",
    "Assignment",
    "Call",
    "Function",
    "Item",
    "PythonFile",
    "StringLiteral",
    "Switch",
]
