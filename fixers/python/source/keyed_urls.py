"""Addresses that carry a key in their query, the requests that they go to, and what takes the key out."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixers.python.source.calls import Call
from fixers.python.source.flow import value_behind
from fixers.python.source.names import Place
from fixers.rule import Changes, Edit, Refusal, Span

if TYPE_CHECKING:
    from fixers.python.source.file import PythonFile

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request", "stream")
_REQUESTS = re.compile(
    rf"(?:requests|httpx|httpx2|(?:requests\.(?:Session|session)|httpx2?\.(?:Async)?Client|aiohttp\.ClientSession)\(\))"
    rf"\.(?:{'|'.join(_METHODS)})"
)
_FORM = "the address is written in a form that can't be rewritten safely"
_NOT_SEEN = "which request the address goes to can't be seen from here: pass the key to it in the header"
_OTHERS = "the headers come from elsewhere, or go to other requests too"


@dataclass(frozen=True, eq=False)
class KeyedUrl:
    """An f-string that writes a value behind `parameter=`; `key` is that value, as code."""

    file: "PythonFile"
    node: ast.JoinedStr
    place: Place
    parameter: str
    key: str

    @property
    def span(self) -> Span:
        return self.file.span(self.node)

    def into_header(self, header: str) -> Changes:
        """Take the key out of the address, and pass it to the one request in a header."""
        call = self._request()
        if call is None:
            return (Refusal(_NOT_SEEN),)
        return (*self._without_key(), *self._with_header(call, f'"{header}": {self.key}'))

    def _without_key(self) -> Changes:
        written = self.file.code(self.node)
        part = re.compile(rf"([?&]){re.escape(self.parameter)}=\{{\s*{re.escape(self.key)}\s*\}}(&)?")
        found = list(part.finditer(written))
        if len(found) != 1:
            return (Refusal(_FORM),)
        start, end = found[0].span()
        keeps = found[0][1] if found[0][2] else ""
        edit = Edit(Span(self.span.start + start, self.span.start + end), keeps)
        return (edit, *self._without_prefix(written))

    def _without_prefix(self, written: str) -> Changes:
        """The `f` goes where nothing else is put into the text."""
        others = [value for value in self.node.values if isinstance(value, ast.FormattedValue)]
        is_plain = re.fullmatch(r"""[fF](["'])(?:(?!\1|\{\{|\}\}).)*\1""", written)
        return (
            (Edit(Span(self.span.start, self.span.start + 1), ""),) if len(others) == 1 and is_plain else ()
        )

    def _request(self) -> Call | None:
        """The one request that it is the address of, here or by the name that it is given."""
        outer: ast.AST | None = self.file.structure.parent(self.node)
        node: ast.AST = self.node
        if isinstance(outer, ast.Assign) and [type(t) for t in outer.targets] == [ast.Name]:
            name = self.file.structure.name_given(self.node)
            places = self.file.named(name)
            homes = {id(place.scope.home_of(name)) for place in places}
            uses = [p.node for p in places if isinstance(getattr(p.node, "ctx", None), ast.Load)]
            if len(places) != 2 or len(uses) != 1 or len(homes) != 1:
                return None
            node, outer = uses[0], self.file.structure.parent(uses[0])
        outer = self.file.structure.parent(outer) if isinstance(outer, ast.keyword) else outer
        if not isinstance(outer, ast.Call):
            return None
        call = self.file.call(outer)
        takes_method = call.name.endswith((".request", ".stream"))
        address = call.keyword("url") or call.positional(1 if takes_method else 0)
        is_address = address is not None and address.node is node
        is_here = call.scope is self.place.scope and not call.in_fstring
        return call if is_address and is_here and _REQUESTS.fullmatch(call.name) else None

    def _with_header(self, call: Call, entry: str) -> Changes:
        written = call.keyword("headers")
        if written is None:
            if call.has_keyword("headers") or call.has_starred:
                return (Refusal(_OTHERS),)
            return call.add_keyword("headers", f"{{{entry}}}")
        node, scope = value_behind(self.file, written.node, call.scope)
        is_shared = node is not written.node and len(self.file.named(written.code)) != 2
        if is_shared or not isinstance(node, ast.Dict) or not node.keys or node.keys[0] is None:
            return (Refusal(_OTHERS),)
        if scope is not self.place.scope or self._is_bound_between(node, self.node):
            return (Refusal(_OTHERS),)
        first, start = node.keys[0], self.file.span(node.keys[0]).start
        newline, indent = self.file.text.newline, self.file.text.indent_at(start)
        apart = f"{newline}{indent}" if first.lineno > node.lineno else " "
        return (Edit(Span(start, start), f"{entry},{apart}"),)

    def _is_bound_between(self, earlier: ast.expr, later: ast.expr) -> bool:
        """Whether the key gets its value, or another, after the headers are written."""
        name = self.key.partition(".")[0].partition("[")[0]
        home = self.place.scope.home_of(name)
        lines = [getattr(binding.node, "lineno", 0) for binding in home.bindings[name]] if home else []
        return any(earlier.lineno <= line <= later.lineno for line in lines)


def keyed_urls(file: "PythonFile", host: str, parameter: str) -> Iterator[KeyedUrl]:
    """The f-strings of this host's addresses that write a value behind `parameter=`, by place."""
    for place in file.names.names:
        formatted = _formatted(file, place)
        node = file.structure.parent(formatted) if formatted else None
        if not isinstance(node, ast.JoinedStr) or formatted is None:
            continue
        parts = node.values[: node.values.index(formatted)]
        before = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        if host in before and re.search(rf"[?&]{re.escape(parameter)}=$", before):
            yield KeyedUrl(file, node, place, parameter, ast.unparse(formatted.value))


def _formatted(file: "PythonFile", place: Place) -> ast.FormattedValue | None:
    """The `{…}` that a name stands in, alone or with its attributes and items."""
    node = place.node
    outer = file.structure.parent(node)
    while isinstance(outer, ast.Attribute | ast.Subscript) and outer.value is node:
        node, outer = outer, file.structure.parent(outer)
    return outer if isinstance(outer, ast.FormattedValue) and outer.value is node else None
