"""The repository's formatter is found, run without the repository's code, and what can't be is said."""

import os
import time
from pathlib import Path

import pytest

from bot.formatters import child, formatted, formatter, formatter_for
from fixers.repository import Repository

UGLY = b"x = { 'a':1 }\n"
PRE_COMMIT = "repos:\n- repo: https://example.com/x\n  hooks: [{%s}]\n"


def answer(
    files: dict[str, str], data: bytes = UGLY, path: str = "src/a.py"
) -> tuple[str, bytes | None, str]:
    """The formatter's name without its version, the bytes and the reason."""
    repo = Repository.of({name: text.encode() for name, text in files.items()} | {path: data})
    found = formatted(repo, path, data)
    if found is None:
        return "", None, ""
    words = [word for word in found.name.split() if not word[0].isdigit()]
    return " ".join(words), found.data, found.reason


def hooked(words: str) -> dict[str, str]:
    return {".pre-commit-config.yaml": PRE_COMMIT % words}


BLACK, RUFF, YAPF = "black (pyproject.toml)", "ruff (pyproject.toml)", "yapf (pyproject.toml)"
PYTHON = {
    "black": ({"pyproject.toml": "[tool.black]\n"}, BLACK, b'x = {"a": 1}\n'),
    "black by name": (
        {"pyproject.toml": "[tool.black]\nskip-string-normalization = true\n"},
        *(BLACK, b"x = {'a': 1}\n"),
    ),
    "black of a folder": (
        {"pyproject.toml": "[tool.black]\n", "src/pyproject.toml": "[tool.black]\nline-length = 8\n"},
        *("black (src/pyproject.toml)", b'x = {\n    "a": 1\n}\n'),
    ),
    "black as a hook": (
        hooked("id: black, args: [-S, --line-length=8, --quiet]"),
        *("black (.pre-commit-config.yaml)", b"x = {\n    'a': 1\n}\n"),
    ),
    "ruff": ({"pyproject.toml": "[tool.ruff.format]\n"}, RUFF, b'x = {"a": 1}\n'),
    "ruff single": (
        {"pyproject.toml": "[tool.ruff]\nline-length = 8\n[tool.ruff.format]\nquote-style = 'single'\n"},
        *(RUFF, b"x = {\n    'a': 1\n}\n"),
    ),
    "ruff by its own file": (
        {"ruff.toml": "indent-width = 2\nline-length = 8\n[format]\n", "pyproject.toml": "[tool.ruff]\n"},
        *("ruff (ruff.toml)", b'x = {\n  "a": 1\n}\n'),
    ),
    "ruff as a hook": (
        hooked("id: ruff-format, args: [--line-length=8]"),
        *("ruff (.pre-commit-config.yaml)", b'x = {\n    "a": 1\n}\n'),
    ),
    "ruff as a hook that names a file": (
        {"conf/r.toml": "line-length = 8\n", **hooked("id: ruff-format, args: [--config, ./conf/r.toml]")},
        *("ruff (conf/r.toml)", b'x = {\n    "a": 1\n}\n'),
    ),
    "black as a hook that names a file": (
        {"b.toml": "[tool.black]\nline-length = 8\n", **hooked("id: black, args: [--config=b.toml]")},
        *("black (b.toml)", b'x = {\n    "a": 1\n}\n'),
    ),
    "ruff that only lints": ({"pyproject.toml": "[tool.ruff]\nline-length = 8\n"}, "", None),
    "yapf": ({"pyproject.toml": "[tool.yapf]\nbased_on_style = 'pep8'\n"}, YAPF, b"x = {'a': 1}\n"),
    "yapf by its own file": (
        {".style.yapf": "[style]\nbased_on_style = google\nspaces_around_dict_delimiters = true\n"},
        *("yapf (.style.yapf)", b"x = { 'a': 1}\n"),
    ),
    "yapf of setup.cfg": (
        {"setup.cfg": "[yapf]\nbased_on_style = pep8\n"},
        "yapf (setup.cfg)",
        b"x = {'a': 1}\n",
    ),
    "a hook before a section": (
        {"pyproject.toml": "[tool.black]\n[tool.ruff.format]\n", **hooked("id: ruff-format")},
        *(RUFF, b'x = {"a": 1}\n'),
    ),
    "nothing": ({"pyproject.toml": "[project]\n"}, "", None),
    "broken": ({"pyproject.toml": "[tool.black\n", "setup.cfg": "no section\n"}, "", None),
    "excluded by black": ({"pyproject.toml": "[tool.black]\nextend-exclude = '^/src/'\n"}, "", None),
    "excluded by a verbose expression": (
        {"pyproject.toml": "[tool.black]\nforce-exclude = '''\n(\n  /src/  # ours\n)\n'''\n"},
        *("", None),
    ),
    "not included by black": ({"pyproject.toml": "[tool.black]\ninclude = 'b[.]py$'\n"}, "", None),
    "excluded by ruff": (
        {"pyproject.toml": "[tool.ruff]\nexclude = ['src']\n[tool.ruff.format]\n"},
        "",
        None,
    ),
    "excluded by ruff's formatter": ({"ruff.toml": "[format]\nexclude = ['*a.py']\n"}, "", None),
    "excluded by yapf": ({"setup.cfg": "[yapf]\n", ".yapfignore": "# x\nsrc/*\n"}, "", None),
    "excluded by a hook": (hooked("id: black, exclude: ^src/"), "", None),
    "not of a hook": (hooked("id: black, files: ^lib/"), "", None),
}


@pytest.mark.parametrize("case", PYTHON)
def test_python_is_formatted_by_what_the_repository_uses(case: str) -> None:
    files, name, data = PYTHON[case]
    assert answer(files) == (name, data, "")
    if data is not None:
        assert answer(files, data)[1] == data, "what is clean stays"


TOOLS = ("black", "ruff", "yapf")
REASONS = {
    "black's version": (
        {"pyproject.toml": "[tool.black]\nrequired-version = '22'\n"},
        "it asks for black 22, and 26.",
    ),
    "black's feature": (
        {"pyproject.toml": "[tool.black]\nline-length = 'x'\n"},
        "its `line-length` isn't a number",
    ),
    "black's target": ({"pyproject.toml": "[tool.black]\ntarget-version = ['py99']\n"}, "'PY99'"),
    "black's hook": (
        hooked("id: black, args: [--config, x.toml]"),
        "its hook names `x.toml`, which has no settings",
    ),
    "an expression that is none": (
        {"pyproject.toml": "[tool.black]\nexclude = '('\n"},
        "missing ), unterminated",
    ),
    "ruff's extend": ({"ruff.toml": "extend = '../x.toml'\n[format]\n"}, "its `extend` isn't followed here"),
    "ruff's version": (
        {"ruff.toml": "required-version = '<0.1'\n[format]\n"},
        "required version `<0.1` does not match",
    ),
    "ruff's excludes": (
        {"ruff.toml": "exclude = ['a*b*c*d*e']\n[format]\n"},
        "its excluded paths hold a pattern with too many wildcards",
    ),
    "ruff's values": ({"ruff.toml": "[format]\nquote-style = 'triple'\n"}, "error: invalid value"),
    "yapf's style": ({"setup.cfg": "[yapf]\nbased_on_style = /etc/passwd\n"}, "it knows no '/etc/passwd'"),
    "yapf's hook": (hooked("id: yapf, args: [--style, x]"), "its hook is run with `--style`"),
}


def test_a_file_that_black_leaves_as_it_is_is_evidence_enough() -> None:
    repo = Repository.of({"clean.py": b'x = {"a": 1}\n', "own.py": b"x = {'a': 1}\n"})
    chosen = formatter_for(repo, "clean.py")
    assert chosen is not None
    assert "its defaults" in chosen.name
    assert chosen.format(b"x = {'a': 1}\n").data == b'x = {"a": 1}\n'
    assert formatter_for(repo, "own.py") is None
    assert formatter_for(repo, "new.py") is None


@pytest.mark.parametrize("case", REASONS)
def test_what_isnt_run_has_its_reason(case: str) -> None:
    files, reason = REASONS[case]
    name, data, said = answer(files)
    assert name
    assert data is None
    assert reason.lower() in said.lower()


@pytest.mark.parametrize("files", [PYTHON[tool][0] for tool in TOOLS], ids=TOOLS)
@pytest.mark.parametrize(
    "data",
    [b"def f(:\n", b"\xff\n", b"a\0b\n", b"(" * 2_000 + b"\n", b"x = " + b"not " * 5_000 + b"1\n"],
    ids=["syntax", "bytes", "nul", "deep", "chain"],
)
def test_strange_code_is_a_reason_in_bounded_time(files: dict[str, str], data: bytes) -> None:
    begun = time.monotonic()
    _, formatted_data, reason = answer(files, data)
    assert (formatted_data is None) == bool(reason)
    assert time.monotonic() - begun < child.SECONDS + 5
    assert answer(files)[1] is not None, "the next file is formatted again"


def test_a_reason_shows_no_code() -> None:
    assert answer(PYTHON["black"][0], b"key = 'sk-secret' (:\n")[2] == "it can't parse line 1, column 19"


@pytest.mark.parametrize("files", [PYTHON[tool][0] for tool in TOOLS], ids=TOOLS)
def test_line_endings_and_encodings_stay(files: dict[str, str]) -> None:
    _, windows, _ = answer(files, UGLY.replace(b"\n", b"\r\n"))
    assert windows is not None
    assert windows.endswith(b"1}\r\n")
    latin = b"# coding: latin-1\nx = { '\xe9':1 }\n"
    name, data, reason = answer(files, latin)
    assert reason if name.startswith("ruff") else b"\xe9" in (data or b"")


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.5)
    endless = {"pyproject.toml": "[tool.black]\nexclude = '(/|s|r|c|s*r*c*)*$x'\n"}
    path = "src" * 20 + "/a.py"
    assert answer(endless, path=path)[2] == "it gave no answer: it took over 0.5 seconds"


@pytest.mark.parametrize("package", TOOLS)
def test_a_missing_package_is_a_reason(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in TOOLS:
        monkeypatch.setattr(f"bot.formatters.{module}.version_of", lambda name: "")
    name, data, reason = answer(PYTHON[package][0])
    assert (name, data) == (f"{package} (pyproject.toml)", None)
    assert reason == f"{package} isn't installed (pip install suture[formatters])"
    assert formatter.version_of("no-such-package-of-anyone") == ""


def test_nothing_of_the_repository_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("black", "yapf", "blib2to3", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (tmp_path / "ruff").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (tmp_path / "ruff").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    child.WORKER.close()
    for tool in TOOLS:
        assert answer(PYTHON[tool][0])[1] is not None
    assert not (tmp_path / "ran").exists()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for prettier and yamlfmt: prints its arguments, its folder's files and what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("prettier", "yamlfmt"):
        script = folder / name
        script.write_text('#!/bin/sh\necho "$@"\nfor f in $(ls -A); do echo "$f: $(cat $f)"; done\ncat\n')
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def yaml_answer(files: dict[str, str]) -> tuple[str, list[str], str]:
    name, data, reason = answer(files, b"a:   1\n", "deploy/a.yaml")
    return name, (data or b"").decode().splitlines(), reason


@pytest.mark.usefixtures("programs")
def test_prettier_gets_data_alone() -> None:
    files = {".prettierrc": "tabWidth: 4\n", ".editorconfig": "[*]\nindent_size = 2\n"}
    name, lines, reason = yaml_answer(files)
    assert (name, reason) == ("prettier (.prettierrc)", "")
    assert lines == [
        "--config .prettierrc.json --stdin-filepath ./deploy/a.yaml",
        *(".editorconfig: [*]", "indent_size = 2", '.prettierrc.json: {"tabWidth": 4}', "a:   1"),
    ]


@pytest.mark.usefixtures("programs")
def test_prettiers_hook_has_arguments() -> None:
    name, lines, reason = yaml_answer(hooked("id: prettier, args: [--write, --print-width=9, --use-tabs]"))
    assert (name, reason) == ("prettier (.pre-commit-config.yaml)", "")
    options = "--print-width=9 --use-tabs"
    assert lines[0] == f"--config .prettierrc.json {options} --stdin-filepath ./deploy/a.yaml"


@pytest.mark.usefixtures("programs")
def test_yamlfmt_gets_data_alone() -> None:
    name, lines, reason = yaml_answer({".yamlfmt": "formatter: {type: basic}\n"})
    assert (name, reason) == ("yamlfmt (.yamlfmt)", "")
    assert lines == ["-conf yamlfmt.json -", 'yamlfmt.json: {"formatter": {"type": "basic"}}', "a:   1"]


YAML_REASONS = {
    "code": ({"prettier.config.mjs": "export default {}"}, "its configuration is code"),
    "a package": ({"package.json": '{"prettier": "@ours/config"}'}, "its configuration isn't plain data"),
    "plugins": ({".prettierrc": 'plugins: ["/tmp/x.js"]'}, "its configuration loads code"),
    "plugins below": (
        {".prettierrc.json": '{"overrides": [{"files": "*", "options": {"parser": "./x.js"}}]}'},
        "its configuration loads code",
    ),
    "arguments": (
        hooked("id: prettier, args: [--x]"),
        "its hook is run with `--x`, which isn't followed here",
    ),
    "json with comments": ({".prettierrc.json5": "{a: /* x */ 1}"}, "its configuration isn't plain data"),
}


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("case", YAML_REASONS)
def test_a_configuration_that_is_code_isnt_followed(case: str) -> None:
    files, reason = YAML_REASONS[case]
    assert yaml_answer(files)[1:] == ([], reason)


@pytest.mark.usefixtures("programs")
def test_yaml_that_prettier_leaves_alone() -> None:
    assert yaml_answer({".prettierrc": "a: 1", ".prettierignore": "deploy/\n"}) == ("", [], "")
    assert yaml_answer({"package.json": '{"name": "x"}'}) == ("", [], "")


def test_a_program_that_isnt_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert yaml_answer({".prettierrc": "a: 1"}) == ("prettier (.prettierrc)", [], "prettier isn't on PATH")
    assert yaml_answer({".yamlfmt": "a: 1"}) == ("yamlfmt (.yamlfmt)", [], "yamlfmt isn't on PATH")


def test_a_program_of_a_repositorys_packages_isnt_run(
    monkeypatch: pytest.MonkeyPatch, programs: Path
) -> None:
    packages = programs / "node_modules/.bin"
    packages.mkdir(parents=True)
    (programs / "prettier").rename(packages / "prettier")
    monkeypatch.setenv("PATH", str(packages))
    assert yaml_answer({".prettierrc": "a: 1"})[2] == "prettier isn't on PATH"


def test_a_program_that_fails_says_why(programs: Path) -> None:
    (programs / "prettier").write_text("#!/bin/sh\necho 'SyntaxError: no (1:2)' >&2\nexit 2\n")
    assert yaml_answer({".prettierrc": "a: 1"})[2] == "SyntaxError: no (1:2)"


def test_a_file_of_no_language_has_no_formatter() -> None:
    assert (
        formatter_for(Repository.of({".prettierrc": b"", "pyproject.toml": b"[tool.black]"}), "a.tf") is None
    )
