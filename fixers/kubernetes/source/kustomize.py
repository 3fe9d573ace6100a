"""What kustomizations say: which files are patches, and where a new file is listed."""

from dataclasses import replace
from pathlib import PurePosixPath

from fixers.kubernetes.source import reading, verbs
from fixers.kubernetes.source.node import Node
from fixers.repository import Repository
from fixers.rule import Changes, Edit, Refusal
from fixers.text import Text, Unreadable

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")


def is_patch(repo: Repository, path: str) -> bool:
    """Whether a kustomization beside the file or above it applies it as a patch."""
    return any(path in repo.fact(patches, owner) for owner in repo.nearest(path, NAMES))


def patches(repo: Repository, path: str) -> frozenset[str]:
    """The files that a kustomization applies as patches; none where it can't be read."""
    found = set()
    for root in _roots(repo, path):
        for item in (item for key in _PATCHES for item in root.each(key)):
            name = item.text if item.is_scalar else item.string("path")
            if name and "\n" not in name:
                found.add(_joined(path, name))
    return frozenset(found)


def resources(repo: Repository, path: str) -> tuple[str, ...]:
    """The files and folders that a kustomization lists as its resources, in order."""
    listed = [item for root in _roots(repo, path) for item in root.each("resources") if item.is_scalar]
    return tuple(item.text if "://" in item.text else _joined(path, item.text) for item in listed)


def has_generators(repo: Repository, path: str) -> bool:
    """Whether a kustomization brings in objects by other ways than its list of resources."""
    ways = ("generators", "helmCharts", "components", "bases", "helmChartInflationGenerator")
    return any(root.get(way) is not None for root in _roots(repo, path) for way in ways)


def list_resource(repo: Repository, path: str, name: str) -> Changes:
    """Add `name`, a file beside the kustomization at `path`, to its resources."""
    roots = _roots(repo, path)
    listed = roots[0].get("resources") if len(roots) == 1 else None
    if listed is None or not listed.is_sequence:
        return (Refusal(f"`{PurePosixPath(path).name}` has no list of resources to add it to"),)
    changes = verbs.append(listed, name)
    return tuple(replace(change, path=path) if isinstance(change, Edit) else change for change in changes)


def has_directive(root: Node) -> bool:
    """Whether a `$patch` stands anywhere in it, which only a patch has."""
    stack = [root]
    while stack:
        node = stack.pop()
        if any(key.text in ("$patch", "$setElementOrder", "$retainKeys") for key in node.keys):
            return True
        stack += node.items
    return False


def _roots(repo: Repository, path: str) -> list[Node]:
    try:
        documents = reading.read(Text.decode(repo.read(path)))
    except Unreadable:
        return []
    return [document.root for document in documents if document.root is not None]


def _joined(owner: str, name: str) -> str:
    """The path that a kustomization means by `name`, with `..` worked out."""
    parts: list[str] = []
    for part in (PurePosixPath(owner).parent / name).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
