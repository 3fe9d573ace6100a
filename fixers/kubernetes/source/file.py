"""A YAML file as the rules see it: the Kubernetes objects in it, and what they make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import ClassVar

from fixers.kubernetes.source import kustomize, reading, verify
from fixers.kubernetes.source.node import Document
from fixers.kubernetes.source.workloads import Container, PodSpec, Resource
from fixers.repository import Repository
from fixers.rule import Check, Edit
from fixers.text import Text, Unreadable

_LOCKS = frozenset({"pnpm-lock.yaml", "Chart.lock", "conda-lock.yml", "pixi.lock"})
_KUBERNETES = re.compile(r"""^[-\s{"']*apiVersion["']?\s*:""", re.M)
_KINDS = re.compile(r"""^kind:[ \t]*["']?(\w+)""", re.M)
_SCHEMAS = {"CustomResourceDefinition"}


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
        if not is_kubernetes(path, text.content):
            return cls(path, text, repo, ())
        if _is_chart_template(path, text.content, repo):
            raise Unreadable("a Helm template: its values file, or the template itself, is where to fix it")
        return cls(path, text, repo, tuple(reading.read(text)))

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """Every object with an `apiVersion` and a `kind`, those of a `List` included."""
        if kustomize.is_patch(self.repo, self.path):
            return ()
        return tuple(_resources(self.documents))

    def pod_specs(self) -> Iterator[PodSpec]:
        """Every whole pod of every object; what reads like a patch is left out."""
        for resource in self.resources:
            for pod in resource.pod_specs():
                if not pod.is_partial:
                    yield pod

    def containers(self) -> Iterator[Container]:
        for pod in self.pod_specs():
            yield from pod.containers

    def symbol_at(self, offset: int) -> str:
        for resource in self.resources:
            if resource.root.start <= offset < max(resource.root.end, resource.root.start + 1):
                return resource.address + _container_at(resource, offset)
        return ""

    @classmethod
    def verify(
        cls, before: "KubernetesFile | None", after: "KubernetesFile", edits: Sequence[Edit]
    ) -> Iterator[Check]:
        old = before.documents if before is not None else None
        return verify.checks(old, after.documents, edits)


def is_kubernetes(path: str, content: str) -> bool:
    """Whether it is worth parsing: it holds an object, or is the file that lists objects."""
    if PurePosixPath(path).name in kustomize.NAMES:
        return True
    kinds = set(_KINDS.findall(content))
    return bool(_KUBERNETES.search(content)) and not (kinds and kinds <= _SCHEMAS)


def _is_chart_template(path: str, content: str, repo: Repository) -> bool:
    if "{{" not in content:
        return False
    charts = repo.nearest(path, ("Chart.yaml",))
    return any(path.startswith(f"{PurePosixPath(chart).parent / 'templates'}/") for chart in charts)


def _resources(documents: Sequence[Document]) -> Iterator[Resource]:
    for document in documents:
        if document.root is None or not document.root.is_mapping:
            continue
        whole = Resource(document.root)
        listed = document.root.each("items") if whole.kind.endswith("List") else []
        for resource in (whole, *map(Resource, listed)):
            if resource.kind and resource.api_version and not kustomize.has_directive(resource.root):
                yield resource


def _container_at(resource: Resource, offset: int) -> str:
    for pod in resource.pod_specs():
        for container in pod.containers:
            if container.node.start <= offset < container.node.end:
                return f" container {container.name}"
    return ""
