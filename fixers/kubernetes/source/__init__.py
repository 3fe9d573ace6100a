"""Asks manifests for workloads, containers and services, and answers with edits."""

from fixers.kubernetes.source.file import KubernetesFile
from fixers.kubernetes.source.kustomize import list_resource
from fixers.kubernetes.source.layout import written
from fixers.kubernetes.source.node import Node
from fixers.kubernetes.source.removal import remove_items
from fixers.kubernetes.source.verbs import append, merge, replace, set_value, swap
from fixers.kubernetes.source.workloads import Container, PodSpec, Resource

__all__ = [
    "Container",
    "KubernetesFile",
    "Node",
    "PodSpec",
    "Resource",
    "append",
    "list_resource",
    "merge",
    "remove_items",
    "replace",
    "set_value",
    "swap",
    "written",
]
