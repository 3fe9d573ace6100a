"""On which way a value holds what a model answered, or what it passed to one of its tools."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from fixers.python.source.calls import Argument, Call
from fixers.python.source.checks import Checks, dotted, function_of
from fixers.python.source.models import asks_a_model
from fixers.python.source.names import Binding, Scope
from fixers.python.source.own_functions import Frame, given, helper, returned
from fixers.python.source.passing import is_no_text, is_number, is_parsing, passes, receives
from fixers.python.source.reaching import Element, element, reaching
from fixers.python.source.structure import FunctionDef
from fixers.python.source.tools import tool_of

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

Frames = tuple[Frame, ...]
_NAMED = ast.Name | ast.Attribute | ast.Subscript
_MOST_TOLD = 8
_MOST_TEXTS = 50
_SESSION = re.compile(r"streamlit\.session_state\.(\w+)")
_MOST_NODES = 600
_DEEPEST = 60
_MOST_FRAMES = 2
_MOST_CALLERS = 10


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from a model to a value. `asked` is the call that it answered, None for a tool's argument;
    `tool` the name of the tool. `parts` are the attributes and keys by which the value is reached, the
    last one first. `is_whole`: it was cut at most, nothing stands before or behind it. `is_sure`: on
    every way to the place it is this answer. `is_text`: it is surely a `str`, where it isn't None. `through`
    are the real names of the calls that hand it on, `texts` what is written out around it.
    """

    asked: Call | None
    tool: str
    parts: tuple[str, ...]
    is_whole: bool
    is_sure: bool
    is_text: bool
    through: tuple[str, ...]
    texts: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]

    @property
    def is_kept(self) -> bool:
        """Whether it was kept in a session's state meanwhile, where other things may be too."""
        return any(".session_state." in name for name, _ in self.steps)

    @property
    def note(self) -> str:
        """The way, step by step with lines."""
        steps = [step for step, following in pairwise((*self.steps, ("", 0))) if step[0] != following[0]]
        told = [f"`{name}` (line {line})" for name, line in steps]
        if len(told) > _MOST_TOLD:
            told[_MOST_TOLD // 2 : -_MOST_TOLD // 2] = ["…"]
        return f"How it gets here: {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class _Way:
    node: ast.Call | ast.arg
    parts: tuple[str, ...] = ()
    is_whole: bool = True
    is_sure: bool = True
    entry: str = ""
    through: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    steps: tuple[tuple[str, int], ...] = ()

    def over(self, name: str, node: ast.AST) -> "_Way":
        step = (name, getattr(node, "lineno", 0))
        return self if not name or step in self.steps else replace(self, steps=(*self.steps, step))


class Flows:
    """Follows values of one file backwards; what is found of the file on the way is kept."""

    def __init__(self, file: "PythonFile") -> None:
        self._file = file
        self._left = 0
        self._seen: set[tuple[int, int]] = set()

    @cached_property
    def checks(self) -> Checks:
        return Checks(self._file)

    def into(self, value: Argument) -> Flow | None:
        """The way on which what a model says gets into an argument of a call, as far as the file shows one.

        Assignments on any way to the place, loops over streams, texts composed of others, functions
        of this file and what is added to lists are followed; any other call ends it, and so does a
        value that the function checks.
        """
        return self.behind(value.node, value.call.scope)

    def behind(self, node: ast.expr, scope: Scope) -> Flow | None:
        """The same for any expression that is evaluated in a scope."""
        self._left, self._seen = _MOST_NODES, set()
        way = self._follow(node, scope, (), 0)
        if way is None:
            return None
        asked = self._file.call(way.node) if isinstance(way.node, ast.Call) else None
        tool = tool_of(self._file, way.node) if isinstance(way.node, ast.arg) else ""
        is_text = not any(map(is_parsing, way.through)) and (asked is not None or self._is_str(way))
        return Flow(
            asked, tool, way.parts, way.is_whole, way.is_sure, is_text, way.through, way.texts, way.steps
        )

    def _is_str(self, way: _Way) -> bool:
        kind = way.node.annotation if isinstance(way.node, ast.arg) else None
        return kind is not None and not way.parts and self._file.code(kind) == "str"

    def asks_a_person(self, call: Call, flow: Flow) -> bool:
        """Whether somebody is asked between the model's answer and the call that it gets to."""
        is_near = flow.asked is not None and function_of(flow.asked.scope) is function_of(call.scope)
        after = flow.asked.node.lineno if flow.asked and is_near else 0
        return self.checks.asks_a_person(call.scope, after, call.node.lineno)

    def _follow(self, node: ast.AST | None, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        self._left -= 1
        key = (id(node), id(frames[-1].call) if frames else 0)
        if node is None or self._left < 0 or depth > _DEEPEST or key in self._seen:
            return None
        if isinstance(node, _NAMED) and self.checks.is_checked(node, scope):
            return None
        self._seen.add(key)
        way = self._way(node, scope, frames, depth + 1)
        self._seen.discard(key)
        return way

    def _any(self, nodes: Iterable[ast.AST | None], scope: Scope, frames: Frames, depth: int) -> _Way | None:
        """Of several parts the first that holds it; together they are more than it."""
        ways = (self._follow(node, scope, frames, depth) for node in nodes)
        found = next((way for way in ways if way is not None), None)
        return replace(found, is_whole=False) if found else None

    def _way(self, node: ast.AST, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        match node:
            case ast.Attribute(value=value, attr=part):
                return self._part(node, value, part, scope, frames, depth)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(part))):
                return self._part(node, value, part, scope, frames, depth)
            case ast.Subscript(value=value, slice=position):
                return _at(self._follow(value, scope, frames, depth), position)
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self._follow(value, scope, frames, depth)
            case ast.IfExp(body=body, orelse=orelse):
                return self._first((body, orelse), scope, frames, depth)
            case ast.BoolOp(values=values):
                return self._first(values, scope, frames, depth)
            case ast.FormattedValue(value=value, format_spec=spec):
                return None if is_number(spec) else self._follow(value, scope, frames, depth)
            case ast.Tuple(elts=nodes):
                return self._one_of(nodes, scope, frames, depth)
            case ast.JoinedStr(values=nodes) | ast.List(elts=nodes) | ast.Set(elts=nodes):
                return self._any(nodes, scope, frames, depth)
            case ast.Dict():
                return self._entry(node, scope, frames, depth)
            case ast.BinOp(left=left, op=ast.Add() | ast.Mod() | ast.Div(), right=right):
                return self._any((left, right), scope, frames, depth)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.SetComp(elt=element):
                return self._any((element,), self._file.structure.inner_scope(node), frames, depth)
            case ast.Name():
                return self._name(node, scope, frames, depth)
            case ast.Call():
                return self._call(node, scope, frames, depth)
        return None

    def _first(self, nodes: Iterable[ast.AST], scope: Scope, frames: Frames, depth: int) -> _Way | None:
        ways = (self._follow(node, scope, frames, depth) for node in nodes)
        found = next((way for way in ways if way is not None), None)
        return replace(found, is_sure=False) if found else None

    def _part(
        self, node: ast.expr, owner: ast.expr, part: str, scope: Scope, frames: Frames, depth: int
    ) -> _Way | None:
        if is_no_text(part):
            return None
        kept = self._kept(node, scope)
        for binding in kept:
            way = self._follow(binding.value, binding.scope or scope, (), depth)
            if way is not None:
                return way.over(dotted(node), binding.node)
        way = self._follow(owner, scope, frames, depth)
        if way is None or way.entry not in ("", part):
            return None
        if part in ("name", "stem", "suffix") and "pathlib.Path" in way.through:
            return None
        return replace(way, parts=(part, *way.parts), entry="")

    def _one_of(self, nodes: Sequence[ast.AST], scope: Scope, frames: Frames, depth: int) -> _Way | None:
        """Of a tuple, the first part that holds it, with its position."""
        for index, node in enumerate(nodes):
            way = self._follow(node, scope, frames, depth)
            if way is not None:
                return replace(way, entry=f"#{index}", is_whole=False)
        return None

    def _entry(self, node: ast.Dict, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        for key, value in zip(node.keys, node.values, strict=True):
            way = self._follow(value, scope, frames, depth)
            if way is not None:
                entry = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
                return replace(way, entry=entry, is_whole=False)
        return None

    def _kept(self, node: ast.expr, scope: Scope) -> list[Binding]:
        """What the class's methods, or the file for a session's state, give an attribute."""
        if isinstance(node, ast.Attribute):
            kept = self._file.names.kept(node, scope)
            if kept is not None:
                return [kept]
        name = self._file.real_name(node, scope) if isinstance(node, ast.Attribute) else ""
        path = name or dotted(node)
        return self._stored.get(path.replace("streamlit.", "st."), [])

    def _real_name(self, func: ast.expr, scope: Scope) -> str:
        """Also of what is kept in a session: `st.session_state.chain.invoke` by what the chain is."""
        name = self._file.real_name(func, scope)
        found = _SESSION.match(name)
        for binding in self._stored.get(f"st.session_state.{found[1]}", []) if found else []:
            if binding.value is not None and binding.scope is not None:
                kept = self._file.real_name(binding.value, binding.scope)
                if found and kept:
                    return kept + name[found.end() :]
        return name

    @cached_property
    def _stored(self) -> dict[str, list[Binding]]:
        """What is kept in a session: `st.session_state.x = …`, `st.session_state["x"].append(…)`."""
        found: dict[str, list[Binding]] = {}
        for place in self._file.named("st"):
            target: ast.AST = place.node
            outer = self._file.structure.parent(target)
            while isinstance(outer, ast.Attribute | ast.Subscript) and outer.value is target:
                target, outer = outer, self._file.structure.parent(outer)
            value: ast.expr | None = None
            path = dotted(target)
            match outer:
                case ast.Assign(value=given_value) if target in outer.targets:
                    value = given_value
                case ast.Call(func=func, args=[first]) if func is target and path.endswith(".append"):
                    path, value = path.removesuffix(".append"), first
            if value is not None and path.startswith("st.session_state."):
                found.setdefault(path, []).append(Binding(value, value=value, scope=place.scope))
        return found

    def _name(self, use: ast.Name, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        home = scope.home_of(use.id)
        if home is None:
            return None
        bindings = list(reaching(self._file, use, home, scope))
        for binding in bindings:
            way = self._bound(binding, home, scope, frames, depth)
            if way is not None:
                is_added = any(found and found.is_added for found in self._elements(bindings))
                way = replace(way, is_whole=way.is_whole and not is_added)
                return replace(way, is_sure=way.is_sure and len(bindings) == 1).over(use.id, binding.node)
        for value, inner in self.added(home, use.id):
            way = self._follow(value, inner, frames, depth)
            if way is not None:
                return replace(way, is_whole=False).over(use.id, value)
        return None

    def _elements(self, bindings: Iterable[Binding]) -> Iterator[Element | None]:
        return (element(self._file, binding.node) for binding in bindings if binding.value is None)

    def _bound(self, binding: Binding, home: Scope, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        if isinstance(binding.node, ast.arg):
            return self._parameter(binding.node, home, frames, depth)
        # what a function finds in the module around it was not made by its own caller
        around = frames if function_of(home) is function_of(scope) else ()
        if binding.value is not None and binding.scope is not None:
            return self._follow(binding.value, binding.scope, around, depth)
        found = element(self._file, binding.node)
        if found is None:
            return None
        way = self._follow(found.value, home, around, depth)
        if way and found.position is not None and way.entry.startswith("#"):
            if way.entry != f"#{found.position}":
                return None
            way = replace(way, entry="")
        return replace(way, is_whole=False) if way and found.is_added else way

    def _parameter(self, parameter: ast.arg, home: Scope, frames: Frames, depth: int) -> _Way | None:
        if frames and frames[-1].function is home.node:
            frame = frames[-1]
            return self._follow(given(frame, parameter), frame.scope, frames[:-1], depth)
        if tool_of(self._file, parameter):
            return _Way(parameter).over(tool_of(self._file, parameter), parameter)
        if frames or not isinstance(home.node, FunctionDef) or depth > _DEEPEST // 2:
            return None
        for call, scope in self._callers(home.node)[:_MOST_CALLERS]:
            way = self._follow(given(Frame(home.node, call, scope), parameter), scope, (), depth)
            if way is not None:
                return replace(way, is_sure=False).over(home.node.name, call)
        return None

    def _callers(self, function: FunctionDef) -> list[tuple[ast.Call, Scope]]:
        return self._calls_by_helper.get(id(function), [])

    @cached_property
    def _calls_by_helper(self) -> dict[int, list[tuple[ast.Call, Scope]]]:
        found: dict[int, list[tuple[ast.Call, Scope]]] = {}
        for place in self._file.names.calls:
            assert isinstance(place.node, ast.Call)
            function = helper(self._file, place.node.func, place.scope)
            if function is not None:
                found.setdefault(id(function), []).append((place.node, place.scope))
        return found

    def added(self, home: Scope, name: str) -> list[tuple[ast.expr, Scope]]:
        """What is appended to the list that a name holds, and where."""
        return self._added.get((id(home), name), [])

    @cached_property
    def _added(self) -> dict[tuple[int, str], list[tuple[ast.expr, Scope]]]:
        found: dict[tuple[int, str], list[tuple[ast.expr, Scope]]] = {}
        for place in self._file.names.calls:
            match place.node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend"), args=[value]
                ):
                    home = place.scope.home_of(name)
                    found.setdefault((id(home), name), []).append((value, place.scope))
        return found

    def _call(self, call: ast.Call, scope: Scope, frames: Frames, depth: int) -> _Way | None:
        name = self._real_name(call.func, scope)
        if asks_a_model(self._file, call, name):
            return _Way(call).over(dotted(call.func).replace("()", "") or name, call)
        passed = passes(call, name)
        if passed is not None:
            ways = (self._follow(value, scope, frames, depth) for value in passed.values)
            way = next((way for way in ways if way is not None), None)
            if way is None:
                return None
            parts = (passed.key, *way.parts) if passed.key else way.parts
            texts = (*way.texts, *_texts([*call.args, *(k.value for k in call.keywords), call.func]))
            return replace(
                way,
                texts=texts,
                through=(*way.through, name),
                parts=parts,
                is_whole=way.is_whole and passed.is_cut,
            )
        function = helper(self._file, call.func, scope)
        if function is not None and len(frames) < _MOST_FRAMES:
            inner = self._file.structure.inner_scope(function)
            frame = Frame(function, call, scope)
            values = list(returned(function))
            ways = (self._follow(value, inner, (*frames, frame), depth) for value in values)
            way = next((way for way in ways if way is not None), None)
            is_sure = len(values) == 1
            return replace(way, is_sure=way.is_sure and is_sure).over(function.name, call) if way else None
        receiver = receives(call)
        return self._follow(receiver, scope, frames, depth) if receiver is not None else None


def _at(way: _Way | None, position: ast.expr) -> _Way | None:
    """The way to an entry of what a way leads to."""
    if way is None or not way.entry.startswith("#"):
        return way
    is_other = isinstance(position, ast.Constant) and way.entry != f"#{position.value!r}"
    return None if is_other else replace(way, entry="")


def _texts(nodes: Sequence[ast.AST]) -> list[str]:
    """What is written out in a few expressions themselves."""
    inside = (node for outer in nodes for node in islice(ast.walk(outer), _MOST_TEXTS))
    return [node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)]
