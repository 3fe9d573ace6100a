"""Who a name is: scopes, what binds each name in them, and the real name behind an expression."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BUILTINS = frozenset(dir(builtins))
_MAX_STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One place that gives a name its value; `node` is the statement, or the part of it that binds.

    `imported` is the dotted name that an import brings in; `value` what an assignment assigns.
    """

    node: ast.AST
    imported: str = ""
    value: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A region in which names are bound: the module, a class, a function or a comprehension."""

    node: ast.AST
    name: str
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, "Scope"] = field(default_factory=dict)

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
        scope: Scope | None = self.elsewhere.get(name, self)
        while scope is not None:
            if name in scope.bindings and (scope is self or not isinstance(scope.node, ast.ClassDef)):
                return scope
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node, the scope in which it is evaluated, and whether it stands inside an f-string."""

    node: ast.AST
    scope: Scope
    in_fstring: bool


class Names:
    """Every scope of a module, every call in it, and the modules that it imports with a star."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, "")
        self.scopes = [self.module]
        self.calls: list[Place] = []
        self.names: list[Place] = []
        self.stars: list[str] = []
        self._walk(tree)

    def _walk(self, tree: ast.Module) -> None:
        waiting = [Place(node, self.module, False) for node in reversed(tree.body)]
        while waiting:
            place = waiting.pop()
            self._bind(place.node, place.scope)
            if isinstance(place.node, ast.Call):
                self.calls.append(place)
            elif isinstance(place.node, ast.Name):
                self.names.append(place)
            waiting += reversed(list(self._children(place)))

    def _children(self, place: Place) -> Iterator[Place]:
        node, scope = place.node, place.scope
        inside = place.in_fstring or isinstance(node, ast.JoinedStr)
        if isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            inner = self._open(node, scope)
            body = node.body if isinstance(node.body, list) else [node.body]
            in_body = {id(child) for child in body}
            for child in ast.iter_child_nodes(node):
                if id(child) not in in_body:
                    yield Place(child, scope, inside)
            if isinstance(node, FunctionNode):
                for argument in _arguments(node.args):
                    inner.bind(argument.arg, Binding(argument))
            for child in body:
                yield Place(child, inner, inside)
        elif isinstance(node, _COMPREHENSIONS):
            inner = self._open(node, scope)
            for child in ast.iter_child_nodes(node):
                yield Place(child, inner, inside)
        else:
            for child in ast.iter_child_nodes(node):
                yield Place(child, scope, inside)

    def _open(self, node: ast.AST, parent: Scope) -> Scope:
        name = getattr(node, "name", "")
        inner = Scope(node, f"{parent.name}.{name}" if parent.name and name else name or parent.name, parent)
        self.scopes.append(inner)
        if isinstance(node, FunctionNode):
            self._follow_declarations(node, inner)
        return inner

    def _follow_declarations(self, function: FunctionNode, scope: Scope) -> None:
        """`global` and `nonlocal` hold for the whole function, so they are read before its body."""
        waiting: list[ast.AST] = list(function.body) if isinstance(function.body, list) else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                for name in node.names:
                    outer = scope.parent.home_of(name) if scope.parent else None
                    is_global = isinstance(node, ast.Global) or outer is None
                    scope.elsewhere[name] = self.module if is_global else outer or self.module
            elif isinstance(node, ast.stmt) and not isinstance(node, _DEFINITIONS):
                waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
            elif isinstance(node, (ast.ExceptHandler, ast.match_case)):
                waiting += ast.iter_child_nodes(node)

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    root = alias.name.partition(".")[0]
                    scope.bind(alias.asname or root, Binding(node, alias.name if alias.asname else root))
            case ast.ImportFrom(module=module, names=names, level=level):
                source = "." * level + (module or "")
                for alias in names:
                    if alias.name == "*":
                        self.stars.append(source)
                    else:
                        imported = f"{source}{'' if source.endswith('.') else '.'}{alias.name}"
                        scope.bind(alias.asname or alias.name, Binding(node, imported))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                scope.bind(name, Binding(node, value=value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                scope.bind(name, Binding(node, value=value))
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                outer = scope
                while isinstance(outer.node, _COMPREHENSIONS) and outer.parent is not None:
                    outer = outer.parent
                outer.bind(name, Binding(node, value=value))
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                if not self._is_bound_by_parent(name, node, scope):
                    scope.bind(name, Binding(node))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                scope.bind(name, Binding(node))
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                scope.bind(name, Binding(node))
            case ast.MatchMapping(rest=str(name)):
                scope.bind(name, Binding(node))

    def _is_bound_by_parent(self, name: str, target: ast.AST, scope: Scope) -> bool:
        """Whether the simple assignment around a target has been noted, with the value it assigns."""
        outer: Scope | None = scope
        while outer is not None and isinstance(outer.node, _COMPREHENSIONS):
            if name in outer.bindings:
                break
            outer = outer.parent
        seen = scope.elsewhere.get(name, outer or scope).bindings.get(name, [])
        return any(_simple_target(binding.node) is target for binding in seen[-3:])

    def real_name(self, node: ast.expr, scope: Scope, steps: int = _MAX_STEPS) -> str:
        """The dotted name behind an expression, through imports and single assignments.

        `torch.load`; an instance ends in `()`, so that the method of a client reads
        `openai.OpenAI().responses.create`. Empty where it can't be known: a parameter, a name that
        is bound to several things, something computed.
        """
        tail: list[str] = []
        while steps:
            steps -= 1
            match node:
                case ast.Attribute(value=value, attr=attr):
                    tail.append(f".{attr}")
                    node = value
                case ast.Call(func=func):
                    tail.append("()")
                    node = func
                case ast.Await(value=value):
                    node = value
                case ast.Name(id=name):
                    home = scope.home_of(name)
                    if home is None:
                        return name + "".join(reversed(tail)) if name in _BUILTINS else ""
                    binding = _only(home.bindings[name])
                    if binding is None:
                        return ""
                    if binding.imported:
                        return binding.imported + "".join(reversed(tail))
                    if binding.value is None:
                        return ""
                    node, scope = binding.value, home
                case _:
                    return ""
        return ""

    def is_bound(self, name: str, scope: Scope) -> bool:
        """Whether something binds the name; with a star import anything may be."""
        return bool(self.stars) or name in _BUILTINS or scope.home_of(name) is not None


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (extra for extra in (args.vararg, args.kwarg) if extra is not None)


def _simple_target(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Assign(targets=[ast.Name() as target]):
            return target
        case ast.AnnAssign(target=ast.Name() as target) | ast.NamedExpr(target=target):
            return target
    return None


def _only(bindings: list[Binding]) -> Binding | None:
    """The one meaning of a name. `x = None` beside an import is the usual fallback, not a meaning."""
    real = [b for b in bindings if not (isinstance(b.value, ast.Constant) and b.value.value is None)]
    if real and all(b.imported and b.imported == real[0].imported for b in real):
        return real[0]
    return real[0] if len(real) == 1 else None
