"""The command line as tests run it: in this process, or as a child of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from bot.__main__ import app

PROJECT = Path(__file__).parents[2]
LOAD = "import yaml\n\nconfig = yaml.load(stream, Loader=yaml.Loader)\n"
FIXED_LOAD = "import yaml\n\nconfig = yaml.safe_load(stream)\n"
CALL = "import requests\n\nrequests.get('https://example.com')\n"
FIXED_CALL = "import requests\n\nrequests.get('https://example.com', timeout=60)\n"
YAML_RULE, CALL_RULE = "python/unsafe-yaml-load", "python/request-without-timeout"


def suture(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="suture")


def findings(*arguments: str | Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(suture(*arguments, "--format", "json").stdout)["findings"]
    return found


def places(*arguments: str | Path) -> list[tuple[str, str]]:
    return [(one["path"], one["rule"]) for one in findings(*arguments)]


def child(*arguments: str | Path, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | settings
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False)


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
