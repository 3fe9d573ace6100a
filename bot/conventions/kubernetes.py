"""How a change of manifests is tried: rendered by what governs them, or asked of a cluster."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from bot.conventions.reading import text_of
from bot.conventions.trial import Trial, operand, trial
from fixers.kubernetes.source import kustomize
from fixers.repository import Repository

MAX_MANIFESTS = 5
MAX_TEMPLATES = 200
_CHARTED = re.compile(r"(?:templates|crds|charts)/.|values[\w.-]*\.ya?ml$|Chart\.yaml$")
_OBJECT = re.compile(r"^apiVersion:", re.M)
_PLACEHOLDER = re.compile(
    r"\{\{|\{%|<%|^[ \t]*(?:-[ \t]+)?[\w./-]{1,100}:[ \t]*[\"']?(?:\$\{?[A-Za-z_]|<[A-Za-z])"
    r"|\b(?:image|namespace|serviceAccountName|claimName|secretName):[ \t]*[\"']?[A-Z][A-Z0-9_]*[\"']?\s*$",
    re.M,
)
"""What someone fills in first; names of objects and images have no capitals."""
_NAMELESS = re.compile(r"^[ \t]+generateName:", re.M)


def trials(repo: Repository, paths: Sequence[str]) -> Iterator[Trial | None]:
    """What renders each file's chart or kustomization; the rest is asked of a cluster as it is."""
    charts = {path: _chart(repo, path) for path in paths}
    owners = {path: "" if charts[path] else _kustomization(repo, path) for path in paths}
    for chart in dict.fromkeys(filter(None, charts.values())):
        yield from _helm(repo, chart)
    for owner in dict.fromkeys(filter(None, owners.values())):
        yield from _kustomize(repo, owner)
    yield from _plain(repo, [path for path in paths if not charts[path] and not owners[path]])


def _chart(repo: Repository, path: str) -> str:
    """The `Chart.yaml` of the chart that a file is a part of; an example beside the templates is none."""
    for chart in repo.nearest(path, ("Chart.yaml",)):
        if _CHARTED.match(posixpath.relpath(path, posixpath.dirname(chart) or ".")):
            return chart
    return ""


def _helm(repo: Repository, chart: str) -> Iterator[Trial | None]:
    """Lint and render a chart; a library can't be rendered, nor what wants values that only a person has."""
    folder, said = operand(posixpath.dirname(chart)), text_of(repo, chart)
    needs_others = bool(re.search(r"^dependencies:", said, re.M))
    before = [("helm", "dependency", "update", folder)] if needs_others else []
    yield trial(chart, *before, ("helm", "lint", folder))
    is_library = bool(re.search(r"^type:[ \t]*[\"']?library", said, re.M))
    if not is_library and not repo.fact(_requires_values, posixpath.dirname(chart)):
        yield trial(chart, *before, ("helm", "template", folder))


def _requires_values(repo: Repository, folder: str) -> bool:
    templates = posixpath.join(folder, "templates", "")
    own = [path for path in repo.paths if path.startswith(templates)]
    return any(re.search(r"\brequired[ \t]+[\"'`]", text_of(repo, path)) for path in own[:MAX_TEMPLATES])


def _kustomization(repo: Repository, path: str) -> str:
    """The nearest kustomization that brings a file in; one of a component can't be built by itself."""
    for owner in repo.nearest(path, kustomize.NAMES):
        brought = {*repo.fact(kustomize.resources, owner), *repo.fact(kustomize.patches, owner)}
        if path == owner or path in brought:
            return owner
    return ""


def _kustomize(repo: Repository, owner: str) -> Iterator[Trial | None]:
    folder, said = operand(posixpath.dirname(owner)), text_of(repo, owner)
    if re.search(r"^kind:[ \t]*Component\b", said, re.M):
        return
    if re.search(r"^helm(?:Charts|ChartInflationGenerator):", said, re.M):
        yield trial(owner, ("kustomize", "build", "--enable-helm", folder))
        return
    yield trial(owner, ("kustomize", "build", folder))
    yield trial(owner, ("kubectl", "diff", "-k", folder))


def _plain(repo: Repository, paths: list[str]) -> Iterator[Trial | None]:
    """Manifests that are applied as they are, without those that something else fills in first."""
    texts = {path: text_of(repo, path) for path in paths}
    ready = [path for path in paths if _OBJECT.search(texts[path]) and not _PLACEHOLDER.search(texts[path])]
    named = [path for path in ready if not _NAMELESS.search(texts[path])]
    nameless = [path for path in ready if path not in named]
    for verb, files in (("apply", named), ("create", nameless)):
        if files:
            words = [word for path in files[:MAX_MANIFESTS] for word in ("-f", operand(path))]
            yield trial(files[0], ("kubectl", verb, "--dry-run=server", *words))
