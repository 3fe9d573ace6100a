"""How fast deliveries are acknowledged, and jobs done that do nothing: on SQLite and on PostgreSQL.

The App runs in a process of its own, and is sent signed pushes of fifty repositories by so many clients at
once. PostgreSQL is one of the script's own, with fsync on; without its programs that line is left out.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import httpx
import pytest

TESTS = Path(__file__).parents[1] / "tests/app"
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from own_postgres import postgres  # noqa: E402
from real_server import SECRET, headers  # noqa: E402

DELIVERIES, REPOSITORIES, CLIENTS = 1000, 50, 8
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"


@contextmanager
def app(url: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    told = {"SUTURE_APP_ID": "1", "SUTURE_PRIVATE_KEY": KEY, "SUTURE_WEBHOOK_SECRET": SECRET}
    told |= {"SUTURE_DATA": str(folder)} | ({"SUTURE_DATABASE_URL": url} if url else {})
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(TESTS / "serving_process.py"), "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | told,
        )
    with process:
        try:
            yield process
        finally:
            process.terminate()


def address(folder: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(r"running on (http://\S+)", (folder / "log").read_text()):
            return found[1]
        time.sleep(0.05)
    raise SystemExit((folder / "log").read_text())


def push(number: int) -> bytes:
    repository = number % REPOSITORIES + 1
    return json.dumps(
        {
            "ref": "refs/heads/main",
            "after": f"{number:040x}",
            "installation": {"id": 7},
            "repository": {"id": repository, "full_name": f"octo/r{repository}", "default_branch": "main"},
        }
    ).encode()


def measure(name: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as place, app(url, Path(place)) as process:
        clients = [
            httpx.Client(base_url=address(Path(place)), timeout=60, trust_env=False) for _ in range(CLIENTS)
        ]

        def post(number: int) -> float:
            body, client = push(number), clients[number % CLIENTS]
            sent = headers(body, x_github_delivery=f"bench-{number}")
            begun = time.perf_counter()
            assert client.post("/webhooks/github", content=body, headers=sent).status_code == 202
            return time.perf_counter() - begun

        begun = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            latencies = list(pool.map(post, range(DELIVERIES)))
        accepted = time.perf_counter() - begun
        assert process.stdout is not None
        for _ in range(DELIVERIES):
            assert process.stdout.readline() == "push done\n"
        done = time.perf_counter() - begun
        for client in clients:
            client.close()
    cuts = quantiles(latencies, n=100)
    print(
        f"{name}: acknowledged in {cuts[49] * 1000:.0f} ms (p50), {cuts[98] * 1000:.0f} ms (p99) "
        f"at {DELIVERIES / accepted:.0f} deliveries/s; {DELIVERIES / done:.0f} jobs/s",
        flush=True,
    )


def main() -> None:
    print(f"{DELIVERIES:,} deliveries over {REPOSITORIES} repositories from {CLIENTS} clients")
    measure("SQLite", "")
    try:
        with postgres(fsync=True) as server:
            measure("PostgreSQL", server.new_database())
    except pytest.skip.Exception as reason:
        print(reason)


if __name__ == "__main__":
    main()
