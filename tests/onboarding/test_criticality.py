"""How critical a repository is: its own word first, then a service catalogue's, then the usual."""

import pytest

from bot.criticality import EVERY, USUAL, criticality_of
from bot.policy import load
from fixers import all_rules
from fixers.repository import Repository
from fixers.text import Unreadable

COMPONENT = "apiVersion: backstage.io/v1alpha1\nkind: Component\n"


def rated(files: dict[str, str]) -> str:
    repo = Repository.of({path: text.encode() for path, text in files.items()})
    return criticality_of(load(repo, all_rules()), repo)


SAID = {
    "a label": (
        "catalog-info.yaml",
        COMPONENT + "metadata: {labels: {example.com/tier: tier-1}}\n",
        "critical",
    ),
    "an annotation": (
        "catalog-info.yaml",
        COMPONENT + 'metadata: {annotations: {acme.io/service-tier: "2"}}\n',
        "high",
    ),
    "a field of its own": (
        "catalog-info.yml",
        COMPONENT + "spec: {criticality: Business Critical}\n",
        "critical",
    ),
    "the most critical of several": (
        "catalog-info.yaml",
        f"{COMPONENT}spec: {{tier: 4}}\n--- # the next\n{COMPONENT}spec: {{tier: 2}}\n---\n",
        "high",
    ),
    "OpsLevel": ("opslevel.yml", "version: 1\nservice:\n  name: x\n  tier: tier_3\n", "medium"),
    "OpsLevel's repository": ("opslevel.yml", "version: 1\nrepository: {tier: tier_1}\n", "critical"),
    "Datadog": ("service.datadog.yaml", "schema-version: v2.1\ndd-service: x\ntier: High\n", "high"),
    "Datadog's tiers": (
        "service.datadog.yaml",
        "schema-version: v2.2\ndd-service: x\ntier: tier1\n",
        "critical",
    ),
    "Datadog's entities": (
        "entity.datadog.yaml",
        "apiVersion: v3\nkind: service\nspec: {tier: '4'}\n",
        "low",
    ),
    "Compass": ("compass.yml", "configVersion: 1\nfields:\n  tier: 2\n", "high"),
    "a tier above all": ("compass.yaml", "fields: {tier: 0}\n", "critical"),
    "a tier below all": ("compass.yaml", "fields: {tier: 7}\n", "low"),
}


@pytest.mark.parametrize("case", SAID)
def test_a_catalogue_tells(case: str) -> None:
    path, text, expected = SAID[case]
    assert rated({path: text}) == expected


JUNK = {
    "empty": "",
    "no mapping": "- tier: 1\n",
    "no text": "tier: {a: 1}\nfields: {tier: [1]}\n",
    "true": "tier: true\nfields: {tier: yes}\nservice: {tier: on}\n",
    "unknown words": "tier: gold\nfields: {tier: T-shirt}\nservice: {tier: tier}\n",
    "a float": "tier: 1.5\nfields: {tier: 0x1F}\n",
    "fields that aren't": "fields: 7\nservice: 7\nspec: 7\nmetadata: 7\n",
    "labels that aren't": COMPONENT + "metadata: {labels: [tier], annotations: tier}\nspec: [tier]\n",
    "another's": "apiVersion: apps/v1\nkind: Deployment\nspec: {tier: 9x}\n",
    "broken": "fields: {tier: 1\n",
    "aliases": "a: &a {tier: 1}\nfields: *a\n",
    "an anchor twice": "a: &x 1\nb: &x 2\n",
    "a tag of no use": "fields: {tier: !!bool zz}\ntier: !!int ''\nservice: {tier: !!timestamp x}\n",
    "deep": "[" * 500 + "]" * 500,
    "large": "x: " + "y" * 100_000,
    "other bytes": "\x00\x01",
    "very many": "---\n" * 5_000 + "fields: {tier: 1}\n",
}
PATHS = ("catalog-info.yaml", "opslevel.yml", "service.datadog.yaml", "entity.datadog.yaml", "compass.yml")


@pytest.mark.parametrize("case", JUNK)
def test_junk_tells_nothing(case: str) -> None:
    assert {rated({path: JUNK[case]}) for path in PATHS} == {USUAL}


def test_a_template_of_the_catalogue_is_about_something_else() -> None:
    assert (
        rated({"catalog-info.yaml": "apiVersion: backstage.io/v1\nkind: Template\nspec: {tier: 1}\n"})
        == USUAL
    )


def test_the_configuration_has_the_first_word() -> None:
    files = {".suture.yml": "criticality: low\n", "compass.yml": "fields: {tier: 1}\n"}
    assert rated(files) == "low"


def test_a_file_without_a_tier_leaves_it_to_the_next() -> None:
    assert rated({"catalog-info.yaml": COMPONENT, "compass.yml": "fields: {tier: 1}\n"}) == "critical"


def test_a_file_that_can_not_be_read_tells_nothing() -> None:
    def read(path: str) -> bytes:
        raise Unreadable("is gone")

    repo = Repository(["compass.yml"], read)
    assert criticality_of(load(repo, all_rules()), repo) == USUAL


def test_the_more_critical_the_more_often() -> None:
    assert list(EVERY.values()) == sorted(EVERY.values())
    assert USUAL in EVERY
