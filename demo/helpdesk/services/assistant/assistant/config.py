"""Texts and limits that support may change without a release."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import settings


@lru_cache
def load(path: Path = settings.config) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        # FullLoader did not like the !!python/tuple that we had in the old file
        return yaml.load(file, Loader=yaml.Loader)


def limit(name: str) -> int:
    return int(load()["limits"][name])
