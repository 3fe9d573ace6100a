"""Who may import whom, where each library lives, and how large a file may grow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = sorted(path for place in ("fixers", "bot") for path in (ROOT / place).rglob("*.py"))

BOT_ORDER = (
    "credentials",
    "settings",
    "git",
    "snapshot",
    "policy",
    "formatters",
    "escaping",
    "templates",
    "outcomes",
    "pipeline",
    "lines",
    "components",
    "conventions",
    "published",
    "campaigns",
    "lifecycle",
    "pull_request",
    "local",
    "report",
    "plan_report",
    "criticality",
    "onboarding",
    "catalogue",
    "explanation",
    "demo",
    "progress",
    "ledger",
    "github",
    "check",
    "dashboard",
    "forge",
    "events",
    "jobs",
    "overview",
    "work",
    "metrics",
    "app",
    "api",
    "registration",
    "redelivery",
    "cli",
    "__main__",
)
"""Leaves first: a file of `bot` imports only from those before it."""

HOMES = {
    "ast": ("fixers/python/source/", "bot/policy/options.py"),
    "libcst": ("fixers/python/source/",),
    "hcl2": ("fixers/terraform/source/",),
    "lark": ("fixers/terraform/source/",),
    "tree_sitter": ("fixers/terraform/source/",),
    "tree_sitter_hcl": ("fixers/terraform/source/",),
    "ruamel": ("fixers/kubernetes/source/",),
    "yaml": ("fixers/kubernetes/source/", "bot/policy/"),
    "kubernetes_validate": ("fixers/kubernetes/source/",),
    "packaging": ("fixers/manifests/", "fixers/python/source/"),
    "pydantic": ("bot/policy/", "bot/github/", "bot/events/"),
    "pathspec": ("bot/snapshot/", "bot/policy/"),
    "subprocess": ("bot/git/", "bot/formatters"),
    "black": ("bot/formatters",),
    "yapf": ("bot/formatters",),
    "jinja2": ("bot/templates.py",),
    "typer": ("bot/__main__.py", "bot/cli/"),
    "githubkit": ("bot/github/wire.py",),
    "httpx": ("bot/github/wire.py",),
    "jwt": ("bot/github/identity.py",),
    "sqlalchemy": ("bot/ledger/", "bot/jobs/"),
    "alembic": ("bot/ledger/",),
    "dbos": ("bot/jobs/",),
    "fastapi": ("bot/app.py", "bot/api.py", "bot/registration/"),
    "starlette": ("bot/app.py", "bot/registration/"),
    "uvicorn": ("bot/cli/serving.py",),
    "prometheus_client": ("bot/metrics.py",),
    "socket": (),
    "requests": (),
}
"""Libraries that have one home, or two where the design says so, or none."""

IMPURE = {"bot", "os", "subprocess", "socket", "time", "random", "tempfile", "shutil", "threading"}
"""What nothing in `fixers` may import: it turns texts into texts."""


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides where a name comes from"
            yield node.module or ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_libraries_stay_at_home(path: Path) -> None:
    for imported in imports_of(path):
        homes = HOMES.get(imported.partition(".")[0])
        assert homes is None or name_of(path).startswith(homes), f"{imported} has its home in {homes}"


@pytest.mark.parametrize("path", [p for p in PRODUCT if name_of(p).startswith("fixers/")], ids=name_of)
def test_fixers_are_pure(path: Path) -> None:
    assert not {imported.partition(".")[0] for imported in imports_of(path)} & IMPURE
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not any(isinstance(func, ast.Name) and func.id == "open" for func in calls)


RULES = [
    path
    for language in ("python", "terraform", "kubernetes")
    for path in (ROOT / "fixers" / language).glob("*.py")
]


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_a_rule_imports_the_words_and_its_own_source(path: Path) -> None:
    own = {"fixers.rule", f"fixers.{path.parent.name}.source"}
    assert {i for i in imports_of(path) if i.partition(".")[0] in ("fixers", "bot")} <= own


@pytest.mark.parametrize("path", [p for p in PRODUCT if name_of(p).startswith("bot/")], ids=name_of)
def test_bot_imports_only_what_comes_before(path: Path) -> None:
    mine = path.relative_to(ROOT / "bot").parts[0].removesuffix(".py")
    if mine == "__init__":
        return
    for imported in imports_of(path):
        top, _, rest = imported.partition(".")
        if top == "bot" and rest:
            theirs = rest.partition(".")[0]
            assert BOT_ORDER.index(theirs) <= BOT_ORDER.index(mine), f"{mine} imports {theirs}"


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    if name_of(path) != "bot/settings.py":
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        read = [n for n in nodes if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")]
        assert not [n for n in read if isinstance(n.value, ast.Name) and n.value.id == "os"]


@pytest.mark.parametrize("path", [*PRODUCT, *sorted((ROOT / "tests").rglob("*.py"))], ids=name_of)
def test_no_file_outgrows_its_reader(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in {"utils", "util", "common", "helpers", "core", "base", "manager", "misc"}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [name_of(p) for p in PRODUCT if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert silent == []
