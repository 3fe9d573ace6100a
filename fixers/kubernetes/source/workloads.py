"""Where the pods of each kind are: the containers of native workloads and of AI custom resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fixers.kubernetes.source import ai, kinds, verbs
from fixers.kubernetes.source.node import Node, Step
from fixers.rule import Changes, Span


@dataclass(frozen=True, slots=True)
class Resource:
    """One Kubernetes object of a file."""

    root: Node

    @property
    def kind(self) -> str:
        return self.root.string("kind")

    @property
    def api_version(self) -> str:
        return self.root.string("apiVersion")

    @property
    def group(self) -> str:
        """The API group; "" for the first, unnamed one."""
        return self.api_version.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.root.string("metadata", "name") or self.root.string("metadata", "generateName")

    @property
    def namespace(self) -> str:
        return self.root.string("metadata", "namespace")

    @property
    def address(self) -> str:
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def is_ai(self) -> bool:
        """Whether the kind itself exists for serving, training or writing models."""
        if self.kind in kinds.NOT_ONLY_AI:
            return False
        return any(self.group == group or self.group.endswith(f".{group}") for group in kinds.AI_GROUPS)

    def pod_specs(self) -> Iterator["PodSpec"]:
        """Every pod that the object makes."""
        for path in kinds.TEMPLATES.get((self.group, self.kind), ()):
            for node in _at(self.root, path):
                if node.is_mapping:
                    yield PodSpec(self, node)


def _at(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    if not path:
        yield node
        return
    if path[0] == "*":
        for item in node.items:
            yield from _at(item, path[1:])
        return
    child = node.get(path[0])
    if child is not None:
        yield from _at(child, path[1:])


@dataclass(frozen=True, slots=True)
class PodSpec:
    """The spec of a pod, wherever the kind keeps it."""

    resource: Resource
    node: Node

    @property
    def span(self) -> Span:
        """The first line's worth of the pod: its key, or the start of its mapping."""
        return Span(self.node.start, self.node.start)

    @property
    def service_account(self) -> str:
        return self.node.string("serviceAccountName") or self.node.string("serviceAccount")

    @property
    def containers(self) -> tuple["Container", ...]:
        """Containers, init containers, and the model server of a KServe component."""
        listed = [
            Container(self, item, name == "initContainers")
            for name in ("containers", "initContainers")
            for item in self.node.each(name)
            if item.is_mapping
        ]
        if self.resource.kind == "InferenceService":
            servers = (self.node.get(name) for name in kinds.MODEL_SERVERS)
            listed += [Container(self, node) for node in servers if node is not None and node.is_mapping]
        return tuple(listed)

    @property
    def is_partial(self) -> bool:
        """Whether it reads like a patch: containers of a native kind, and one without an image."""
        if self.resource.group == kinds.KSERVE:
            return False
        return any(not container.node.get("image") for container in self.containers)

    @property
    def is_ai(self) -> bool:
        """Whether it serves, trains or writes models: by its kind, its images or what it asks for."""
        if self.resource.is_ai:
            return True
        return any(
            ai.is_ai_image(container.image) or ai.asks_for_accelerator(container.node)
            for container in self.containers
        )

    @property
    def is_node_agent(self) -> bool:
        """Whether it looks after nodes: a daemon, a part of the cluster, a plugin or driver."""
        return (
            self.resource.kind == "DaemonSet"
            or self.resource.namespace.startswith("kube-")
            or any(ai.tends_its_node(self.resource.name, c.image) for c in self.containers)
        )

    @property
    def touches_host(self) -> bool:
        """Whether it shares namespaces of its node, or mounts folders of it."""
        return ai.touches_host(self.node)

    def get(self, *path: Step) -> Node | None:
        return self.node.get(*path)

    def merge(self, wanted: Mapping[str, Any]) -> Changes:
        """Make the pod spec hold `wanted` as well."""
        return verbs.merge(self.node, wanted)


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod, or what KServe turns into one."""

    pod: PodSpec
    node: Node
    is_init: bool = False

    @property
    def name(self) -> str:
        return self.node.string("name") or (str(self.node.step) if isinstance(self.node.step, str) else "")

    @property
    def image(self) -> str:
        return self.node.string("image")

    @property
    def span(self) -> Span:
        """The container's name, or image, or where it begins."""
        named = self.node.get("name") or self.node.get("image")
        return named.span if named is not None else Span(self.node.start, self.node.start)

    @property
    def words(self) -> tuple[Node, ...]:
        """The scalars of `command` and `args`, in order."""
        return tuple(item for key in ("command", "args") for item in self.node.each(key) if item.is_scalar)

    @property
    def uses_fast_network(self) -> bool:
        """Whether it works with others over RDMA, EFA, TPU links or a network that it names."""
        return ai.uses_fast_network(self.node)

    @property
    def is_completed_by_runtime(self) -> bool:
        """Whether KServe fills in from a serving runtime, or from its presets, what isn't written here."""
        kind = self.pod.resource.kind
        is_main = kind == "LLMInferenceService" and self.name == "main"
        return is_main or (kind == "InferenceService" and not self.image)

    @property
    def works_on_its_node(self) -> bool:
        """Whether its command or its mounts act on the node."""
        return ai.works_on_its_node(self.node)

    def asks_for(self, prefix: str) -> bool:
        """Whether its resources name one that begins with `prefix`, such as `nvidia.com/`."""
        return ai.asks_for(self.node, prefix)

    @property
    def env(self) -> dict[str, Node]:
        """The entries of `env` by name."""
        return {item.string("name"): item for item in self.node.each("env") if item.is_mapping}

    def get(self, *path: Step) -> Node | None:
        return self.node.get(*path)

    def merge(self, wanted: Mapping[str, Any]) -> Changes:
        """Make the container hold `wanted` as well."""
        return verbs.merge(self.node, wanted)
