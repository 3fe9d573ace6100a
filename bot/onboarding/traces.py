"""Whether a repository has anything to do with AI: names in manifests, imports, resources and images."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from bot.onboarding import names
from fixers.kubernetes.source import KubernetesFile
from fixers.kubernetes.source.ai import is_ai_image
from fixers.kubernetes.source.kinds import AI_GROUPS
from fixers.python.source import PythonFile
from fixers.repository import Repository
from fixers.rule import Rule
from fixers.terraform.source import TerraformFile
from fixers.text import Unreadable

MOST_MANIFESTS = 60
"""So many are read, those near the root first: one that wasn't read before costs a request."""
MOST_SOURCES = 20_000

PLAIN_RULES = frozenset(
    [
        "kubernetes/literal-token-in-env",
        "python/cors-with-credentials",
        "python/request-without-timeout",
        "python/unsafe-yaml-load",
        "terraform/instance-metadata-v1",
        "terraform/public-inference-port",
        "terraform/public-search-service",
    ]
)
"""Rules that find something in programs without any AI too."""


def speaks_of_ai(rule: Rule) -> bool:
    """Whether what the rule finds is there only where there is AI."""
    return rule.id not in PLAIN_RULES


def has_ai(repo: Repository, found_any: bool) -> bool:
    """Whether there is a trace of AI. `found_any`: a rule that speaks of AI has found something.

    It reads manifests and the files of the rules' languages alone, within bounds, up to the first trace.
    """
    return found_any or any(_is_trace(repo, path, looks) for path, looks in _worth_reading(repo.paths))


Look = Callable[[bytes], bool]


def _is_trace(repo: Repository, path: str, looks: Look) -> bool:
    try:
        return looks(repo.read(path))
    except Unreadable:
        return False


def _worth_reading(paths: Iterable[str]) -> Iterator[tuple[str, Look]]:
    """Manifests first, then sources, each with what to look for."""
    manifests, sources = [], []
    for path in paths:
        if looks := _of_manifest(PurePosixPath(path)):
            manifests.append((path, looks))
        elif looks := _of_source(path):
            sources.append((path, looks))
    manifests.sort(key=lambda pair: (pair[0].count("/"), pair[0]))
    yield from manifests[:MOST_MANIFESTS]
    yield from sources[:MOST_SOURCES]


_REQUIREMENTS = re.compile(r"(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]*)?\.(?:txt|in)", re.A)
_PYTHON_MANIFESTS = {
    *("pyproject.toml", "setup.py", "setup.cfg", "Pipfile"),
    *("environment.yml", "environment.yaml", "conda.yml", "conda.yaml"),
}


def _of_manifest(path: PurePosixPath) -> Look | None:
    if path.name == "package.json":
        return _has_node_package
    is_listed = path.suffix in (".txt", ".in") and path.parent.name == "requirements"
    is_python = path.name in _PYTHON_MANIFESTS or _REQUIREMENTS.fullmatch(path.name) or is_listed
    return _has_python_package if is_python else None


def _of_source(path: str) -> Look | None:
    """What to look for in a file that rules claim."""
    if PythonFile.claims(path):
        return _is_python_of_ai
    if TerraformFile.claims(path):
        return _is_terraform_of_ai
    return _is_yaml_of_ai if KubernetesFile.claims(path) else None


def _any_of(words: str, below: str = "") -> str:
    """A pattern of these words, where `*` in a word stands for `below`."""
    return "|".join(re.escape(word).replace(r"\*", below) for word in words.split())


def _looks_for(*patterns: str, flags: int = re.M) -> Look:
    found = re.compile("|".join(patterns).encode(), flags)
    return lambda data: found.search(data) is not None


_distributions = _any_of(names.PYTHON_PACKAGES, "[a-z0-9._-]{1,60}").replace(r"\-", "[-_.]")
_has_python_package = _looks_for(
    # where a requirement begins: a line, an item, a string; and what may follow its name
    rf"""(?:^[ \t]*(?:-[ \t]+)?|["'])(?:[\w.-]{{1,40}}::)?(?:{_distributions})"""
    r"""[ \t]*(?:[\[<>=!~;@"',(\#]|\r?$)""",
    flags=re.M | re.I,
)
_has_node_package = _looks_for(rf'"(?:{_any_of(names.NODE_PACKAGES, "[a-z0-9-]{1,60}")})"\s*:\s*["{{]')

_SERVICE = (
    rf"\b(?:{_any_of(names.HOSTS)})(?![\w-])",
    rf"(?<![A-Z_])(?:{_any_of(names.VARIABLES, '[A-Z_]{1,60}')})(?![A-Z_])",
)
_is_python_of_ai = _looks_for(
    r"^[ \t]*(?:from[ \t]+|import[ \t]+(?:[\w.]+[ \t]*,[ \t]*){0,20})"
    rf"(?:{_any_of(names.PYTHON_MODULES)})(?=[.,;\s#]|$)",
    r"^[ \t]*from[ \t]+google(?:\.cloud)?[ \t]+import[ \t][^\n]{0,200}\b(?:genai|generativeai|aiplatform)\b",
    *_SERVICE,
)
_declares_ai = _looks_for(
    rf'^[ \t]*(?:resource|data|ephemeral)[ \t]+"(?:{_any_of(names.TERRAFORM_RESOURCES)})',
    # machines with chips for training and inference
    r'"(?:p[2-6][a-z]{0,3}|inf[12]|trn[12]n?)\.(?:\d{0,3}x?large|metal)"',
    r'"nvidia-(?:tesla-|a100|h100|h200|b200|l4")',
    *_SERVICE,
)
_is_manifest_of_ai = _looks_for(
    rf"""^[ \t-]*["']?apiVersion["']?:[ \t]*["']?(?:[\w-]{{1,60}}\.)?(?:{_any_of(" ".join(AI_GROUPS))})/""",
    rf"""^[ \t-]*["']?(?:{_any_of(names.ACCELERATORS, "[a-z0-9.-]{1,60}")})["']?[ \t]*:""",
    *_SERVICE,
)
_IMAGE = re.compile(rb"""\b(?:image|repository)["']?[ \t]*[:=][ \t]*["']?([\w./:@-]{1,300})""")


def _names_image(data: bytes) -> bool:
    return any(is_ai_image(found[1].decode("ascii", "replace")) for found in _IMAGE.finditer(data))


def _is_terraform_of_ai(data: bytes) -> bool:
    return _declares_ai(data) or _names_image(data)


def _is_yaml_of_ai(data: bytes) -> bool:
    return _is_manifest_of_ai(data) or _names_image(data)
