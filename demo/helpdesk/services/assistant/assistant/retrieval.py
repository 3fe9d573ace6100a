"""Finds the excerpts of the manuals that a question is about."""

from dataclasses import dataclass

from qdrant_client import QdrantClient

from assistant import config
from assistant.embeddings import embed
from assistant.settings import settings

client = QdrantClient(url=settings.qdrant_url, timeout=10)


@dataclass(frozen=True)
class Excerpt:
    text: str
    manual: str
    page: int

    def cited(self) -> str:
        return f"[{self.manual}, p. {self.page}] {self.text}"


def search(question: str, product: str | None = None) -> list[Excerpt]:
    found = client.query_points(
        collection_name=config.load()["collections"]["manuals"],
        query=embed([question])[0],
        limit=config.limit("documents"),
        with_payload=True,
    ).points
    excerpts = [Excerpt(**point.payload) for point in found if point.payload]
    if product:
        excerpts = [excerpt for excerpt in excerpts if product in excerpt.manual] or excerpts
    return shortened(excerpts, config.limit("characters"))


def shortened(excerpts: list[Excerpt], characters: int) -> list[Excerpt]:
    """As many of the excerpts, best first, as fit."""
    kept: list[Excerpt] = []
    for excerpt in excerpts:
        characters -= len(excerpt.text)
        if characters < 0:
            break
        kept.append(excerpt)
    return kept
