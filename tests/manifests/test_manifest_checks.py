"""The proof for files that no language claims: they parse as before and differ only by additions."""

import pytest

from fixers.manifests import verify
from fixers.rule import Verdict

PASSED, FAILED, NOT_CHECKED = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("path", "before", "after", "verdicts"),
    [
        ("requirements.txt", "a\n", "a\nb\n", [PASSED, PASSED, PASSED]),
        ("requirements.txt", "a\n", "a\n= b\n", [FAILED]),
        ("requirements.txt", "a\nb\n", "b\na\n", [PASSED, FAILED]),
        ("requirements.txt", "a # x\n", "a\n", [PASSED, PASSED, PASSED]),
        ("requirements.txt", "=\n", "=\nb\n", [NOT_CHECKED]),
        ("requirements/base.in", None, "a\n", [PASSED, PASSED, PASSED]),
        ("constraints.txt", "a\n", "", [PASSED, FAILED]),
        ("pyproject.toml", "[project]\n", '[project]\ndependencies = ["a"]\n', [PASSED, PASSED, PASSED]),
        ("pyproject.toml", "[project]\n", '[project]\ndependencies = ["="]\n', [PASSED, PASSED, FAILED]),
        ("pyproject.toml", "[a]\nb = 1\n", "[a]\nb = 1.0\n", [PASSED, FAILED]),
        ("x.toml", "a = 1\n", "a = 1\na = 2\n", [FAILED]),
        ("Pipfile", "[packages]\n", "[packages]\nb = '*'\n", [PASSED, PASSED]),
        ("x.toml", "b = [[1, 2], {c = nan}]\n", "b = [[1, 3, 2], {c = nan, d = 1}, 9]\n", [PASSED, PASSED]),
        ("x.toml", "b = [1, 2]\n", "b = [2]\n", [PASSED, FAILED]),
        ("a/x.json", '{"a": [true]}', '{"a": [true, 1], "b": 0}', [PASSED, PASSED]),
        ("a/x.json", '{"a": true}', '{"a": 1}', [PASSED, FAILED]),
        ("a/x.json", '{"a": true}', "{", [FAILED]),
        ("a/x.json", "{} // c", "{}", [NOT_CHECKED]),
        ("a/x.json", "{}", "[" * 20_000, [FAILED]),
        ("a/x.json", "{}", "9" * 5_000, [FAILED]),
        ("setup.cfg", "[a]\nb = 1\n", "[a]\nb = 1\nc = 2\n", [PASSED, PASSED]),
        ("setup.cfg", "[a]\nb = 1\n", "[a]\nb = 2\n", [PASSED, FAILED]),
        ("setup.cfg", "[a]\n", "b = 2\n", [FAILED]),
        (".env.example", "# c\nexport A=1\n", "# c\nexport A=1\nB=\n", [PASSED, PASSED]),
        (".env", 'A="1\n2"\n', 'A="1\n3"\n', [PASSED, FAILED]),
        (".env", "A=1", "A=1\nnot a setting\n", [FAILED]),
        ("Makefile", "a:\n", "b:\n", [NOT_CHECKED]),
        ("x.json", "{}", "\0", [FAILED]),
    ],
)
def test_verdicts(path: str, before: str | None, after: str, verdicts: list[Verdict]) -> None:
    checks = verify(path, None if before is None else before.encode(), after.encode())
    assert [check.verdict for check in checks] == verdicts


def test_a_value_is_never_shown() -> None:
    checks = list(verify(".env", b"KEY=hunter2\n", b"KEY=other\n"))
    assert checks[-1].verdict is FAILED
    assert not any("hunter2" in check.detail for check in checks)
