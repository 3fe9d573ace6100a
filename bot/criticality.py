"""How critical a repository is, and so how often it is looked at though nobody pushed."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.policy import Policy, plain_yaml
from fixers.repository import Repository
from fixers.text import Unreadable

EVERY: Mapping[str, timedelta] = {
    "critical": timedelta(hours=6),
    "high": timedelta(hours=12),
    "medium": timedelta(days=1),
    "low": timedelta(days=7),
}
"""Criticality, the highest first, to the time from one look to the next."""
USUAL = "medium"

_BY_NUMBER = ("critical", "critical", "high", "medium", "low")
"""Tier 1 is the most critical, tier 4 the least (https://developer.atlassian.com/cloud/compass/components/
set-component-tiers/, and so Datadog's and OpsLevel's); some have a tier 0 above it."""
_NUMBER = re.compile(r"(?:tier|t)?[\s_-]{0,3}([0-9])", re.I)
_WORDS = {
    "critical": "critical",
    "mission-critical": "critical",
    "business-critical": "critical",
    "high": "high",
    "medium": "medium",
    "moderate": "medium",
    "low": "low",
}
_NEXT_DOCUMENT = re.compile(rb"^---[ \t]*(?:#[^\n]*)?\r?$", re.M)
_MOST_DOCUMENTS = 100


def criticality_of(policy: Policy, repo: Repository) -> str:
    """What the configuration says, or the most critical tier in a service catalogue's file, or the usual."""
    if policy.criticality:
        return policy.criticality
    for path, tiers in _CATALOGUES.items():
        found = {said for one in _documents(repo, path) for tier in tiers(one) if (said := _said(tier))}
        if found:
            return next(name for name in EVERY if name in found)
    return USUAL


def _documents(repo: Repository, path: str) -> Iterator[dict[str, Any]]:
    """The mappings of a file, as far as there is one and it can be read."""
    if path not in repo:
        return
    try:
        pieces = _NEXT_DOCUMENT.split(repo.read(path), _MOST_DOCUMENTS)[:_MOST_DOCUMENTS]
    except Unreadable:
        return
    read = (plain_yaml(piece) for piece in pieces)
    yield from (one for one in read if isinstance(one, dict))


def _said(tier: object) -> str:
    """The criticality that a tier stands for; empty where its words aren't known."""
    if isinstance(tier, bool) or not isinstance(tier, int | str):
        return ""
    text = str(tier).strip()
    number = _NUMBER.fullmatch(text)
    if number:
        return _BY_NUMBER[min(int(number[1]), len(_BY_NUMBER) - 1)]
    return _WORDS.get(re.sub(r"[\s_]+", "-", text.lower()), "")


def _at(document: object, *keys: str) -> object:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


_MARKS = {"tier", "service-tier", "criticality", "business-criticality"}


def _backstage(document: dict[str, Any]) -> Iterator[object]:
    """Backstage has no field for it: companies agree on a label or an annotation of their own, with their
    domain before it, or add a field to `spec`."""
    if (
        not str(document.get("apiVersion", "")).startswith("backstage.io/")
        or _at(document, "kind") == "Template"
    ):
        return
    for place in (("metadata", "labels"), ("metadata", "annotations"), ("spec",)):
        entries = _at(document, *place)
        for key, value in entries.items() if isinstance(entries, dict) else ():
            if str(key).rpartition("/")[2].lower().replace("_", "-") in _MARKS:
                yield value


def _opslevel(document: dict[str, Any]) -> Iterator[object]:
    """https://docs.opslevel.com/docs/api/opslevel-yml"""
    yield _at(document, "service", "tier")
    yield _at(document, "repository", "tier")


def _datadog(document: dict[str, Any]) -> Iterator[object]:
    """Versions 2.1 and 2.2, and version 3: https://github.com/DataDog/schema/tree/main/service-catalog"""
    yield document.get("tier")
    yield _at(document, "spec", "tier")


def _compass(document: dict[str, Any]) -> Iterator[object]:
    """https://developer.atlassian.com/cloud/compass/config-as-code/structure-and-contents-of-a-compass-yml-file/"""
    yield _at(document, "fields", "tier")


_CATALOGUES: Mapping[str, Callable[[dict[str, Any]], Iterator[object]]] = {
    f"{stem}.{ending}": tiers
    for stem, tiers in (
        ("catalog-info", _backstage),
        ("opslevel", _opslevel),
        ("service.datadog", _datadog),
        ("entity.datadog", _datadog),
        ("compass", _compass),
    )
    for ending in ("yaml", "yml")
}
