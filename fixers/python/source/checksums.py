"""Whether a checksum is written beside an address, so that what is fetched from it gets compared."""

import ast
import re

from fixers.python.source.strings import StringLiteral

_NAMES = re.compile(r"md5|sha\d*|hash|checksum|digest", re.I)
_DIGEST = re.compile(r"(?:(?:md5|sha\d+)[:-])?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.I)


def has_checksum_beside(string: StringLiteral) -> bool:
    """Whether the dictionary, list or call that it stands in, or the one around that, holds a checksum."""
    inner: ast.AST = string.node
    for _, outer in zip(range(4), string.file.structure.ancestors(string.node), strict=False):
        if isinstance(outer, ast.stmt):
            return False
        if any(_is_checksum(part) for part in _parts(outer) if part is not inner):
            return True
        inner = outer
    return False


def _parts(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None]
        case ast.Call(args=args, keywords=keywords):
            return [*args, *keywords]
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return list(elements)
    return []


def _is_checksum(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg=str(name)):
            return bool(_NAMES.search(name))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(_NAMES.search(name))
        case ast.Constant(value=str(text)):
            return bool(_DIGEST.fullmatch(text) or _NAMES.fullmatch(text))
    return False
