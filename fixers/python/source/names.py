"""Who a name is: what binds each name of a module, and the real name behind an expression."""

import ast
import builtins

from fixers.python.source.scopes import (
    DEFINITIONS,
    Binding,
    FunctionNode,
    Place,
    Scope,
    arguments,
    statements,
)

__all__ = ["BUILTINS", "Binding", "FunctionNode", "Names", "Place", "Scope"]

BUILTINS = frozenset(dir(builtins))
_MAX_STEPS = 20
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_OPENING = frozenset((*DEFINITIONS, ast.Lambda, *_COMPREHENSIONS))
_BINDING = frozenset(
    (
        *DEFINITIONS,
        ast.Import,
        ast.ImportFrom,
        ast.Assign,
        ast.AnnAssign,
        ast.withitem,
        ast.NamedExpr,
        ast.Name,
        ast.Attribute,
        ast.ExceptHandler,
        ast.MatchAs,
        ast.MatchStar,
        ast.MatchMapping,
    )
)
_LEAVES = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop, ast.Constant, ast.alias)


class Names:
    """Every scope of a module, every call in it, and the modules that it imports with a star."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, "")
        self.scopes = [self.module]
        self.calls: list[Place] = []
        self.names: list[Place] = []
        self.stars: list[str] = []
        self._targets: set[int] = set()
        self._meanings: dict[tuple[int, str], Binding | None] = {}
        self._inner: dict[int, Scope] = {}
        self._returned: dict[int, ast.expr | None] = {}
        self._walk(tree)
        self._settle_nonlocals()

    def _walk(self, tree: ast.Module) -> None:
        waiting = [Place(node, self.module) for node in reversed(tree.body)]
        while waiting:
            place = waiting.pop()
            kind = type(place.node)
            if kind in _BINDING:
                self._bind(place.node, place.scope)
            if kind is ast.Call:
                self.calls.append(place)
            elif kind is ast.Name:
                self.names.append(place)
                continue
            waiting += reversed(self._children(place))

    def _children(self, place: Place) -> list[Place]:
        node, scope = place.node, place.scope
        fstring = place.fstring or (node if isinstance(node, ast.JoinedStr) else None)
        if type(node) not in _OPENING:
            children = ast.iter_child_nodes(node)
            return [Place(child, scope, fstring) for child in children if not isinstance(child, _LEAVES)]
        outside, inside = self._parts(node)
        inner = self._open(node, scope)
        return [Place(child, scope, fstring) for child in outside] + [
            Place(child, inner, fstring) for child in inside
        ]

    @staticmethod
    def _parts(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
        """The children evaluated in the scope around a node, and those in the scope that it opens."""
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, _COMPREHENSIONS):
            first, *others = node.generators
            results = [child for child in children if not isinstance(child, ast.comprehension)]
            return [first.iter], [first.target, *first.ifs, *others, *results]
        body = getattr(node, "body", [])
        block = body if isinstance(body, list) else [body]
        inside = {id(child) for child in (*block, *getattr(node, "type_params", ()))}
        return [c for c in children if id(c) not in inside], [c for c in children if id(c) in inside]

    def _open(self, node: ast.AST, parent: Scope) -> Scope:
        name = getattr(node, "name", "")
        inner = Scope(node, f"{parent.name}.{name}" if parent.name and name else name or parent.name, parent)
        self.scopes.append(inner)
        self._inner[id(node)] = inner
        if isinstance(node, DEFINITIONS):
            self._follow_globals(node, inner)
        if isinstance(node, FunctionNode):
            for argument in arguments(node.args):
                inner.bind(argument.arg, Binding(argument))
        for parameter in getattr(node, "type_params", ()):
            inner.bind(parameter.name, Binding(parameter))
        return inner

    def _follow_globals(self, definition: ast.AST, scope: Scope) -> None:
        """`global` holds for the whole of a function or class, so it is read before its body."""
        for node in statements(definition):
            if isinstance(node, ast.Global):
                scope.elsewhere |= dict.fromkeys(node.names, self.module)

    def _settle_nonlocals(self) -> None:
        """What `nonlocal` names belong to is known once every function's own names are."""
        for scope in self.scopes:
            if not isinstance(scope.node, DEFINITIONS):
                continue
            declared = (node.names for node in statements(scope.node) if isinstance(node, ast.Nonlocal))
            for name in {name for names in declared for name in names}:
                home = scope.parent.home_of(name) if scope.parent else None
                if home is not None and home is not scope:
                    scope.elsewhere[name] = home
                    home.bindings[name] = home.bindings[name] + scope.bindings.pop(name, [])

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
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, Binding(node, value=value, scope=scope), scope)
            case ast.AnnAssign(target=target, value=value):
                self._assign(target, Binding(node, value=value, scope=scope), scope)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._assign(target, Binding(target, value=value, scope=scope), scope)
            case ast.NamedExpr(target=target, value=value):
                outer = scope
                while isinstance(outer.node, _COMPREHENSIONS) and outer.parent is not None:
                    outer = outer.parent
                self._assign(target, Binding(node, value=value, scope=scope), outer)
            case ast.Name(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                if id(node) not in self._targets:
                    self._assign(node, Binding(node), scope)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                scope.bind(name, Binding(node))
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                scope.bind(name, Binding(node))

    def _assign(self, target: ast.expr, binding: Binding, scope: Scope) -> None:
        self._targets.add(id(target))
        match target:
            case ast.Name(id=name):
                scope.bind(name, binding)
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                owner = _class_of(name, scope)
                if owner is not None:
                    owner.attributes.setdefault(attr, []).append(binding)

    def real_name(self, node: ast.expr, scope: Scope, steps: int = _MAX_STEPS) -> str:
        """The dotted name behind an expression, through imports and single assignments.

        `torch.load`; an instance ends in `()`, so that the method of a client reads
        `openai.OpenAI().responses.create`. What `with` binds is read as what it manages, as with
        files, clients and sessions; `self.x` as the one value that the class's methods give it; a
        call of a function of this file as the one value that it returns.
        Empty where it can't be known: a parameter, a name that is bound to several things,
        something computed.
        """
        tail: list[str] = []
        while steps:
            steps -= 1
            match node:
                case ast.Attribute(value=value, attr=attr):
                    kept = self.kept(node, scope)
                    if kept is not None and kept.value is not None and kept.scope is not None:
                        node, scope = kept.value, kept.scope
                    else:
                        tail.append(f".{attr}")
                        node = value
                case ast.Call(func=func):
                    made = self._made_by(func, scope)
                    if made is not None:
                        node, scope = made
                    else:
                        tail.append("()")
                        node = func
                case ast.Await(value=value) | ast.NamedExpr(value=value):
                    node = value
                case ast.Name(id=name):
                    home = scope.home_of(name)
                    if home is None:
                        return name + "".join(reversed(tail)) if name in BUILTINS else ""
                    binding = self._meaning(home, name)
                    if binding is None:
                        return ""
                    if binding.imported:
                        return binding.imported + "".join(reversed(tail))
                    if binding.value is None or binding.scope is None:
                        return ""
                    node, scope = binding.value, binding.scope
                case _:
                    return ""
        return ""

    def _meaning(self, home: Scope, name: str) -> Binding | None:
        key = id(home), name
        if key not in self._meanings:
            self._meanings[key] = _only(home.bindings[name])
        return self._meanings[key]

    def kept(self, node: ast.Attribute, scope: Scope) -> Binding | None:
        """The one assignment by which a class's methods give `self.x` its value."""
        owner = _class_of(node.value.id, scope) if isinstance(node.value, ast.Name) else None
        if owner is None or node.attr not in owner.attributes:
            return None
        key = id(owner), f"self.{node.attr}"
        if key not in self._meanings:
            self._meanings[key] = _only([*owner.bindings.get(node.attr, []), *owner.attributes[node.attr]])
        return self._meanings[key]

    def _made_by(self, func: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """What a function of this file returns, and the scope it is read in."""
        home = scope.home_of(func.id) if isinstance(func, ast.Name) else None
        binding = self._meaning(home, func.id) if home and isinstance(func, ast.Name) else None
        if binding is None or not isinstance(binding.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        function = binding.node
        if id(function) not in self._returned:
            self._returned[id(function)] = _only_return(function)
        value = self._returned[id(function)]
        return None if value is None else (value, self._inner[id(function)])

    def is_bound(self, name: str, scope: Scope) -> bool:
        """Whether something binds the name; with a star import anything may be."""
        return bool(self.stars) or name in BUILTINS or scope.home_of(name) is not None


def _only_return(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """The one value that a function returns; None for a generator, or if a decorator may change it."""
    if not all(_is_cache(decorator) for decorator in function.decorator_list):
        return None
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
        return None
    returns = [node.value for node in statements(function) if isinstance(node, ast.Return)]
    values = [v for v in returns if v and not (isinstance(v, ast.Constant) and v.value is None)]
    return values[0] if len(values) == 1 else None


def _is_cache(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"cache", "lru_cache", "cache_resource"}


def _class_of(name: str, scope: Scope) -> Scope | None:
    """The class whose instance `name` is here: the first parameter of a method around the place."""
    method = scope.home_of(name)
    if method is None or not isinstance(method.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    owner, parameters = method.parent, (*method.node.args.posonlyargs, *method.node.args.args)
    is_first = bool(parameters) and parameters[0].arg == name and len(method.bindings[name]) == 1
    is_method = owner is not None and isinstance(owner.node, ast.ClassDef)
    is_plain = not any(
        isinstance(decorator, ast.Name) and decorator.id in {"staticmethod", "classmethod"}
        for decorator in method.node.decorator_list
    )
    return owner if is_first and is_method and is_plain else None


def _only(bindings: list[Binding]) -> Binding | None:
    """The one meaning of a name. `x = None` and a bare `x: T` beside another are no meanings."""
    real = [binding for binding in bindings if not _says_nothing(binding)]
    if real and all(b.imported and b.imported == real[0].imported for b in real):
        return real[0]
    return real[0] if len(real) == 1 else None


def _says_nothing(binding: Binding) -> bool:
    if binding.value is None:
        return isinstance(binding.node, ast.AnnAssign)
    return isinstance(binding.value, ast.Constant) and binding.value.value is None
