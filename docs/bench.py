"""What a scan costs, as ratios within one run: `make bench`.

The corpus is what every machine has: the standard library (Python that no rule should speak of) and
the bundled service, many times over (files in which nearly every rule speaks).
"""

import ast
import sysconfig
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from fixers import all_rules
from fixers.engine import Scan, scan
from fixers.repository import Repository

COPIES = 20
RUNS = 3


def standard_library() -> dict[str, bytes]:
    folder = Path(sysconfig.get_path("stdlib"))
    paths = [path for path in folder.rglob("*.py") if "site-packages" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def services() -> dict[str, bytes]:
    folder = Path(__file__).parents[1] / "demo" / "helpdesk"
    paths = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {
        f"{copy}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for copy in range(COPIES)
        for path in paths
    }


def seconds(work: Callable[[], object]) -> float:
    """The fastest of a few runs."""
    times = []
    for _ in range(RUNS):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def parse_all(files: dict[str, bytes]) -> None:
    """What a scanner pays that parses every Python file, with the fastest parser there is for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, data in files.items():
            if path.endswith(".py"):
                try:
                    ast.parse(data)
                except (SyntaxError, ValueError):
                    continue


def report(name: str, files: dict[str, bytes]) -> float:
    """Scan the files, tell what it cost, and return the seconds."""
    rules = all_rules()
    found: Scan = scan(Repository.of(files), rules)
    scanning = seconds(lambda: scan(Repository.of(files), rules))
    megabytes = sum(map(len, files.values())) / 1e6
    work = f"{found.work.parsed} parsed, {len(found.hits)} hits"
    print(f"{name}: {len(files)} files, {megabytes:.1f} MB, {work}")
    print(f"  scan {scanning:.2f} s, {1000 * scanning / found.work.parsed:.1f} ms for each parsed file")
    return scanning


def main() -> None:
    library = standard_library()
    scanning = report("standard library", library)
    ratio = scanning / seconds(lambda: parse_all(library))
    print(f"  {ratio:.2f} times what `ast` takes to parse every file and do nothing else")
    report(f"{COPIES} services", services())


if __name__ == "__main__":
    main()
