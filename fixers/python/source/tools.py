"""Which parameters a model fills: those of the functions that it may call as its tools."""

import ast
import re
from typing import TYPE_CHECKING

from fixers.python.source.models import is_tool_decorator
from fixers.python.source.names import Scope
from fixers.python.source.scopes import arguments
from fixers.python.source.structure import FunctionDef

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_METHODS = {
    "_run": re.compile(
        r"(?:langchain(?:_core|_community)?\.tools(?:\.\w+)*|crewai\.tools(?:\.\w+)*)\.BaseTool"
    ),
    "_arun": re.compile(r"langchain(?:_core|_community)?\.tools(?:\.\w+)*\.BaseTool"),
    "forward": re.compile(r"smolagents(?:\.\w+)*\.Tool"),
}
_DISPATCHER = "mcp.server.Server().call_tool"
_REGISTERED = re.compile(
    r"langchain(?:_core|_community)?\.(?:tools|agents)(?:\.\w+)*\.(?:StructuredTool|Tool)(?:\.from_function)?"
    r"|llama_index(?:\.\w+)*\.FunctionTool\.from_defaults|autogen_core\.tools\.FunctionTool"
    r"|google\.adk(?:\.\w+)*\.FunctionTool"
)
_CLOSED = re.compile(
    r"(?:builtins\.)?(?:int|float|bool|complex)|uuid\.UUID|datetime\.\w+|typing\.Literal|decimal\.\w+"
)
_CONTEXTS = re.compile(r".*(?:Context|RunManager\w*|ToolRuntime|CallbackManager\w*|Config)")


def tool_of(file: "PythonFile", parameter: ast.arg) -> str:
    """The name of the function whose parameter a model fills with what it likes; empty if it is no such.

    A number, a boolean and one of a few literals are checked by the framework before the call.
    """
    function = file.structure.parent(file.structure.parent(parameter) or parameter)
    if not isinstance(function, FunctionDef) or _is_given(file, function, parameter):
        return ""
    scope = file.structure.surroundings(function).scope
    return function.name if _is_tool(file, function, scope) else ""


def _is_given(file: "PythonFile", function: FunctionDef, parameter: ast.arg) -> bool:
    """Whether somebody else than the model fills it, or the framework checks it."""
    scope = file.structure.surroundings(function).scope
    every = list(arguments(function.args))
    if parameter.arg in ("self", "cls", "ctx", "context", "run_manager", "callback_context", "tool_context"):
        return True
    is_dispatcher = any(_is_dispatcher(file, node, scope) for node in function.decorator_list)
    if is_dispatcher and every and every[0] is parameter:
        return True
    kind = parameter.annotation
    return kind is not None and _is_closed(file, kind, scope)


def _is_closed(file: "PythonFile", kind: ast.expr, scope: Scope) -> bool:
    match kind:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = [side for side in (left, right) if not _is_none(side)]
            return all(_is_closed(file, side, scope) for side in sides)
        case ast.Subscript(value=value, slice=inner):
            outer = file.real_name(value, scope)
            if outer in ("typing.Optional", "typing.Annotated", "typing_extensions.Annotated"):
                first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
                return _is_closed(file, first, scope)
            kind = value
    name = file.real_name(kind, scope)
    return bool(_CLOSED.fullmatch(name) or _CONTEXTS.fullmatch(name)) or _is_enum(file, kind, scope)


def _is_enum(file: "PythonFile", kind: ast.expr, scope: Scope) -> bool:
    home = scope.home_of(kind.id) if isinstance(kind, ast.Name) else None
    nodes = (
        [binding.node for binding in home.bindings[kind.id]] if home and isinstance(kind, ast.Name) else []
    )
    bases = nodes[0].bases if len(nodes) == 1 and isinstance(nodes[0], ast.ClassDef) else []
    return any(file.real_name(base, scope).startswith("enum.") for base in bases)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_dispatcher(file: "PythonFile", decorator: ast.expr, scope: Scope) -> bool:
    return file.real_name(decorator, scope).removesuffix("()").replace("lowlevel.", "") == _DISPATCHER


def _is_tool(file: "PythonFile", function: FunctionDef, scope: Scope) -> bool:
    for decorator in function.decorator_list:
        name = file.real_name(decorator, scope).removesuffix("()")
        if is_tool_decorator(name) or _is_dispatcher(file, decorator, scope):
            return True
    if isinstance(scope.node, ast.ClassDef):
        pattern = _METHODS.get(function.name)
        bases = [file.real_name(base, scope) for base in scope.node.bases]
        return pattern is not None and any(pattern.fullmatch(base) for base in bases)
    return any(_registers(file, place.node, place.scope) for place in file.named(function.name))


def _registers(file: "PythonFile", use: ast.AST, scope: Scope) -> bool:
    """`Tool(func=f)`, `StructuredTool.from_function(f)`: the function is handed to a model."""
    outer = file.structure.parent(use)
    if isinstance(outer, ast.keyword) and outer.arg in ("func", "coroutine", "fn", "function"):
        outer = file.structure.parent(outer)
    if not isinstance(outer, ast.Call) or outer.func is use:
        return False
    return bool(_REGISTERED.fullmatch(file.real_name(outer.func, scope)))
