"""Functions that answer requests: the route that each has, what it checks first, what its body holds."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Call
from fixers.python.source.fields import TextField, text_fields
from fixers.python.source.functions import Function
from fixers.rule import Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_FASTAPI = re.compile(
    r"fastapi\.(?:\w+\.)?(?:FastAPI|APIRouter)\(\)\.(?:get|post|put|patch|delete|api_route)\(\)"
)
_DEPENDS = ("Depends", "Security")


@dataclass(frozen=True, eq=False)
class Route:
    """A function that FastAPI calls, and the call in its decorator that says so."""

    function: Function
    call: Call

    @property
    def span(self) -> Span:
        return self.function.span

    @property
    def other_decorators(self) -> list[str]:
        """The real names of its decorators that are no routes; empty texts for those without one."""
        return [name for name in self.function.decorators if not _FASTAPI.fullmatch(name)]

    @property
    def is_of_app(self) -> bool:
        """Whether it hangs on an application itself, not on a router that is included somewhere."""
        return "APIRouter" not in self.call.name

    @property
    def depends(self) -> bool:
        """Whether something is called before it: `dependencies=`, `Depends(…)`, `Security(…)`."""
        inside = (node for node in ast.walk(self.function.node.args) if isinstance(node, ast.Call))
        names = (self.function.file.real_name(node.func, self.function.scope) for node in inside)
        return self.call.has_keyword("dependencies") or any(n.rpartition(".")[2] in _DEPENDS for n in names)

    @property
    def text_fields(self) -> Iterator[TextField]:
        """The fields of its body that take a text of any length, and that it reads."""
        return text_fields(self.function)


def routes(file: "PythonFile") -> Iterator[Route]:
    """Each function of the file that is a route of FastAPI, by place."""
    for function in file.functions():
        for decorator in function.node.decorator_list:
            name = file.real_name(decorator, function.scope)
            if isinstance(decorator, ast.Call) and _FASTAPI.fullmatch(name):
                yield Route(function, file.call(decorator))
                break
