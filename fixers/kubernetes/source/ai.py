"""Tells pods that serve, train or write models from all others, and pods that tend to their node."""

import re

from fixers.kubernetes.source.node import Node

_ACCELERATORS = (
    "nvidia.com/",
    "amd.com/gpu",
    "gpu.intel.com/",
    "habana.ai/",
    "google.com/tpu",
    "aws.amazon.com/neuron",
)
_IMAGES = re.compile(
    r"(?:^|[/_-])(?:"
    r"vllm|sglang|lmdeploy|ollama|localai|llama-cpp|llama\.cpp|tritonserver|torchserve|tensorrt-llm|lmcache"
    r"|text-generation-inference|text-embeddings-inference|huggingfaceserver|sklearnserver|xgbserver"
    r"|lgbserver|paddleserver|pmmlserver|mlserver|pytorch|tensorflow|torchrun|deepspeed|nemo|nim|autogluon"
    r"|stable-diffusion|comfyui|open-webui|litellm|langflow|flowise|dify-api|mlflow|rayproject|ray-ml|ray-llm"
    r"|jupyter|jupyterhub|kubeflownotebookswg|qdrant|milvus|weaviate|chroma|chromadb|transformers"
    r")(?=[/:@_-]|$)"
)
_NODE_WORK = re.compile(
    r"\b(?:u?mount|sysctl|modprobe|insmod|nsenter|losetup|ip6?tables|dockerd|buildkitd|gcsfuse|s3fs|rclone)\b"
)
_FAST_NETWORKS = (
    "rdma/",
    "vpc.amazonaws.com/efa",
    "google.com/tpu",
    "openshift.io/",
    "networking.gke.io.networks/",
)
_NETWORK_SETTINGS = ("NCCL_", "GLOO_", "UCX_", "NVSHMEM_", "FI_", "RCCL_", "HCCL_")
_TENDERS = re.compile(
    r"operator|controller|webhook|exporter|device-plugin|driver|toolkit|\bcsi\b|\bcni\b|node-agent|daemon"
)


def asks_for_accelerator(container: Node) -> bool:
    """Whether a container's resources name a GPU, a TPU or a chip like them."""
    return any(asks_for(container, prefix) for prefix in _ACCELERATORS)


def is_ai_image(image: str) -> bool:
    """Whether an image is known to serve, train or write models; their operators aren't meant."""
    name = _without_tag(image)
    return bool(_IMAGES.search(name)) and not _TENDERS.search(name.rpartition("/")[2])


def tends_its_node(name: str, image: str) -> bool:
    """Whether name or image say that a pod looks after nodes, as device plugins and drivers do."""
    return any(map(_TENDERS.search, (name, _without_tag(image).rpartition("/")[2])))


def _without_tag(image: str) -> str:
    path = image.partition("@")[0]
    name, _, tag = path.rpartition(":")
    return name if name and "/" not in tag else path


def works_on_its_node(container: Node) -> bool:
    """Whether its command or mounts need rights on the node: mounting, kernel settings, packages' devices."""
    places = (("command",), ("args",), ("lifecycle", "postStart", "exec", "command"))
    words = " ".join(item.text for place in places for item in container.each(*place) if item.is_scalar)
    shared = any(
        mount.string("mountPropagation") == "Bidirectional" for mount in container.each("volumeMounts")
    )
    return shared or bool(_NODE_WORK.search(words)) or "dind" in container.string("image")


def asks_for(container: Node, prefix: str) -> bool:
    """Whether a container's resources name one that begins with `prefix`."""
    sides = (container.get("resources", side) for side in ("limits", "requests"))
    return any(key.text.startswith(prefix) for node in sides if node is not None for key in node.keys)


def uses_fast_network(container: Node) -> bool:
    """Whether it asks for RDMA, EFA or TPU links, or tells a collective library which network to take."""
    names = (item.string("name") for item in container.each("env"))
    return any(name.startswith(_NETWORK_SETTINGS) for name in names) or any(
        asks_for(container, prefix) for prefix in _FAST_NETWORKS
    )


def touches_host(pod: Node) -> bool:
    """Whether a pod shares namespaces of its node, or mounts folders of it."""
    shared = (pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))
    mounts = any(volume.get("hostPath") is not None for volume in pod.each("volumes"))
    return mounts or any(node is not None and node.is_true for node in shared)
