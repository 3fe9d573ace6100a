"""Targets of make, just and npm that test or check files of one language."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.conventions.reading import json_of, text_of
from bot.conventions.trial import Trial, operand, trial
from fixers.manifests import toml
from fixers.repository import Repository

_SPEAKS: Mapping[str, re.Pattern[str]] = {
    "python": re.compile(r"\b(?:pytest|python3?|tox|nox|unittest|poetry|uv|hatch|pdm|pipenv)\b", re.I),
    "terraform": re.compile(r"\b(?:terraform|tofu|tflint|tfsec|trivy|checkov|terragrunt)\b", re.I),
    "kubernetes": re.compile(
        r"\b(?:helm|kubectl|kustomize|kubeconform|kubeval|kube-linter|kube-score|kubescape|yamllint)\b", re.I
    ),
}
"""Tools of a language: a target that runs none of them checks something else, whatever its name."""

_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""
_JUSTFILES = ("justfile", "Justfile", ".justfile")
_RULE = re.compile(r"(?P<targets>[^\s:=#][^:=#\n]*)::?(?![:=])(?P<rest>[^\n]*)")
_VARIABLE = re.compile(r"[ \t]*(?:(?:export|override|private)[ \t]+)?[\w.-]+[ \t]*(?:[?+!]|:{1,3})?=")
_RECIPE = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<parameters>(?:[ \t][^:\n]*)?):(?!=)(?P<rest>[^\n]*)")
_INCLUDE = re.compile(r"^-?s?include[ \t]", re.M)
_WORD = re.compile(r"[A-Za-z][\w-]*")
MAX_DEPTH = 3
"""Steps from a target to those that it needs first."""
MAX_LINES = 5_000
MAX_NAMES = 50
"""Names on one line that are read."""


@dataclass(slots=True)
class Target:
    """The lines that a target runs, and the names of those that it needs first."""

    lines: list[str] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)


Targets = dict[str, Target]


def trials(repo: Repository, component: str, names: Sequence[str], language: str) -> Iterator[Trial | None]:
    """The first of `names` that each tool knows, in the component's folder, else at the root."""
    for folder in dict.fromkeys((component, "")):
        yield _make(repo, folder, names, _SPEAKS[language])
        yield _just(repo, folder, names, _SPEAKS[language])
        yield _npm(repo, folder, names, _SPEAKS[language])


def _make(repo: Repository, folder: str, names: Sequence[str], speaks: re.Pattern[str]) -> Trial | None:
    path = _first(repo, folder, _MAKEFILES)
    known = repo.fact(_make_targets, path) if path else {}
    target = _telling(known, [name for name in names if not _lacks(repo, path, known, name)], speaks)
    there = ("make", "-C", operand(folder)) if folder else ("make",)
    return trial(path, (*there, target)) if target else None


def _just(repo: Repository, folder: str, names: Sequence[str], speaks: re.Pattern[str]) -> Trial | None:
    path = _first(repo, folder, _JUSTFILES)
    recipe = _telling(repo.fact(_just_recipes, path), names, speaks) if path else ""
    return trial(path, ("just", recipe), folder=folder) if recipe else None


def _npm(repo: Repository, folder: str, names: Sequence[str], speaks: re.Pattern[str]) -> Trial | None:
    path = posixpath.join(folder, "package.json")
    scripts = toml.table(json_of(repo, path), "scripts")
    known = {name: Target([text]) for name, text in scripts.items() if isinstance(text, str)}
    script = _telling(known, names, speaks)
    words = ("npm", "test") if script == "test" else ("npm", "run", script)
    return trial(path, words, folder=folder) if script else None


def _first(repo: Repository, folder: str, names: Sequence[str]) -> str:
    paths = (posixpath.join(folder, name) for name in names)
    return next((path for path in paths if path in repo), "")


def _telling(known: Targets, names: Sequence[str], speaks: re.Pattern[str]) -> str:
    """The first of `names` whose recipe, or that of a target it needs, runs a tool of the language."""
    return next((name for name in names if any(map(speaks.search, _recipe(known, name)))), "")


def _recipe(known: Targets, name: str) -> list[str]:
    return [line for each in _needed(known, name) if each in known for line in known[each].lines]


def _needed(known: Targets, name: str) -> set[str]:
    """The target and those that it needs first."""
    wanted = {name}
    for _ in range(MAX_DEPTH):
        wanted |= {need for each in wanted if each in known for need in known[each].needs}
    return wanted


def _lacks(repo: Repository, path: str, known: Targets, name: str) -> bool:
    """Whether make would stop for a target that nobody wrote: neither here nor in what is included, and
    no file or folder either."""
    if _INCLUDE.search(text_of(repo, path)):
        return False
    folder = posixpath.dirname(path)
    places = [
        posixpath.join(folder, each) for each in _needed(known, name) - known.keys() if _WORD.fullmatch(each)
    ]
    return any(not any(one == place or one.startswith(f"{place}/") for one in repo.paths) for place in places)


def _make_targets(repo: Repository, path: str) -> Targets:
    """The targets of a Makefile, without patterns, names made of variables and what only sets one."""
    known: Targets = {}
    current: list[Target] = []
    for line in text_of(repo, path).split("\n")[:MAX_LINES]:
        rule = None if line.startswith("\t") else _RULE.match(line)
        if rule and not _VARIABLE.match(rule["rest"]):
            needs, _, command = rule["rest"].partition(";")
            names = rule["targets"].split()[:MAX_NAMES]
            current = [known.setdefault(name, Target()) for name in names]
            for target in current:
                target.lines.append(command)
                target.needs.update(needs.split("#")[0].split()[:MAX_NAMES])
        elif line.startswith("\t"):
            for target in current:
                target.lines.append(line)
        elif line.strip() and not line.startswith("#"):
            current = []
    return known


def _just_recipes(repo: Repository, path: str) -> Targets:
    """The recipes of a justfile that run without arguments."""
    known: Targets = {}
    current = Target()
    for line in text_of(repo, path).split("\n")[:MAX_LINES]:
        if recipe := _RECIPE.match(line):
            current = Target(needs=set(recipe["rest"].split("#")[0].split()[:MAX_NAMES]))
            if all(one.startswith("*") or "=" in one for one in recipe["parameters"].split()):
                known[recipe["name"]] = current
        elif line.startswith((" ", "\t")):
            current.lines.append(line)
    return known
