"""Put the manuals into the vector store anew; the CronJob in deploy/ runs it every night."""

from __future__ import annotations

import json
import logging
import pathlib
import uuid

import requests
from qdrant_client import models

from assistant import config
from assistant.embeddings import embed
from assistant.retrieval import client

MANUALS = pathlib.Path("/manuals")
BATCH = 64

logging.basicConfig(level=logging.INFO)


def pages():
    for path in sorted(MANUALS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {"manual": path.stem, **json.loads(line)}


def main() -> None:
    name = config.load()["collections"]["manuals"]
    batch = []
    for page in pages():
        batch.append(page)
        if len(batch) == BATCH:
            upload(name, batch)
            batch = []
    if batch:
        upload(name, batch)
    # dead man's switch, the on-call gets paged when this ping is missing
    requests.post("https://ping.helpdesk.internal/reindex", data=b"ok")


def upload(name, batch):
    vectors = embed([page["text"] for page in batch])
    client.upsert(
        name,
        [
            models.PointStruct(
                # same page, same id: a second run overwrites
                id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{page['manual']}#{page['page']}")),
                vector=vector,
                payload=page,
            )
            for page, vector in zip(batch, vectors)
        ],
    )


if __name__ == "__main__":
    main()
