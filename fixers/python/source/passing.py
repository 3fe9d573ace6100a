"""Which calls hand a text on: those that cut, copy, join or read it. Any other call ends a flow."""

import ast
import re
from dataclasses import dataclass

_NOT_TEXT = frozenset(
    (
        *("usage", "usage_metadata", "response_metadata", "id", "index", "model", "created", "role"),
        *("type", "status", "finish_reason", "stop_reason", "status_code", "headers", "elapsed"),
        *("logprobs", "embedding", "embeddings", "total_tokens", "prompt_tokens", "completion_tokens"),
        *("input_tokens", "output_tokens", "system_fingerprint", "source_documents", "cost", "score"),
        *("timestamp", "created_at", "url_citation", "eval_count", "ok"),
    )
)
_CUTS = frozenset(
    (
        *("strip", "lstrip", "rstrip", "lower", "upper", "replace", "removeprefix", "removesuffix"),
        *("split", "rsplit", "splitlines", "partition", "rpartition", "encode", "decode", "group"),
        *("groups", "get", "pop", "title", "capitalize", "expandtabs", "read", "copy"),
    )
)
_WHOLES = frozenset(
    (
        *("json", "dict", "model_dump", "model_dump_json", "to_dict", "to_json", "items", "values"),
        *("iter_lines", "iter_text", "aiter_lines", "result", "get_text", "get_final_text"),
        *("get_final_message", "as_posix", "absolute", "resolve", "expanduser", "with_suffix", "findall"),
        *("finditer", "search", "match", "fullmatch"),
    )
)
_FIRST = re.compile(
    r"(?:builtins\.)?(?:str|list|tuple|sorted|reversed|enumerate|iter|next|aiter|anext)|copy\.(?:deep)?copy"
    r"|textwrap\.(?:dedent|indent|fill)|asyncio\.(?:run|wait_for|shield)|urllib\.parse\.(?:unquote|unquote_plus)"
    r"|os\.path\.(?:expanduser|abspath|normpath|realpath|expandvars)|os\.fspath|html\.unescape|codecs\.decode|shlex\.split"
)
_PARSED = re.compile(
    r"(?:json|json5|orjson|ujson|demjson3|json_repair|ast|yaml|toml|tomllib)"
    r"\.(?:loads|repair_json|literal_eval|safe_load|load|dumps|decode)"
    r"|(?:markdown|markdown2)\.markdown|mistune\.(?:html|markdown)"
)
_JOINED = re.compile(
    r"os\.path\.join|pathlib\.(?:Pure)?(?:Posix|Windows)?Path|urllib\.parse\.urljoin|(?:builtins\.)?zip"
)
_SEARCHES = re.compile(r"(?:re|regex)\.(?:search|match|fullmatch|findall|finditer|split)")
_NUMBER = re.compile(r"[bcdeEfFgGnoxX%]$")
_ESCAPED = ("<", ">", "&", "'", '"', "\\", ";", "`", "$")


@dataclass(frozen=True, slots=True)
class Passed:
    """What a call hands on: one of `values`, by `key`; `is_cut` if it adds nothing to it."""

    values: tuple[ast.expr, ...]
    is_cut: bool = True
    key: str = ""


def passes(call: ast.Call, name: str) -> Passed | None:
    """What a call of this real name hands on, or None if that isn't known."""
    args = tuple(call.args)
    if _FIRST.fullmatch(name) and args:
        return Passed(args[:1])
    if _PARSED.fullmatch(name) and args:
        return Passed(args[:1], is_cut=False)
    if _JOINED.fullmatch(name) and args:
        return Passed(args, is_cut=len(args) == 1)
    if _SEARCHES.fullmatch(name) and len(args) > 1:
        return Passed(args[1:2])
    if name in ("re.sub", "regex.sub") and len(args) > 2:
        return Passed(() if _keeps_few(args[0]) else args[1:3])
    if name == "typing.cast" and len(args) == 2:
        return Passed(args[1:])
    return _method(call)


def _method(call: ast.Call) -> Passed | None:
    if not isinstance(call.func, ast.Attribute):
        return None
    owner, method = call.func.value, call.func.attr
    if method == "format":
        return Passed((*call.args, *(k.value for k in call.keywords), owner), is_cut=False)
    if method == "join" and len(call.args) == 1:
        return Passed(tuple(call.args), is_cut=_is_empty(owner))
    if method == "joinpath":
        return Passed((owner, *call.args), is_cut=False)
    if method in ("get", "pop"):
        return _entry(owner, call.args)
    if method == "replace" and len(call.args) > 1:
        return Passed(() if _escapes(call.args) else (owner, call.args[1]), is_cut=_is_constant(call.args[1]))
    return Passed((owner,)) if method in _CUTS else None


def receives(call: ast.Call) -> ast.expr | None:
    """What a method gives as another form of itself: an answer as a dictionary, a path made absolute."""
    match call.func:
        case ast.Attribute(value=value, attr=method) if method in _WHOLES:
            if method in ("findall", "finditer", "search", "match", "fullmatch"):
                return call.args[0] if call.args else None
            return value
    return None


def _entry(owner: ast.expr, args: list[ast.expr]) -> Passed:
    match args:
        case [ast.Constant(value=str(key)), *_]:
            return Passed(() if is_no_text(key) else (owner,), key=key)
    return Passed((owner,))


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in ("", " ", "\n")


def _keeps_few(pattern: ast.expr) -> bool:
    """Whether a pattern takes out all but some characters: `[^a-z0-9]`."""
    return isinstance(pattern, ast.Constant) and str(pattern.value).startswith("[^")


def _escapes(args: list[ast.expr]) -> bool:
    """Whether a `replace` writes a sign in a way that takes its meaning: `<` as `&lt;`, `'` twice."""
    match args:
        case [ast.Constant(value=str(old)), ast.Constant(value=str(new))]:
            return old in _ESCAPED and len(new) > 1 and (new[0] in "&\\" or new == old * 2)
    return False


def is_no_text(part: str) -> bool:
    """Whether an attribute or a key of an answer tells about it and isn't written by the model."""
    return part in _NOT_TEXT


def is_parsing(name: str) -> bool:
    """Whether a call of this real name makes something else of a text: data of JSON, HTML of Markdown."""
    return bool(_PARSED.fullmatch(name))


def is_number(spec: ast.expr | None) -> bool:
    """Whether a placeholder's format takes numbers only: `{cost:.2f}`."""
    match spec:
        case ast.JoinedStr(values=[ast.Constant(value=str(text))]):
            return bool(_NUMBER.search(text))
    return False
