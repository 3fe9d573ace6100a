"""Scanning does the least work, hits keep their identity, and splicing never guesses."""

import pytest

from fixers import all_rules
from fixers.engine import Hit, Overlap, Work, apply, compatible, mask, scan, splice
from fixers.repository import MAX_FILE_BYTES, Repository
from fixers.rule import Edit, Span

CORS = b"""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
"""
RULES = all_rules()
ONE = [rule for rule in RULES if rule.id == "python/cors-with-credentials"]


def hits(source: bytes, path: str = "app.py") -> tuple[Hit, ...]:
    return scan(Repository.of({path: source}), ONE).hits


def test_only_files_that_mention_a_rules_words_are_parsed() -> None:
    files = {
        "app.py": CORS,
        "other.py": b"print('nothing of the kind')\n",
        "notes.md": b"CORSMiddleware",
        "broken.py": b"def (:\n",
    }
    scanned = scan(Repository.of(files), ONE)
    assert scanned.work == Work(read=3, parsed=1, checked=1)
    assert [hit.path for hit in scanned.hits] == ["app.py"]
    assert scanned.skipped == ()


def test_a_file_is_parsed_once_for_all_its_rules() -> None:
    python = [rule for rule in RULES if rule.language == "python"]
    words = " ".join(word for rule in python for word in rule.mentions + rule.alongside)
    scanned = scan(Repository.of({"all.py": f"text = {words!r}\n".encode()}), python)
    assert scanned.work == Work(read=1, parsed=1, checked=len(python))


def test_a_flow_is_looked_for_only_where_both_its_ends_are() -> None:
    flow = [rule for rule in RULES if rule.id == "python/evaluated-model-output"]
    files = {"one.py": b"eval(x)\n", "other.py": b"import openai\n", "both.py": b"import openai\neval(x)\n"}
    assert scan(Repository.of(files), flow).work == Work(read=3, parsed=1, checked=1)


def test_what_cannot_be_read_is_listed_and_the_rest_is_scanned() -> None:
    files = {
        "app.py": CORS,
        "broken.py": b"import CORSMiddleware\ndef (:\n",
        "huge.py": b"#" * (MAX_FILE_BYTES + 1),
        "nul.py": b"CORSMiddleware\n\0",
    }
    scanned = scan(Repository.of(files), ONE)
    assert [hit.path for hit in scanned.hits] == ["app.py"]
    assert {(skipped.path, skipped.line) for skipped in scanned.skipped} == {
        ("broken.py", 2),
        ("huge.py", 0),
        ("nul.py", 2),
    }


def test_a_hit_keeps_its_fingerprint_when_lines_move_and_formatters_run() -> None:
    (hit,) = hits(CORS)
    reformatted = CORS.replace(
        b'(CORSMiddleware, allow_origins=["*"], ', b"(\n    CORSMiddleware,\n    allow_origins=['*'],\n    "
    )
    (moved,) = hits(b"# a licence\n\n" + reformatted)
    assert (moved.line, hit.line) == (10, 5)
    assert moved.fingerprint == hit.fingerprint


def test_equal_snippets_stay_two() -> None:
    one, two = hits(CORS + CORS.splitlines(keepends=True)[-1])
    assert one.identity == two.identity
    assert one.fingerprint != two.fingerprint


def test_splice_writes_equal_edits_once_and_leaves_the_rest() -> None:
    insert = Edit(Span(0, 0), "import os\n")
    assert splice("a = 1\r\n", [Edit(Span(4, 5), "2"), insert, insert]) == "import os\na = 2\r\n"


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")),
        (Edit(Span(0, 4), "x"), Edit(Span(1, 2), "y")),
        (Edit(Span(2, 2), "x"), Edit(Span(2, 2), "y")),
        (Edit(Span(0, 4), "x"), Edit(Span(2, 2), "y")),
        (Edit(Span(0, 4), "x"), Edit(Span(0, 4), "y")),
    ],
)
def test_splice_refuses_edits_that_collide(edits: tuple[Edit, Edit]) -> None:
    with pytest.raises(Overlap):
        splice("abcdef", edits)


def test_splice_takes_edits_that_only_touch() -> None:
    assert splice("abcd", [Edit(Span(0, 2), "x"), Edit(Span(2, 2), "-"), Edit(Span(3, 4), "y")]) == "x-cy"


def test_compatible_lets_the_later_of_two_colliding_hits_wait() -> None:
    one, two = hits(CORS + CORS.splitlines(keepends=True)[-1])
    taken, waiting = compatible([one, two, one])
    assert (taken, waiting) == ([one, two, one], [])
    (change,) = apply(Repository.of({"app.py": CORS}), hits(CORS))
    assert change.after == CORS.replace(b"True", b"False")


def test_mask_leaves_nothing_of_a_secret() -> None:
    assert mask("key = 'abc123'; again = abc123", ("abc123",)) == "key = '•••'; again = •••"
