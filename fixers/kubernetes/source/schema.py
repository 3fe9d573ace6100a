"""Asks kubernetes-validate, where it is installed, whether a change left the schema as content."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from fixers.kubernetes.source.node import Document
from fixers.rule import Check, Verdict

_KIND = re.compile(r"[A-Za-z]+\Z")
_VERSION = re.compile(r"([a-z]+/|[a-z.]+\.k8s\.io/)?v\d\w*\Z")
"""Kubernetes' own groups alone: the words become a file's name, and other groups' meet wrong schemas."""
_MAX_ALIASES = 10
"""A schema is held against what aliases repeat; ten can't grow into a bomb."""


def check(before: Sequence[Document] | None, after: Sequence[Document]) -> Check:
    """Compare the schema's verdict on every edited object with the one before."""
    try:
        import kubernetes_validate
    except ImportError:
        return Check("schema", Verdict.NOT_CHECKED, "kubernetes-validate isn't installed")
    old = {document.number: document for document in before or ()}
    unchecked = []
    for document in after:
        new = _complaints(kubernetes_validate, document)
        known = _complaints(kubernetes_validate, old[document.number]) if document.number in old else []
        if new is None or known is None:
            unchecked.append(_why_not(document))
        elif new and not known:
            return Check("schema", Verdict.FAILED, "the schema now complains and didn't before")
        elif new:
            unchecked.append("the schema complained before the change already")
    if unchecked:
        return Check("schema", Verdict.NOT_CHECKED, "; ".join(dict.fromkeys(unchecked)))
    return Check("schema", Verdict.PASSED, "fits the schema of Kubernetes")


def _complaints(validator: Any, document: Document) -> list[str] | None:
    """What the schema says against the objects of a document; None where it can't say."""
    complaints: list[str] = []
    if len(document.aliased) > _MAX_ALIASES:
        return None
    for data in _objects(document):
        if not _KIND.match(str(data.get("kind"))) or not _VERSION.match(str(data.get("apiVersion"))):
            return None
        try:
            validator.validate(data, validator.latest_version(), strict=True)
        except validator.SchemaNotFoundError:
            return None
        except validator.ValidationError as error:
            complaints.append(str(error.message))
        except (KeyError, TypeError, AttributeError, ValueError):
            return None
    return complaints


def _objects(document: Document) -> Iterator[Mapping[str, Any]]:
    try:
        data = yaml.load(document.source, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return
    if isinstance(data, dict):
        listed = data.get("items") if data.get("kind") == "List" else None
        yield from listed if isinstance(listed, list) else (data,)


def _why_not(document: Document) -> str:
    root = document.root
    if root is None or not root.string("kind"):
        return "not a Kubernetes object"
    return f"no schema for {root.string('apiVersion')} {root.string('kind')}"
