"""System prompts: the texts that tell a model who it is and what it must do."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from fixers.python.source.names import Scope
from fixers.python.source.requests import strangers_in
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_ROLES = ("system", "developer")
_GOOGLE = "system_instruction"
_KEYWORDS = (
    (re.compile(r".*\.messages\.(?:create|stream|parse)"), "system"),
    (re.compile(r".*\.responses\.(?:create|parse|stream)"), "instructions"),
    (re.compile(r"(?:agents(?:\.agent)?|pydantic_ai)\.Agent"), "instructions"),
    (re.compile(r"pydantic_ai\.Agent"), "system_prompt"),
    (re.compile(r"google\.(?:genai\.types\.GenerateContentConfig|generativeai\.GenerativeModel)"), _GOOGLE),
    (re.compile(r"langchain(?:_core)?(?:\.\w+)*\.SystemMessage"), "content"),
)
_LONGEST = 20_000
_ENDS = re.compile(r"(?::|\n|\\n)\s*$")
_BRACES = re.compile(r"\{\{|\}\}")
_TAG = "user_input"


@dataclass(frozen=True, eq=False)
class SystemPrompt:
    """The text of a system prompt; `message` is the dictionary that it stands in, if it does."""

    file: "PythonFile"
    node: ast.expr
    scope: Scope
    message: ast.Dict | None = None

    @property
    def span(self) -> Span:
        return self.file.span(self.node)

    @property
    def stranger(self) -> str:
        """Who else writes a part of it: `a caller`, `a visitor`, `a model`; or nothing."""
        return next(strangers_in(self.file, self.node, self.scope), "")

    def separated(self) -> Changes:
        """Leave what is written out, and move what is filled in into a message of the user's own.

        That is done where the text ends in what is filled in, behind a colon or on a line of its own, so
        that both still make sense.
        """
        parts = self._parts()
        if isinstance(parts, Refusal):
            return (parts,)
        assert self.message is not None
        text, expression = parts
        quote = "'" if '"' in expression else '"'
        mark = self.file.code(self.message.values[0])[0]
        keys = [f"{mark}{key}{mark}" for key in ("role", "user", "content")]
        filled = f"f{quote}<{_TAG}>{{{expression}}}</{_TAG}>{quote}"
        added = f"{{{keys[0]}: {keys[1]}, {keys[2]}: {filled}}}"
        end = self.file.span(self.message).end
        return (Edit(self.span, text), Edit(Span(end, end), f",{self._gap()}{added}"))

    def _gap(self) -> str:
        """A new line where the message begins one."""
        assert self.message is not None
        start = self.file.span(self.message).start
        line = self.file.text.line_starts[self.message.lineno - 1]
        own = not self.file.text.content[line:start].strip()
        return f"{self.file.text.newline}{self.file.text.indent_at(start)}" if own else " "

    def _parts(self) -> tuple[str, str] | Refusal:
        """The text as a plain literal, and the code of what is filled in at its end."""
        message = self.message
        is_listed = message is not None and isinstance(self.file.structure.parent(message), ast.List)
        if message is None or not is_listed or len(message.keys) != 2:
            return Refusal("its messages aren't written out in one list, where the user's could be added")
        if not isinstance(self.node, ast.JoinedStr) or len(self.file.code(self.node)) > _LONGEST:
            return Refusal("it isn't one f-string that is written in its place")
        try:
            literal = cst.parse_expression(self.file.code(self.node))
        except cst.ParserSyntaxError:
            return Refusal("libcst can't parse it")
        match literal:
            case cst.FormattedString(
                parts=[
                    cst.FormattedStringText(value=text),
                    cst.FormattedStringExpression(conversion=None, format_spec=None, equal=None) as filled,
                ]
            ) if _ENDS.search(text) and not _BRACES.search(text):
                expression = cst.Module([]).code_for_node(filled.expression)
            case _:
                return Refusal("what is filled in stands inside a sentence of it, and has to be worded anew")
        if "\n" in expression or ('"' in expression and "'" in expression):
            return Refusal("what is filled in is too long to be moved as it is")
        start = re.sub("[fF]", "", literal.start)
        return f"{start}{text.rstrip(' ')}{literal.end}", expression


def system_prompts(file: "PythonFile") -> Iterator[SystemPrompt]:
    """The system prompts that a file writes: messages of that role, and keywords of the SDKs."""
    found = [*_messages(file), *_keywords(file)]
    yield from sorted(found, key=lambda prompt: prompt.span)


def _messages(file: "PythonFile") -> Iterator[SystemPrompt]:
    for text in file.structure.texts:
        around = file.structure.surroundings(text)
        if text.value not in _ROLES or around.fstring is not None:
            continue
        match file.structure.parent(text):
            case ast.Dict(keys=keys, values=values) as message:
                named = {_key(k): v for k, v in zip(keys, values, strict=True)}
                if named.get("role") is text and "content" in named:
                    yield SystemPrompt(file, named["content"], around.scope, message)
            case ast.Tuple(elts=[role, content]) if role is text:
                yield SystemPrompt(file, content, around.scope)


def _key(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _keywords(file: "PythonFile") -> Iterator[SystemPrompt]:
    for call in file.calls():
        for pattern, keyword in _KEYWORDS:
            if not pattern.fullmatch(call.name) or call.in_fstring:
                continue
            value = call.keyword(keyword)
            if value is None and keyword == "content":
                value = call.positional(0)
            if value is not None:
                yield SystemPrompt(file, value.node, call.scope)
