"""Who wrote a text: a caller of a service, a visitor of an app, or a model that calls a tool."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixers.python.source.flow import value_behind
from fixers.python.source.functions import Function
from fixers.python.source.names import Scope
from fixers.python.source.structure import FunctionDef
from fixers.python.source.tools import tool_of

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

REQUEST_WORDS = (
    *("fastapi", "flask", "django", "rest_framework", "streamlit", "gradio", "chainlit"),
    *("mcp", "function_tool", "crewai", "smolagents", "pydantic_ai", "langchain"),
)
"""A file that takes such texts holds one of these."""

_MAX_STEPS = 30
_ROUTE = re.compile(
    r"fastapi\.(?:\w+\.)*(?:FastAPI|APIRouter)\(\)\.(?:get|post|put|patch|delete|api_route|websocket)\(\)"
    r"|flask\.(?:\w+\.)*(?:Flask|Blueprint)\(\)\.(?:route|get|post|put|patch|delete)\(\)"
    r"|chainlit\.on_message"
)
_SENT = re.compile(r"fastapi\.(?:\w+\.)*(?:Query|Body|Form|Path)\(\)")
_REQUESTS = ("fastapi.Request", "fastapi.requests.Request", "starlette.requests.Request")
_OF_A_REQUEST = ("json", "form", "body", "query_params", "path_params", "POST", "GET", "data")
_FLASK = re.compile(r"(?:flask|quart)\.request\.(?:json|form|args|values|data|get_json|get_data)")
_STREAMLIT = re.compile(r"streamlit\.(?:sidebar\.)?(?:chat_input|text_input|text_area)")
_SET_UP = re.compile(r"system|instruct|persona|template|prompt_|_prompt", re.I)
"""Names of what is meant to be instructions: whoever sends those is asked for them."""
_OWN = re.compile(rf"{_SET_UP.pattern}|prompt|role|key|url|model|token|host|style|tone|lang", re.I)
"""Labels of what somebody sets up for herself, on her own screen."""
_GRADIO = {"gradio.ChatInterface": 1, "gradio.Interface": 99}
"""How many of the parameters of the function that they are given hold what a visitor writes."""
_NO_TEXT = re.compile(r"(?:int|float|bool|bytes)|uuid\.UUID|datetime\.\w+|(?:typing\.)?Literal")
_HOLDS_TEXT = re.compile(r"\bstr\b|\bAny\b")
_CUTS = ("strip", "lstrip", "rstrip", "lower", "title", "capitalize", "replace", "removeprefix")
_WRAPS = ("str", "json.loads", "html.unescape", "urllib.parse.unquote")


def stranger_behind(file: "PythonFile", node: ast.expr, scope: Scope) -> str:
    """Who wrote the text that an expression stands for: `a caller`, `a visitor`, `a model`; or nothing.

    Attributes, keys, the cutting of texts and the names that surely stand for it are looked through.
    What is compared with a list of what is allowed is ours by then.
    """
    parts: list[str] = []
    for _ in range(_MAX_STEPS):
        if _is_checked(file, node):
            return ""
        match node:
            case ast.Name():
                behind, scope = value_behind(file, node, scope)
                if behind is node:
                    return _handed_over(file, node, scope, parts)
                node = behind
            case ast.Attribute(value=value, attr=part):
                if _FLASK.fullmatch(file.real_name(node, scope)):
                    return "a caller"
                parts.append(part)
                node = value
            case ast.Subscript(value=value, slice=ast.Constant(value=str(part))):
                parts.append(part)
                node = value
            case ast.Call():
                if who := _answered(file, node, scope):
                    return who
                inner = _passed_through(file, node, scope, parts)
                if inner is None:
                    return ""
                node = inner
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                node = value
            case ast.BoolOp(op=ast.Or(), values=[first, *_]):
                node = first
            case _:
                return ""
    return ""


def _answered(file: "PythonFile", call: ast.Call, scope: Scope) -> str:
    """Who answers a call that asks for a text."""
    name = file.real_name(call.func, scope)
    if _FLASK.fullmatch(name):
        return "a caller"
    label = call.args[0] if call.args else None
    written = label.value if isinstance(label, ast.Constant) else ""
    asks = _STREAMLIT.fullmatch(name) and not _OWN.search(str(written))
    return "a visitor" if asks else ""


def _passed_through(file: "PythonFile", call: ast.Call, scope: Scope, parts: list[str]) -> ast.expr | None:
    """What a call takes its result from, if it only cuts, reads or looks up."""
    match call:
        case ast.Call(func=ast.Attribute(value=value, attr="json" | "form" | "body" as part), args=[]):
            parts.append(part)
            return value
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(key)), *_]):
            parts.append(key)
            return value
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _CUTS:
            return value
        case ast.Call(args=[first, *_]) if file.real_name(call.func, scope) in _WRAPS:
            return first
    return None


def _is_checked(file: "PythonFile", node: ast.expr) -> bool:
    """Whether the function around it asks if it is one of what is allowed, or if it is exactly something."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    dump = ast.dump(node)
    around = (outer for outer in file.structure.ancestors(node) if isinstance(outer, FunctionDef))
    function = next(around, None)
    compared = (inner for inner in ast.walk(function) if isinstance(inner, ast.Compare)) if function else ()
    return any(isinstance(one.ops[0], ast.In | ast.NotIn) and ast.dump(one.left) == dump for one in compared)


def _handed_over(file: "PythonFile", name: ast.Name, scope: Scope, parts: list[str]) -> str:
    """Who fills the parameter of this name, of whose value the parts are taken, the last one first."""
    home = scope.home_of(name.id)
    bound = home.bindings[name.id] if home else []
    if len(bound) != 1 or not isinstance(bound[0].node, ast.arg):
        return ""
    parameter = bound[0].node
    definition = file.structure.parent(file.structure.parent(parameter) or parameter)
    if not isinstance(definition, FunctionDef) or any(_SET_UP.search(part) for part in (name.id, *parts[:1])):
        return ""
    function = Function(file, definition, file.structure.surroundings(definition).scope)
    if not parts and tool_of(file, parameter):
        return "a model"
    kind = function.parameters[parameter.arg]
    if kind in _REQUESTS or (_is_view(file, function, parameter) and parts):
        return "a caller" if parts and parts[-1] in _OF_A_REQUEST and len(parts) > 1 else ""
    if any(_ROUTE.fullmatch(decorator) for decorator in function.decorators):
        return "a caller" if _is_sent(file, function, parameter, parts) else ""
    return "a visitor" if not parts and _is_shown(file, function, parameter) else ""


def _is_view(file: "PythonFile", function: Function, parameter: ast.arg) -> bool:
    """Whether Django calls the function with a request: it is called so, in a file that imports Django."""
    modules = {binding.imported for found in file.names.module.bindings.values() for binding in found}
    imports = any(module.startswith(("django", "rest_framework")) for module in modules)
    return imports and parameter.arg == "request" and not function.parameters["request"]


def _is_sent(file: "PythonFile", function: Function, parameter: ast.arg, parts: list[str]) -> bool:
    """Whether a route's parameter, or the field of it that is taken, is a text out of the request."""
    kind, scope = parameter.annotation, function.scope
    default = dict(file.structure.defaults(function.node.args)).get(parameter.arg)
    if isinstance(default, ast.Call) and not _SENT.fullmatch(file.real_name(default, scope)):
        return False
    if kind is None:
        return True
    if not parts:
        return bool(_HOLDS_TEXT.search(file.code(kind))) and not _NO_TEXT.match(file.real_name(kind, scope))
    field = _field(file, kind, scope, parts[-1])
    return bool(_HOLDS_TEXT.search(field)) if field else len(parts) == 1


def _field(file: "PythonFile", kind: ast.expr, scope: Scope, name: str) -> str:
    """How a class of this file annotates a field; nothing if it isn't of this file."""
    home = scope.home_of(kind.id) if isinstance(kind, ast.Name) else None
    bound = home.bindings[kind.id] if home and isinstance(kind, ast.Name) else []
    owner = bound[0].node if len(bound) == 1 else None
    if not isinstance(owner, ast.ClassDef):
        return ""
    for statement in owner.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=field), annotation=annotation) if field == name:
                return file.code(annotation)
    return "unknown"


def _is_shown(file: "PythonFile", function: Function, parameter: ast.arg) -> bool:
    """Whether Gradio calls the function, and fills this parameter with what a visitor writes."""
    args = function.node.args
    every = [*args.posonlyargs, *args.args]
    for call in file.calls_to(*_GRADIO):
        given = call.keyword("fn") or call.positional(0)
        if given is not None and _names(given.node, call.scope, function):
            return parameter in every[: _GRADIO[call.name]]
    return False


def _names(node: ast.expr, scope: Scope, function: Function) -> bool:
    home = scope.home_of(node.id) if isinstance(node, ast.Name) else None
    bound = home.bindings[node.id] if home and isinstance(node, ast.Name) else []
    return any(binding.node is function.node for binding in bound)


def strangers_in(file: "PythonFile", node: ast.expr, scope: Scope) -> Iterator[str]:
    """Who wrote parts of a text; nobody if it is theirs as a whole, for then it is asked for."""
    parts = list(_filled_in(*value_behind(file, node, scope)))
    if any(isinstance(part, ast.Constant) and str(part.value).strip() for part, _ in parts):
        for part, home in parts:
            if who := stranger_behind(file, part, home):
                yield who


def _filled_in(node: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """What a text is put together from: its written parts, and what is filled in."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case ast.JoinedStr(values=values):
                waiting += values
            case ast.FormattedValue(value=value):
                waiting.append(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                waiting += [left, right]
            case ast.BinOp(left=ast.Constant(value=str()) as left, op=ast.Mod(), right=ast.Tuple(elts=parts)):
                waiting += [left, *parts]
            case ast.Call(func=ast.Attribute(value=ast.Constant() as text, attr="format"), args=args) as call:
                waiting += [text, *args, *(keyword.value for keyword in call.keywords)]
            case part:
                yield part, scope
