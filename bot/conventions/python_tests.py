"""The Python tests of a repository that stand nearest to a change, and how they are run."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.components import folders_above
from bot.conventions.reading import text_of, toml_of, workflows
from bot.conventions.trial import Trial, operand, trial
from fixers.manifests import toml
from fixers.repository import Repository

_TEST_FILE = re.compile(r"(?:test_(?P<after>\w+)|(?P<before>\w+)_test)\.py")
_TEST = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+test|^class[ \t]+\w*Test", re.M)
_TEST_FOLDERS = ("tests", "test")
_DECLARING = re.compile(
    r"pyproject\.toml|setup\.cfg|tox\.ini|\.?pytest\.ini|conftest\.py|setup\.py|Pipfile"
    r"|(?:requirements/)?[\w.-]*(?:requirements|test|dev)[\w.-]*\.(?:txt|in)"
)
_ITS_OWN = ("pytest.ini", ".pytest.ini", "conftest.py")
MAX_TESTS = 20
"""Files of one folder that are looked into, to see that they hold tests."""
MAX_NAMED = 3


def trials(repo: Repository, component: str, paths: Sequence[str]) -> Iterator[Trial | None]:
    """`pytest` on the tests named for the changed files, then on the nearest folders of tests."""
    named = (test for path in paths if (test := _test_of(repo, path)))
    yield from _runs(repo, list(dict.fromkeys(named)))
    around = (folder for path in paths if (folder := _tests_around(repo, component, path)) is not None)
    yield from _runs(repo, list(dict.fromkeys(around)))


def runners(repo: Repository, component: str) -> Iterator[Trial | None]:
    """`tox` and `nox`, where the component or a folder above it configures them."""
    for path in repo.nearest(posixpath.join(component, "x"), ("tox.ini", "tox.toml", "pyproject.toml")):
        if _configures_tox(repo, path):
            yield trial(path, ("tox",), folder=posixpath.dirname(path))
            break
    for path in repo.nearest(posixpath.join(component, "x"), ("noxfile.py",))[:1]:
        yield trial(path, ("nox",), folder=posixpath.dirname(path))


def _configures_tox(repo: Repository, path: str) -> bool:
    """Whether a file has environments for tox: a tox.ini often holds only what other tools read."""
    match posixpath.basename(path):
        case "tox.ini":
            return bool(re.search(r"^\[(?:tox|testenv)\b", text_of(repo, path), re.M))
        case "tox.toml":
            return True
        case _:
            return bool(toml.table(toml_of(repo, path), "tool", "tox"))


def _runs(repo: Repository, targets: list[str]) -> Iterator[Trial | None]:
    """One command for each place from which some of the tests are run."""
    by_source: dict[str, list[str]] = {}
    for target in targets:
        if source := repo.fact(_declaration, target):
            by_source.setdefault(source, []).append(target)
    for source, mine in by_source.items():
        folder = _start(source)
        words = [operand(target, folder) for target in mine[:MAX_NAMED]]
        yield trial(source, ("pytest", *(word for word in words if word != ".")), folder=folder)


def _start(source: str) -> str:
    """The folder in which pytest is run whose use `source` shows."""
    folder = posixpath.dirname(source)
    if folder == ".github/workflows":
        return ""
    return _above_tests(posixpath.dirname(folder) if folder.endswith("requirements") else folder)


def _above_tests(folder: str) -> str:
    """The folder that holds the `tests` in which a folder lies; the folder itself outside of any."""
    parts = folder.split("/")
    inside = [number for number, part in enumerate(parts) if part in _TEST_FOLDERS]
    return "/".join(parts[: inside[-1]]) if inside else folder


def _declaration(repo: Repository, target: str) -> str:
    """The nearest file upward from some tests that shows the use of pytest, or a workflow; or nothing."""
    declaring = repo.fact(_declaring, "")
    folders = list(folders_above(posixpath.join(target, "x")))
    nearest = [path for folder in folders for path in declaring.get(folder, [])]
    nearest.sort(key=lambda path: posixpath.basename(path) == "conftest.py")
    declared = next((path for path in nearest if repo.fact(_speaks_of_pytest, path)), "")
    return declared or next((path for path in workflows(repo) if _runs_pytest(repo, path, target)), "")


def _runs_pytest(repo: Repository, workflow: str, target: str) -> bool:
    """Whether a workflow runs pytest on the target by name, and from the repository's root."""
    text = text_of(repo, workflow)
    named = re.compile(rf"\bpytest[ \t](?:[^\n#]*[ \t])?(?:\./)?{re.escape(target)}/?[ \t]*$", re.M)
    is_at_root = not re.search(r"\bworking-directory:|\bcd[ \t]", text)
    return bool(target) and is_at_root and bool(named.search(text))


def _declaring(repo: Repository, _: str) -> dict[str, list[str]]:
    """Every folder with the files where a use of pytest may be declared; `requirements/` is its parent's."""
    folders: dict[str, list[str]] = {}
    for path in repo.paths:
        folder, name = posixpath.split(path)
        above, last = posixpath.split(folder)
        if last == "requirements" and _DECLARING.fullmatch(f"requirements/{name}"):
            folders.setdefault(above, []).append(path)
        elif _DECLARING.fullmatch(name):
            folders.setdefault(folder, []).append(path)
    return folders


def _speaks_of_pytest(repo: Repository, path: str) -> bool:
    is_its_own = posixpath.basename(path) in _ITS_OWN
    return is_its_own or bool(re.search(r"\bpytest\b", text_of(repo, path)))


def _tests(repo: Repository, _: str) -> dict[str, list[str]]:
    """Every folder with the files below it that are named as tests."""
    folders: dict[str, list[str]] = {}
    for path in repo.paths:
        if _TEST_FILE.fullmatch(posixpath.basename(path)):
            for folder in folders_above(path):
                folders.setdefault(folder, []).append(path)
    return folders


def _tests_around(repo: Repository, component: str, path: str) -> str | None:
    """The nearest folder of tests in a file's component: one called so, else one that has some beside
    its code. Without any, the nearest above the component; None where there is none."""
    above = list(folders_above(path))
    inside = above[: above.index(component) + 1] if component in above else []
    called = (posixpath.join(folder, name) for folder in inside for name in _TEST_FOLDERS)
    outside = (posixpath.join(folder, name) for folder in above[len(inside) :] for name in _TEST_FOLDERS)
    for folder in called:
        if repo.fact(_holds_tests, folder):
            return folder
    for folder in inside:
        if repo.fact(_has_tests_beside, folder):
            return folder
    return next((folder for folder in outside if repo.fact(_holds_tests, folder)), None)


def _has_tests_beside(repo: Repository, folder: str) -> bool:
    beside = [path for path in repo.fact(_tests, "").get(folder, []) if posixpath.dirname(path) == folder]
    return any(repo.fact(_is_test, path) for path in beside[:MAX_TESTS])


def _holds_tests(repo: Repository, folder: str) -> bool:
    return any(repo.fact(_is_test, path) for path in repo.fact(_tests, "").get(folder, [])[:MAX_TESTS])


def _is_test(repo: Repository, path: str) -> bool:
    """Whether a file holds tests: `test_x.py` is also the name of many a script."""
    return bool(_TEST.search(text_of(repo, path)))


def _test_of(repo: Repository, path: str) -> str:
    """The test file named for a file, the one that stands nearest to it; nothing where several do."""
    stem, _ = posixpath.splitext(posixpath.basename(path))
    above = set(folders_above(path))
    imports = _importing(posixpath.basename(posixpath.dirname(path)), stem)
    fitting = {
        test: _shared(test, path)
        for test in repo.fact(_tests_by_stem, "").get(stem, [])[:MAX_TESTS]
        if _above_tests(posixpath.dirname(test)) in above and imports.search(text_of(repo, test))
    }
    best = [test for test, shared in fitting.items() if shared == max(fitting.values())]
    return best[0] if len(best) == 1 and repo.fact(_is_test, best[0]) else ""


def _importing(package: str, module: str) -> re.Pattern[str]:
    """A line that imports the module, of this package where it names one."""
    above, name = rf"(?:[\w.]*\.)?{re.escape(package or '/')}", rf"{re.escape(module)}\b"
    whole = rf"(?:from|import)[ \t]+(?:{above}\.|\.*){name}"
    part = rf"from[ \t]+{above}[ \t]+import[ \t][^\n#]*\b{name}"
    return re.compile(rf"^[ \t]*(?:{whole}|{part})", re.M)


def _shared(path: str, other: str) -> int:
    """How many folders of two paths have the same names, as where tests mirror the code."""
    one, two = (Counter(posixpath.dirname(each).split("/")) for each in (path, other))
    return (one & two).total()


def _tests_by_stem(repo: Repository, _: str) -> dict[str, list[str]]:
    stems: dict[str, list[str]] = {}
    for path in repo.fact(_tests, "").get("", []):
        named = _TEST_FILE.fullmatch(posixpath.basename(path))
        if named:
            stems.setdefault(named["after"] or named["before"], []).append(path)
    return stems
