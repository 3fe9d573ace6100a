"""Which Kubernetes objects stand in a file, and which others are applied together with them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from fixers.kubernetes.source import kustomize, reading
from fixers.kubernetes.source.node import Document
from fixers.kubernetes.source.workloads import Resource
from fixers.repository import Repository
from fixers.text import Text, Unreadable

MAX_FILES = 200
"""Files of one folder or kustomization that are looked at."""

_OBJECT = re.compile(r"""(?:^|[{,])[ \t"'-]{0,60}apiVersion["']?[ \t]{0,60}:""", re.M)
_KINDS = re.compile(r"""^kind:[ \t]{0,60}["']?(\w+)""", re.M)
_SCHEMAS = {"CustomResourceDefinition"}


def is_kubernetes(path: str, content: str) -> bool:
    """Whether a file is worth parsing: it holds an object, or it is the file that lists others."""
    if PurePosixPath(path).name in kustomize.NAMES:
        return True
    kinds = set(_KINDS.findall(content))
    return bool(_OBJECT.search(content)) and not (kinds and kinds <= _SCHEMAS)


def objects(documents: Sequence[Document]) -> Iterator[Resource]:
    """Every object with an `apiVersion` and a `kind`, those of a `List` included, without patches."""
    for document in documents:
        if document.root is None or not document.root.is_mapping:
            continue
        whole = Resource(document.root)
        listed = document.root.each("items") if whole.kind.endswith("List") else []
        for resource in (whole, *map(Resource, listed)):
            if resource.kind and resource.api_version and not kustomize.has_directive(resource.root):
                yield resource


def in_file(repo: Repository, path: str) -> tuple[Resource, ...]:
    """The objects of one file; none where it can't be read."""
    try:
        text = Text.decode(repo.read(path))
        documents = reading.read(text) if is_kubernetes(path, text.content) else []
    except Unreadable:
        return ()
    return tuple(objects(documents))


def in_folder(repo: Repository, folder: str) -> tuple[Resource, ...]:
    """The objects of the YAML files that lie in a folder."""
    names = repo.fact(_folders, "").get(folder, [])
    return tuple(resource for path in names[:MAX_FILES] for resource in repo.fact(in_file, path))


def _folders(repo: Repository, _: str) -> dict[str, list[str]]:
    """The YAML files of every folder."""
    folders: dict[str, list[str]] = {}
    for path in repo.paths:
        if path.endswith((".yaml", ".yml")):
            folders.setdefault(str(PurePosixPath(path).parent), []).append(path)
    return folders


def in_kustomization(repo: Repository, path: str) -> tuple[Resource, ...] | None:
    """The objects that a kustomization brings together; None where some come from elsewhere."""
    found: list[Resource] = []
    waiting, seen = [path], {path}
    while waiting:
        owner = waiting.pop()
        listed = repo.fact(kustomize.resources, owner)
        if len(seen) > MAX_FILES or repo.fact(kustomize.has_generators, owner):
            return None
        for name in listed:
            inner = [f"{name}/{each}" for each in kustomize.NAMES if f"{name}/{each}" in repo]
            if name in repo:
                found += repo.fact(in_file, name)
            elif inner:
                waiting += [each for each in inner if each not in seen]
                seen.update(inner)
            else:
                return None
    return tuple(found)


def in_listed_files(repo: Repository, path: str) -> tuple[Resource, ...]:
    """The objects of the files that a kustomization lists and that lie in its own folder."""
    folder = PurePosixPath(path).parent
    listed = repo.fact(kustomize.resources, path)
    own = [name for name in listed if name in repo and PurePosixPath(name).is_relative_to(folder)]
    return tuple(resource for name in own[:MAX_FILES] for resource in repo.fact(in_file, name))


def around(repo: Repository, owners: Iterable[str]) -> tuple[Resource, ...]:
    """The objects of some kustomizations; of one that can't be seen whole, those of its folder."""
    found: list[Resource] = []
    for owner in owners:
        known = in_kustomization(repo, owner)
        found += in_folder(repo, str(PurePosixPath(owner).parent)) if known is None else known
    return tuple(found)


def users(repo: Repository, path: str) -> tuple[str, ...]:
    """The kustomizations that list the folder of the one at `path`, directly or through others."""
    found: list[str] = []
    waiting = [path]
    while waiting and len(found) < MAX_FILES:
        folder = str(PurePosixPath(waiting.pop()).parent)
        new = [user for user in repo.fact(_listing, folder) if user not in found]
        found += new
        waiting += new
    return tuple(found)


def _listing(repo: Repository, folder: str) -> tuple[str, ...]:
    return repo.fact(_by_folder, "").get(folder, ())


def _by_folder(repo: Repository, _: str) -> dict[str, tuple[str, ...]]:
    """Every folder that is listed, to the kustomizations that list it."""
    listing: dict[str, tuple[str, ...]] = {}
    for owner in (path for path in repo.paths if PurePosixPath(path).name in kustomize.NAMES):
        for name in repo.fact(kustomize.resources, owner):
            listing[name] = (*listing.get(name, ()), owner)
    return listing
