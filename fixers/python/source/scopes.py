"""Regions of a module in which names are bound, and what binds them there."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One place that gives a name its value; `node` is the statement, or the part of it that binds.

    `imported` is the dotted name that an import brings in; `value` what an assignment or a `with`
    binds, to be read in `scope`.
    """

    node: ast.AST
    imported: str = ""
    value: ast.expr | None = None
    scope: "Scope | None" = None


@dataclass(slots=True, eq=False)
class Scope:
    """A region in which names are bound: the module, a class, a function or a comprehension.

    `elsewhere` holds the names that `global` and `nonlocal` place in another scope; `attributes`
    what the methods of a class assign to attributes of their first parameter.
    """

    node: ast.AST
    name: str
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, "Scope"] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)

    @property
    def runs_at_import(self) -> bool:
        """Whether its code runs when the module is imported, from the top down."""
        if isinstance(self.node, FunctionNode):
            return False
        return self.parent is None or self.parent.runs_at_import

    def bind(self, name: str, binding: Binding) -> None:
        scope = self.elsewhere.get(name, self)
        scope.bindings.setdefault(name, []).append(binding)

    def home_of(self, name: str) -> "Scope | None":
        """The scope whose binding of `name` is seen from here; None for a builtin or an unknown name."""
        scope: Scope | None = self
        while scope is not None:
            if scope is self or not isinstance(scope.node, ast.ClassDef):
                home = scope.elsewhere.get(name, scope)
                if name in home.bindings:
                    return home
                if home is not scope:
                    return None
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node, the scope in which it is evaluated, and the outermost f-string around it."""

    node: ast.AST
    scope: Scope
    fstring: ast.JoinedStr | None = None

    @property
    def in_fstring(self) -> bool:
        return self.fstring is not None


def arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (extra for extra in (args.vararg, args.kwarg) if extra is not None)


def statements(definition: ast.AST) -> Iterator[ast.AST]:
    """The statements of a function's or class's own body, those of definitions inside it left out."""
    waiting: list[ast.AST] = list(getattr(definition, "body", []))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)) and not isinstance(
            node, DEFINITIONS
        ):
            waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
