"""A YAML file as the rules see it: the Kubernetes objects in it, and what they make."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import ClassVar

from fixers.kubernetes.source import folders, kustomize, objects, reading, verify
from fixers.kubernetes.source.node import Document
from fixers.kubernetes.source.workloads import Container, PodSpec, Resource
from fixers.repository import Repository
from fixers.rule import Check, Edit
from fixers.text import Text, Unreadable

_LOCKS = frozenset({"pnpm-lock.yaml", "Chart.lock", "conda-lock.yml", "pixi.lock"})


@dataclass(frozen=True)
class KubernetesFile:
    """The documents of one file. YAML that isn't Kubernetes has none, and no rule speaks of it."""

    language: ClassVar[str] = "kubernetes"
    path: str
    text: Text
    repo: Repository
    documents: tuple[Document, ...]

    @classmethod
    def claims(cls, path: str) -> bool:
        name = PurePosixPath(path)
        return name.suffix in (".yaml", ".yml") and name.name not in _LOCKS and ".github" not in name.parts

    @classmethod
    def parse(cls, path: str, data: bytes, repo: Repository) -> "KubernetesFile":
        text = Text.decode(data)
        if not objects.is_kubernetes(path, text.content):
            return cls(path, text, repo, ())
        if _is_chart_template(path, text.content, repo):
            raise Unreadable("a Helm template: its values file, or the template itself, is where to fix it")
        return cls(path, text, repo, tuple(reading.read(text, folders.why_not_source(path))))

    @property
    def is_source(self) -> bool:
        """Whether people write it to be deployed: neither tests' data nor a copy of what was released.

        What isn't can't be edited; rules that only harden are silent on it, those that find a hole report.
        """
        return not folders.why_not_source(self.path)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """Every object with an `apiVersion` and a `kind`, those of a `List` included."""
        if kustomize.is_patch(self.repo, self.path):
            return ()
        return tuple(objects.objects(self.documents))

    def pod_specs(self) -> Iterator[PodSpec]:
        """Every whole pod of every object; what reads like a patch is left out."""
        for resource in self.resources:
            for pod in resource.pod_specs():
                if not pod.is_partial:
                    yield pod

    def containers(self) -> Iterator[Container]:
        for pod in self.pod_specs():
            yield from pod.containers

    def together(self) -> tuple[Resource, ...]:
        """The objects of this file's folder, which are mostly applied together with it."""
        return self.repo.fact(objects.in_folder, str(PurePosixPath(self.path).parent))

    def listed(self) -> tuple[Resource, ...]:
        """The objects of the files of its own folder that this kustomization lists, if it is one."""
        if PurePosixPath(self.path).name not in kustomize.NAMES or len(self.documents) != 1:
            return ()
        return objects.in_listed_files(self.repo, self.path)

    def kustomized(self) -> tuple[Resource, ...] | None:
        """All objects of this kustomization and of those that use it; None where parts can't be seen."""
        own = objects.in_kustomization(self.repo, self.path)
        users = objects.users(self.repo, self.path)
        return own if own is None else own + objects.around(self.repo, users)

    def symbol_at(self, offset: int) -> str:
        """The address of the object, and the container in it, that the character stands in."""
        position = bisect_right(self._regions, (offset, len(self.text.content), ""))
        enclosing = (symbol for _, end, symbol in _backwards(self._regions, position) if offset < end)
        return next(enclosing, "")

    @cached_property
    def _regions(self) -> list[tuple[int, int, str]]:
        """Start, end and name of every object and container, so that the innermost comes last."""
        regions = []
        for resource in self.resources:
            root = resource.root
            regions.append((root.start, max(root.end, root.start + 1), resource.address))
            for container in (each for pod in resource.pod_specs() for each in pod.containers):
                node, symbol = container.node, f"{resource.address} container {container.name}"
                regions.append((node.start, node.end, symbol))
        return sorted(regions)

    @classmethod
    def verify(
        cls, before: "KubernetesFile | None", after: "KubernetesFile", edits: Sequence[Edit]
    ) -> Iterator[Check]:
        old = before.documents if before is not None else None
        return verify.checks(old, after.documents, edits)


def _is_chart_template(path: str, content: str, repo: Repository) -> bool:
    if "{{" not in content:
        return False
    charts = repo.nearest(path, ("Chart.yaml",))
    return any(path.startswith(f"{PurePosixPath(chart).parent / 'templates'}/") for chart in charts)


def _backwards(regions: list[tuple[int, int, str]], position: int) -> Iterator[tuple[int, int, str]]:
    return (regions[number] for number in range(position - 1, -1, -1))
