"""What holds for every rule: proven, idempotent, splice-only, the same on every form of a text."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_rules import after_all_fixes, cases_of

from fixers import all_rules
from fixers.engine import scan
from fixers.examples import Example
from fixers.repository import Repository
from fixers.rule import Rule
from fixers.stitch import stitch

RULES = all_rules()
DEMO = Path(__file__).parents[1] / "demo"
BOM = b"\xef\xbb\xbf"
SOURCES = (".py", ".tf", ".yaml", ".yml")

FIXED = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}")
    for rule in RULES
    for example in cases_of(rule)
    if example.kind == "fixed"
]


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_every_fix_is_proven_among_all_rules(rule: Rule, example: Example) -> None:
    repo = Repository.of(example.before)
    hits = [hit for hit in scan(repo, [rule]).hits if hit.finding.is_fixable]
    made = stitch(repo, hits, RULES)
    assert made.failed == ()
    assert made.hits


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_a_second_run_changes_nothing(rule: Rule, example: Example) -> None:
    assert after_all_fixes(rule, example.after) == example.after


def crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def bom(data: bytes) -> bytes:
    return data if data.startswith(BOM) else BOM + data


@pytest.mark.parametrize("form", [crlf, bom])
@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_the_form_of_a_text_makes_no_difference(
    rule: Rule, example: Example, form: Callable[[bytes], bytes]
) -> None:
    files, expected = example.before, example.after
    if not all(_is_utf_8(data) for data in files.values()):
        pytest.skip("the example is about another encoding")
    old = {path: form(data) if path.endswith(SOURCES) else data for path, data in files.items()}
    new = after_all_fixes(rule, old)
    for path in old:
        assert new[path] == (form(expected[path]) if path.endswith(SOURCES) else expected[path])


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"coding" not in data[:200]


@cache
def real_files() -> list[tuple[str, bytes]]:
    demo = [path for path in sorted(DEMO.rglob("*")) if path.suffix in SOURCES]
    files = [(path.relative_to(DEMO).as_posix(), path.read_bytes()) for path in demo]
    examples = [item for rule in RULES for example in cases_of(rule) for item in example.before.items()]
    return files + examples


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A real file with a few slices cut out, doubled, or overwritten by what hurts parsers."""
    path, data = draw(st.sampled_from(real_files()))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        middle = draw(
            st.sampled_from(
                [b"", data[start:end] * 2, b"(", b"]", b'"', b"'''", b"\t", b"\r", b"\n", b"\x0c"]
            )
            | st.sampled_from(
                [b"{{ x }}", b"<<EOT\n", b"&a", b"*a", b"\\\n", b"#", b"f'{", b"\xff", b"\0", b"---\n"]
            )
            | st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace"))
        )
        data = data[:start] + middle + data[end:]
    return path, data


@settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.data_too_large]
)
@given(mutated())
def test_no_mutation_of_a_real_file_makes_the_engine_raise(file: tuple[str, bytes]) -> None:
    path, data = file
    repo = Repository.of({path: data})
    scanned = scan(repo, RULES)
    assert [skipped.reason for skipped in scanned.skipped if "stopped with" in skipped.reason] == []
    fixable = [hit for hit in scanned.hits if hit.finding.is_fixable]
    made = stitch(repo, fixable, RULES)
    assert "bytes outside the edits" not in [check.name for _, check in made.failed]
